// Reading the fields of a JSON object, each checked where it is read. Every error says where the field is.

using System.Globalization;
using System.Text.Json;

namespace Autodiff.Functional.Interchange;

/// <summary>A place in a document, such as <c>programs[2].step.nodes[7]</c>.</summary>
internal sealed record Place(Place? Parent, string Name, int Index = -1)
{
    public override string ToString()
    {
        var own = Index < 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}[{Index}]");
        return Parent is null ? own : Name.Length == 0 ? $"{Parent}{own}" : $"{Parent}.{own}";
    }

    public AutodiffException Error(string reason) => new($"{this}: {reason}");
}

/// <summary>The fields of one object. Each is read at most once, and <see cref="End"/> is an error if there are others.</summary>
internal sealed class Fields
{
    private readonly JsonElement _object;
    private readonly Place _place;
    private int _read;

    public Fields(JsonElement element, Place place)
    {
        (_object, _place) = (element, place);
        Require(element, JsonValueKind.Object, place);
    }

    /// <summary>The error that this object is wrong.</summary>
    public AutodiffException Error(string reason) => _place.Error(reason);

    /// <summary>The error that a field is wrong.</summary>
    public AutodiffException Error(string field, string reason) => At(field).Error(reason);

    public bool Has(string field) => _object.TryGetProperty(field, out _);

    public JsonElement Read(string field)
    {
        _read++;
        return _object.TryGetProperty(field, out var value) ? value : throw Error(field, "the field is missing.");
    }

    /// <summary>A whole number between two others, both included.</summary>
    public int Whole(string field, int low, int high) => Whole(Read(field), low, high, At(field));

    /// <summary>Whether a flag is set; it may be left out if it is not.</summary>
    public bool Flag(string field)
    {
        if (!Has(field))
        {
            return false;
        }

        var value = Read(field);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Error(field, $"it is {Kind(value)}, but must be true or false.");
    }

    public string Text(string field) => Text(Read(field), At(field));

    /// <summary>A list of whole numbers between two others.</summary>
    public int[] WholeNumbers(string field, int low, int high) => WholeNumbers(Read(field), low, high, At(field));

    /// <summary>The lengths of axes; a scalar if the field is left out.</summary>
    public Shape Shape(string field) => Has(field) ? Shape(Read(field), At(field)) : Functional.Shape.Scalar;

    public JsonElement List(string field) => Require(Read(field), JsonValueKind.Array, At(field));

    /// <summary>The objects of a list.</summary>
    public IEnumerable<Fields> Objects(string field)
    {
        var next = 0;
        foreach (var item in List(field).EnumerateArray())
        {
            yield return new(item, new(_place, field, next++));
        }
    }

    public Fields Object(string field) => new(Read(field), At(field));

    /// <summary>The place of a field.</summary>
    public Place At(string field) => new(_place, field);

    /// <summary>An error if there is a field that has not been read.</summary>
    public void End()
    {
        var count = 0;
        foreach (var _ in _object.EnumerateObject())
        {
            count++;
        }

        if (count != _read)
        {
            throw Error($"it has {count} fields, of which {_read} are known: one is unknown, or is there twice.");
        }
    }

    /// <summary>The lengths of axes.</summary>
    public static Shape Shape(JsonElement value, Place place)
    {
        try
        {
            return new(WholeNumbers(value, 0, int.MaxValue, place));
        }
        catch (ShapeException error)
        {
            throw place.Error(error.Message);
        }
    }

    public static string Text(JsonElement value, Place place)
    {
        try
        {
            return Require(value, JsonValueKind.String, place).GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw place.Error("the text is not valid Unicode.");
        }
    }

    public static JsonElement Require(JsonElement value, JsonValueKind kind, Place place) => value.ValueKind == kind ? value
        : throw place.Error($"it is {Kind(value)}, but must be {(kind == JsonValueKind.Array ? "a list" : kind == JsonValueKind.Object ? "an object" : "a text")}.");

    private static int[] WholeNumbers(JsonElement value, int low, int high, Place place)
    {
        var numbers = new int[Require(value, JsonValueKind.Array, place).GetArrayLength()];
        var next = 0;
        foreach (var item in value.EnumerateArray())
        {
            numbers[next] = Whole(item, low, high, new(place, "", next));
            next++;
        }

        return numbers;
    }

    private static int Whole(JsonElement value, int low, int high, Place place) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= low && number <= high ? number
        : throw place.Error(low > high ? "there is nothing that it could refer to." : $"it must be a whole number from {low} to {high}.");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
