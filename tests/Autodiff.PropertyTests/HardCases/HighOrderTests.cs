// Derivatives of order four through primitives with rules of their own, in every mixture of modes, against closed forms
// worked out by hand; and the identities between transforms of transforms.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HardCases;

public class HighOrderTests
{
    /// <summary>Four transforms, outermost first.</summary>
    public static TheoryData<string> FourDeep => new()
    {
        "Grad Grad Grad Grad",
        "Diff Diff Diff Diff",
        "Grad Diff Grad Diff",
        "Diff Grad Diff Grad",
        "Jvp Vjp Backward Grad",
        "Backward Backward Backward Backward",
    };

    // (x^p)⁗ = p(p−1)(p−2)(p−3) x^(p−4), for a whole, a negative and a fractional exponent; and 0 for x³.
    [Theory]
    [MemberData(nameof(FourDeep))]
    public void The_fourth_derivative_of_a_power_is_right(string modes)
    {
        foreach (var p in new[] { 7, -2, 2.5, 4, 3 })
        {
            var expected = p * (p - 1) * (p - 2) * (p - 3) * Math.Pow(1.3, p - 4);
            AssertClose(expected, Fourth(modes, x => Pow(x, p))(1.3));
        }
    }

    // x⁴ = e^(4 log x) with the exponent as the variable: (a^x)⁗ = a^x log⁴ a.
    [Theory]
    [MemberData(nameof(FourDeep))]
    public void The_fourth_derivative_in_the_exponent_is_right(string modes) =>
        AssertClose(Math.Pow(1.7, 0.4) * Math.Pow(Math.Log(1.7), 4), Fourth(modes, x => Pow(1.7, x))(0.4));

    // On the side taken, (x⁵)⁗ = 120x; on the other, (e^(2x))⁗ = 16e^(2x). The side not taken is singular at 0.
    [Theory]
    [MemberData(nameof(FourDeep))]
    public void The_fourth_derivative_through_Where_is_that_of_the_side_taken(string modes)
    {
        AssertClose(120 * 1.5, Fourth(modes, x => Where(x > 0, Pow(x, 5), Exp(2 * x)))(1.5));
        AssertClose(16 * Math.Exp(-1), Fourth(modes, x => Where(x > 0, Pow(x, 5), Exp(2 * x)))(-0.5));
        AssertClose(16, Fourth(modes, x => Where(x > 0, Log(x) / x * Sqrt(x), Exp(2 * x)))(0));
    }

    // ‖(x, 2)‖ = √(x² + 4) = r has r⁗ = 3a²(4x² − a²)/r⁷ with a² = 4.
    [Theory]
    [MemberData(nameof(FourDeep))]
    public void The_fourth_derivative_of_a_norm_is_right(string modes)
    {
        static double Closed(double x) => 12 * ((4 * x * x) - 4) / Math.Pow((x * x) + 4, 3.5);

        AssertClose(Closed(0.3), Fourth(modes, x => Norm(Stack([x, 2])))(0.3));
        AssertClose(Closed(0), Fourth(modes, x => Norm(Stack([x, 2])))(0));
        AssertClose(Closed(0.3), Fourth(modes, x => Hypot(x, 2))(0.3));
    }

    // M(x) = [[x, 1], [0, x]] has M⁵ = [[x⁵, 5x⁴], [0, x⁵]], and the sum 2x⁵ + 5x⁴ has the fourth derivative 240x + 120.
    [Theory]
    [MemberData(nameof(FourDeep))]
    public void The_fourth_derivative_of_a_power_of_a_matrix_is_right(string modes)
    {
        static Expr F(Expr x)
        {
            var m = (x * Eye(2)) + new double[,] { { 0, 1 }, { 0, 0 } };
            return Sum(MatMul(MatMul(MatMul(m, m), MatMul(m, m)), m));
        }

        AssertClose((240 * 0.7) + 120, Fourth(modes, F)(0.7));
    }

    // f(x) = Σ xᵢ³: the pullback of its gradient map 3x² with a cotangent c is 6c·x; that, summed and differentiated
    // again in x, is 6c.
    [Fact]
    public void A_pullback_is_differentiated_in_its_point_and_in_its_cotangent()
    {
        Expr at = new double[] { 1, 2, 3 };
        Expr c = new double[] { 1, -1, 2 };
        static Expr Cubes(Expr x) => x * x * x;

        Assert.Equal([3, -12, 54], Vjp(Cubes)(at).Pullback(c).ToArray());
        Assert.Equal([6, -12, 36], Grad(x => Sum(Vjp(Cubes)(x).Pullback(c)))(at).ToArray());
        Assert.Equal([3, 12, 27], Grad(seed => Sum(Vjp(Cubes)(at).Pullback(seed)))(c).ToArray());
        Assert.Equal([9, 36, 81], Grad(x => Sum(Vjp(Cubes)(x).Pullback(x)))(at).ToArray());
    }

    // f(x) = ‖x‖⁴ = (x·x)²: ∇f = 4(x·x)x and H = 4(x·x)I + 8xxᵀ.
    [Fact]
    public void A_Hessian_vector_product_is_the_same_by_every_route()
    {
        Expr at = new double[] { 1, 2, -1 };
        Expr v = new double[] { 0.5, -1, 2 };
        static Expr F(Expr x) => Pow(Dot(x, x), 2);

        var dot = Dot(at, v).Value;
        double[] expected = [.. at.ToArray().Zip(v.ToArray(), (x, w) => (24 * w) + (8 * dot * x))];

        Assert.Equal(expected, Jvp(Grad(F))(at, v).Tangent.ToArray());
        Assert.Equal(expected, Grad(x => Jvp(F)(x, v).Tangent)(at).ToArray());
        Assert.Equal(expected, Grad(x => Dot(Grad(F)(x), v))(at).ToArray());
        Assert.Equal(expected, Vjp(Grad(F))(at).Pullback(v).ToArray());
        Assert.Equal(expected, Linearize(Grad(F))(at).Pushforward(v).ToArray());
        Assert.Equal(expected, MatMul(Hessian(F)(at), v).ToArray());
        Assert.Equal(expected, Hvp(F)(at, v).ToArray());
    }

    [Fact]
    public void A_sweep_over_the_same_graph_does_not_disturb_a_pullback()
    {
        // d/dx (x · 2x) = 4x; the sweep of another result over the traced nodes in between must change nothing.
        static Expr F(Expr x)
        {
            var (y, pullback) = Vjp(t => t * t)(x);
            _ = Backward(Exp(x) * y);
            return pullback(1) * x;
        }

        Assert.Equal(4, Grad(F)(1).Value);
        Assert.Equal(4, Diff(F)(1).Value);

        var symbol = Variable("x");
        Assert.Equal(6, F(symbol).Substitute((symbol, Math.Sqrt(3))).Value, 1e-14);
    }

    [Fact]
    public void A_pullback_is_called_as_often_as_one_likes()
    {
        var (_, pullback) = Vjp(x => x * x)(new double[] { 1, 2 });

        Assert.Equal([2, 4], pullback(new double[] { 1, 1 }).ToArray());
        Assert.Equal([-2, 8], pullback(new double[] { -1, 2 }).ToArray());
        Assert.Equal([2, 4], pullback(new double[] { 1, 1 }).ToArray());
    }

    [Fact]
    public void Backward_inside_a_function_is_differentiated()
    {
        // With u = x² named inside, d(u³)/du = 3u² = 3x⁴, and the derivative of that in x is 12x³.
        static Expr F(Expr x)
        {
            var u = Variable("u", x * x);
            return Backward(u * u * u)[u];
        }

        Assert.Equal(12 * 8, Grad(F)(2).Value);
        Assert.Equal(12 * 8, Diff(F)(2).Value);
        Assert.Equal(36 * 4, Grad(Grad(F))(2).Value);
    }

    private static Func<Expr, Expr> Fourth(string modes, Func<Expr, Expr> f) =>
        modes.Split(' ').Reverse().Aggregate(f, (g, mode) => Derivative.Named(mode)(g));

    private static void AssertClose(double expected, Expr actual) =>
        Assert.InRange(actual.Value, expected - (1e-12 * (1 + Math.Abs(expected))), expected + (1e-12 * (1 + Math.Abs(expected))));
}
