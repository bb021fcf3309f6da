// Steps of finite differences that lead to where the function is not defined do not count; only where none leads elsewhere is there an error.

using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Verification;

public class UndefinedStepTests
{
    private static readonly Func<Expr, Expr> s_singularAtZero = v => Sum(Solve(v * Eye(2), Ones(2)));

    [Fact]
    public void A_step_that_meets_a_singular_matrix_exactly_does_not_count()
    {
        // The first step from 0.35 is 0.35.
        Assert.True(Check.Gradients(s_singularAtZero, 0.35).IsSucc);
        Assert.True(Check.Gradients(s_singularAtZero, -0.35).IsSucc);
        Assert.True(Check.Adjoint(s_singularAtZero, 0.35).IsSucc);
        Assert.Equal(-2 / (0.35 * 0.35), Numeric.Grad(s_singularAtZero)(0.35).Value, 1e-9);
        Assert.Equal(-2 / (0.35 * 0.35), Numeric.Jacobian(s_singularAtZero)(0.35).Value, 1e-9);
        Assert.Equal(-2 / (0.35 * 0.35), Numeric.Jvp(s_singularAtZero)(0.35, 1).Tangent.Value, 1e-9);
        Assert.Equal(4 / (0.35 * 0.35 * 0.35), Numeric.Hessian(s_singularAtZero)(0.35).Value, 1e-6);
        Assert.Equal(4 / (0.35 * 0.35 * 0.35), Numeric.Diff(s_singularAtZero, 2)(0.35).Value, 1e-6);
    }

    [Property]
    public void A_hole_anywhere_beside_the_point_does_no_harm(byte distance, byte width, bool isLeft, bool throws)
    {
        var near = Math.Pow(10, -7.0 * distance / 255);
        var far = near * (1 + (width / 16.0));
        var f = Undefined(d => (isLeft ? -d : d) is var side && side > near && side < far, throws);
        Assert.Equal(Math.Cos(1), Numeric.Grad(f)(1).Value, 1e-6);
        Assert.True(Check.Gradients(f, 1).IsSucc);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_only_one_side_is_defined_it_is_enough(bool throws)
    {
        var f = Undefined(d => d < 0, throws);
        Assert.Equal(Math.Cos(1), Numeric.Grad(f)(1).Value, 1e-9);
        Assert.True(Check.Gradients(f, 1).IsSucc);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_no_step_is_defined_there_is_an_error_that_says_so(bool throws)
    {
        var f = Undefined(d => d != 0, throws);
        foreach (var (operation, use) in new (string, Func<object>)[]
        {
            ("Numeric.Grad", () => Numeric.Grad(f)(1)),
            ("Numeric.Diff", () => Numeric.Diff(f, 2)(1)),
            ("Numeric.Jacobian", () => Numeric.Jacobian(f)(1)),
            ("Numeric.Jvp", () => Numeric.Jvp(f)(1, 1)),
            ("Numeric.Hessian", () => Numeric.Hessian(f)(1)),
        })
        {
            Assert.StartsWith($"{operation}: the function is defined at the point, but at no step from it", Assert.Throws<AutodiffException>(use).Message, StringComparison.Ordinal);
        }

        Check.Gradients(f, 1).Match(
            Succ: _ => Assert.Fail("Nothing could be checked."),
            Fail: error => Assert.Contains("f is defined at the point, but at no step from it", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_cancelled_function_ends_the_check() => Assert.Throws<OperationCanceledException>(() =>
    {
        var calls = 0;
        Numeric.Grad(x => ++calls > 5 ? throw new OperationCanceledException() : x)(1);
    });

    /// <summary>The sine, but not defined where a distance from 1 is as a test says: it throws or is NaN.</summary>
    private static Func<Expr, Expr> Undefined(Func<double, bool> isOutside, bool throws) => v => !isOutside(v.Value - 1) ? Sin(v)
        : throws ? throw new InvalidOperationException("outside the domain")
        : v * double.NaN;
}
