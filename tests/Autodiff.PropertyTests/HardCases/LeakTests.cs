// Variables that leave the transform that made them, and nodes that are used after it has ended.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HardCases;

public class LeakTests
{
    [Fact]
    public void A_leaked_argument_is_still_the_identity_of_the_point()
    {
        Expr? leaked = null;
        Grad(x =>
        {
            leaked = x;
            return x * x;
        })(3);

        Assert.Equal(3, leaked!.Value);
        Assert.Equal(6, (leaked * 2).Value);
    }

    [Fact]
    public void A_leaked_argument_carries_the_derivatives_of_its_point()
    {
        // Inside the outer function the leaf of the inner one stands for x: d/dx (x · x) = 2x.
        Expr? leaked = null;
        Assert.Equal(10, Grad(x =>
        {
            Grad(y => leaked = y)(x);
            return x * leaked!;
        })(5).Value);
    }

    [Fact]
    public void A_leaked_intermediate_can_be_swept_to_the_variables_around_it()
    {
        var x = Variable("x", 3);
        Expr? leaked = null;
        Grad(t => leaked = t * t * x)(x);

        Assert.Equal(27, leaked!.Value);
        Assert.Equal(27, Backward(leaked)[x].Value);
        Assert.Equal([x], Backward(leaked).Keys);
    }

    [Fact]
    public void A_variable_captured_from_outside_keeps_its_derivative_through_a_transform()
    {
        var a = Variable("a", 3);
        var slope = Grad(x => x * x * a)(5);

        Assert.Equal(30, slope.Value);
        Assert.Equal(10, Backward(slope)[a].Value);
        Assert.Equal(10, Backward(Diff(x => x * x * a)(5))[a].Value);
    }

    [Fact]
    public void A_pullback_outlives_the_function_that_made_it()
    {
        Func<Expr, Expr>? pullback = null;
        Assert.Equal(12, Grad(x =>
        {
            (var y, pullback) = Vjp(t => t * t * t)(x);
            return y;
        })(2).Value);

        Assert.Equal(24, pullback!(2).Value);
    }

    [Fact]
    public void A_symbolic_variable_inside_a_transform_is_a_formula_that_is_substituted_later()
    {
        var a = Variable("a");
        var slope = Grad(x => x * x * a)(5);

        Assert.False(slope.IsConcrete);
        Assert.Equal(30, slope.Substitute((a, 3)).Value);
        Assert.Equal(10, Backward(slope)[a].Value);
    }

    // The gradient at a number is a number: what was made on the way to it is not under it.
    [Fact]
    public void A_variable_made_inside_a_transform_is_not_found_under_its_gradient()
    {
        Expr? inner = null;
        var slope = Grad(x =>
        {
            inner = Variable("a", 3);
            return x * x * inner;
        })(5);

        Assert.Equal(30, slope.Value);
        Assert.False(Backward(slope).ContainsKey(inner!));
    }

    [Fact]
    public void Mutable_state_between_two_calls_is_an_error_unless_it_is_a_constant()
    {
        var last = (Expr)1;
        Expr F(Expr x) => last = x * last;

        Assert.Equal(1, Grad(F)(2).Value);

        // last is 2 now, and belongs to a transform that has ended: was it meant to be differentiated?
        Assert.Throws<AutodiffException>(() => Grad(F)(7));
        last = StopGradient(2);
        Assert.Equal(2, Grad(F)(7).Value);
    }
}
