// How expressions print as formulas.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public class FormulaTests
{
    private static readonly Expr x = Variable("x");
    private static readonly Expr y = Variable("y");
    private static readonly Expr z = Variable("z");
    private static readonly Expr v = Variable("v", new Shape(4));
    private static readonly Expr A = Variable("A", new Shape(2, 3));
    private static readonly Expr B = Variable("B", new Shape(3, 2));

    public static TheoryData<Expr, string> Arithmetic => new()
    {
        { x - (y - z), "x - (y - z)" },
        { x - y - z, "x - y - z" },
        { AD.Grad(v => Log(v * y))(x), "1 / x" },
        { x + (y + z), "x + (y + z)" },
        { x + y * z, "x + y * z" },
        { (x + y) * z, "(x + y) * z" },
        { x * (y * z), "x * (y * z)" },
        { x / (y * z), "x / (y * z)" },
        { x * y / z, "x * y / z" },
        { x * (y / z), "x * (y / z)" },
        { -Pow(x, 2), "-x^2" },
        { Pow(-x, 2), "(-x)^2" },
        { Pow(Pow(x, 2), 3), "(x^2)^3" },
        { Pow(x, Pow(y, z)), "x^y^z" },
        { Pow(x + y, 2), "(x + y)^2" },
        { Pow(2, x + 1), "2^(x + 1)" },
        { Pow(x, -y), "x^(-y)" },
        { Pow(-2, x), "(-2)^x" },
        { x - -2, "x - (-2)" },
        { x - -y, "x - (-y)" },
        { - -x, "-(-x)" },
        { -x * y, "-x * y" },
        { -(x * y), "-(x * y)" },
        { x * -y, "x * (-y)" },
        { x - -y * z, "x - (-y * z)" },
        { -2 * x + 1, "-2 * x + 1" },
        { -(x + y), "-(x + y)" },
        { -x + y, "-x + y" },
        { Pow(x - 1, 2) + Pow(x + 1, 2), "(x - 1)^2 + (x + 1)^2" },
        { 1 / (1 + Exp(-x)), "1 / (1 + exp(-x))" },
        { x + double.NegativeInfinity, "x + (-Infinity)" },
    };

    public static TheoryData<Expr, string> Functions => new()
    {
        { x > 0, "x > 0" },
        { x + 1 <= y * 2, "x + 1 <= y * 2" },
        { Eq(x, y), "x == y" },
        { (x > 0) > y, "(x > 0) > y" },
        { (x > 0) * y, "(x > 0) * y" },
        { !(x >= 0), "(x >= 0) == 0" },
        { Where(x > 0, Sqrt(x), 0), "where(x > 0, sqrt(x), 0)" },
        { Clamp(x, 0, 1), "clamp(x, 0, 1)" },
        { Atan2(y, x + 1), "atan2(y, x + 1)" },
        { Polygamma(1, x), "polygamma(1, x)" },
        { LogGamma(x) - Digamma(x), "loggamma(x) - digamma(x)" },
        { GammaP(2, x) + Xlogy(x, y), "gammap(2, x) + xlogy(x, y)" },
        { Grad(BesselI0)(x), "(besseli(-1, x) + besseli(1, x)) / 2" },
        { Grad(Sinc)(x), "(cos(x) - sinc(x)) / x" },
        { StopGradient(x), "stopgradient(x)" },
        { Pow(Sin(x), 2), "sin(x)^2" },
        { Sum(A), "sum(A)" },
        { Sum(A, axis: 0), "sum(A, axis: 0)" },
        { MaxOf(A, axis: [0, 1], keepDims: true), "maxof(A, keepdims: true)" },
        { Norm(Reshape(A, 1, 2, 3), axis: [0, 2]), "norm(reshape(A, (1, 2, 3)), axis: [0, 2])" },
        { Mean(v), "sum(v) / 4" },
        { CumSum(v), "cumsum(v, axis: 0)" },
        { Flip(A, axis: 1), "flip(A, axis: 1)" },
        { v[0], "v[0]" },
        { v[^1], "v[3]" },
        { v[1..], "v[1..]" },
        { v[..^1], "v[..3]" },
        { v[..], "v[..]" },
        { A[.., 0], "A[.., 0]" },
        { A[1], "A[1]" },
        { A[1, 1..], "A[1, 1..]" },
        { (A + 1)[0], "(A + 1)[0]" },
        { Sin(A)[0], "sin(A)[0]" },
        { MatMul(A, B), "matmul(A, B)" },
        { Einsum("ij,jk->ik", A, B), "einsum(\"ij,jk->ik\", A, B)" },
        { Dot(v, 2 * v), "dot(v, 2 * v)" },
        { Reshape(A, 3, 2), "reshape(A, (3, 2))" },
        { BroadcastTo(v, new Shape(2, 4)), "broadcastto(v, (2, 4))" },
        { Transpose(A), "transpose(A)" },
        { Permute(Variable("T", new Shape(2, 3, 4)), 2, 0, 1), "permute(T, (2, 0, 1))" },
        { Take(A, [0, 2], axis: 1), "take(A, [0, 2], axis: 1)" },
        { Concat([v, -v], axis: 0), "concat([v, -v], axis: 0)" },
        { Stack([x, y]), "stack([x, y], axis: 0)" },
        { v * new double[] { 1, -2, 3, 4 }, "v * [1, -2, 3, 4]" },
        { Variable("w", new Shape(40)) + Arange(40), "w + [0, 1, 2, ..., 37, 38, 39]" },
    };

    [Theory]
    [MemberData(nameof(Arithmetic), DisableDiscoveryEnumeration = true)]
    public void Arithmetic_prints_with_the_parentheses_that_keep_its_order(Expr expression, string formula) =>
        Assert.Equal(formula, expression.ToString());

    [Theory]
    [MemberData(nameof(Functions), DisableDiscoveryEnumeration = true)]
    public void Functions_print_as_calls(Expr expression, string formula) => Assert.Equal(formula, expression.ToString());

    [Fact]
    public void The_pieces_of_a_scatter_print_with_their_places()
    {
        var gradient = Backward(Sum(v[1..] * v[..3]))[v];
        Assert.Equal("scatter((4), [..3]: v[1..], [1..]: v[..3])", gradient.ToString());
        var places = new Positions(new Shape(2, 3), new Shape(2, 2), 1, [0, 2]);
        Assert.Equal("scatter((2, 3), [.., [0, 2]]: G)", Scatter(places.From, [places], [Variable("G", places.To)]).ToString());
    }

    [Fact]
    public void The_formula_of_a_concrete_graph_shows_its_variables()
    {
        var a = Variable("a", 2.0);
        Assert.Equal("a * a + 1", (a * a + 1).ToFormula());
        Assert.Equal("3", ((Expr)3).ToFormula());
        Assert.Equal("a", a.ToFormula());
    }

    [Fact]
    public void What_is_used_twice_is_written_once()
    {
        var e = Exp(x);
        Assert.Equal("let t1 = exp(x)\nt1 / (1 + t1)", (e / (1 + e)).ToString());
    }

    [Fact]
    public void An_element_of_a_variable_is_written_wherever_it_is_used()
    {
        var first = v[0];
        Assert.Equal("v[0] * v[0]", (first * first).ToString());
    }

    [Fact]
    public void A_named_intermediate_is_a_line_of_its_own()
    {
        var (a, b) = (Variable("a", x - 1), Variable("b", x + 1));
        Assert.Equal("let a = x - 1\nlet b = x + 1\na^2 + b^2", (Pow(a, 2) + Pow(b, 2)).ToString());
    }

    [Fact]
    public void Names_of_shared_parts_avoid_those_of_variables()
    {
        var e = Exp(Variable("t1"));
        Assert.Equal("let t2 = exp(t1)\nt2 * t2", (e * e).ToString());
    }

    [Fact]
    public void Different_variables_of_one_name_are_numbered() =>
        Assert.Equal("x + x_2 * x_3 - x_4", (Variable("x") + Variable("x") * Variable("x_3") - Variable("x")).ToString());

    [Fact]
    public void A_name_that_is_not_an_identifier_stands_in_backquotes() =>
        Assert.Equal("`net income` * x̄ + α′ - `2 `", (Variable("net income") * Variable("x̄") + Variable("α′") - Variable("2\n")).ToString());

    [Fact]
    public void The_leaf_a_transform_makes_prints_as_its_argument()
    {
        var printed = "";
        Grad(u =>
        {
            printed = Sin(u * 2).ToFormula();
            return Sin(u * 2);
        })(x + 1);
        Assert.Equal("sin((x + 1) * 2)", printed);
    }

    [Fact]
    public void A_graph_whose_tree_is_exponential_prints_in_as_many_lines_as_it_has_nodes()
    {
        var t = x;
        for (var i = 0; i < 60; i++)
        {
            t *= t;
        }

        var lines = t.ToString().Split('\n');
        Assert.Equal(60, lines.Length);
        Assert.Equal("let t1 = x * x", lines[0]);
        Assert.Equal("t59 * t59", lines[^1]);
    }

    [Fact]
    public void A_chain_of_a_million_operations_prints_in_short_lines()
    {
        var t = x;
        for (var i = 0; i < 500_000; i++)
        {
            t = Sin(t) + x;
        }

        Assert.All(t.ToString().Split('\n'), line => Assert.InRange(line.Length, 1, 110));
    }
}
