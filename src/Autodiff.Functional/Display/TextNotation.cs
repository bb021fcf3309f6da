// Formulas as plain text, close to the C# that builds them.

using System.Globalization;
using System.Text;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Display;

internal class TextNotation : ProgramNotation
{
    /// <summary>Constants of more elements are abbreviated inside a formula.</summary>
    private const int LargestConstant = 32;

    public static TextNotation Plain { get; } = new();

    public override int LineLength => 80;

    public override string Name(string name) => IsIdentifier(name) ? name
        : $"`{Escaping.Escape(name, letter => letter == '`' ? "'" : null)}`";

    public override Term Constant(Expr constant)
    {
        var text = ValueText.Tensor(constant.Storage, ValueText.Number, LargestConstant);
        return new(text, text[0] == '-' ? Level.Signed : Level.Atom);
    }

    public override Term Operation(Expr node, ReadOnlySpan<Term> operands) => (node.Op, node.Attribute) switch
    {
        (Op.Negate, _) => Prefix(node.Op, Sign(Op.Subtract), operands[0]),
        (Op.Pow, _) => Power(operands[0], operands[1]),
        (Op.Slice, Selection selection) => Term.Atom($"{At(Level.Atom, operands[0])}[{Arguments.Indexer(selection)}]"),
        (Op.Scatter, Placement placement) => Call("scatter", [placement.Shape.ToString(), .. Texts(operands).Zip(placement.Selections, (text, selection) => $"[{Arguments.Indexer(selection)}]: {text}")]),
        (Op.Permute, _) when Arguments.IsTranspose(node) => Call("transpose", Texts(operands)),
        (Op.Einsum, Contraction contraction) => Call("einsum", [$"\"{contraction}\"", .. Texts(operands)]),
        (Op.Concat or Op.Stack, _) => Call(node, [$"[{string.Join(", ", Texts(operands))}]"]),
        (_, IProgram program) => Program(program, operands),
        (_, Definition definition) => Call(Function(definition.Name), Texts(operands)),
        _ when Sign(node.Op) is { Length: > 0 } sign => Infix(node.Op, $" {sign} ", operands[0], operands[1]),
        _ => Call(node, Texts(operands)),
    };

    public override string Lines(IReadOnlyList<(string Name, string Text)> definitions, string result)
    {
        var lines = new StringBuilder();
        foreach (var (name, text) in definitions)
        {
            lines.Append(CultureInfo.InvariantCulture, $"let {name} = {text}\n");
        }

        return lines.Append(result).ToString();
    }

    protected override string Ellipsis => "…";

    protected override string Arrow => " => ";

    protected override Term Call(string function, IEnumerable<string> arguments) => Term.Atom($"{function}({string.Join(", ", arguments)})");

    protected override string Labelled(string label, string argument) => $"{label}: {argument}";

    protected override string Function(string name) => Name(name);

    protected override string Parenthesized(string text) => $"({text})";

    /// <summary>The sign of an infix operator; none for what is written as a call.</summary>
    protected virtual string Sign(Op op) => op switch
    {
        Op.Add => "+",
        Op.Subtract => "-",
        Op.Multiply => "*",
        Op.Divide or Op.ShareOfNorm => "/",
        Op.Less => "<",
        Op.LessOrEqual => "<=",
        Op.Greater => ">",
        Op.GreaterOrEqual => ">=",
        Op.Equal => "==",
        _ => "",
    };

    protected virtual Term Power(Term x, Term exponent) => Infix(Op.Pow, "^", x, exponent);

    private Term Call(Expr node, string[] operands) => Call(
        node.Op.ToString().ToLowerInvariant(),
        [.. operands, .. Arguments.Of(node).Select(argument => argument.Label.Length > 0 ? Labelled(argument.Label, argument.Text) : argument.Text)]);

    /// <summary>Letters, then also digits, underscores, primes and combining marks, in any script.</summary>
    private static bool IsIdentifier(string name)
    {
        var first = true;
        foreach (var rune in name.EnumerateRunes())
        {
            var fits = Rune.IsLetter(rune) || rune.Value == '_' || (!first && (Rune.IsNumber(rune) || rune.Value is '\'' or '′'
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark));
            if (!fits)
            {
                return false;
            }

            first = false;
        }

        return true;
    }
}
