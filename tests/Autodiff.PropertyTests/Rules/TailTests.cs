// Sigmoid, tanh, softplus, the logarithm of the normal distribution function, and their derivatives, far out in both tails, where formulas that
// subtract from 1 would lose all digits.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Rules;

public class TailTests
{
    private const double Tolerance = 1e-14;

    // Closed forms in e = exp(−|x|), which has an error of at most one unit in the last place. None of them cancels.
    private static readonly Dictionary<string, (Func<Expr, Expr> Function, Func<double, double, double>[] Derivatives)> Cases = new()
    {
        ["sigmoid"] = (Sigmoid,
        [
            (sign, e) => (sign < 0 ? e : 1) / (1 + e),
            (_, e) => e / ((1 + e) * (1 + e)),
            (sign, e) => -sign * e * (1 - e) / ((1 + e) * (1 + e) * (1 + e)),
        ]),
        ["softplus"] = (Softplus,
        [
            (sign, e) => sign < 0 ? Series(e) : -Math.Log(e) + Series(e),
            (sign, e) => (sign < 0 ? e : 1) / (1 + e),
            (_, e) => e / ((1 + e) * (1 + e)),
        ]),
        ["tanh"] = (x => Tanh(x / 2),
        [
            (sign, e) => sign * (1 - e) / (1 + e),
            (_, e) => 2 * e / ((1 + e) * (1 + e)),
            (sign, e) => -2 * sign * e * (1 - e) / ((1 + e) * (1 + e) * (1 + e)),
        ]),
    };

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_derivatives_keep_their_relative_precision_in_both_tails(string name)
    {
        var (function, derivatives) = Cases[name];
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Tails.ToArbitrary(), x =>
        {
            for (var order = 0; order < derivatives.Length; order++)
            {
                var expected = derivatives[order](Math.Sign(x), Math.Exp(-Math.Abs(x)));
                var byReverse = order switch { 0 => function, 1 => Grad(function), _ => Grad(Grad(function)) };
                Assert.Equal(expected, Diff(function, order)(x).Value, Tolerance * Math.Abs(expected));
                Assert.Equal(expected, byReverse(x).Value, Tolerance * Math.Abs(expected));
                Assert.Equal(expected, Along(function, order)(new[] { x, x, x, x, x, x, x, x, x })[^1].Value, Tolerance * Math.Abs(expected));
            }
        }));
    }

    [Theory]
    [InlineData(900)]
    [InlineData(1e300)]
    [InlineData(double.PositiveInfinity)]
    public void Beyond_the_tails_values_are_the_limits_and_derivatives_vanish(double x)
    {
        Assert.Equal([1, 0, 0], Three(Sigmoid, x));
        Assert.Equal([0, 0, 0], Three(Sigmoid, -x));
        Assert.Equal([1, 0, 0], Three(Tanh, x));
        Assert.Equal([-1, 0, 0], Three(Tanh, -x));
        Assert.Equal([x, 1, 0], Three(Softplus, x));
        Assert.Equal([0, 0, 0], Three(Softplus, -x));
    }

    [Fact]
    public void Three_derivatives_of_the_logarithm_of_the_normal_distribution_keep_their_relative_precision() =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll((from power in Gen.Choose(3_000, 100_000) select Math.Pow(10, power / 1000.0)).ToArbitrary(), t =>
        {
            // The asymptotic expansion of the inverse Mills ratio, differentiated term by term.
            var u = 1 / (t * t);
            var expected = new[] { t * (1 + (u * (1 - (u * (2 - (10 * u)))))), -1 + (u * (1 - (u * (6 - (50 * u))))), 2 * u / t * (1 - (u * (12 - (150 * u)))) };
            for (var order = 1; order <= expected.Length; order++)
            {
                Assert.Equal(expected[order - 1], Diff(LogNormalCdf, order)(-t).Value, Tolerance * Math.Abs(expected[order - 1]));
            }
        }));

    private static Gen<double> Tails =>
        from size in Gen.Choose(5_000, 700_000)
        from sign in Gen.Elements(-1, 1)
        select sign * size / 1000.0;

    private static double[] Three(Func<Expr, Expr> f, double x) =>
        [f(x).Value, Grad(f)(x).Value, Grad(Grad(f))(x).Value];

    private static Func<Expr, Expr> Along(Func<Expr, Expr> f, int order) =>
        order == 0 ? f : x => Jvp(Along(f, order - 1))(x, Ones(x.Shape)).Tangent;

    /// <summary>log(1 + e) for e ≤ exp(−5), by its Taylor series.</summary>
    private static double Series(double e) =>
        Enumerable.Range(1, 12).Reverse().Aggregate(0.0, (sum, k) => (e * sum) + (e * (k % 2 == 0 ? -1.0 : 1.0) / k));
}
