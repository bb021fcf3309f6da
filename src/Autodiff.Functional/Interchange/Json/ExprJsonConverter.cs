// The converter by which System.Text.Json writes and reads expressions.

using System.Text.Json;
using System.Text.Json.Serialization;
using Autodiff.Functional.Interchange;

namespace Autodiff.Functional;

/// <summary>
/// Writes and reads expressions as JSON (see <see cref="Expr.ToJson"/>). <see cref="Expr"/> names it in an attribute, so
/// <see cref="JsonSerializer"/> uses it without further options, also for expressions that are members of other types.
/// </summary>
/// <remarks>Each expression is a document of its own: two members of one object that read the same variable have two variables of its name when they are read.</remarks>
public sealed class ExprJsonConverter : JsonConverter<Expr>
{
    /// <summary>Reads an expression. Nothing is computed.</summary>
    /// <param name="reader">At the first token of the document.</param>
    /// <param name="typeToConvert">The type <see cref="Expr"/>.</param>
    /// <param name="options">Not used.</param>
    /// <exception cref="JsonException">The text is no JSON, or is not the document of an expression; the message says at which node and field.</exception>
    public override Expr Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return DocumentReader.Read(JsonElement.ParseValue(ref reader), []);
        }
        catch (AutodiffException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <summary>Writes an expression.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The expression.</param>
    /// <param name="options">Not used.</param>
    /// <exception cref="AutodiffException">The writer or the expression is null, or a node holds code that cannot be saved.</exception>
    public override void Write(Utf8JsonWriter writer, Expr value, JsonSerializerOptions options)
    {
        if (writer is null || value is null)
        {
            throw AutodiffException.Null("ToJson", writer is null ? "the writer" : "the expression");
        }

        DocumentWriter.Write(writer, value);
    }
}
