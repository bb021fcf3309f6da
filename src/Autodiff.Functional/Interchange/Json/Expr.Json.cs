// Expressions as JSON.

using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autodiff.Functional.Interchange;

namespace Autodiff.Functional;

[JsonConverter(typeof(ExprJsonConverter))]
public sealed partial class Expr
{
    /// <summary>
    /// This expression as a JSON document: its nodes, each once, with the values of those that have one, and the programs inside loops, branches, calls and
    /// solutions of equations. All bits of numbers are kept. (<c>JsonSerializer.Serialize</c> writes values, as nested arrays: see <see cref="ExprJsonConverter"/>.)
    /// </summary>
    /// <remarks>
    /// A function with a rule of its own (<see cref="AD.CustomVjp(Func{Expr, ValueTuple{Expr, Func{Expr, Expr}}}, string)"/>) was traced when it was called, so it can be saved. What stays code of the program
    /// cannot: primitives made by <see cref="Primitive">Primitive.Define</see>, and solvers that were passed to <c>Root</c>, <c>FixedPoint</c> or <c>ArgMin</c>. The cost is
    /// linear in the number of nodes and elements.
    /// </remarks>
    /// <exception cref="AutodiffException">A node holds code, or the name of a variable is not valid Unicode.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// string saved = Grad(t => Expr.Sin(t) * t)(x).ToJson();
    /// Expr slope = Expr.FromJson(saved, x);
    /// Console.WriteLine(slope.Substitute((x, 1))); // 1.3817732906760363
    /// </code></example>
    public string ToJson()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            DocumentWriter.Write(json, this);
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Writes this expression to a stream, as <see cref="ToJson"/> does.</summary>
    /// <param name="utf8">The stream, which stays open.</param>
    /// <exception cref="AutodiffException">The stream is null or cannot be written to, or a node holds code that cannot be saved.</exception>
    public void WriteJson(Stream utf8)
    {
        if (utf8 is null)
        {
            throw AutodiffException.Null("WriteJson", "the stream");
        }

        if (!utf8.CanWrite)
        {
            throw new AutodiffException("WriteJson: the stream cannot be written to.");
        }

        using var json = new Utf8JsonWriter(utf8);
        DocumentWriter.Write(json, this);
    }

    /// <summary>The expression of a document that <see cref="ToJson"/> wrote. Nothing in it is computed or run.</summary>
    /// <param name="json">The document.</param>
    /// <param name="variables">Symbolic variables that take the place of the document's symbolic variables with the same names; others are new.</param>
    /// <exception cref="AutodiffException">
    /// The text is null, no JSON, or not the document of an expression, or of a newer version; the message says at which node and field. Or what is given is no
    /// symbolic variable, or two share a name.
    /// </exception>
    public static Expr FromJson(string json, params ReadOnlySpan<Expr> variables)
    {
        if (json is null)
        {
            throw AutodiffException.Null("FromJson", "the text");
        }

        return Parsed(() => JsonDocument.Parse(json), Named(variables));
    }

    /// <summary>The expression of a document in a stream: see <see cref="FromJson(string, ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="utf8">The stream, which is read to its end.</param>
    /// <param name="variables">Symbolic variables that take the place of the document's symbolic variables with the same names; others are new.</param>
    /// <exception cref="AutodiffException">The stream is null, or holds no document of an expression. Or what is given is no symbolic variable, or two share a name.</exception>
    public static Expr FromJson(Stream utf8, params ReadOnlySpan<Expr> variables)
    {
        if (utf8 is null)
        {
            throw AutodiffException.Null("FromJson", "the stream");
        }

        return Parsed(() => JsonDocument.Parse(utf8), Named(variables));
    }

    private static Expr Parsed(Func<JsonDocument> parse, Dictionary<string, Expr> variables)
    {
        try
        {
            using var document = parse();
            return DocumentReader.Read(document.RootElement, variables);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new AutodiffException($"FromJson: the text is no JSON: {error.Message}", error);
        }
        catch (AutodiffException error)
        {
            throw new AutodiffException($"FromJson: {error.Message}", error);
        }
    }

    private static Dictionary<string, Expr> Named(ReadOnlySpan<Expr> variables)
    {
        var named = new Dictionary<string, Expr>();
        foreach (var variable in variables)
        {
            if (variable is null)
            {
                throw AutodiffException.Null("FromJson", "a variable");
            }

            if (variable.Op != Op.Variable || variable.OperandCount > 0 || variable.Attribute is not string name)
            {
                throw new AutodiffException($"FromJson: {variable.Op} is no symbolic variable; only what Variable(name) or Variable(name, shape) made can take the place of one.");
            }

            if (!named.TryAdd(name, variable))
            {
                throw new AutodiffException($"FromJson: two variables are named {name}.");
            }
        }

        return named;
    }
}
