// Formulas as LaTeX, as a textbook sets them.

using System.Globalization;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Display;

internal sealed class LatexNotation : ProgramNotation
{
    /// <summary>The longest axis of a constant that is set as a matrix.</summary>
    private const int LargestMatrix = 8;

    public static LatexNotation Instance { get; } = new();

    public override int LineLength => 240;

    public override string Name(string name) => LatexName.Of(name);

    public override Term Constant(Expr constant)
    {
        var (shape, value) = (constant.Shape, constant.Storage);
        return shape.IsScalar ? Number(value[0])
            : shape.Rank <= 2 && value.Size > 0 && shape.Max() <= LargestMatrix ? Term.Atom(Matrix(value))
            : Term.Atom(ValueText.Tensor(value, element => Number(element).Text, 0).Replace("...", @"\ldots", StringComparison.Ordinal));
    }

    public override Term Operation(Expr node, ReadOnlySpan<Term> operands) => operands switch
    {
        _ when node.Attribute is IProgram program => Program(program, operands),
        _ when node.Attribute is Definition definition => Call(Function(definition.Name), Texts(operands)),
        [var x] => Unary(node, x),
        [var a, var b] => Binary(node, a, b),
        [var mask, var a, var b] when node.Op == Op.Where => new(
            $@"\begin{{cases}} {a.Text} & \text{{if }} {mask.Text} \\ {b.Text} & \text{{otherwise}} \end{{cases}}", Level.Comparison),
        [{ Text: "0" }, var a, var x] when node.Op == Op.Gaussian => new($@"\mathrm{{e}}^{{-{At(Level.Power, a)} \cdot {At(Level.Atom, x)}^{{2}}}}", Level.Power),
        _ => Call(node, operands),
    };

    public override string Lines(IReadOnlyList<(string Name, string Text)> definitions, string result) => definitions.Count == 0
        ? result
        : $"\\begin{{aligned}}\n{string.Concat(definitions.Select(part => $"{part.Name} &= {part.Text} \\\\\n"))}& {result}\n\\end{{aligned}}";

    protected override string Ellipsis => @"\ldots";

    protected override string Arrow => @" \mapsto ";

    protected override Term Call(string function, IEnumerable<string> arguments) => Term.Atom(function + Parenthesized(string.Join(", ", arguments)));

    protected override string Labelled(string label, string argument) => $@"\mathrm{{{label}}}\colon {argument}";

    protected override string Function(string name) =>
        $@"\operatorname{{{(name.All(char.IsAsciiLetter) ? name : LatexName.Of(name))}}}";

    protected override string Parenthesized(string text) => $@"\left({text}\right)";

    private Term Unary(Expr node, Term x) => node.Op switch
    {
        Op.Negate => Prefix(node.Op, "-", x),
        Op.Abs => Term.Atom($@"\left|{x.Text}\right|"),
        Op.Sqrt => Term.Atom($@"\sqrt{{{x.Text}}}"),
        Op.Cbrt => Term.Atom($@"\sqrt[3]{{{x.Text}}}"),
        Op.Exp => new($@"\mathrm{{e}}^{{{x.Text}}}", Level.Power),
        Op.Exp2 => new($"2^{{{x.Text}}}", Level.Power),
        Op.LogisticDensity => Term.Atom($@"\sigma'{Parenthesized(x.Text)}"),
        Op.AsinDerivative => Term.Atom($@"\arcsin'{Parenthesized(x.Text)}"),
        Op.Floor => Term.Atom($@"\left\lfloor {x.Text}\right\rfloor"),
        Op.Ceiling => Term.Atom($@"\left\lceil {x.Text}\right\rceil"),
        Op.Norm => Term.Atom($@"\left\lVert {x.Text}\right\rVert{Axes(node)}"),
        Op.Sum or Op.Prod => new($@"\{node.Op.ToString().ToLowerInvariant()}{Axes(node)} {At(Fixity.BigOperator.Right, x)}", Fixity.BigOperator.Result),
        Op.MaxOf or Op.MinOf or Op.LogSumExp or Op.LogSum => Term.Atom($"{Function(node.Op)}{Axes(node)}{Parenthesized(x.Text)}"),
        Op.Permute when Arguments.IsTranspose(node) => new($@"{At(Level.Atom, x)}^{{\top}}", Level.Power),
        Op.Inverse => Inverted(x),
        Op.LogDet => Term.Atom($@"\log\left|\det {At(Level.Atom, x)}\right|"),
        Op.Slice => Term.Atom($@"{At(Level.Atom, x)}\left[{Arguments.Indexer((Selection)node.Attribute!)}\right]"),
        _ => Call(node, [x]),
    };

    private Term Binary(Expr node, Term a, Term b) => node.Op switch
    {
        Op.Add => Infix(node.Op, " + ", a, b),
        Op.Subtract => Infix(node.Op, " - ", a, b),
        Op.Multiply => Infix(node.Op, node.Operand(0).Rank > 0 && node.Operand(1).Rank > 0 ? @" \odot " : @" \cdot ", a, b),
        Op.Divide or Op.ShareOfNorm => new($@"\frac{{{a.Text}}}{{{b.Text}}}", Level.Power),
        Op.Pow => new($"{At(Level.Atom, a)}^{{{b.Text}}}", Level.Power),
        Op.Less => Infix(node.Op, " < ", a, b),
        Op.LessOrEqual => Infix(node.Op, @" \le ", a, b),
        Op.Greater => Infix(node.Op, " > ", a, b),
        Op.GreaterOrEqual => Infix(node.Op, @" \ge ", a, b),
        Op.Equal => Infix(node.Op, " = ", a, b),
        Op.Polygamma => Term.Atom($@"\psi^{{\left({a.Text}\right)}}{Parenthesized(b.Text)}"),
        Op.BesselJ => Term.Atom($"J_{{{a.Text}}}{Parenthesized(b.Text)}"),
        Op.BesselI => Term.Atom($"I_{{{a.Text}}}{Parenthesized(b.Text)}"),
        Op.SincDerivative => Term.Atom($@"\operatorname{{sinc}}^{{\left({a.Text}\right)}}{Parenthesized(b.Text)}"),
        Op.LogNormalCdfDerivative => Term.Atom($@"\left(\log\Phi\right)^{{\left({a.Text}\right)}}{Parenthesized(b.Text)}"),
        Op.Xlogy => Infix(Op.Multiply, @" \cdot ", a, Term.Atom($@"\log{Parenthesized(b.Text)}")),
        Op.Dot => Term.Atom($@"\left\langle {a.Text}, {b.Text}\right\rangle"),
        Op.MatMul => Infix(Fixity.TensorProduct, @" \, ", a, b),
        Op.Solve => Infix(Fixity.TensorProduct, @" \, ", Inverted(a), b),
        Op.Outer => Infix(Fixity.TensorProduct, @" \otimes ", a, b),
        _ => Call(node, [a, b]),
    };

    private Term Inverted(Term x) => new($"{At(Level.Atom, x)}^{{-1}}", Level.Power);

    private Term Call(Expr node, ReadOnlySpan<Term> operands)
    {
        string[] texts = node.Op is Op.Concat or Op.Stack ? [$@"\left[{string.Join(", ", Texts(operands))}\right]"] : Texts(operands);
        string[] arguments = node.Attribute switch
        {
            Contraction contraction when node.Op == Op.Einsum => [$@"\text{{{contraction}}}", .. texts],
            Placement placement => [placement.Shape.ToString(), .. texts.Zip(placement.Selections, (text, selection) => $@"\left[{Arguments.Indexer(selection)}\right]\colon {text}")],
            _ => [.. texts, .. Arguments.Of(node).Select(argument => argument.Label.Length > 0 ? Labelled(argument.Label, argument.Text) : argument.Text)],
        };
        return Call(Function(node.Op), arguments);
    }

    private static string Function(Op op) => op switch
    {
        Op.Sin or Op.Cos or Op.Tan or Op.Sinh or Op.Cosh or Op.Tanh or Op.Log or Op.Min or Op.Max => $@"\{op.ToString().ToLowerInvariant()}",
        Op.Asin or Op.Acos or Op.Atan => $@"\arc{op.ToString()[1..]}",
        Op.Asinh or Op.Acosh or Op.Atanh => $@"\operatorname{{ar{op.ToString()[1..]}}}",
        Op.Log2 => @"\log_{2}",
        Op.Log10 => @"\log_{10}",
        Op.Sign => @"\operatorname{sgn}",
        Op.Sigmoid => @"\sigma",
        Op.Gamma => @"\Gamma",
        Op.LogGamma => @"\log\Gamma",
        Op.LogBeta => @"\log\mathrm{B}",
        Op.Beta => @"\mathrm{B}",
        Op.GammaP => "P",
        Op.GammaQ => "Q",
        Op.LambertW => "W",
        Op.NormalCdf => @"\Phi",
        Op.LogNormalCdf => @"\log\Phi",
        Op.NormalQuantile => @"\Phi^{-1}",
        Op.Digamma => @"\psi",
        Op.LogSum => @"\log\sum",
        Op.MaxOf => @"\max",
        Op.MinOf => @"\min",
        Op.Trace => @"\operatorname{tr}",
        Op.Det => @"\det",
        Op.Expm => @"\exp",
        Op.Cofactors => @"\operatorname{cof}",
        _ => $@"\operatorname{{{op.ToString().ToLowerInvariant()}}}",
    };

    /// <summary>The axes a reduction folds, as a subscript; none where it folds all.</summary>
    private static string Axes(Expr node) => node.Attribute is Folding folding && !folding.IsAll(node.Operand(0).Shape)
        ? $@"_{{\mathrm{{{(folding.Indices.Length == 1 ? "axis" : "axes")}}}\,{string.Join(",", folding.Indices)}}}"
        : "";

    private static Term Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? Term.Atom(@"\mathrm{NaN}") : value > 0 ? Term.Atom(@"\infty") : new(@"-\infty", Level.Signed);
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
