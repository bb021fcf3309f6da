// Tensors as nested arrays in JSON.

using System.Text.Json;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Interchange;

internal static class NestedArrays
{
    public static void Write(Utf8JsonWriter json, Storage value)
    {
        var (shape, strides) = (value.Shape, value.Shape.Strides());
        Write(0, 0);

        void Write(int axis, int offset)
        {
            if (axis == shape.Rank)
            {
                Elements.Write(json, WithoutPayload(value[offset]));
                return;
            }

            json.WriteStartArray();
            for (var i = 0; i < shape[axis]; i++)
            {
                Write(axis + 1, offset + (i * strides[axis]));
            }

            json.WriteEndArray();
        }
    }

    public static Expr Read(JsonElement json)
    {
        var shape = ShapeOf(json);
        var (elements, next) = (new double[shape.Size], 0);
        Read(json, 0, new(null, "value"));
        return Expr.Constant(new Storage(shape, elements));

        void Read(JsonElement part, int axis, Place place)
        {
            if (axis == shape.Rank)
            {
                elements[next++] = Elements.Number(part, place);
                return;
            }

            if (part.ValueKind != JsonValueKind.Array || part.GetArrayLength() != shape[axis])
            {
                throw place.Error(part.ValueKind == JsonValueKind.Array
                    ? $"the list has length {part.GetArrayLength()}, but the first one beside it has length {shape[axis]}; they must be equal."
                    : $"it must be a list of length {shape[axis]}, as the first one beside it is.");
            }

            var index = 0;
            foreach (var item in part.EnumerateArray())
            {
                Read(item, axis + 1, new(place, "", index++));
            }
        }
    }

    /// <summary>The lengths of the first list, of the first list in it, and so on.</summary>
    private static Shape ShapeOf(JsonElement json)
    {
        var lengths = new List<int>();
        while (json.ValueKind == JsonValueKind.Array)
        {
            lengths.Add(json.GetArrayLength());
            if (lengths[^1] == 0)
            {
                break;
            }

            json = json[0];
        }

        return Shape.Of([.. lengths], "JsonSerializer");
    }

    /// <summary>The number itself; NaN without the bits that tell one from another.</summary>
    private static double WithoutPayload(double value) => double.IsNaN(value) ? double.NaN : value;
}
