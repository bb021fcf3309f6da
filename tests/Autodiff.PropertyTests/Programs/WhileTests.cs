// While: the number of steps depends on values, in both modes and at every order.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LoopsAndBranches;

public class WhileTests
{
    // Newton's method for √a, until it stands still.
    private static Expr Root(Expr a) => While(
        p => Abs(p.Now - p.Before) > 1e-15 * Abs(p.Now), ((Expr Now, Expr Before) p) => ((p.Now + (a / p.Now)) / 2, p.Now), (1.2345, 0.0)).Now;

    [Property(MaxTest = 50)]
    public void Newton_iterated_until_it_stands_still_has_the_derivatives_of_the_root(byte number)
    {
        var a = 0.5 + (number / 8.0);
        Agreement.Near(Math.Sqrt(a), Root(a), 1e-15);
        Agreement.Near(0.5 / Math.Sqrt(a), Grad(Root)(a), 1e-13);
        Agreement.Near(0.5 / Math.Sqrt(a), Diff(Root)(a), 1e-13);
        Agreement.Near(-0.25 / Math.Pow(a, 1.5), Grad(Diff(Root))(a), 1e-13);
        Agreement.Near(-0.25 / Math.Pow(a, 1.5), Grad(Grad(Root))(a), 1e-13);
        Agreement.Near(0.375 / Math.Pow(a, 2.5), Diff(Grad(Grad(Root)))(a), 1e-12);
    }

    [Theory]
    [InlineData(0.5, 8)]
    [InlineData(3.0, 2)]
    [InlineData(9.0, 1)]
    public void The_number_of_steps_is_part_of_the_derivative(double x, double slope)
    {
        // Doubled until it is at least 4: by 8, 2 or not at all.
        static Expr F(Expr x) => While(s => s < 4, s => s * 2, x);
        Assert.Equal(x * slope, F(x).Value);
        Assert.Equal(slope, Grad(F)(x).Value);
        Assert.Equal(slope, Diff(F)(x).Value);
        var v = Variable("v", 100.0);
        Assert.Equal(1, Backward(F(v))[v].Value);
        Assert.Equal(slope, Backward(F(v), keepGraph: true)[v].Substitute((v, x)).Value);
    }

    [Fact]
    public void A_condition_may_read_variables_from_outside()
    {
        static Expr F(Expr bound, Expr w) => While(s => s < bound, s => s * w, 1);
        Assert.Equal(8, F(5, 2).Value);
        var (bound, slope) = Grad(F)(5, 2);
        Assert.Equal(0, bound.Value);
        Assert.Equal(12, slope.Value);
        Assert.Equal(12, Diff(w => Grad(v => F(5, v))(w))(2).Value);
    }

    [Fact]
    public void What_only_the_condition_reads_does_not_enter_the_step()
    {
        var bound = Variable("bound");
        var y = While(s => s < bound, s => s + 1, 0);
        Assert.Equal(3, y.Substitute((bound, 2.5)).Value);
        Assert.Equal(0, Backward(y)[bound].Substitute((bound, 2.5)).Value);
    }

    [Fact]
    public void A_limit_that_is_reached_while_the_condition_holds_is_an_error_that_names_it()
    {
        static Expr F(Expr x, int limit) => While(s => s < 100, s => s + x, 0, limit);
        Assert.Equal(100, F(10, 10).Value);
        var error = Assert.Throws<AutodiffException>(() => F(10, 9));
        Assert.StartsWith("While: the condition still holds after 9 steps", error.Message, StringComparison.Ordinal);
        Assert.Throws<AutodiffException>(() => Grad(x => F(x, 9))(10));
        Assert.Throws<AutodiffException>(() => Diff(x => F(x, 9))(10));
        var v = Variable("v");
        var later = F(v, 9);
        Assert.Throws<AutodiffException>(() => later.Substitute((v, 10)));
        Assert.Throws<AutodiffException>(() => Backward(later)[v].Substitute((v, 10)));
        Assert.Equal(0, While(s => s > 0, s => s, 0, limit: 0).Value);
    }

    [Fact]
    public void A_condition_that_is_not_a_number_ends_the_loop()
    {
        Assert.Equal(double.NaN, While(s => s < 10, s => s * double.NaN, 1).Value);
        Assert.Equal(double.NaN, While(s => 10 - s, s => s * double.NaN, 1).Value);
        Assert.Equal(double.NaN, While(s => s, s => s - double.NaN, 1, limit: 5).Value);
    }

    [Fact]
    public void Any_number_but_0_goes_on() =>
        Assert.Equal(0, While(s => s, s => s + 1, -3).Value);

    [Fact]
    public void The_state_may_be_a_matrix()
    {
        // Squared until its largest element is more than 20; the power that makes is found on the way.
        static Expr F(Expr a) => Sum(While(s => MaxOf(s) < 20, s => MatMul(s, s), a));
        static Expr Plain(Expr a) => Sum(MatMul(MatMul(a, a), MatMul(a, a)) is var fourth ? MatMul(fourth, fourth) : a);
        Expr a = new double[,] { { 1, 0.5 }, { 0.75, 1 } };
        Agreement.Near(Plain(a), F(a), 1e-14);
        Agreement.Near(Grad(Plain)(a), Grad(F)(a), 1e-13);
        Agreement.Near(Hessian(Plain)(a), Hessian(F)(a), 1e-13);
    }
}
