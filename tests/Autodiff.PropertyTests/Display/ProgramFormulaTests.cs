// How loops, branches, calls and primitives of one's own print: short, over what they read, and never longer than a line.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public class ProgramFormulaTests
{
    private static readonly Expr x = Variable("x");
    private static readonly Expr w = Variable("w");
    private static readonly Expr s = Variable("s");
    private static readonly Expr v = Variable("v", new Shape(3));
    private static readonly Expr A = Variable("A", new Shape(2, 2));
    private static readonly double[] s_numbers = [1, 2, 3];
    private static readonly Func<Expr, Expr> s_softsign = Primitive.Define("softsign", y => y / (1 + Math.Abs(y)), (y, _) => 1 / Pow(1 + Abs(y), 2));

    public static TheoryData<Expr, string> Texts => new()
    {
        { s_softsign(x) + 1, "softsign(x) + 1" },
        { Primitive.Define("my function", y => y, (_, _) => 1)(x), "`my function`(x)" },
        { Cond(x > 0, () => Sqrt(x), () => 0 * x), "cond(x > 0, sqrt(x), 0 * x)" },
        { Cond(x, () => w, () => (Expr)1) * 2, "cond(x, w, 1) * 2" },
        { Cond(x, () => Sin(w + 1), () => Cond(w, () => x, () => -x)), "cond(x, sin(w + 1), cond(w, x, -x))" },
        { Cond(x, () => (w, v), () => (w * 2, -v)).Item1, "cond(x, (w, v), (w * 2, -v))[0]" },
        { Fold((t, y) => (t * w) + y, x, s_numbers), "fold((s, x) => s * w + x, x, [1, 2, 3])" },
        { Fold((t, y) => t * Sin(y) * s, s, v), "fold((s', x) => s' * sin(x) * s, s, v)" },
        { Scan((t, y) => (t + y, t * y), x, s_numbers, reverse: true).Final, "scan((s, x) => (s + x, s * x), x, [1, 2, 3], reverse: true)[0]" },
        { Iterate(5, t => MatMul(t, t), A), "iterate(5, s => matmul(s, s), A)" },
        { Iterate(5, t => (A: t.B, B: t.A * w), (A: x, B: w)).B, "iterate(5, (s1, s2) => (s2, s1 * w), (x, w))[1]" },
        { Iterate(2, t => Iterate(3, u => u * t, w), x), "iterate(2, s => iterate(3, s' => s' * s, w), x)" },
        { While(t => t < w, t => t * 2, x), "while(s => s < w, s => s * 2, x)" },
        { Checkpoint(y => Sin(y) * w)(x + 1), "checkpoint(sin(x + 1) * w)" },
        { CustomVjp(y => (Round(y), z => z))(x), "customvjp(round(x))" },
        { CustomJvp((y, dy) => (Exp(y), dy))(x), "customjvp(exp(x))" },
        { Root(t => (t * t) - w, x), "root(x => x * x - w, x)" },
        { Backward(Iterate(5, t => t * w, x))[w], "vjp(iterate(5, s => s * w, x), 1)[1]" },
        { Jvp(y => Cond(y > 0, () => Sin(y), () => y))(x, 1).Tangent, "cond(x > 0, 1 * cos(x), 1)" },
        { Fold((t, y) => Sin(Sin(Sin(Sin(Sin(Sin(Sin(Sin(Sin(t * w))))))))), x, s_numbers), "fold((s, x) => ...(s, x, w), x, [1, 2, 3])" },
    };

    public static TheoryData<Expr, string> Latex => new()
    {
        { s_softsign(x), @"\operatorname{softsign}\left(x\right)" },
        { Primitive.Define("my_f", y => y, (_, _) => 1)(x), @"\operatorname{\mathrm{my}_{f}}\left(x\right)" },
        { Cond(x > 0, () => Sqrt(x), () => 0 * x), @"\operatorname{cond}\left(x > 0, \sqrt{x}, 0 x\right)" },
        { Fold((t, y) => (t * w) + y, x, s_numbers), @"\operatorname{fold}\left(\left(s, x\right) \mapsto s \cdot w + x, x, \begin{bmatrix} 1 & 2 & 3 \end{bmatrix}\right)" },
        { Fold((t, y) => t * y * s, s, v), @"\operatorname{fold}\left(\left(s', x\right) \mapsto s' \cdot x \cdot s, s, v\right)" },
        { Iterate(5, t => (A: t.B, B: t.A * w), (A: x, B: w)).B, @"\operatorname{iterate}\left(5, \left(s_{1}, s_{2}\right) \mapsto \left(s_{2}, s_{1} \cdot w\right), \left(x, w\right)\right)\left[1\right]" },
        { Scan((t, y) => (t, y), x, v, reverse: true).Final, @"\operatorname{scan}\left(\left(s, x\right) \mapsto \left(s, x\right), x, v, \mathrm{reverse}\colon \mathrm{true}\right)\left[0\right]" },
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void Programs_print_as_calls_of_functions(Expr expression, string formula) => Assert.Equal(formula, expression.ToString());

    [Theory]
    [MemberData(nameof(Latex), DisableDiscoveryEnumeration = true)]
    public void Programs_are_set_as_operators_on_functions(Expr expression, string latex) => Assert.Equal(latex, expression.ToLatex());

    [Fact]
    public void Pictures_show_them_in_a_label()
    {
        var y = Fold((t, u) => (t * w) + u, x, v) + s_softsign(w);
        Assert.Contains("\"v₁ = fold((s, x) => s × w + x, x, v)\"", y.ToMermaid().Replace("#61;", "=", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("#62;", ">", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("v₂ = softsign(w)", y.ToMermaid(), StringComparison.Ordinal);
        Assert.Contains("v₂ = softsign(w)", y.ToDot(Backward(y)), StringComparison.Ordinal);
        var many = Iterate(3, t => Enumerable.Range(0, 9).Select(i => Variable($"a{i}")).Aggregate(t, (a, b) => a * b), x);
        Assert.Contains("y = iterate(…)", many.ToMermaid(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_is_never_longer_than_a_line_however_often_its_parts_are_used()
    {
        // Sixty squarings of one another would be a formula of 2⁶⁰ letters.
        var y = Iterate(3, t => Enumerable.Range(0, 60).Aggregate(t, (a, _) => a * a), x);
        Assert.Equal("iterate(3, s => ...(s), x)", y.ToString());

        // Computations in bodies: ten levels of three loops each.
        static Expr Nested(int depth, Expr t) => depth == 0 ? Sin(t) : Enumerable.Range(0, 3).Aggregate(t, (a, _) => Iterate(2, u => Nested(depth - 1, u), a));
        var deep = Nested(8, x);
        Assert.All(deep.ToString().Split('\n'), line => Assert.InRange(line.Length, 1, 200));

        // A derivative of high order holds bodies of bodies.
        var high = Diff(t => Iterate(3, u => Sin(u * t), t), 5)(x);
        Assert.All(high.ToString().Split('\n'), line => Assert.InRange(line.Length, 1, 400));
        Assert.NotEmpty(high.ToLatex());
        Assert.NotEmpty(high.ToDot());
    }

    [Fact]
    public void A_loop_with_a_value_prints_as_the_value() =>
        Assert.Equal("6", Fold((t, y) => t * y, Variable("x", 1.0), s_numbers).ToString());
}
