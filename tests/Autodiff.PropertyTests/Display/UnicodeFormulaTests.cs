// Formulas in Unicode, which are read back, and in ASCII.

using Autodiff.PropertyTests.Generators;
using Autodiff.PropertyTests.Parsing;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public class UnicodeFormulaTests
{
    private static readonly Expr x = Variable("x");
    private static readonly Expr y = Variable("y");
    private static readonly Expr s = Variable("s");
    private static readonly Expr alpha = Variable("alpha");
    private static readonly Expr v = Variable("v", new Shape(3));
    private static readonly Expr A = Variable("A", new Shape(3, 3));
    private static readonly ParseOptions s_sideBySide = new()
    {
        ImplicitMultiplication = true,
        Functions = new Dictionary<string, Func<Expr, Expr>> { ["softsign"] = Primitive.Define("softsign", t => t / (1 + Math.Abs(t)), (t, _) => 1 / Pow(1 + Abs(t), 2)) },
    };

    public static TheoryData<Expr, string> Formulas => new()
    {
        { 2 * Pow(x, 2) + Sqrt(x), "2x² + √x" },
        { -2 * x + 0.5 * y, "−2x + 0.5y" },
        { x * 2 * y, "x · 2 · y" },
        { x * (2 * y), "x · (2y)" },
        { x / (2 * y), "x / (2y)" },
        { 2 * x / y, "2x / y" },
        { -(2 * x), "−(2x)" },
        { Pow(2 * x, 2), "(2x)²" },
        { 2 * (x + 1), "2 · (x + 1)" },
        { 2 * Sin(x), "2 · sin(x)" },
        { 2 * Sqrt(x), "2√x" },
        { 2 * v[0], "2v[0]" },
        { 2 * Variable("e1"), "2 · e1" },
        { 2 * Variable("E"), "2 · E" },
        { 2 * Variable("weight 1"), "2 · `weight 1`" },
        { 0.3333333333333333 * x, "0.3333333333333333 · x" },
        { 1e20 * x, "1E+20 · x" },
        { -1e-20 * x, "−1E-20 · x" },
        { x - -3, "x − (−3)" },
        { -Pow(x, 2), "−x²" },
        { Pow(-x, 2), "(−x)²" },
        { Pow(x, -2), "x⁻²" },
        { Pow(x, 10), "x¹⁰" },
        { Pow(x, 0.5), "x^0.5" },
        { Pow(x, y), "x^y" },
        { Pow(x, -y), "x^(−y)" },
        { Pow(x, Pow(y, 2)), "x^y²" },
        { Pow(Pow(x, y), 2), "(x^y)²" },
        { Pow(Pow(x, 2), 3), "(x²)³" },
        { Pow(Sin(x), 2), "sin(x)²" },
        { Pow(Sqrt(x), 2), "(√x)²" },
        { Sqrt(Pow(x, 2)), "√(x²)" },
        { Sqrt(Pow(x, 2) + 1), "√(x² + 1)" },
        { Sqrt(Sin(x)), "√sin(x)" },
        { Sqrt(Sqrt(x)), "√(√x)" },
        { Cbrt(x + 1) / Sqrt(y), "∛(x + 1) / √y" },
        { Pow(x, Sqrt(y)), "x^√y" },
        { Sqrt(v)[0], "(√v)[0]" },
        { Abs(x), "|x|" },
        { Abs(x - Abs(y)) * Abs(Abs(x) - 1), "|x − |y|| · ||x| − 1|" },
        { Pow(Abs(x), 2), "|x|²" },
        { Sin(alpha) + Variable("theta1") * Variable("sigma_x") * Variable("Omega"), "sin(α) + θ1 · σ_x · Ω" },
        { 3 * alpha, "3α" },
        { Variable("alphabet") + Variable("pi"), "alphabet + `pi`" },
        { x * Math.PI - Math.PI, "x · π − π" },
        { x + double.PositiveInfinity, "x + ∞" },
        { x * double.NegativeInfinity, "x · (−∞)" },
        { x <= y, "x ≤ y" },
        { x >= y, "x ≥ y" },
        { Eq(x, y), "x = y" },
        { Where(x > 0, x, -x), "where(x > 0, x, −x)" },
        { Transpose(A), "Aᵀ" },
        { MatMul(Transpose(A), A), "matmul(Aᵀ, A)" },
        { Transpose(A + 1), "(A + 1)ᵀ" },
        { Transpose(A[1..]), "A[1..]ᵀ" },
        { Pow(Transpose(A), 2), "(Aᵀ)²" },
        { Transpose(A) * 2 * A, "Aᵀ · 2 · A" },
        { 2 * Transpose(A), "2Aᵀ" },
        { Sum(v * v), "Σ(v · v)" },
        { Sum(A, axis: 0) * Prod(v), "Σ(A, axis: 0) · Π(v)" },
        { v * new double[] { 1, -2, Math.PI }, "v · [1, −2, π]" },
        { Constant([1, -2, Math.PI], new Shape(3)) is var c ? c * Sin(v) + c / v : x, "[1, −2, π] · sin(v) + [1, −2, π] / v" },
        { Constant([1, 2, 3, 4], new Shape(4)) is var d ? x * d + y / d : x, "let t1 = [1, 2, 3, 4]\nx · t1 + y / t1" },
        { Exp(x) is var e ? e / (1 + e) : x, "let t1 = exp(x)\nt1 / (1 + t1)" },
        { Fold((t, u) => t * Sin(u) * alpha, alpha, v), "fold((s, x) => s · sin(x) · α, α, v)" },
        { Fold((t, u) => t * Sin(u) * s, s, v), "fold((s', x) => s' · sin(x) · s, s, v)" },
    };

    [Theory]
    [MemberData(nameof(Formulas), DisableDiscoveryEnumeration = true)]
    public void A_formula_has_the_signs_of_mathematics_and_is_read(Expr expression, string formula)
    {
        Assert.Equal(formula, expression.ToFormula(FormulaStyle.Unicode));
        IsRead(expression, FormulaStyle.Unicode);
    }

    [Theory]
    [MemberData(nameof(RoundTripTests.Whole), MemberType = typeof(RoundTripTests), DisableDiscoveryEnumeration = true)]
    public void A_formula_in_either_style_is_read(Expr expression)
    {
        IsRead(expression, FormulaStyle.Ascii);
        IsRead(expression, FormulaStyle.Unicode);
    }

    [Fact]
    public void Random_programs_are_read_as_the_same_tree() =>
        Prop.ForAll(Programs.Arbitrary, program => IsRead(program.Tensor(Variable("theta", program.Input.Shape)), FormulaStyle.Unicode)).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void Gradients_of_random_programs_are_read_as_they_are_written() =>
        Prop.ForAll(Programs.Arbitrary, program => IsRead(Grad(program.Scalar)(Variable("x", program.Input.Shape)), FormulaStyle.Unicode)).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Theory]
    [MemberData(nameof(RoundTripTests.Structural), MemberType = typeof(RoundTripTests))]
    public void Functions_of_tensors_and_their_derivatives_are_read(string name) =>
        StructuralCase.ForAll(StructuralCases.All[name], 10, x =>
        {
            Expr[] variables = [.. x.Operands.Select((operand, i) => Variable($"x{i}", operand.Shape))];
            IsRead(x.Apply(variables), FormulaStyle.Unicode);
            IsRead(Grad(t => Sum(Sin(x.Apply([t, .. variables[1..]]))))(variables[0]), FormulaStyle.Unicode);
        });

    [Fact]
    public void Text_is_ASCII_unless_the_style_is_Unicode() => Prop.ForAll(Programs.Arbitrary, program =>
    {
        var variable = Variable("x", program.Input.Shape);
        foreach (var expression in new[] { program.Tensor(variable), Grad(program.Scalar)(variable), Jvp(program.Tensor)(variable, variable).Tangent })
        {
            Assert.All([expression.ToString(), expression.ToFormula(), expression.ToFormula(abbreviate: false), expression.ToFormula(FormulaStyle.Ascii), expression.ToLatex()], text => Assert.True(System.Text.Ascii.IsValid(text), text));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Theory]
    [MemberData(nameof(RoundTripTests.OfPrograms), MemberType = typeof(RoundTripTests))]
    public void Loops_branches_and_calls_are_ASCII(string name)
    {
        var value = ProgramCases.All[name](Programs.Short.Sample(1, 1).First(), Variable("a", new Shape(2)), Variable("b", new Shape(3, 2)), Variable("c", new Shape(2)), Variable("n"));
        foreach (var expression in new[] { value, Iterate(3, t => t * s * Sum(value), s), Grad(t => Sum(value.Substitute((Variable("n"), t))))(Variable("n")) })
        {
            Assert.All([expression.ToString(), expression.ToFormula(abbreviate: false), expression.ToFormula(FormulaStyle.Ascii), expression.ToLatex()], text => Assert.True(System.Text.Ascii.IsValid(text), text));
        }
    }

    [Fact]
    public void A_Greek_letter_is_the_given_variable_that_is_named_after_it()
    {
        var theta = Variable("theta1");
        Assert.Same(theta, Parse("θ1", theta));
        Assert.Equal("θ1", Parse("θ1").Name);
        var letter = Variable("θ1");
        Assert.Same(letter, Parse("θ1", theta, letter));
        Assert.Equal(Math.PI, Parse("π", Variable("pi")).Value);
        Assert.Same(theta, Parse("θ1", new ParseOptions { GivenVariablesOnly = true }, theta));
    }

    [Fact]
    public void A_name_may_have_the_sign_of_a_transpose_in_backquotes()
    {
        Assert.Equal("`Aᵀ`", Variable("Aᵀ").ToFormula());
        Assert.Equal("Aᵀ", Parse("`Aᵀ`").Name);
    }

    [Fact]
    public void What_cannot_be_read_is_an_error_where_factors_stand_side_by_side() =>
        Assert.Contains("customvjp cannot be read", Assert.Throws<ParseException>(() => Parse("customvjp(x)", s_sideBySide)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_style_is_an_error() => Assert.Equal(
        "ToFormula: there is no style 7; the styles are Ascii and Unicode.", Assert.Throws<AutodiffException>(() => x.ToFormula((FormulaStyle)7)).Message);

    /// <summary>A formula is read as one of the same text; if it has no internal functions, as the same tree.</summary>
    private static void IsRead(Expr expression, FormulaStyle style)
    {
        var text = expression.ToFormula(style);
        if (text.Contains('…', StringComparison.Ordinal) || text.Contains("...", StringComparison.Ordinal) || text.Contains("vjp(", StringComparison.Ordinal))
        {
            Assert.Throws<ParseException>(() => Parse(text, s_sideBySide));
            return;
        }

        Expr[] variables = [.. expression.Nodes().Where(node => node.Name.IsSome && node.Operands.Count == 0).GroupBy(node => node.Name).Select(group => group.First())];
        var read = Parse(text, s_sideBySide, variables);
        Assert.Equal(text, read.ToFormula(style));
        Assert.Equal(expression.Shape, read.Shape);
        if (expression.ToFormula() == expression.ToFormula(FormulaStyle.Ascii))
        {
            Assert.Equal(expression.ToFormula(), read.ToFormula());
        }
    }
}
