// Jacobians and the operators of vector calculus: their shapes, and the identities that tie them together.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Transforms;

[Properties(Arbitrary = [typeof(Programs)], MaxTest = 40, QuietOnSuccess = true)]
public class FieldTests
{
    public static TheoryData<string, Shape, Func<Expr, Expr>, Shape> Shapes => new()
    {
        { "scalar to scalar", Shape.Scalar, Sin, Shape.Scalar },
        { "scalar to n", Shape.Scalar, x => x * Ones(3), new(3) },
        { "n to scalar", new(4), x => Sum(x * x), new(4) },
        { "n to m", new(4), x => x[..3] * x[1..], new(3, 4) },
        { "m to n", new(2), x => Concat([x, x * x]), new(4, 2) },
        { "matrix to vector", new(2, 3), x => MatMul(x, x[0]), new(2, 2, 3) },
        { "matrix to matrix", new(2, 3), x => MatMul(Transpose(x), x), new(3, 3, 2, 3) },
        { "empty to vector", new(0), x => Ones(2) * Sum(x), new(2, 0) },
        { "vector to empty", new(2), x => x[..0] * 2, new(0, 2) },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void A_Jacobian_has_the_shape_of_the_result_and_then_that_of_the_argument(string name, Shape input, Func<Expr, Expr> f, Shape expected)
    {
        var x = Tensors.Direction(input, name.Length);
        Agreement.Near(Numeric.Jacobian(f)(x), Jacobian(f)(x));
        Agreement.Near(Numeric.Jacobian(f)(x), JacobianForward(f)(x));
        Agreement.Near(Numeric.Jacobian(f)(x), JacobianReverse(f)(x));
        Assert.Equal(expected, Jacobian(f)(x).Shape);
        Assert.Equal(expected, JacobianForward(f)(Variable("x", input)).Shape);
        Assert.Equal(expected, JacobianReverse(f)(Variable("x", input)).Shape);
    }

    [Property]
    public void Forward_reverse_and_chosen_Jacobians_agree(Program f)
    {
        var expected = JacobianReverse(f.Tensor)(f.Input);
        Agreement.Near(expected, JacobianForward(f.Tensor)(f.Input));
        Agreement.Near(expected, Jacobian(f.Tensor)(f.Input));
        Assert.Equal(new Shape([.. f.Tensor(f.Input).Shape, .. f.Input.Shape]), expected.Shape);
    }

    [Property]
    public void A_Laplacian_is_the_trace_of_the_Hessian(Program f)
    {
        var n = f.Input.Shape.Size;
        Agreement.Near(Trace(Reshape(Hessian(f.Scalar)(f.Input), n, n)), Laplacian(f.Scalar)(f.Input));
    }

    [Property]
    public void A_divergence_is_the_trace_of_the_Jacobian(Program f)
    {
        Expr Field(Expr x) => (x * f.Scalar(x)) + Reshape(Flip(Reshape(Sin(x), -1)), x.Shape);
        var n = f.Input.Shape.Size;
        Agreement.Near(Trace(Reshape(Jacobian(Field)(f.Input), n, n)), Divergence(Field)(f.Input));
    }

    [Property]
    public void The_divergence_of_a_gradient_is_the_Laplacian(Program f) =>
        Agreement.Near(Laplacian(f.Scalar)(f.Input), Divergence(Grad(f.Scalar))(f.Input));

    [Property(Arbitrary = [typeof(OnSpace)])]
    public void The_curl_of_a_gradient_is_zero(Program f)
    {
        Agreement.Near(Zeros(3), Curl(Grad(f.Scalar))(f.Input));
        Agreement.Near(0, Curl(Grad(x => f.Scalar(Concat([x, 0.5 * Ones(1)]))))(f.Input[..2]));
    }

    [Property(Arbitrary = [typeof(OnSpace)])]
    public void The_divergence_of_a_curl_is_zero(Program f, Program g, Program h)
    {
        Expr Field(Expr x) => Stack([f.Scalar(x), g.Scalar(x), h.Scalar(x)]);
        Agreement.Near(0, Divergence(Curl(Field))(f.Input));
    }

    [Fact]
    public void The_curl_of_a_rotation_is_twice_its_angular_velocity()
    {
        // ∇ × (ω × r) = 2ω.
        Expr point = new double[] { 0.3, -1.2, 2 };
        Agreement.Near(new double[] { 2, 4, 6 }, Curl(r => Stack([(2 * r[2]) - (3 * r[1]), (3 * r[0]) - r[2], r[1] - (2 * r[0])]))(point));
        Agreement.Near(2, Curl(r => Stack([-r[1], r[0]]))(point[..2]));
    }

    public static class OnSpace
    {
        public static Arbitrary<Program> Programs { get; } = Generators.Programs.OnInputs(Gen.Constant(new Shape(3)));
    }
}
