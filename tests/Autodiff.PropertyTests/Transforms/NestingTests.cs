// Derivatives inside derivatives: closures over outer variables, every mixture of modes, and orders beyond the second.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Transforms;

[Properties(Arbitrary = [typeof(Programs)], MaxTest = 40, QuietOnSuccess = true)]
public class NestingTests
{
    private static readonly Dictionary<string, Func<Func<Expr, Expr>, Func<Expr, Expr>>> s_derivatives = new()
    {
        ["Grad"] = Grad,
        ["Diff"] = Diff,
        ["Jvp"] = f => x => Jvp(f)(x, 1).Tangent,
        ["Vjp"] = f => x => Vjp(f)(x).Pullback(1),
        ["Backward"] = f => x => Variable("x", x) is var leaf ? Backward(f(leaf), keepGraph: true)[leaf] : x,
    };

    public static IEnumerable<object[]> Two =>
        from outer in s_derivatives.Keys from inner in s_derivatives.Keys select new object[] { outer, inner };

    public static IEnumerable<object[]> Three =>
        from pair in Two from third in s_derivatives.Keys select new[] { pair[0], pair[1], third };

    [Theory, MemberData(nameof(Two))]
    public void An_inner_derivative_does_not_see_the_outer_variable(string outer, string inner)
    {
        var (d, e) = (s_derivatives[outer], s_derivatives[inner]);

        // d/dx x·(∂/∂y (x + y)) = 1 and d/dx x·(∂/∂y x·y) = d/dx x² = 2x.
        Agreement.Near(1, d(x => x * e(y => x + y)(1))(1));
        Agreement.Near(6, d(x => x * e(y => x * y)(2))(3));
    }

    [Theory, MemberData(nameof(Three))]
    public void Three_nested_derivatives_whose_variables_meet_in_every_way(string first, string second, string third)
    {
        var (d, e, f) = (s_derivatives[first], s_derivatives[second], s_derivatives[third]);

        // ∂/∂z xyz² at z = y is 2xy²; times xy, ∂/∂y of 2x²y³ at y = x is 6x⁴; times x, the derivative of 6x⁵ is 30x⁴.
        Agreement.Near(30 * Math.Pow(1.5, 4), d(x => x * e(y => x * y * f(z => x * y * z * z)(y))(x))(1.5));

        // The same variables at points of their own: ∂/∂z sin(xyz) = xy·cos(xyz) at z = 0.5.
        var expected = d(x => d(y => x * y * Cos(x * y * 0.5))(0.7))(0.3);
        Agreement.Near(expected, d(x => e(y => f(z => Sin(x * y * z))(0.5))(0.7))(0.3));
    }

    [Theory, MemberData(nameof(Three))]
    public void A_third_derivative_is_the_same_by_every_mixture(string first, string second, string third)
    {
        // d³/dx³ e^(sin x) = e^(sin x)·(cos³x − 3 sin x cos x − cos x).
        const double x = 0.8;
        var (sin, cos) = Math.SinCos(x);
        var expected = Math.Exp(sin) * ((cos * cos * cos) - (3 * sin * cos) - cos);
        Agreement.Near(expected, s_derivatives[first](s_derivatives[second](s_derivatives[third](v => Exp(Sin(v)))))(x), 1e-13);
    }

    [Property]
    public void The_second_Grad_along_a_line_is_the_second_Diff(Program program, int seed)
    {
        var direction = Tensors.Direction(program.Input.Shape, seed);
        Expr Line(Expr t) => program.Scalar(program.Input + (t * direction));
        Agreement.Near(Diff(Line, 2)(0.1), Grad(Grad(Line))(0.1));
        Agreement.Near(Diff(Line, 3)(0.1), Grad(Grad(Grad(Line)))(0.1));
        Agreement.Near(Numeric.Diff(Diff(Line), 1)(0.1), Diff(Line, 2)(0.1), 1e-8);
    }

    [Fact]
    public void A_derivative_of_order_n_of_a_power_has_its_closed_form()
    {
        // dⁿ/dxⁿ x⁷ = 7!/(7−n)! x⁷⁻ⁿ.
        var falling = 1.0;
        for (var order = 0; order <= 8; order++)
        {
            Agreement.Near(falling == 0 ? 0 : falling * Math.Pow(1.25, 7 - order), Diff(x => Pow(x, 7), order)(1.25), 1e-14);
            falling *= 7 - order;
        }
    }

    [Property]
    public void A_result_that_does_not_depend_on_the_argument_has_zeros_of_the_right_shape_for_derivatives(Program program, int seed)
    {
        var (x, constant) = (program.Input, program.Scalar(program.Input));
        var tensor = program.Tensor(x);
        var zeros = Zeros(x.Shape);
        Agreement.Identical(zeros, Grad(_ => constant)(x));
        Agreement.Identical(zeros, Grad(v => program.Scalar(StopGradient(v)))(x));
        Agreement.Identical(zeros, ValueAndGrad(_ => constant)(x).Gradient);
        Agreement.Identical(zeros, Grad((Expr a, Expr b) => program.Scalar(a))(x, x).Item2);
        Agreement.Identical(zeros, Vjp(_ => tensor)(x).Pullback(Tensors.Direction(tensor.Shape, seed)));
        Agreement.Identical(Zeros(tensor.Shape), Jvp(_ => tensor)(x, Tensors.Direction(x.Shape, seed)).Tangent);
        Agreement.Identical(Zeros(tensor.Shape), Linearize(_ => tensor)(x).Pushforward(Tensors.Direction(x.Shape, seed)));
        Agreement.Identical(Zeros(tensor.Shape), Diff(_ => tensor)(1));
        var jacobian = Zeros([.. tensor.Shape, .. x.Shape]);
        Agreement.Identical(jacobian, Jacobian(_ => tensor)(x));
        Agreement.Identical(jacobian, JacobianForward(_ => tensor)(x));
        Agreement.Identical(jacobian, JacobianReverse(_ => tensor)(x));
        Agreement.Identical(Zeros([.. x.Shape, .. x.Shape]), Hessian(v => constant + Sum(v))(x));
        Agreement.Identical(zeros, Hvp(v => constant + Sum(v))(x, x));
        Agreement.Identical(0, Laplacian(_ => constant)(x));
        Agreement.Identical(0, Divergence(_ => Ones(x.Shape))(x));
        Agreement.Identical(zeros, Backward(constant)[x]);
    }

    [Property]
    public void What_StopGradient_wraps_is_a_constant(Program f, Program g)
    {
        var x = f.Input;
        Agreement.Repeats(f.Tensor(x), StopGradient(f.Tensor(x)));
        Agreement.Near(f.Scalar(x) * Grad(g.Scalar)(x), Grad(v => StopGradient(f.Scalar(v)) * g.Scalar(v))(x));
    }

    [Property]
    public void A_function_may_differentiate_inside_at_a_point_that_moves(Program program)
    {
        // h(x) = ⟨x, ∇f(x)⟩ has the gradient ∇f + Hx.
        var x = program.Input;
        var expected = Grad(program.Scalar)(x) + Hvp(program.Scalar)(x, x);
        Agreement.Near(expected, Grad(v => Sum(v * Grad(program.Scalar)(v)))(x));
        Agreement.Near(expected, JacobianForward(v => Sum(v * Grad(program.Scalar)(v)))(x));
    }
}
