// The elements of tensors in JSON, with all their bits: one number, a list, one number for all of them, or the bytes.

using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Interchange;

internal static class Elements
{
    // More elements than this are written as bytes.
    private const int LongestList = 16;

    // The largest number of elements in one text of bytes; a writer of JSON limits the length of a text.
    private const int LongestRun = 1 << 22;

    private const string Fill = "fill";
    private const string Bytes = "base64";
    private const string Bits = "NaN:";

    public static void Write(Utf8JsonWriter json, string field, Storage value)
    {
        json.WritePropertyName(field);
        if (value.Shape.IsScalar)
        {
            Write(json, value[0]);
        }
        else if (value.IsUniform)
        {
            json.WriteStartObject();
            json.WritePropertyName(Fill);
            Write(json, value[0]);
            json.WriteEndObject();
        }
        else if (value.Size <= LongestList)
        {
            json.WriteStartArray();
            foreach (var element in value.Span)
            {
                Write(json, element);
            }

            json.WriteEndArray();
        }
        else
        {
            WriteBytes(json, value.Span);
        }
    }

    public static Storage Read(Fields fields, string field, Shape shape)
    {
        var (json, place) = (fields.Read(field), fields.At(field));
        if (shape.IsScalar)
        {
            return Storage.Scalar(Number(json, place));
        }

        if (json.ValueKind == JsonValueKind.Array)
        {
            MustFit(json.GetArrayLength(), shape, place);
            var elements = new double[shape.Size];
            var next = 0;
            foreach (var item in json.EnumerateArray())
            {
                elements[next] = Number(item, new(place, "", next));
                next++;
            }

            return new(shape, elements);
        }

        var packed = new Fields(json, place);
        var value = packed.Has(Fill) ? Storage.Filled(Number(packed.Read(Fill), packed.At(Fill)), shape) : new(shape, ReadBytes(packed, shape));
        packed.End();
        return value;
    }

    /// <summary>A number, in the shortest form that reads back as the same double; a text if JSON has no such number.</summary>
    public static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else if (double.IsNaN(value) && BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(double.NaN))
        {
            json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{Bits}{BitConverter.DoubleToUInt64Bits(value):x16}"));
        }
        else
        {
            json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    /// <summary>The number that was written.</summary>
    public static double Number(JsonElement json, Place place) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String => Fields.Text(json, place) switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var text when text.StartsWith(Bits, StringComparison.Ordinal) && ulong.TryParse(text.AsSpan(Bits.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
                && BitConverter.UInt64BitsToDouble(bits) is var number && double.IsNaN(number) => number,
            _ => throw NoNumber(place),
        },
        _ => throw NoNumber(place),
    };

    private static void WriteBytes(Utf8JsonWriter json, ReadOnlySpan<double> elements)
    {
        json.WriteStartObject();
        json.WriteStartArray(Bytes);
        var bytes = new byte[sizeof(double) * Math.Min(elements.Length, LongestRun)];
        while (!elements.IsEmpty)
        {
            var run = elements[..Math.Min(elements.Length, LongestRun)];
            for (var i = 0; i < run.Length; i++)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), run[i]);
            }

            json.WriteBase64StringValue(bytes.AsSpan(0, run.Length * sizeof(double)));
            elements = elements[run.Length..];
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double[] ReadBytes(Fields fields, Shape shape)
    {
        var (list, place) = (fields.List(Bytes), fields.At(Bytes));
        var runs = new List<byte[]>();
        foreach (var item in list.EnumerateArray())
        {
            runs.Add(item.ValueKind == JsonValueKind.String && item.TryGetBytesFromBase64(out var bytes) && bytes.Length % sizeof(double) == 0
                ? bytes
                : throw place.Error("it must be a list of texts, each the bytes of doubles in base64, little end first."));
        }

        MustFit(runs.Sum(run => (long)run.Length) / sizeof(double), shape, place);
        var elements = new double[shape.Size];
        var next = 0;
        foreach (var run in runs)
        {
            for (var i = 0; i < run.Length; i += sizeof(double))
            {
                elements[next++] = BinaryPrimitives.ReadDoubleLittleEndian(run.AsSpan(i));
            }
        }

        return elements;
    }

    private static void MustFit(long count, Shape shape, Place place)
    {
        if (count != shape.Size)
        {
            throw place.Error($"there are {count} elements, but shape {shape} holds {shape.Size}.");
        }
    }

    private static AutodiffException NoNumber(Place place) => place.Error("it must be a number that a double holds, or \"NaN\", \"Infinity\" or \"-Infinity\".");
}
