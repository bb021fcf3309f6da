// Formulas as LaTeX.

using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public partial class LatexTests
{
    private static readonly Expr x = Variable("x");
    private static readonly Expr y = Variable("y");
    private static readonly Expr v = Variable("v", new Shape(3));
    private static readonly Expr A = Variable("A", new Shape(3, 3));

    public static TheoryData<Expr, string> Formulas => new()
    {
        { x / (y + 1), @"\frac{x}{y + 1}" },
        { x * (y / 2), @"x \cdot \frac{y}{2}" },
        { Pow(x / y, 2), @"\left(\frac{x}{y}\right)^{2}" },
        { Pow(x, y + 1), "x^{y + 1}" },
        { Pow(Pow(x, 2), 3), @"\left(x^{2}\right)^{3}" },
        { 2 * Pow(x, 2) - 0.5 * Sin(y), @"2 x^{2} - 0.5 \sin\left(y\right)" },
        { 2 * (x / y), @"2 \cdot \frac{x}{y}" },
        { 2 * Pow(2, x), @"2 \cdot 2^{x}" },
        { x * 2 * y, @"x \cdot 2 \cdot y" },
        { 0.3333333333333333 * x, @"0.3333333333333333 \cdot x" },
        { x - (y - 1), @"x - \left(y - 1\right)" },
        { x - -2, @"x - \left(-2\right)" },
        { 1 / (1 + Exp(-x)), @"\frac{1}{1 + \mathrm{e}^{-x}}" },
        { Sqrt(x + 1) + Cbrt(x), @"\sqrt{x + 1} + \sqrt[3]{x}" },
        { Sin(x) + Log(x), @"\sin\left(x\right) + \log\left(x\right)" },
        { Asin(x) * Atanh(x), @"\arcsin\left(x\right) \cdot \operatorname{artanh}\left(x\right)" },
        { Sigmoid(x), @"\sigma\left(x\right)" },
        { LogGamma(x), @"\log\Gamma\left(x\right)" },
        { Polygamma(2, x), @"\psi^{\left(2\right)}\left(x\right)" },
        { Gamma(x) * Beta(x, y), @"\Gamma\left(x\right) \cdot \mathrm{B}\left(x, y\right)" },
        { GammaQ(2, x), @"Q\left(2, x\right)" },
        { BesselJ0(x) - BesselI1(x), @"J_{0}\left(x\right) - I_{1}\left(x\right)" },
        { Xlogy(x + 1, y), @"\left(x + 1\right) \cdot \log\left(y\right)" },
        { LogNormalCdf(x) / NormalQuantile(y), @"\frac{\log\Phi\left(x\right)}{\Phi^{-1}\left(y\right)}" },
        { AD.Grad(Sigmoid)(x).AsPrimal(), @"\sigma\left(x\right) \cdot \left(1 - \sigma\left(x\right)\right)" },
        { AD.Grad(Asin)(x), @"\frac{1}{\sqrt{1 - x^{2}}}" },
        { Expr.Apply(Op.Gaussian, 0, 0.5, x + 1), @"\mathrm{e}^{-0.5 \left(x + 1\right)^{2}}" },
        { AD.Grad(Log)(x), @"\frac{1}{x}" },
        { LogSumExp(Log(x)), @"\log\sum\left(x\right)" },
        { Expr.Apply(Op.LogNormalCdfDerivative, 7, x), @"\left(\log\Phi\right)^{\left(7\right)}\left(x\right)" },
        { AD.Grad(Sinc)(x), @"\frac{\cos\left(x\right) - \operatorname{sinc}\left(x\right)}{x}" },
        { Expr.Apply(Op.SincDerivative, 5, x), @"\operatorname{sinc}^{\left(5\right)}\left(x\right)" },
        { LambertW(x), @"W\left(x\right)" },
        { Erf(x), @"\operatorname{erf}\left(x\right)" },
        { Abs(x), @"\left|x\right|" },
        { Floor(x), @"\left\lfloor x\right\rfloor" },
        { Where(x >= 0, x, 0), @"\begin{cases} x & \text{if } x \ge 0 \\ 0 & \text{otherwise} \end{cases}" },
        { Norm(v), @"\left\lVert v\right\rVert" },
        { Sum(v), @"\sum v" },
        { Sum(v * v) + 1, @"\sum v \odot v + 1" },
        { 2 * Sum(v + 1), @"2 \left(\sum \left(v + 1\right)\right)" },
        { Sum(A, axis: 0), @"\sum_{\mathrm{axis}\,0} A" },
        { Prod(v), @"\prod v" },
        { MaxOf(A, axis: -1), @"\max_{\mathrm{axis}\,1}\left(A\right)" },
        { MatMul(Transpose(A), v), @"A^{\top} \, v" },
        { Dot(v, v), @"\left\langle v, v\right\rangle" },
        { Outer(v, v), @"v \otimes v" },
        { Trace(A), @"\operatorname{tr}\left(A\right)" },
        { A[0, 1..], @"A\left[0, 1..\right]" },
        { Stack([x, y]), @"\operatorname{stack}\left(\left[x, y\right], \mathrm{axis}\colon 0\right)" },
        { v + new double[] { 1, -2, 3 }, @"v + \begin{bmatrix} 1 & -2 & 3 \end{bmatrix}" },
        { A + Eye(3), @"A + \begin{bmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\ 0 & 0 & 1 \end{bmatrix}" },
        { x * 1e-5, @"x \cdot \left(1 \times 10^{-5}\right)" },
        { x + double.PositiveInfinity, @"x + \infty" },
        { Exp(x) * Variable("e"), @"\mathrm{e}^{x} \cdot e" },
    };

    [Theory]
    [MemberData(nameof(Formulas), DisableDiscoveryEnumeration = true)]
    public void Formulas_are_set_as_in_a_textbook(Expr expression, string latex) => Assert.Equal(latex, expression.ToLatex());

    [Theory]
    [InlineData("x", "x")]
    [InlineData("x1", "x_{1}")]
    [InlineData("x_10", "x_{10}")]
    [InlineData("x_max", @"x_{\mathrm{max}}")]
    [InlineData("theta", @"\theta")]
    [InlineData("Omega2", @"\Omega_{2}")]
    [InlineData("α", @"\alpha")]
    [InlineData("Δ", @"\Delta")]
    [InlineData("sigma_x", @"\sigma_{x}")]
    [InlineData("loss", @"\mathrm{loss}")]
    [InlineData("y'", "y'")]
    [InlineData("W_1_2", "W_{1,2}")]
    [InlineData("50% {a_b} \\~^", @"\text{50\% \{a\_b\} \textbackslash{}\textasciitilde{}\textasciicircum{}}")]
    public void Names_become_letters_subscripts_and_words(string name, string latex) => Assert.Equal(latex, Variable(name).ToLatex());

    [Fact]
    public void Names_that_would_look_alike_are_told_apart() =>
        Assert.Equal("x_{1} + x_{1,2}", (Variable("x1") + Variable("x_1")).ToLatex());

    [Fact]
    public void What_is_used_twice_is_an_aligned_line()
    {
        var e = Exp(x);
        Assert.Equal("\\begin{aligned}\nt_{1} &= \\mathrm{e}^{x} \\\\\n& \\frac{t_{1}}{1 + t_{1}}\n\\end{aligned}", (e / (1 + e)).ToLatex());
    }

    [Property]
    public void Braces_and_delimiters_balance_whatever_the_names(NonEmptyString first, NonEmptyString second)
    {
        var (a, b) = (Variable($"n{first.Get}"), Variable($"{second.Get}n"));
        var shared = Pow(a / b, Abs(a) + Where(b > a, a, -b));
        var latex = (Sin(shared) * shared + Sum(v * a) * Norm(A * b)).ToLatex();

        var depth = 0;
        foreach (Match brace in UnescapedBrace().Matches(latex))
        {
            depth += brace.Value == "{" ? 1 : brace.Value == "}" ? -1 : 0;
            Assert.True(depth >= 0, latex);
        }

        Assert.Equal(0, depth);
        Assert.Equal(Regex.Count(latex, @"\\left\b"), Regex.Count(latex, @"\\right\b"));
        Assert.Equal(Regex.Count(latex, @"\\begin\b"), Regex.Count(latex, @"\\end\b"));
    }

    /// <summary>A brace, or a backslash with what it escapes.</summary>
    [GeneratedRegex(@"\\.|[{}]", RegexOptions.Singleline)]
    private static partial Regex UnescapedBrace();
}
