// The five small examples the library grew from, each as functions and as a graph. Every number is exact in binary or
// stated to the last digit, so every comparison is exact.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.WorkedExamples;

public class WorkedExampleTests
{
    [Fact]
    public void A_sum_of_two_squares_has_its_slope_as_a_function()
    {
        static Expr F(Expr x) => Pow(x - 1, 2) + Pow(x + 1, 2);

        var (value, gradient) = ValueAndGrad(F)(4.5);

        Assert.Equal(42.5, value.Value);
        Assert.Equal(18, gradient.Value);
        Assert.Equal(18, Diff(F)(4.5).Value);
        Assert.Equal(4, Grad(Grad(F))(4.5).Value);
        Assert.All([-3.25, 0, 0.5, 1e6], x => Assert.Equal(4 * x, Grad(F)(x).Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sum_of_two_squares_as_a_graph_has_an_adjoint_at_every_node(bool keepGraph)
    {
        var x = Variable("x", 4.5);
        var a = x - 1;
        var b = x + 1;
        var c = Pow(a, 2);
        var d = Pow(b, 2);
        var y = c + d;

        Assert.Equal([3.5, 5.5, 12.25, 30.25, 42.5], Values(a, b, c, d, y));

        var adjoint = Backward(y, keepGraph: keepGraph);

        Assert.Equal([1, 1, 1, 2 * 3.5, 2 * 5.5, 7 + 11], Values(adjoint[y], adjoint[c], adjoint[d], adjoint[a], adjoint[b], adjoint[x]));
        Assert.Equal([x], adjoint.Keys);
    }

    [Fact]
    public void The_slope_of_a_symbolic_sum_of_two_squares_is_a_formula()
    {
        var x = Variable("x");
        var slope = Backward(Pow(x - 1, 2) + Pow(x + 1, 2))[x];

        Assert.False(slope.IsConcrete);
        Assert.Equal(18, slope.Substitute((x, 4.5)).Value);
        Assert.Equal(4, Backward(slope)[x].Substitute((x, 4.5)).Value);
    }

    // Single precision prints 0.7310585975646973 and 0.1966119408607483 here.
    private const double SigmoidAtOne = 0.7310585786300049;
    private const double SigmoidSlopeAtOne = 0.19661193324148185;

    [Fact]
    public void The_sigmoid_and_its_derivative_at_one_are_right_to_the_last_digit()
    {
        Assert.Equal(SigmoidAtOne, Sigmoid(1).Value);
        Assert.Equal(SigmoidSlopeAtOne, Grad(Sigmoid)(1).Value);
        Assert.Equal(SigmoidSlopeAtOne, Diff(Sigmoid)(1).Value);
        Assert.Equal(SigmoidAtOne, Formula(1).Value);
        Assert.Equal(SigmoidSlopeAtOne, Grad(Formula)(1).Value, 1e-16);

        static Expr Formula(Expr x) => 1 / (1 + Exp(-x));
    }

    [Fact]
    public void The_sigmoid_as_a_graph_has_its_derivative_in_its_value()
    {
        var x = Variable("x", 1);
        var negated = -x;
        var power = Exp(negated);
        var denominator = 1 + power;
        var y = 1 / denominator;

        Assert.Equal([-1, Math.Exp(-1), 1 + Math.Exp(-1), SigmoidAtOne], Values(negated, power, denominator, y));

        // Down the chain: d(1/u)/du = −y², du/dp = 1, dp/dn = p, dn/dx = −1.
        var adjoint = Backward(y);
        Assert.Equal(-SigmoidAtOne * SigmoidAtOne, adjoint[denominator].Value, 1e-16);
        Assert.Equal(adjoint[denominator].Value, adjoint[power].Value);
        Assert.Equal(adjoint[power].Value * Math.Exp(-1), adjoint[negated].Value);
        Assert.Equal(-adjoint[negated].Value, adjoint[x].Value);
        Assert.Equal(SigmoidAtOne * (1 - SigmoidAtOne), adjoint[x].Value, 1e-16);
    }

    [Fact]
    public void A_function_of_two_arguments_has_both_slopes()
    {
        static Expr F(Expr x, Expr t) => (x + t) * (x - t);

        var (value, (dx, dt)) = ValueAndGrad(F)(4.5, 2.5);

        Assert.Equal([14, 9, -5], Values(value, dx, dt));
        Assert.Equal((9, -5), Grad(F)(4.5, 2.5) is var (gx, gt) ? (gx.Value, gt.Value) : default);
        Assert.Equal(9, Jvp(F)(4.5, 2.5, 1, 0).Tangent.Value);
        Assert.Equal(-5, Jvp(F)(4.5, 2.5, 0, 1).Tangent.Value);
    }

    [Fact]
    public void A_function_of_two_arguments_as_a_graph_has_an_adjoint_at_every_node()
    {
        var x = Variable("x", 4.5);
        var t = Variable("t", 2.5);
        var a = x + t;
        var b = x - t;
        var y = a * b;

        Assert.Equal([7, 2, 14], Values(a, b, y));

        var adjoint = Backward(y);
        Assert.Equal([1, 2, 7, 9, -5], Values(adjoint[y], adjoint[a], adjoint[b], adjoint[x], adjoint[t]));
        Assert.Equal([x, t], adjoint.Keys);
    }

    [Fact]
    public void A_sum_of_squares_has_twice_its_argument_as_gradient()
    {
        static Expr F(Expr x) => Sum(x * x);

        var (value, gradient) = ValueAndGrad(F)(new double[] { 1, 2, 3 });

        Assert.Equal(14, value.Value);
        Assert.Equal([2, 4, 6], gradient.ToArray());
        Assert.Equal([2, 4, 6], JacobianForward(F)(new double[] { 1, 2, 3 }).ToArray());
    }

    [Fact]
    public void A_sum_of_squares_as_a_graph_hands_one_to_every_square()
    {
        var x = Variable("x", new double[] { 1, 2, 3 });
        var y = Pow(x, 2);
        var z = Sum(y);

        Assert.Equal([1, 4, 9], y.ToArray());
        Assert.Equal(14, z.Value);

        var adjoint = Backward(z);
        Assert.Equal([1, 1, 1], adjoint[y].ToArray());
        Assert.Equal([2, 4, 6], adjoint[x].ToArray());
    }

    [Fact]
    public void A_vector_is_pulled_back_through_elementwise_squares_without_their_Jacobian()
    {
        static Expr F(Expr x) => x * x;
        Expr at = new double[] { 1, 2, 3 };
        Expr v = new double[] { -1, 1, 2 };

        var (y, pullback) = Vjp(F)(at);

        Assert.Equal([1, 4, 9], y.ToArray());
        Assert.Equal([-2, 4, 12], pullback(v).ToArray());

        var jacobian = Jacobian(F)(at);
        Assert.Equal([2, 0, 0, 0, 4, 0, 0, 0, 6], jacobian.ToArray());
        Assert.Equal(new Shape(3, 3), jacobian.Shape);
        Assert.Equal([-2, 4, 12], MatMul(v, jacobian).ToArray());
    }

    [Fact]
    public void A_seed_is_pulled_back_through_a_graph()
    {
        var x = Variable("x", new double[] { 1, 2, 3 });
        Expr v = new double[] { -1, 1, 2 };

        var adjoint = Backward(x * x, v);

        Assert.Equal([-2, 4, 12], adjoint[x].ToArray());
        Assert.Equal([-1, 1, 2], adjoint[adjoint.Result].ToArray());
    }

    private static double[] Values(params Expr[] scalars) => Array.ConvertAll(scalars, scalar => scalar.Value);
}
