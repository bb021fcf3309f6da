// Small functions: the library against the formulas by hand, these against finite differences, minima and prices from the literature.

using Autodiff.PropertyTests.Generators;
using Autodiff.Workloads;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests.Workloads;

public class ScalarsTests
{
    private static readonly (Func<Expr, Expr> Library, Action<ReadOnlySpan<double>, Span<double>> ByHand)[] s_ofTwo =
    [
        (p => Scalars.Rosenbrock(p[0], p[1]), ScalarsByHand.Rosenbrock),
        (p => Scalars.Beale(p[0], p[1]), ScalarsByHand.Beale),
        (p => Scalars.Himmelblau(p[0], p[1]), ScalarsByHand.Himmelblau),
    ];

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public void Functions_of_two_numbers_are_those_by_hand(sbyte x, sbyte y)
    {
        foreach (var (library, byHand) in s_ofTwo)
        {
            Agree(library, byHand, [x / 32.0, y / 32.0]);
        }
    }

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public void Prices_and_their_derivatives_are_those_by_hand(byte spot, byte volatility, sbyte rate, byte time) =>
        Agree(Scalars.BlackScholes, ScalarsByHand.BlackScholes, [50 + (spot / 2.0), 100, 0.1 + (volatility / 400.0), rate / 1000.0, 0.1 + (time / 100.0)]);

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public void A_chain_is_that_by_hand(sbyte x) => Agree(p => Scalars.Chain(p[0]), ScalarsByHand.Chain, [x / 80.0]);

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public void Rosenbrocks_function_of_many_is_that_by_hand(byte length, int seed)
    {
        var random = new Random(seed);
        Agree(Scalars.RosenbrockOfVector, ScalarsByHand.RosenbrockOfVector, [.. Enumerable.Range(0, 2 + (length % 30)).Select(_ => random.NextDouble() - 0.5)]);
    }

    [Fact]
    public void Minima_are_where_they_are_known_to_be()
    {
        Expr Of(Func<Expr, Expr, Expr> f, double x, double y) => ValueAndGrad(f)(x, y) is var (value, (dx, dy)) ? Numbers.Flat([value, dx, dy]) : 0;
        Agreement.Near(new double[3], Of(Scalars.Rosenbrock, 1, 1), 1e-15);
        Agreement.Near(new double[3], Of(Scalars.Beale, 3, 0.5), 1e-15);
        Agreement.Near(new double[3], Of(Scalars.Himmelblau, 3, 2), 1e-15);
        Agreement.Near(new double[6], Numbers.Flat([Scalars.RosenbrockOfVector(Expr.Ones(5)), Grad(Scalars.RosenbrockOfVector)(Expr.Ones(5))]), 1e-15);
    }

    [Fact]
    public void The_call_of_Hulls_textbook_costs_what_it_says() =>
        // J. C. Hull, Options, Futures, and Other Derivatives: S = 42, K = 40, σ = 20 %, r = 10 %, T = ½ give 4.76.
        Assert.Equal(4.76, Scalars.BlackScholes(new double[] { 42, 40, 0.2, 0.1, 0.5 }).Value, 0.005);

    private static void Agree(Func<Expr, Expr> library, Action<ReadOnlySpan<double>, Span<double>> byHand, double[] at)
    {
        var expected = Numbers.Written(1 + at.Length, results => byHand(at, results));
        var (value, gradient) = ValueAndGrad(library)(at);
        Numbers.Near(expected, [value, gradient]);
        Agreement.Near(expected[1..], Numeric.Grad(x => Numbers.Written(1 + at.Length, results => byHand(x.ToArray(), results))[0])(at), 1e-7);
    }
}
