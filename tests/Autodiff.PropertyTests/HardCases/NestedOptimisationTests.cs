// Minimisers written as plain loops that stop on a value, used inside functions that are differentiated themselves.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HardCases;

public class NestedOptimisationTests
{
    private const double Tolerance = 1e-12;

    /// <summary>The pairs of derivative operators for the outer and the inner problem.</summary>
    public static TheoryData<string, string> Nestings => PerturbationConfusionTests.Nestings;

    // f(x, y) = x² + 3y² + 2xy + x − y. For fixed x the minimum over y is at y = (1 − 2x)/6; what is left,
    // g(x) = x² + x − (1 − 2x)²/12, has g′ = 4x/3 + 4/3 and its minimum at x = −1, y = 1/2.
    [Theory]
    [MemberData(nameof(Nestings))]
    public void A_minimum_of_minima_is_found(string outer, string inner)
    {
        var (d, e) = (Derivative.Named(outer), Derivative.Named(inner));
        Expr F(Expr x, Expr y) => (x * x) + (3 * y * y) + (2 * x * y) + x - y;
        Expr Lowest(Expr x) => F(x, Minimiser(e, y => F(x, y), 0));

        Assert.Equal((4 * 2.0 / 3) + (4.0 / 3), d(Lowest)(2).Value, 1e-12);
        Assert.Equal(-1, Minimiser(d, Lowest, 2).Value, 1e-11);
    }

    // f(x, y) = x² − 2y² + 3xy − x + y. For fixed x the maximum over y is at y = (1 + 3x)/4; what is left,
    // g(x) = x² − x + (1 + 3x)²/8, has g′ = 17x/4 − 1/4 and its minimum at x = 1/17.
    [Theory]
    [MemberData(nameof(Nestings))]
    public void A_minimum_of_maxima_is_found(string outer, string inner)
    {
        var (d, e) = (Derivative.Named(outer), Derivative.Named(inner));
        Expr F(Expr x, Expr y) => (x * x) - (2 * y * y) + (3 * x * y) - x + y;
        Expr Highest(Expr x) => F(x, Minimiser(e, y => -F(x, y), 0));

        Assert.Equal((17.0 / 4 * 3) - 0.25, d(Highest)(3).Value, 1e-11);
        Assert.Equal(1.0 / 17, Minimiser(d, Highest, 3).Value, 1e-11);
    }

    // The minimiser moves with the parameter: y*(x) minimises cosh(y − x³), so y* = x³ and dy*/dx = 3x². One Newton step
    // more than convergence needs makes the derivative of the loop exact, not only its value.
    [Theory]
    [MemberData(nameof(Nestings))]
    public void A_minimiser_is_differentiated_in_what_it_closes_over(string outer, string inner)
    {
        var (d, e) = (Derivative.Named(outer), Derivative.Named(inner));

        Assert.Equal(3 * 1.5 * 1.5, d(x => Minimiser(e, y => Cosh(y - (x * x * x)), 3))(1.5).Value, 1e-10);
    }

    // The saddle of Siskind & Pearlmutter's benchmarks: min over a of max over b of ‖a‖² − ‖b‖², both in the plane, by
    // gradient descent whose step adapts. The saddle is at the origin, and the outer search differentiates the inner.
    [Fact]
    public void The_saddle_of_a_difference_of_squares_is_found_by_descent_within_ascent()
    {
        Expr start = new double[] { 1, 1 };
        static Expr F(Expr a, Expr b) => Dot(a, a) - Dot(b, b);

        var a = GradientDescent(p => F(p, GradientDescent(q => -F(p, q), start)), start);
        var b = GradientDescent(q => -F(a, q), start);

        Assert.All(a.ToArray().Concat(b.ToArray()), coordinate => Assert.Equal(0, coordinate, 1e-5));
    }

    /// <summary>Newton's method on the slope, and one step after it has converged.</summary>
    private static Expr Minimiser(Func<Func<Expr, Expr>, Func<Expr, Expr>> d, Func<Expr, Expr> f, Expr x)
    {
        var slope = d(f);
        var curvature = d(slope);
        while (Math.Abs(slope(x).Value) > Tolerance)
        {
            x -= slope(x) / curvature(x);
        }

        return x - (slope(x) / curvature(x));
    }

    /// <summary>Steps down the gradient; the step doubles after ten that help and halves after one that does not.</summary>
    private static Expr GradientDescent(Func<Expr, Expr> f, Expr x)
    {
        var valueAndGradient = ValueAndGrad(f);
        var (value, gradient) = valueAndGradient(x);
        var (step, helped) = (1e-2, 0);
        while (Norm(gradient).Value > 1e-5)
        {
            var next = x - (step * gradient);
            var (nextValue, nextGradient) = valueAndGradient(next);
            if (nextValue < value)
            {
                (x, value, gradient) = (next, nextValue, nextGradient);
                (step, helped) = helped == 10 ? (2 * step, 0) : (step, helped + 1);
            }
            else
            {
                (step, helped) = (step / 2, 0);
            }
        }

        return x;
    }
}
