// The notation of formulas as plain text, close to the C# that builds them.

using System.Globalization;
using System.Text;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Display;

internal class TextNotation : Notation
{
    /// <summary>The most elements of a constant that are written one by one if all of them are the same number.</summary>
    private const int LargestUniform = 32;

    protected TextNotation(bool isOrdinary = false) => IsOrdinary = isOrdinary;

    /// <summary>The text of exactly what is computed.</summary>
    public static TextNotation Plain { get; } = new();

    /// <summary>The same text with internal functions in their ordinary forms.</summary>
    public static TextNotation Ordinary { get; } = new(isOrdinary: true);

    public override bool IsOrdinary { get; }

    public override int LineLength => 80;

    public override string Name(string name) => IsPlain(name) ? name
        : $"`{Escaping.Escape(name, letter => letter == '`' ? "'" : null)}`";

    /// <summary>Whether a name is written without backquotes.</summary>
    protected virtual bool IsPlain(string name) => Identifier.IsPlain(name);

    public override Fragment Constant(Expr constant)
    {
        var (value, shape) = (constant.Storage, constant.Shape);
        if (shape.Size == 0 && shape.Rank > 1)
        {
            return Fragment.Atom($"{ReshapePrimitive.Name}([], {shape})");
        }

        if (shape.Size > LargestUniform && value.IsUniform)
        {
            return Fragment.Atom($"{BroadcastPrimitive.Name}({Number(value[0])}, {shape})");
        }

        var text = ValueText.Tensor(value, Number, LargestList);
        return new(text, text[0] is '-' or '−' ? Level.Signed : Level.Atom);
    }

    /// <summary>A number, in a form that reads back as the same double.</summary>
    protected virtual string Number(double value) => ValueText.Number(value);

    public override Fragment Spelled(Spelling spelling, ReadOnlySpan<Fragment> operands, IEnumerable<(string Label, string Text)> arguments) => Call(
        Symbol(spelling), [.. Texts(operands), .. arguments.Select(argument => argument.Label.Length > 0 ? Labelled(argument.Label, argument.Text) : argument.Text)]);

    public override string Lines(IReadOnlyList<(string Name, string Text)> definitions, string result)
    {
        var lines = new StringBuilder();
        foreach (var (name, text) in definitions)
        {
            lines.Append(CultureInfo.InvariantCulture, $"let {name} = {text}\n");
        }

        return lines.Append(result).ToString();
    }

    public override string Ellipsis => "...";

    public override string Arrow => " => ";

    protected override string Colon => ": ";

    public override Fragment Call(string function, IEnumerable<string> arguments) => Fragment.Atom($"{function}({string.Join(", ", arguments)})");

    public override string Labelled(string label, string argument) => $"{label}: {argument}";

    public override string Function(string name) => Name(name);

    public override string Parenthesized(string text) => $"({text})";

    public override string Bracketed(string text) => $"[{text}]";

    public override Fragment Quoted(string text) => Fragment.Atom($"\"{text}\"");

    public override Fragment Indexed(Fragment tensor, string indexer) => Fragment.Atom($"{At(Level.Atom, tensor)}[{indexer}]");

    protected override Fragment Elementwise(Expr node, Spelling spelling, ReadOnlySpan<Fragment> operands) => spelling.Fixity switch
    {
        null => Spelled(spelling, operands, []),
        { } fixity when operands.Length == 1 => Prefix(fixity, Symbol(spelling), operands[0]),
        { } fixity when node.Op == Op.Pow => Power(fixity, operands[0], operands[1]),
        { } fixity => Infix(fixity, $" {Symbol(spelling)} ", operands[0], operands[1]),
    };

    /// <summary>The name of a function or the sign of an operator.</summary>
    protected virtual string Symbol(Spelling spelling) => spelling.Text;

    protected virtual Fragment Power(Fixity fixity, Fragment x, Fragment exponent) => Infix(fixity, "^", x, exponent);
}
