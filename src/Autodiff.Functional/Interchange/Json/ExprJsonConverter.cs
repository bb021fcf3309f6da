// The converter by which System.Text.Json writes and reads the values of expressions.

using System.Text.Json;
using System.Text.Json.Serialization;
using Autodiff.Functional.Interchange;

namespace Autodiff.Functional;

/// <summary>
/// Writes and reads values of expressions as JSON: a scalar is a number, a tensor nested arrays of numbers. <see cref="Expr"/> names it in an attribute, so
/// <see cref="JsonSerializer"/> uses it without further options, also for expressions that are members of other types: records of parameters are saved and restored by
/// <c>JsonSerializer.Serialize(model)</c> and <c>JsonSerializer.Deserialize&lt;Model&gt;(text)</c>.
/// </summary>
/// <remarks>
/// <para>
/// Numbers read back as the same doubles. NaN and infinities are the texts <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>. A tensor without elements
/// keeps the axes up to the first of length 0: shape (2, 0) is <c>[[], []]</c>, but shape (0, 2) is <c>[]</c>, which is read as shape (0).
/// </para>
/// <para>A formula has no value to write; <see cref="Expr.ToJson"/> writes its document, and a document is read wherever a value is.</para>
/// </remarks>
public sealed class ExprJsonConverter : JsonConverter<Expr>
{
    /// <summary>Reads a value, or the document of an expression. Nothing is computed.</summary>
    /// <param name="reader">At the first token.</param>
    /// <param name="typeToConvert">The type <see cref="Expr"/>.</param>
    /// <param name="options">Not used.</param>
    /// <exception cref="JsonException">
    /// The text is no JSON, or neither a number nor nested arrays of numbers with equal lengths nor the document of an expression; the message says where.
    /// </exception>
    public override Expr Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            var json = JsonElement.ParseValue(ref reader);
            return json.ValueKind == JsonValueKind.Object ? DocumentReader.Read(json, []) : NestedArrays.Read(json);
        }
        catch (AutodiffException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <summary>Writes the value of an expression.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The expression.</param>
    /// <param name="options">Not used.</param>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="AutodiffException">The writer or the expression is null.</exception>
    public override void Write(Utf8JsonWriter writer, Expr value, JsonSerializerOptions options)
    {
        if (writer is null || value is null)
        {
            throw AutodiffException.Null("JsonSerializer", writer is null ? "the writer" : "the expression");
        }

        NestedArrays.Write(writer, value.IsConcrete ? value.Storage : throw new NotConcreteException(
            $"JsonSerializer: a symbolic expression of shape {value.Shape} has no value to write; ToJson writes the document of its formula, which FromJson reads."));
    }
}
