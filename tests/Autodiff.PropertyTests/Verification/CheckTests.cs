// The checks pass what is right and find what is wrong: derivatives are broken on purpose by StopGradient, which changes no
// value.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.Verification;

public class CheckTests
{
    private static readonly Expr Point = new double[] { 0.3, 2, -1 };
    private static readonly Expr Row = new double[,] { { 0.5, -1 } };
    private static readonly Expr Square = new double[,] { { 1, 2 }, { 3, -4 } };
    private static readonly Expr Column = new double[,] { { 0.7 }, { 2 } };

    [Fact]
    public void Right_derivatives_pass_to_the_order_asked()
    {
        Passes(Check.Gradients(x => Exp(Sin(x[0] * x[1])) * Log(x[1]) / x[2], Point, order: 3));
        Passes(Check.Gradients(x => Outer(Sin(x), Exp(x * x[0])), Point));
        Passes(Check.Gradients(x => Pow(x, 3), 0.0, order: 4));
        Passes(Check.Gradients(x => MatMul(x, x), Constant([1, 2, 3, 4], new Shape(2, 2))));
        Passes(Check.Gradients((x, y) => Sin(x * y), (Point, 2.0), order: 2));
        Passes(Check.Gradients((x, y, z) => Sum(x * y) * z, (Point, Point, 2.0), order: 2));
        Passes(Check.Gradients((x, y) => Sum(Sum(x) * y), (Square, Point), order: 1));
        Passes(Check.Gradients((x, y, z) => Sum(MatMul(MatMul(x, y), z)), (Row, Square, Column), order: 1));
        Passes(Check.Gradients((x, y, z, w) => Sum(MatMul(MatMul(x, y), z) * w), (Row, Square, Column, Point), order: 1));
        Passes(Check.Gradients((x, y, z, w) => (x * y) + (z / w), (1.0, 2.0, 3.0, 4.0), order: 2));
        Passes(Check.Gradients(_ => Point, Zeros(0)));
    }

    [Fact]
    public void A_wrong_first_derivative_is_found_and_named()
    {
        // ∂/∂x[2] of the last element misses half of 2 x[2]; all the others are right.
        var mismatch = Fails(Check.Gradients(x => Stack([x[0], x[1] * x[0], x[2] * StopGradient(x[2])]), Point));
        Assert.Equal(("reverse", 1, "∂f[2]/∂x[2]"), (mismatch.Mode, mismatch.Order, mismatch.Element));
        Assert.Equal([2, 2], mismatch.Index.ToArray());
        Assert.Equal(-1, mismatch.Found);
        Assert.Equal(-2, mismatch.FiniteDifference, 1e-12);
        Assert.InRange(mismatch.Allowed, 0, 1e-8);
        Assert.All(["reverse", "order 1", "∂f[2]/∂x[2]", "is -1,", "differ by 1"], part => Assert.Contains(part, mismatch.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_second_derivative_is_found_and_named()
    {
        // x·x with one factor stopped has the right derivative at 0, and the wrong one beside it.
        var mismatch = Fails(Check.Gradients(x => Sum(x * StopGradient(x)), Zeros(2), order: 2));
        Assert.Equal(("reverse-over-reverse", 2, "∂²f/∂x[0]∂x[0]"), (mismatch.Mode, mismatch.Order, mismatch.Element));
        Assert.Equal((0, 1), (mismatch.Found, Math.Round(mismatch.FiniteDifference, 9)));
        Passes(Check.Gradients(x => Sum(x * StopGradient(x)), Zeros(2), order: 1));
    }

    [Fact]
    public void A_wrong_third_derivative_is_found_and_named()
    {
        // x³ with one factor stopped has the right derivatives at 0 up to the second.
        var mismatch = Fails(Check.Gradients(x => x * x * StopGradient(x), 0.0, order: 3));
        Assert.Equal(("reverse-over-reverse-over-reverse", 3, "∂³f/∂x∂x∂x"), (mismatch.Mode, mismatch.Order, mismatch.Element));
    }

    [Fact]
    public void A_derivative_that_is_wrong_in_forward_mode_alone_is_found_and_named()
    {
        var mismatch = Fails(Check.Gradients(RightInReverseOnly(), 2.0, order: 1));
        Assert.Equal(("forward", 1, "∂f/∂x"), (mismatch.Mode, mismatch.Order, mismatch.Element));
        Assert.Equal(2, mismatch.Found);
    }

    [Fact]
    public void Elements_of_several_arguments_are_named_by_argument()
    {
        var mismatch = Fails(Check.Gradients((x, y) => Sum(x * y * StopGradient(y)), (2.0, Point), order: 1));
        Assert.Equal("∂f/∂y[0]", mismatch.Element);
        Assert.Equal([1], mismatch.Index.ToArray());
        mismatch = Fails(Check.Gradients((x, y, z, w) => x * y * z * StopGradient(w), (1.0, 1.0, 1.0, 1.0), order: 2));
        Assert.Equal("∂f/∂w", mismatch.Element);
        mismatch = Fails(Check.Gradients((x, y) => (x + 1) * y * StopGradient(y), (2.0, 0.0), order: 2));
        Assert.Equal("∂²f/∂y∂y", mismatch.Element);
    }

    [Fact]
    public void Small_errors_are_found_and_the_tolerance_is_the_callers()
    {
        Func<Expr, Expr> f = x => Sin(x) + (1e-7 * StopGradient(Sin(x)));
        var mismatch = Fails(Check.Gradients(f, 1.0, 1));
        Assert.Equal(1e-7 * Math.Cos(1), mismatch.FiniteDifference - mismatch.Found, 1e-12);
        Passes(Check.Gradients(f, 1.0, 1, tolerance: 1e-6));
    }

    [Fact]
    public void Where_there_is_no_derivative_nothing_passes()
    {
        Finds<NoDerivative>(Check.Gradients(Log, -1.0));
        Finds<NoDerivative>(Check.Gradients(x => x * double.NaN, 1.0));
        Assert.True(double.IsNaN(Fails(Check.Gradients(x => Sqrt(x) * Sqrt(x), 0.0, order: 1)).Found));

        // The slope of √x at 0 is infinite, and so is its derivative.
        Passes(Check.Gradients(Sqrt, 0.0));
    }

    [Fact]
    public void At_a_kink_derivatives_between_the_slopes_pass()
    {
        Passes(Check.Gradients(Relu, 0.0));
        Passes(Check.Gradients(x => MaxOf(x), Zeros(3)));
        Passes(Check.Gradients(CustomVjp(x => (Abs(x), flow => -flow)), 0.0, order: 1));
        var kink = Finds<KinkMismatch>(Check.Gradients(CustomVjp(x => (Abs(x), flow => 2 * flow)), 0.0, order: 1));
        Assert.Equal((2, -1, 1), (kink.Found, Math.Round(kink.Left, 9), Math.Round(kink.Right, 9)));
        Assert.Contains("kink", kink.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_pieces_meet_the_derivative_of_one_of_them_passes()
    {
        // Along a coordinate the second of three equal numbers does not change, but next to the point it is one of them.
        Passes(Check.Gradients(x => Sort(x, descending: true), Ones(3)));
        Passes(Check.Gradients(x => TakeAlong(x * x, ArgSort(x)), -Ones(1, 3)));
        Passes(Check.Gradients(x => Quantile(x, 0.3), new double[] { -2, 0, -2, 0, -2 }));
        Passes(Check.Gradients(p => Quantile(p.Item1, p.Item2), within: Domain.OneOf((Zeros(3), (Expr)0.5)), order: 2));
        Passes(Check.Gradients(x => Median(x), within: Domain.Box(new Shape(3), -3, 3), order: 2));
        Finds<KinkMismatch>(Check.Gradients(CustomVjp(x => (MaxOf(x), flow => 2 * flow * Ones(x.Shape))), Ones(3), order: 1));
    }

    [Fact]
    public void Quotients_that_hardly_change_do_not_count_as_converged()
    {
        // Derivatives of powers that are nearly 0 at the edge: 0 or infinite, but no step is small enough to show it.
        foreach (var (a, b, x) in new[] { (1.004231865924554, 1, 0), (2, 2.01, 1), (1, 0.98, 1), (1e-8, 0.5, 1) })
        {
            Passes(Check.Gradients(p => BetaInc(p.Item1, p.Item2, p.Item3), within: Domain.OneOf(((Expr)a, (Expr)b, (Expr)x)), order: 2, cases: 2));
        }

        // Numbers below the smallest normal one have fewer digits, which is no kink.
        Passes(Check.Gradients(x => BesselK(0, x), within: Domain.OneOf<Expr>(1, 714.9060717556529), cases: 4));
    }

    [Fact]
    public void A_jump_is_reported_as_one()
    {
        var jump = Finds<JumpFound>(Check.Gradients(x => Where(x > 0, 1, 0) + (0 * x), 0.0));
        Assert.Equal((0, 0, 1), (jump.Left, jump.Value, jump.Right));
        Finds<JumpFound>(Check.Gradients(Floor, 1.0));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Throws<AutodiffException>(() => Check.Gradients(null!, 1.0));
        Assert.Throws<AutodiffException>(() => Check.Gradients(Sin, null!));
        Assert.Throws<AutodiffException>(() => Check.Gradients((x, y) => x * y, (1.0, null!), order: 1));
        Assert.Throws<AutodiffException>(() => Check.Gradients(_ => null!, 1.0));
        Assert.Throws<NotConcreteException>(() => Check.Gradients(Sin, Variable("x")));
        Assert.Contains("order", Assert.Throws<AutodiffException>(() => Check.Gradients(Sin, 1.0, order: 0)).Message, StringComparison.Ordinal);
        Assert.Contains("tolerance", Assert.Throws<AutodiffException>(() => Check.Gradients(Sin, 1.0, tolerance: -1)).Message, StringComparison.Ordinal);
        Assert.Contains("tolerance", Assert.Throws<AutodiffException>(() => Check.Adjoint(Sin, 1.0, double.NaN)).Message, StringComparison.Ordinal);
        Assert.Throws<AutodiffException>(() => Check.Adjoint(null!, 1.0));
        Assert.Throws<AutodiffException>(() => Check.Adjoint(Sin, null!));
        Assert.Throws<NotConcreteException>(() => Check.Adjoint(Sin, Variable("x")));
    }

    [Fact]
    public void Forward_and_reverse_mode_are_transposes()
    {
        Passes(Check.Adjoint(x => Outer(Sin(x), Exp(x * x[0])), Point));
        Passes(Check.Adjoint(x => Sum(Sin(x)), Arange(1000) / 100));
        Passes(Check.Adjoint(Relu, 0.0));
    }

    [Fact]
    public void Modes_that_are_not_transposes_are_found()
    {
        var mismatch = Assert.IsType<AdjointMismatch>(Check.Adjoint(RightInReverseOnly(), 2.0).Match(Succ: _ => null!, Fail: error => error));
        Assert.NotEqual(mismatch.Forward, mismatch.Reverse);
        Assert.Contains("forward", mismatch.Message, StringComparison.Ordinal);
        Assert.True(Check.Adjoint(x => x * double.NaN, 1.0).IsFail);
    }

    private static void Passes(LanguageExt.Fin<LanguageExt.Unit> result) =>
        Assert.True(result.IsSucc, result.Match(Succ: _ => "", Fail: error => error.Message));

    private static TError Finds<TError>(LanguageExt.Fin<LanguageExt.Unit> result) =>
        Assert.IsType<TError>(result.Match(Succ: _ => null!, Fail: error => error));

    /// <summary>x², which differentiates rightly the first time only: reverse mode is checked first.</summary>
    private static Func<Expr, Expr> RightInReverseOnly()
    {
        var runs = 0;
        return x => x.Op == Op.Variable && runs++ > 0 ? x * StopGradient(x) : x * x;
    }

    private static DerivativeMismatch Fails(LanguageExt.Fin<LanguageExt.Unit> result) =>
        Assert.IsType<DerivativeMismatch>(result.Match(Succ: _ => null!, Fail: error => error));
}
