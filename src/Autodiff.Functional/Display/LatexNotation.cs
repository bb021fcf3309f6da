// The notation of formulas as LaTeX, set as in a textbook.

using System.Globalization;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Display;

internal sealed class LatexNotation : Notation
{
    /// <summary>The longest axis of a constant that is set as a matrix.</summary>
    private const int LargestMatrix = 8;

    public static LatexNotation Instance { get; } = new();

    public override int LineLength => 240;

    public override bool IsOrdinary => true;

    public override string Name(string name) => LatexName.Of(name);

    public override Fragment Constant(Expr constant)
    {
        var (shape, value) = (constant.Shape, constant.Storage);
        return shape.IsScalar ? Number(value[0])
            : shape.Rank <= 2 && value.Size > 0 && shape.Max() <= LargestMatrix ? Fragment.Atom(Matrix(value))
            : Fragment.Atom(ValueText.Tensor(value, element => Number(element).Text, 0).Replace("...", @"\ldots", StringComparison.Ordinal));
    }

    public override string Lines(IReadOnlyList<(string Name, string Text)> definitions, string result) => definitions.Count == 0
        ? result
        : $"\\begin{{aligned}}\n{string.Concat(definitions.Select(part => $"{part.Name} &= {part.Text} \\\\\n"))}& {result}\n\\end{{aligned}}";

    public override string Ellipsis => @"\ldots";

    public override string Arrow => @" \mapsto ";

    protected override string Colon => @"\colon ";

    public override Fragment Spelled(Spelling spelling, ReadOnlySpan<Fragment> operands, IEnumerable<(string Label, string Text)> arguments) =>
        spelling.Template is { } template ? new(Filled(template, operands, arguments), spelling.TemplateLevel)
        : Call(spelling.Latex, [.. Texts(operands), .. arguments.Select(argument => argument.Label.Length > 0 ? Labelled(argument.Label, argument.Text) : argument.Text)]);

    public override Fragment Call(string function, IEnumerable<string> arguments) => Fragment.Atom(function + Parenthesized(string.Join(", ", arguments)));

    public override string Labelled(string label, string argument) => $@"\mathrm{{{label}}}\colon {(argument is "true" or "false" ? $@"\mathrm{{{argument}}}" : argument)}";

    public override string Function(string name) =>
        $@"\operatorname{{{(name.All(char.IsAsciiLetter) ? name : LatexName.Of(name))}}}";

    public override string Parenthesized(string text) => $@"\left({text}\right)";

    public override string Bracketed(string text) => $@"\left[{text}\right]";

    public override Fragment Quoted(string text) => Fragment.Atom($@"\text{{{text}}}");

    public override Fragment Indexed(Fragment tensor, string indexer) => Fragment.Atom($"{At(Level.Atom, tensor)}{Bracketed(indexer)}");

    protected override Fragment Elementwise(Expr node, Spelling spelling, ReadOnlySpan<Fragment> operands) => operands switch
    {
        // The logarithm in x log y is written out.
        [var a, var b] when node.Op == Op.Xlogy => Infix(Fixity.Product, @" \cdot ", a, Fragment.Atom($@"\log{Parenthesized(b.Text)}")),
        _ when spelling.Template is not null => Spelled(spelling, operands, []),
        [var x] when spelling.Fixity is { } fixity => Prefix(fixity, spelling.Latex, x),

        [{ IsCoefficient: true } number, var x] when node.Op == Op.Multiply && IsFactor(At(Fixity.Product.Right, x)) => Infix(Fixity.Product, " ", number, x),

        // An elementwise product of tensors is written ⊙, to tell it from a product of matrices.
        [var a, var b] when spelling.Fixity is { } fixity =>
            Infix(fixity, $" {(node.Op == Op.Multiply && node.Operand(0).Rank > 0 && node.Operand(1).Rank > 0 ? @"\odot" : spelling.Latex)} ", a, b),
        _ => Spelled(spelling, operands, []),
    };

    /// <summary>Whether a factor may follow a number without a sign: not one that starts with a digit, or a fraction, which reads as a mixed number.</summary>
    private static bool IsFactor(string text) => !char.IsAsciiDigit(text[0]) && !text.StartsWith(@"\frac", StringComparison.Ordinal);

    /// <summary>The axes that a reduction folds, as a subscript; empty where it folds all of them.</summary>
    protected override string Axes(string axes) =>
        $@"_{{\mathrm{{{(axes[0] == '[' ? "axes" : "axis")}}}\,{axes.Trim('[', ']').Replace(" ", "", StringComparison.Ordinal)}}}";

    private static Fragment Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? Fragment.Atom(@"\mathrm{NaN}") : value > 0 ? Fragment.Atom(@"\infty") : new(@"-\infty", Level.Signed);
        }

        var text = ValueText.Number(value);
        var exponent = text.IndexOf('E', StringComparison.Ordinal);
        var level = text[0] == '-' ? Level.Signed : exponent < 0 ? Level.Atom : Level.Product;
        return exponent < 0
            ? new(text, level)
            : new($@"{text[..exponent]} \times 10^{{{int.Parse(text.AsSpan(exponent + 1), CultureInfo.InvariantCulture)}}}", level);
    }

    private static string Matrix(Storage value)
    {
        var columns = value.Shape[value.Shape.Rank - 1];
        var rows = Enumerable.Range(0, value.Size / columns).Select(row =>
            string.Join(" & ", Enumerable.Range(row * columns, columns).Select(index => Number(value[index]).Text)));
        return $@"\begin{{bmatrix}} {string.Join(@" \\ ", rows)} \end{{bmatrix}}";
    }
}
