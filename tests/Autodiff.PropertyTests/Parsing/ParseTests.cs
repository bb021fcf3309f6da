// What people type: each text and the formula that it is read as, which shows its tree; options; and what stands for one node.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Parsing;

public class ParseTests
{
    private static readonly ParseOptions s_sideBySide = new() { ImplicitMultiplication = true };

    [Theory]
    [InlineData("x^2", "x^2")]
    [InlineData("x²", "x^2")]
    [InlineData("x³ + x⁻¹ + x¹⁰", "x^3 + x^(-1) + x^10")]
    [InlineData("(x + 1)²", "(x + 1)^2")]
    [InlineData("-x²", "-x^2")]
    [InlineData("x^y^z", "x^y^z")]
    [InlineData("x^y³", "x^y^3")]
    [InlineData("2^-x * y", "2^(-x) * y")]
    [InlineData("x^-y^2", "x^(-y^2)")]
    [InlineData("2 * -x", "2 * (-x)")]
    [InlineData("--x", "-(-x)")]
    [InlineData("+x - +y", "x - y")]
    [InlineData("a - b - c", "a - b - c")]
    [InlineData("a / b / c", "a / b / c")]
    [InlineData("x·y × z ⋅ 2 ÷ w − 1", "x * y * z * 2 / w - 1")]
    [InlineData("−x ≤ y", "-x <= y")]
    [InlineData("(x ≥ 1) = 0", "(x >= 1) == 0")]
    [InlineData("√x + √2 + √(x + 1) + ∛x", "sqrt(x) + 1.4142135623730951 + sqrt(x + 1) + cbrt(x)")]
    [InlineData("√x²", "sqrt(x^2)")]
    [InlineData("√(x)^2", "sqrt(x)^2")]
    [InlineData("√√x", "sqrt(sqrt(x))")]
    [InlineData("|x|", "abs(x)")]
    [InlineData("||x| - 1| * |y|", "abs(abs(x) - 1) * abs(y)")]
    [InlineData("sin x", "sin(x)")]
    [InlineData("sin x + cos y * 2", "sin(x) + cos(y) * 2")]
    [InlineData("sin x^2", "sin(x^2)")]
    [InlineData("sin(x)^2", "sin(x)^2")]
    [InlineData("sin²x + cos² x", "sin(x)^2 + cos(x)^2")]
    [InlineData("sin²(x + 1) * 2", "sin(x + 1)^2 * 2")]
    [InlineData("sin sin x", "sin(sin(x))")]
    [InlineData("sin √x", "sin(sqrt(x))")]
    [InlineData("exp |x|", "exp(abs(x))")]
    [InlineData("ln x + log x", "log(x) + log(x)")]
    [InlineData("arcsin x + arctan(y) + artanh(z)", "asin(x) + atan(y) + atanh(z)")]
    [InlineData("pow(x, 2)", "x^2")]
    [InlineData("e^x", "exp(x)")]
    [InlineData("e^-x^2", "exp(-x^2)")]
    [InlineData("2 * e", "5.43656365691809")]
    [InlineData("π + pi", "6.283185307179586")]
    [InlineData("x * ∞", "x * Infinity")]
    [InlineData("`e` * x", "`e` * x")]
    [InlineData("1e-3 * x + .5 + 2.", "0.001 * x + 0.5 + 2")]
    [InlineData("beta * x + gamma", "beta * x + gamma")]
    [InlineData("beta(x, y)", "beta(x, y)")]
    [InlineData("x\n  + y", "x + y")]
    [InlineData("f(\n", null)]
    [InlineData("let a = x - 1\na * a", "let a = x - 1\na * a")]
    [InlineData("let t1 = x - 1; t1 * t1", "let t1 = x - 1\nt1 * t1")]
    [InlineData("let t1 = x\n-t1", "-x")]
    [InlineData("[x, 2, y]", "stack([x, 2, y], axis: 0)")]
    [InlineData("[[1, 2], [3, 4]] * x", "[[1, 2], [3, 4]] * x")]
    [InlineData("where(x > 0, x, 0)", "where(x > 0, x, 0)")]
    [InlineData("{ let a = exp(x); let b = a * a; a + b } + a", "let t1 = exp(x)\nt1 + t1 * t1 + a")]
    [InlineData("  x  ;\r\n", "x")]
    [InlineData("\uFEFFx", "x")]
    [InlineData("α₁′ + β_2", "α₁′ + β_2")]
    public void Notation_of_people_is_read(string text, string? formula)
    {
        if (formula is null)
        {
            Assert.Throws<ParseException>(() => Parse(text));
        }
        else
        {
            Assert.Equal(formula, Parse(text).ToFormula());
        }
    }

    [Theory]
    [InlineData("2x", "2 * x")]
    [InlineData("2x² + sin x", "2 * x^2 + sin(x)")]
    [InlineData("-2x", "-2 * x")]
    [InlineData("2(x+1)", "2 * (x + 1)")]
    [InlineData("(x+1)(x-1)", "(x + 1) * (x - 1)")]
    [InlineData("x(y+1)", "x * (y + 1)")]
    [InlineData("x y z", "x * y * z")]
    [InlineData("x^2y", "x^2 * y")]
    [InlineData("2x^y z", "2 * x^y * z")]
    [InlineData("a * b c", "a * (b * c)")]
    [InlineData("a b * c", "a * b * c")]
    [InlineData("sin x cos y", "sin(x) * cos(y)")]
    [InlineData("2 sin 2x cos y", "2 * sin(2 * x) * cos(y)")]
    [InlineData("sin²x cos²(y) z", "sin(x)^2 * cos(y)^2 * z")]
    [InlineData("x sin(y) + 1", "x * sin(y) + 1")]
    [InlineData("sin(x) y", "sin(x) * y")]
    [InlineData("2π x", "6.283185307179586 * x")]
    [InlineData("√2 x", "1.4142135623730951 * x")]
    [InlineData("2√x", "2 * sqrt(x)")]
    [InlineData("2|x|y", "2 * abs(x) * y")]
    [InlineData("x/2 + (1/2)x", "x / 2 + 0.5 * x")]
    [InlineData("x e^-x", "x * exp(-x)")]
    [InlineData("1 - 2x < 3y", "1 - 2 * x < 3 * y")]
    [InlineData("sin 2x / 2", "sin(2 * x) / 2")]
    public void Factors_side_by_side_are_a_product_if_the_options_say_so(string text, string formula) =>
        Assert.Equal(formula, Parse(text, s_sideBySide).ToFormula());

    [Theory]
    [InlineData("1/2x")]
    [InlineData("1/2(x)")]
    [InlineData("x/sin x cos y")]
    [InlineData("1/-2x")]
    public void Factors_side_by_side_in_a_divisor_are_ambiguous(string text) =>
        Assert.Contains("write parentheses", Assert.Throws<ParseException>(() => Parse(text, s_sideBySide)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("2x")]
    [InlineData("x y")]
    [InlineData("2(x + 1)")]
    [InlineData("sin 2x")]
    public void Factors_side_by_side_are_an_error_by_default(string text) =>
        Assert.Contains("ImplicitMultiplication", Assert.Throws<ParseException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_is_one_node()
    {
        var product = Parse("x * x");

        Assert.Same(product.Operands[0], product.Operands[1]);
    }

    [Fact]
    public void A_given_variable_is_that_node_with_its_shape_and_value()
    {
        var (v, a) = (Variable("v", new Shape(3)), Variable("a", 2.0));

        var read = Parse("a * sum(v[1..]) + b", v, a);

        Assert.Same(v, read.Operands[0].Operands[1].Operands[0].Operands[0]);
        Assert.Equal(8, Parse("a^3", a).Value);
        Assert.Equal(12, Parse("a * v[0] + `e`", Variable("v", (Expr)new double[] { 5, 6 }), a, Variable("e", 2.0)).Value);
    }

    [Fact]
    public void A_given_or_defined_variable_may_have_the_name_of_a_number()
    {
        var e = Variable("e");

        Assert.Equal("`e`^2 + `π`", Parse("e^2 + π", e, Variable("π")).ToFormula());
        Assert.Equal(Math.Exp(2), Parse("e^2").Value);
        Assert.Equal(9, Parse("let e = 3\ne^2").Value);
    }

    [Fact]
    public void A_given_variable_is_a_factor_where_its_name_is_also_a_function() =>
        Assert.Equal("beta * x", Parse("beta x", s_sideBySide, Variable("beta")).ToFormula());

    [Fact]
    public void A_shared_term_is_one_node_and_a_defined_name_is_a_leaf()
    {
        var shared = Parse("let t1 = exp(x)\nt1 * t1");
        var named = Parse("let a = exp(x)\na * a");

        Assert.Same(shared.Operands[0], shared.Operands[1]);
        Assert.Equal(Op.Exp, shared.Operands[0].Op);
        Assert.Equal("a", named.Operands[0].Name);
        Assert.Equal(Op.Exp, named.Operands[0].Operands[0].Op);
    }

    [Fact]
    public void Functions_of_the_caller_are_called()
    {
        var softsign = Primitive.Define("softsign", x => x / (1 + Math.Abs(x)), (x, _) => 1 / Pow(1 + Abs(x), 2));
        var options = new ParseOptions { Functions = new Dictionary<string, Func<Expr, Expr>> { ["softsign"] = softsign, ["two times"] = x => 2 * x, ["sin"] = x => x } };

        Assert.Equal("softsign(2 * x) + x", Parse("softsign(`two times`(x)) + sin x", options).ToFormula());
        Assert.Equal(0.5, Parse("softsign 1", options).Value);
    }

    [Fact]
    public void A_formula_is_differentiated_like_any_expression()
    {
        Assert.Equal((4 * 2) + Math.Cos(2), AD.Grad(t => Parse("2*x² + sin x", ("x", t)))(2.0).Value, 14);
        Assert.Equal(18, AD.Grad(AD.Grad(t => Parse("3*x^3", ("x", t))))(1.0).Value, 14);
    }

    [Fact]
    public void The_value_of_a_tensor_is_read_back()
    {
        Expr value = new double[,] { { 1, double.NaN, -0.0 }, { double.PositiveInfinity, double.NegativeInfinity, 1e-300 } };

        Assert.Equal(value.ToString(), Parse(value.ToString()).ToString());
        Assert.Equal(value.Shape, Parse(value.ToString()).Shape);
    }

    // The first axis, one of something, none of what there may be.
    [Theory]
    [InlineData("cumsum(A)", "cumsum(A, axis: 0)")]
    [InlineData("cumprod(A)", "cumprod(A, axis: 0)")]
    [InlineData("cummax(A)", "cummax(A, axis: 0)")]
    [InlineData("cummin(A)", "cummin(A, axis: 0)")]
    [InlineData("cumlogsumexp(A)", "cumlogsumexp(A, axis: 0)")]
    [InlineData("flip(A)", "flip(A, axis: 0)")]
    [InlineData("argsort(A)", "argsort(A, axis: 0)")]
    [InlineData("take(A, [1, 0])", "take(A, [1, 0], axis: 0)")]
    [InlineData("concat([A, A])", "concat([A, A], axis: 0)")]
    [InlineData("stack([A, A])", "stack([A, A], axis: 0)")]
    [InlineData("every(A, axis: 1)", "every(A, axis: 1, step: 1)")]
    [InlineData("every(A, step: 2)", "every(A, axis: 0, step: 2)")]
    [InlineData("gather(A, v)", "gather(A, v, axis: 0, batch: 0)")]
    [InlineData("randombits(v)", "randombits(v, count: 1)")]
    [InlineData("solvebanded(A[..1], v)", "solvebanded(A[..1], v, lower: 0, upper: 0)")]
    [InlineData("solvebanded(A, v, lower: 1)", "solvebanded(A, v, lower: 1, upper: 0)")]
    [InlineData("solvebanded(A, v, upper: 1)", "solvebanded(A, v, lower: 0, upper: 1)")]
    [InlineData("bessely(v)", "bessely(v, order: 0)")]
    public void An_attribute_that_is_left_out_has_its_usual_value(string text, string complete)
    {
        Expr[] variables = [Variable("A", new Shape(2, 2)), Variable("v", new Shape(2))];
        Assert.Equal(Parse(complete, variables).ToString(), Parse(text, variables).ToString());
    }

    [Theory]
    [InlineData("gather(A, v, axis: 2)")]
    [InlineData("gather(A, v, axis: 0, batch: 1)")]
    [InlineData("gather(A, v, axis: 1, batch: 1)")]
    [InlineData("gather(A, v, axis: 0, batch: -1)")]
    [InlineData("gather(A, v, axis: 3, batch: 3)")]
    public void Positions_that_do_not_fit_an_axis_are_refused(string text) =>
        Assert.Contains("positions of shape (3) do not fit axis", Assert.ThrowsAny<AutodiffException>(() => Parse(text, Variable("A", new Shape(2, 2)), Variable("v", new Shape(3)))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_signs_of_diagrams_are_read() => Assert.Equal("-x * y / z - w <= 2", Parse("−x × y ÷ z − w ≤ 2").ToFormula());
}
