// How the attributes of a primitive are written to JSON and read from it. A table of these has one entry for each primitive.

using System.Text;
using System.Text.Json;

namespace Autodiff.Functional.Interchange;

/// <summary>The JSON form of a primitive that holds no computations.</summary>
/// <param name="Type">The record of the primitive.</param>
/// <param name="Ops">Its names.</param>
/// <param name="Write">Writes the attributes of the primitive of a node as fields.</param>
/// <param name="Read">
/// Reads these fields and makes the node over operands without values. It checks all that the primitive relies on, or calls what does. A result that is
/// another node than the one asked for means that no expression has such a node.
/// </param>
internal sealed record PrimitiveForm(Type Type, Op[] Ops, Action<NodePrimitive, Expr, Utf8JsonWriter> Write, Func<Op, Fields, Expr[], Expr> Read)
{
    /// <summary>A primitive with attributes and any number of operands.</summary>
    public static PrimitiveForm Of<T>(Op op, Action<T, Utf8JsonWriter> write, Func<Fields, Expr[], Expr> read)
        where T : NodePrimitive => new(typeof(T), [op], (primitive, _, json) => write((T)primitive, json), (_, fields, operands) => read(fields, operands));

    /// <summary>A primitive with attributes and one operand.</summary>
    public static PrimitiveForm OfOne<T>(Op op, Action<T, Utf8JsonWriter> write, Func<Fields, Expr, Expr> read)
        where T : NodePrimitive => Of(op, write, (fields, operands) => read(fields, Only(fields, operands)));

    /// <summary>A primitive of one operand without attributes.</summary>
    public static PrimitiveForm Plain<T>(Op op, Func<Expr, Expr> make)
        where T : NodePrimitive => OfOne<T>(op, (_, _) => { }, (_, x) => make(x));

    /// <summary>A primitive of one operand whose attribute is the shape of its result.</summary>
    public static PrimitiveForm Shaped<T>(Op op, Func<Expr, Shape, Expr> make)
        where T : NodePrimitive => new(typeof(T), [op], (_, node, json) => json.WriteShape("shape", node.Shape), (_, fields, operands) => make(Only(fields, operands), fields.Shape("shape")));

    /// <summary>A primitive of one operand that runs along an axis, with a flag of a name.</summary>
    public static PrimitiveForm Along<T>(Op op, string flag, Func<T, (int Axis, bool Flag)> attributes, Func<Expr, int, bool, Expr> make)
        where T : NodePrimitive => OfOne<T>(
            op,
            (primitive, json) =>
            {
                var (axis, isSet) = attributes(primitive);
                json.WriteNumber("axis", axis);
                json.WriteFlag(flag, isSet);
            },
            (fields, x) => make(x, fields.Whole("axis", 0, x.Rank - 1), flag.Length > 0 && fields.Flag(flag)));

    /// <summary>A reduction.</summary>
    public static PrimitiveForm Reduction<T>(Op op, Func<Folding, T> make)
        where T : Reduction => OfOne<T>(
            op,
            (primitive, json) =>
            {
                json.WriteWholeNumbers("axes", primitive.Axes.Indices);
                json.WriteFlag("keepDims", primitive.Axes.KeepDims);
            },
            (fields, x) =>
            {
                var axes = fields.WholeNumbers("axes", 0, x.Rank - 1);
                for (var i = 1; i < axes.Length; i++)
                {
                    if (axes[i] <= axes[i - 1])
                    {
                        throw fields.Error("axes", "the axes must ascend.");
                    }
                }

                return make(new(axes, fields.Flag("keepDims"))).Of(x);
            });

    /// <summary>The only operand of a primitive.</summary>
    private static Expr Only(Fields fields, Expr[] operands) => operands is [var x] ? x : throw fields.Error("of", $"there are {operands.Length} operands, but the primitive has 1.");
}

/// <summary>Writes attributes.</summary>
internal static class AttributeWriting
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void WriteWholeNumbers(this Utf8JsonWriter json, string field, ReadOnlySpan<int> numbers)
    {
        json.WriteStartArray(field);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    /// <summary>The lengths of axes, unless there are none.</summary>
    public static void WriteShape(this Utf8JsonWriter json, string field, Shape shape)
    {
        if (!shape.IsScalar)
        {
            json.WriteWholeNumbers(field, shape.Lengths);
        }
    }

    /// <summary>A flag, if it is set.</summary>
    public static void WriteFlag(this Utf8JsonWriter json, string field, bool flag)
    {
        if (flag)
        {
            json.WriteBoolean(field, true);
        }
    }

    /// <summary>A text, if there is one. A writer of JSON would replace what is not valid Unicode.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string field, string? text)
    {
        if (text is null)
        {
            return;
        }

        try
        {
            _ = s_strict.GetByteCount(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new AutodiffException($"ToJson: the {field} {text} is not valid Unicode, so it cannot be saved.", error);
        }

        json.WriteString(field, text);
    }
}
