// The laws that derivatives obey whatever the function: linearity, adjointness, chain, product and sum rule, and the
// relations between the transforms.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Transforms;

[Properties(Arbitrary = [typeof(Programs)], MaxTest = 60, QuietOnSuccess = true)]
public class LawTests
{
    [Property]
    public void A_pullback_is_linear_in_the_cotangent(Program f, int seed)
    {
        var (value, pullback) = Vjp(f.Tensor)(f.Input);
        var (u, v) = (Tensors.Direction(value.Shape, seed), Tensors.Direction(value.Shape, seed + 1));
        Agreement.Near((3 * pullback(u)) - pullback(v), pullback((3 * u) - v));
    }

    [Property]
    public void A_pushforward_is_linear_in_the_tangent(Program f, int seed)
    {
        var pushforward = Linearize(f.Tensor)(f.Input).Pushforward;
        var (u, v) = (Tensors.Direction(f.Input.Shape, seed), Tensors.Direction(f.Input.Shape, seed + 1));
        Agreement.Near((3 * pushforward(u)) - pushforward(v), pushforward((3 * u) - v));
    }

    [Property]
    public void Pullback_and_pushforward_are_adjoint(Program f, int seed)
    {
        var (value, pullback) = Vjp(f.Tensor)(f.Input);
        var (cotangent, tangent) = (Tensors.Direction(value.Shape, seed), Tensors.Direction(f.Input.Shape, seed + 1));
        Agreement.Near(Agreement.Inner(cotangent, Jvp(f.Tensor)(f.Input, tangent).Tangent), Agreement.Inner(pullback(cotangent), tangent));
    }

    [Property]
    public void Linearize_is_Jvp_and_all_transforms_return_the_value(Program f, int seed)
    {
        var tangent = Tensors.Direction(f.Input.Shape, seed);
        var (pushed, linearized) = (Jvp(f.Tensor)(f.Input, tangent), Linearize(f.Tensor)(f.Input));
        Agreement.Repeats(pushed.Tangent, linearized.Pushforward(tangent));
        var value = f.Tensor(f.Input);
        Agreement.Repeats(value, pushed.Value);
        Agreement.Repeats(value, linearized.Value);
        Agreement.Repeats(value, Vjp(f.Tensor)(f.Input).Value);
    }

    [Property]
    public void Derivatives_compose_by_the_chain_rule(Program f, Program g, int seed)
    {
        Expr Composed(Expr x) => g.Tensor(f.Tensor(x));
        var tangent = Tensors.Direction(f.Input.Shape, seed);
        var (inner, innerTangent) = Jvp(f.Tensor)(f.Input, tangent);
        Agreement.Near(Jvp(g.Tensor)(inner, innerTangent).Tangent, Jvp(Composed)(f.Input, tangent).Tangent);

        var (outer, outerPullback) = Vjp(g.Tensor)(inner);
        var cotangent = Tensors.Direction(outer.Shape, seed + 1);
        Agreement.Near(Vjp(f.Tensor)(f.Input).Pullback(outerPullback(cotangent)), Vjp(Composed)(f.Input).Pullback(cotangent));
    }

    [Property]
    public void A_sum_and_a_product_differentiate_by_their_rules(Program f, Program g)
    {
        var x = f.Input;
        var (a, b) = (f.Scalar(x), g.Scalar(x));
        var (gradientA, gradientB) = (Grad(f.Scalar)(x), Grad(g.Scalar)(x));
        Agreement.Near((2 * gradientA) - gradientB, Grad(v => (2 * f.Scalar(v)) - g.Scalar(v))(x));
        Agreement.Near((b * gradientA) + (a * gradientB), Grad(v => f.Scalar(v) * g.Scalar(v))(x));
    }

    [Property]
    public void ValueAndGrad_is_the_value_and_the_gradient(Program f)
    {
        var (value, gradient) = ValueAndGrad(f.Scalar)(f.Input);
        Agreement.Repeats(f.Scalar(f.Input), value);
        Agreement.Repeats(Grad(f.Scalar)(f.Input), gradient);
    }

    [Property]
    public void A_Hessian_is_symmetric_and_Hvp_is_its_product_with_the_direction(Program f, int seed)
    {
        var n = f.Input.Shape.Size;
        var hessian = Reshape(Hessian(f.Scalar)(f.Input), n, n);
        Agreement.Near(hessian, Transpose(hessian));

        var direction = Tensors.Direction(f.Input.Shape, seed);
        var product = Reshape(MatMul(hessian, Reshape(direction, -1)), f.Input.Shape);
        Agreement.Near(product, Hvp(f.Scalar)(f.Input, direction));
        Agreement.Near(product, Jvp(Grad(f.Scalar))(f.Input, direction).Tangent);
        Agreement.Near(product, Grad(x => Jvp(f.Scalar)(x, direction).Tangent)(f.Input));
        Agreement.Near(product, Grad(x => Linearize(f.Scalar)(x).Pushforward(direction))(f.Input));
        Agreement.Near(product, Vjp(Grad(f.Scalar))(f.Input).Pullback(direction));
    }

    [Property]
    public void The_gradient_of_a_pullback_is_the_gradient_of_the_pushforward_it_is_adjoint_to(Program f, int seed)
    {
        var tangent = Tensors.Direction(f.Input.Shape, seed);
        var cotangent = Tensors.Direction(f.Tensor(f.Input).Shape, seed + 1);
        var expected = Grad(x => Sum(cotangent * Jvp(f.Tensor)(x, tangent).Tangent))(f.Input);
        Agreement.Near(expected, Grad(x => Sum(Vjp(f.Tensor)(x).Pullback(cotangent) * tangent))(f.Input));
    }

    [Property]
    public void The_gradient_through_a_cotangent_is_the_pushforward(Program f, int seed)
    {
        // ū ↦ ⟨ūJ, v⟩ has the gradient Jv; a pullback is linear, so it does not matter where.
        var tangent = Tensors.Direction(f.Input.Shape, seed);
        var (value, pullback) = Vjp(f.Tensor)(f.Input);
        Agreement.Near(Jvp(f.Tensor)(f.Input, tangent).Tangent, Grad(u => Sum(pullback(u) * tangent))(Tensors.Direction(value.Shape, seed + 1)));
    }

    [Property(MaxTest = 25)]
    public void Gradients_of_several_arguments_are_the_partial_ones_taken_one_at_a_time(Program f, Program g)
    {
        var (x, y, z, w) = (f.Input, g.Input, Sin(f.Input), Cos(g.Input));
        Expr Two(Expr a, Expr b) => f.Scalar(a) * g.Scalar(b);
        Expr Three(Expr a, Expr b, Expr c) => Two(a, b) + (f.Scalar(c) * g.Scalar(b));
        Expr Four(Expr a, Expr b, Expr c, Expr d) => Three(a, b, c) * g.Scalar(d);

        var (x2, y2) = Grad(Two)(x, y);
        Agreement.Near(Grad(a => Two(a, y))(x), x2);
        Agreement.Near(Grad(b => Two(x, b))(y), y2);

        var (x3, y3, z3) = Grad(Three)(x, y, z);
        Agreement.Near(Grad(a => Three(a, y, z))(x), x3);
        Agreement.Near(Grad(b => Three(x, b, z))(y), y3);
        Agreement.Near(Grad(c => Three(x, y, c))(z), z3);

        var (x4, y4, z4, w4) = Grad(Four)(x, y, z, w);
        Agreement.Near(Grad(a => Four(a, y, z, w))(x), x4);
        Agreement.Near(Grad(b => Four(x, b, z, w))(y), y4);
        Agreement.Near(Grad(c => Four(x, y, c, w))(z), z4);
        Agreement.Near(Grad(d => Four(x, y, z, d))(w), w4);

        Agreement.Repeats(Four(x, y, z, w), ValueAndGrad(Four)(x, y, z, w).Value);
        Agreement.Repeats(w4, ValueAndGrad(Four)(x, y, z, w).Gradient.Item4);
        Agreement.Repeats(z3, ValueAndGrad(Three)(x, y, z).Gradient.Item3);
        Agreement.Repeats(y2, ValueAndGrad(Two)(x, y).Gradient.Item2);
    }

    [Property]
    public void Vjp_and_Jvp_of_two_arguments_are_those_of_each_added_up(Program f, Program g, int seed)
    {
        var (x, y) = (f.Input, g.Input);
        Expr Joint(Expr a, Expr b) => f.Tensor(a) * g.Scalar(b);
        var (dx, dy) = (Tensors.Direction(x.Shape, seed), Tensors.Direction(y.Shape, seed + 1));
        Agreement.Near(Jvp(a => Joint(a, y))(x, dx).Tangent + Jvp(b => Joint(x, b))(y, dy).Tangent, Jvp(Joint)(x, y, dx, dy).Tangent);

        var (value, pullback) = Vjp(Joint)(x, y);
        var cotangent = Tensors.Direction(value.Shape, seed + 2);
        var (xBar, yBar) = pullback(cotangent);
        Agreement.Near(Vjp(a => Joint(a, y))(x).Pullback(cotangent), xBar);
        Agreement.Near(Vjp(b => Joint(x, b))(y).Pullback(cotangent), yBar);
    }
}
