// What coefficients say of their series: the radius of convergence, the remainder and the digits lost, against functions whose singularities
// are known.

using LanguageExt;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HigherOrders;

public class ConvergenceTests
{
    // A function, a point, the distance from it to the nearest singularity, and how near the estimate from 20 coefficients comes.
    private static readonly Dictionary<string, (Func<Expr, Expr> F, double At, double Radius, double Relative)> s_functions = new()
    {
        ["a pole"] = (x => 1 / (2 - x), 0.5, 1.5, 1e-12),
        ["two real poles"] = (x => (1 / (2 - x)) + (1 / (3 - x)), 0, 2, 1e-6),
        ["a pair of poles"] = (x => 1 / (1 + (x * x)), 0.5, Math.Sqrt(1.25), 1e-9),
        ["a pair of poles about the centre"] = (x => 1 / (1 + (x * x)), 0, 1, 1e-12),
        ["a logarithm"] = (LogP1, 0, 1, 1e-9),
        ["a root"] = (Sqrt, 2, 2, 1e-9),
        ["an arc tangent"] = (Atan, 1, Math.Sqrt(2), 1e-5),
        ["poles of tan"] = (Tan, 0.3, (Math.PI / 2) - 0.3, 1e-4),
        ["poles of tanh"] = (Tanh, 0.3, Math.Sqrt(0.09 + (Math.PI * Math.PI / 4)), 1e-4),
        ["poles of Γ"] = (Gamma, 2.5, 2.5, 0.02),
        ["W at its branch point"] = (LambertW, 1, 1 + Math.Exp(-1), 1e-3),
        ["a root of equations"] = (x => Root(y => (y * y * y) - y - x, 1.5), 1, 1 + (2 / (3 * Math.Sqrt(3))), 1e-3),
    };

    private static readonly Dictionary<string, (Func<Expr, Expr> F, double At)> s_entire = new()
    {
        ["exp"] = (Exp, 0),
        ["sin"] = (Sin, 0.3),
        ["a Gaussian"] = (x => Exp(-x * x), 0),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    public static TheoryData<string> Entire => [.. s_entire.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_radius_is_the_distance_to_the_nearest_singularity(string name)
    {
        var (f, at, radius, relative) = s_functions[name];
        Assert.Equal(radius, Convergence.Radius(Taylor(f, 20)(at)), relative * radius);
    }

    [Theory, MemberData(nameof(Functions))]
    public void The_remainder_is_that_of_the_series(string name)
    {
        var (f, at, radius, _) = s_functions[name];
        var series = Taylor(f, 12)(at);
        foreach (var t in new[] { radius / 2, -radius / 2 })
        {
            var error = Math.Abs((f(at + t) - Polynomial(series, t)).Value);
            Assert.InRange(Convergence.Remainder(series, t), error / 3, Math.Max(3e3 * error, 1e-15));
        }

        Assert.Equal(double.PositiveInfinity, Convergence.Remainder(series, 2 * radius));
    }

    [Theory, MemberData(nameof(Entire))]
    public void A_function_without_singularities_converges_far_beyond_its_coefficients(string name)
    {
        var (f, at) = s_entire[name];
        Assert.True(Convergence.Radius(Taylor(f, 30)(at)) > 20);
        var series = Taylor(f, 30)(at);
        Assert.InRange(Convergence.Remainder(series, 1), Math.Abs((f(at + 1) - Polynomial(series, 1)).Value) - 1e-14, 1e-10);
    }

    [Fact]
    public void A_polynomial_converges_everywhere_and_leaves_nothing_out()
    {
        var series = Taylor(x => x * x * (1 + x), 10)(2);
        Assert.Equal(double.PositiveInfinity, Convergence.Radius(series));
        Assert.Equal(0, Convergence.Remainder(series, 100));
        Assert.Equal(9 * 4, Polynomial(series, 1).Value, 1e-12);
    }

    [Fact]
    public void An_alternating_sum_loses_the_digits_that_cancel()
    {
        // Σ |terms| is e¹⁰, the sum e⁻¹⁰.
        Assert.Equal(2 * 10 / Math.Log(10), Convergence.DigitsLost(Taylor(Exp, 100)(0), -10), 1e-3);
        Assert.Equal(0, Convergence.DigitsLost(Taylor(Exp, 100)(0), 20), 1e-12);
    }

    [Fact]
    public void Of_tensors_the_least_favourable_element_counts()
    {
        var series = TaylorAlong(LogP1, 20)(new double[] { 0, 1 }, new double[] { 1, 1 });
        Assert.Equal(1, Convergence.Radius(series), 1e-6);
    }

    [Fact]
    public void Bad_series_are_named()
    {
        Assert.Contains("Convergence.Radius: there are 3 coefficients", Assert.Throws<AutodiffException>(() => Convergence.Radius(Taylor(Exp, 2)(0))).Message, StringComparison.Ordinal);
        Assert.Contains("is not finite", Assert.Throws<AutodiffException>(() => Convergence.Radius(Taylor(Sqrt, 9)(0))).Message, StringComparison.Ordinal);
        Assert.Throws<NotConcreteException>(() => Convergence.Radius(Taylor(Exp, 9)(Variable("x"))));
        Assert.Contains("Polynomial: there is no coefficient", Assert.Throws<AutodiffException>(() => Polynomial(Seq<Expr>.Empty, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_polynomial_is_summed_and_differentiated()
    {
        var coefficients = new Expr[] { 1, new double[] { 2, 3 }, 4 }.ToSeq();
        Assert.Equal([1 + 1 + 1, 1 + 1.5 + 1], Polynomial(coefficients, 0.5).ToArray());
        Assert.Equal(2 + 3 + (2 * 2 * 4 * 0.5), Grad(t => Sum(Polynomial(coefficients, t)))(0.5).Value);
    }
}
