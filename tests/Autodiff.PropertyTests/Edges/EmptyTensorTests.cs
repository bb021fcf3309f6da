// Tensors without elements: values, gradients and Jacobians.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Edges;

public class EmptyTensorTests
{
    private static readonly Expr s_empty = Array.Empty<double>();

    [Fact]
    public void Reductions_of_nothing_are_their_neutral_elements()
    {
        Assert.Equal(0, Sum(s_empty).Value);
        Assert.Equal(1, Prod(s_empty).Value);
        Assert.Equal(0, Norm(s_empty).Value);
        Assert.Equal(double.NegativeInfinity, LogSumExp(s_empty).Value);
        Assert.Equal(0, Dot(s_empty, s_empty).Value);
        Assert.Equal([0, 0, 0], Sum(Zeros(0, 3), 0).ToArray());
        Assert.Equal([1, 1, 1], Prod(Zeros(0, 3), 0).ToArray());
        Assert.Equal([0, 0, 0, 0], MatMul(Zeros(2, 0), Zeros(0, 2)).ToArray());
        Assert.Equal(0, Sum(BroadcastTo(double.PositiveInfinity, new Shape(0))).Value);
    }

    [Theory]
    [InlineData("Sum")]
    [InlineData("Prod")]
    [InlineData("Norm")]
    [InlineData("LogSumExp")]
    [InlineData("constant")]
    public void The_gradient_of_a_function_of_nothing_is_empty(string name)
    {
        Func<Expr, Expr> f = name switch
        {
            "Sum" => x => Sum(Sin(x)),
            "Prod" => x => Prod(x),
            "Norm" => x => Norm(x),
            "LogSumExp" => x => LogSumExp(x),
            _ => _ => 3,
        };

        Assert.Equal(new Shape(0), Grad(f)(s_empty).Shape);
        Assert.Equal(new Shape(0), JacobianForward(f)(s_empty).Shape);
        Assert.Equal(new Shape(0, 0), Hessian(f)(s_empty).Shape);
        Assert.Equal(new Shape(0), Grad(f)(Variable("x", new Shape(0))).Shape);
        Assert.Equal(0, Jvp(f)(s_empty, s_empty).Tangent.Value);
    }

    [Fact]
    public void Jacobians_of_empty_results_and_arguments_have_their_shapes()
    {
        Expr two = new double[] { 1, 2 };

        Assert.Equal(new Shape(0, 2), Jacobian(x => x[..0])(two).Shape);
        Assert.Equal(new Shape(0, 2), JacobianForward(x => x[..0])(two).Shape);
        Assert.Equal(new Shape(2, 0), Jacobian(x => Concat([x, two]))(s_empty).Shape);
        Assert.Equal(new Shape(0, 0), JacobianReverse(x => x * x)(s_empty).Shape);
    }

    [Fact]
    public void An_empty_part_of_a_join_adds_nothing()
    {
        Expr x = new double[] { 4, 1 };

        Assert.Equal([4, 1, 2, 1], Concat([s_empty, x, s_empty, Sqrt(x)]).ToArray());
        Assert.Equal([1.25, 1.5], Grad(v => Sum(Concat([s_empty, v, v[..0], Sqrt(v)])))(x).ToArray());
        Assert.Equal([0, 0], Grad(v => Sum(Sqrt(v[..0])))(new double[] { 0, 0 }).ToArray());
        Assert.Equal([0, 0], Grad(v => Sum(Take(v, [])))(x).ToArray());
    }
}
