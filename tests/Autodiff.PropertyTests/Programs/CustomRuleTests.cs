// Rules of the user's own: they replace the derivative in every mode and at every order.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LoopsAndBranches;

public class CustomRuleTests
{
    private sealed record Layer(Expr Weight, Expr Bias);

    /// <summary>Built-in functions, and the same with their derivatives stated again.</summary>
    private static readonly Dictionary<string, (Func<Expr, Expr> F, Func<Expr, Expr> Slope)> s_functions = new()
    {
        ["Sin"] = (Sin, Cos),
        ["Exp"] = (Exp, Exp),
        ["Log"] = (x => Log(x + 4), x => 1 / (x + 4)),
        ["Tanh"] = (Tanh, x => 1 - (Tanh(x) * Tanh(x))),
        ["Pow"] = (x => Pow(x, 3), x => 3 * x * x),
        ["Sigmoid"] = (Sigmoid, x => Sigmoid(x) * (1 - Sigmoid(x))),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    private static Func<Expr, Expr>[] Restated(string name)
    {
        var (f, slope) = s_functions[name];
        return
        [
            CustomVjp(x => (f(x), y => y * slope(x))),
            CustomJvp((x, dx) => (f(x), slope(x) * dx)),
            Primitive.Define(name, x => f(x).Value, (x, _) => slope(x)),
        ];
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_rule_that_restates_a_derivative_changes_no_derivative(string name)
    {
        var f = s_functions[name].F;
        var modes = new Func<Func<Expr, Expr>, Func<Expr, Expr>>[] { Grad, Diff };
        foreach (var restated in Restated(name))
        {
            Expr F(Expr x) => f(x * x) * x;
            Expr G(Expr x) => restated(x * x) * x;
            Agreement.Near(F(0.8), G(0.8), 1e-15);
            foreach (var d in modes)
            {
                Agreement.Near(Diff(F)(0.8), d(G)(0.8), 1e-13);
                foreach (var e in modes)
                {
                    Agreement.Near(Diff(F, 2)(0.8), d(e(G))(0.8), 1e-13);
                    foreach (var third in modes)
                    {
                        Agreement.Near(Diff(F, 3)(0.8), d(e(third(G)))(0.8), 1e-12);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_rule_works_on_tensors_in_loops_in_branches_and_on_symbols(string name)
    {
        var f = s_functions[name].F;
        Expr point = new double[] { 0.3, -0.9, 1.1 };
        foreach (var restated in Restated(name))
        {
            Agreement.Near(Hessian(x => Sum(f(x) * x))(point), Hessian(x => Sum(restated(x) * x))(point), 1e-13);
            Agreement.Near(Hessian(x => Sum(f(x) * x))(point), JacobianReverse(Grad(x => Sum(restated(x) * x)))(point), 1e-13);
            Expr Looped(Func<Expr, Expr> g, Expr x) => Sum(Iterate(3, s => Cond(s[0] > 0, () => g(s) / 2, () => s * g(x) / 3), x));
            Agreement.Near(Grad(x => Looped(f, x))(point), Grad(x => Looped(restated, x))(point), 1e-13);
            Agreement.Near(Hessian(x => Looped(f, x))(point), Hessian(x => Looped(restated, x))(point), 1e-12);
            var symbol = Variable("x", new Shape(3));
            Agreement.Near(Grad(x => Sum(f(x)))(point), Backward(Sum(restated(symbol)))[symbol].Substitute((symbol, point)), 1e-13);
            Agreement.Near(JacobianForward(f)(point), JacobianForward(restated)(symbol).Substitute((symbol, point)), 1e-13);
            Agreement.Near(Grad(x => Sum(Checkpoint(f)(x)))(point), Grad(x => Sum(Checkpoint(restated)(x)))(point), 1e-13);
        }
    }

    [Fact]
    public void A_derivative_that_is_another_than_the_value_suggests_is_used_in_every_mode()
    {
        // The straight-through estimator: Round with the derivative of the identity.
        var estimators = new[] { CustomVjp(x => (Round(x), y => y)), CustomJvp((x, dx) => (Round(x), dx)), Primitive.Define("round", Math.Round, (_, _) => 1) };
        foreach (var round in estimators)
        {
            Expr F(Expr x) => Pow(round(x), 2) * x;
            Assert.Equal(4 * 1.7, F(1.7).Value);

            // d/dx r²x = 2r·x + r², and again: 2x + 2r + 2r.
            Agreement.Near((4 * 1.7) + 4, Grad(F)(1.7), 1e-15);
            Agreement.Near((4 * 1.7) + 4, Diff(F)(1.7), 1e-15);
            foreach (var second in new[] { Grad(Grad(F)), Diff(Diff(F)), Grad(Diff(F)), Diff(Grad(F)) })
            {
                Agreement.Near((2 * 1.7) + 8, second(1.7), 1e-15);
            }

            var symbol = Variable("x");
            Agreement.Near((4 * 1.7) + 4, Backward(F(symbol))[symbol].Substitute((symbol, 1.7)), 1e-15);
            Agreement.Near(5, Grad(x => Fold((s, w) => round(s) + w, x, new double[] { 1, 2 }) * 5)(0.2), 1e-15);
        }
    }

    [Fact]
    public void A_pullback_may_clip_the_cotangents_that_pass_it()
    {
        var clip = CustomVjp(x => (x, y => Clamp(y, -1, 1)));
        Assert.Equal([1, -1, 0.5], Grad(x => Sum(clip(x) * new double[] { 30, -20, 0.5 }))(Ones(3)).ToArray());
        Assert.Equal(1, Grad(x => Iterate(10, s => clip(s) * 3, x))(1).Value);
    }

    [Fact]
    public void A_rule_may_look_at_the_value_of_its_argument()
    {
        var abs = CustomVjp(x => x > 0 ? (x, y => y) : (-x, y => -y));
        Assert.Equal((3, 1), (abs(3).Value, Grad(abs)(3).Value));
        Assert.Equal((2, -1), (abs(-2).Value, Grad(abs)(-2).Value));
        Assert.Equal(-1, Diff(abs)(-2).Value);
        Assert.Equal(2, Grad(Grad(x => abs(x) * abs(x)))(-2).Value);
        var other = CustomJvp((x, dx) => x > 0 ? (x, dx) : (-x, -dx));
        Assert.Equal(-1, Grad(other)(-2).Value);
        Assert.Equal(1, Diff(other)(2).Value);
        Assert.Throws<NotConcreteException>(() => abs(Variable("x")));
    }

    [Property(MaxTest = 30, Arbitrary = [typeof(Programs)], QuietOnSuccess = true)]
    public void A_pullback_by_the_vector_Jacobian_product_of_any_program_is_its_derivative(Program program)
    {
        // The rule takes a derivative itself.
        Func<Expr, Expr> f = program.Tensor;
        var x = program.Input;
        var vjp = CustomVjp(v => Vjp(f)(v) is var (y, pullback) ? (y, pullback) : default);
        var jvp = CustomJvp((v, dv) => Jvp(f)(v, dv));
        foreach (var restated in new[] { vjp, jvp })
        {
            Agreement.Near(f(x), restated(x));
            Agreement.Near(JacobianReverse(f)(x), JacobianReverse(restated)(x));
            Agreement.Near(JacobianReverse(f)(x), JacobianForward(restated)(x));
            Agreement.Near(Grad(program.Scalar)(x), Grad(v => program.Scalar(v) + Sum(restated(v)) - Sum(f(v)))(x));
            Agreement.Near(Hessian(v => Sum(f(v)))(x), Hessian(v => Sum(restated(v)))(x));
            Agreement.Near(Hessian(v => Sum(f(v)))(x), JacobianReverse(Grad(v => Sum(restated(v))))(x));
        }
    }

    [Fact]
    public void A_rule_may_take_two_arguments_or_a_tree()
    {
        var product = CustomVjp((x, y) => (x * y, z => (z * y, z * x)));
        static Expr Scaled(Expr x, Expr y) => Sin(x * y) * x;
        Agreement.Near(Grad(Scaled)(0.4, 0.6).Item2, Grad((x, y) => Sin(product(x, y)) * x)(0.4, 0.6).Item2, 1e-15);
        Agreement.Near(Diff(y => Grad((x, z) => Scaled(x, z))(0.4, y).Item1)(0.6), Diff(y => Grad((x, z) => Sin(product(x, z)) * x)(0.4, y).Item1)(0.6), 1e-14);

        Expr input = new double[] { 1, -2 };
        var affine = CustomVjp<Layer>(layer => (MatMul(layer.Weight, input) + layer.Bias, y => new Layer(Outer(y, input), y)));
        var tangent = CustomJvp<Layer>((layer, d) => (MatMul(layer.Weight, input) + layer.Bias, MatMul(d.Weight, input) + d.Bias));
        var point = new Layer(new double[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }, new double[] { 1, 2, 3 });
        var expected = Grad<Layer>(layer => Sum(Sin(MatMul(layer.Weight, input) + layer.Bias)))(point);
        foreach (var restated in new[] { affine, tangent })
        {
            var gradient = Grad<Layer>(layer => Sum(Sin(restated(layer))))(point);
            Agreement.Near(expected.Weight, gradient.Weight, 1e-14);
            Agreement.Near(expected.Bias, gradient.Bias, 1e-14);
        }
    }

    [Fact]
    public void What_a_rule_reads_from_outside_is_constant_to_it()
    {
        Expr data = new double[] { 2, 3 };
        var dot = CustomVjp(x => (Dot(x, data), y => y * data));
        Assert.Equal([2, 3], Grad(dot)(Ones(2)).ToArray());
        Assert.Equal([2, 3], JacobianForward(dot)(Ones(2)).ToArray());

        // A variable that no derivative is taken in, and one in which it is, but behind StopGradient.
        var w = Variable("w", 5.0);
        Assert.Equal(5, Grad(x => CustomVjp(v => (v * w, y => y * w))(x))(2).Value);
        Assert.Equal(5, Grad(x => CustomVjp(v => (v * StopGradient(x), y => y * StopGradient(x)))(x))(5).Value);
        var given = Variable("a");
        Assert.Equal(7, Grad(x => CustomVjp(v => (v * given, y => y * given))(x))(2).Substitute((given, 7)).Value);
    }

    [Fact]
    public void A_derivative_in_what_a_rule_reads_from_outside_is_an_error()
    {
        static Expr ByPullback(Expr x, Expr w) => CustomVjp(v => (v * w, y => y * w))(x);
        static Expr ByTangent(Expr x, Expr w) => CustomJvp((v, dv) => (v * w, dv * w))(x);
        foreach (var f in new Func<Expr, Expr, Expr>[] { ByPullback, ByTangent })
        {
            foreach (var derivative in new Func<Func<Expr, Expr>, Func<Expr, Expr>>[] { Grad, Diff, g => w => Backward(g(Variable("w", w))).Values.Last() })
            {
                var error = Assert.Throws<NotDifferentiableException>(() => derivative(w => f(2, w))(3));
                Assert.Contains("StopGradient", error.Message, StringComparison.Ordinal);
            }

            Assert.Equal(3, Grad(x => f(x, 3))(2).Value);
            Assert.Throws<NotDifferentiableException>(() => Grad(w => Iterate(2, s => f(s, w), 1))(3));
        }
    }

    [Fact]
    public void A_primitive_of_ones_own_has_all_orders()
    {
        // tan′ = 1 + tan².
        var tan = Primitive.Define("tan", Math.Tan, (_, y) => 1 + (y * y));
        for (var order = 0; order <= 4; order++)
        {
            Agreement.Near(Diff(Tan, order)(0.6), Diff(tan, order)(0.6), 1e-13);
        }

        Agreement.Near(Diff(Tan, 4)(0.6), Grad(Grad(Grad(Grad(tan))))(0.6), 1e-13);
        Agreement.Near(Diff(Tan, 4)(0.6), Grad(Diff(Grad(Diff(tan))))(0.6), 1e-13);
        Expr point = new double[,] { { 0.1, 0.2 }, { -0.3, 0.4 } };
        Agreement.Near(Tan(point), tan(point), 1e-15);
        Agreement.Near(Hessian(x => Sum(Tan(x) * x))(point), Hessian(x => Sum(tan(x) * x))(point), 1e-13);
        Agreement.Near(JacobianReverse(Tan)(point), JacobianReverse(tan)(point), 1e-13);
        Agreement.Near(Hessian(x => Sum(Iterate(3, Tan, x)))(point), Hessian(x => Sum(Iterate(3, tan, x)))(point), 1e-12);
        Assert.Equal(new Shape(0), Grad(x => Sum(tan(x)))(Zeros(0)).Shape);
    }

    [Fact]
    public void A_primitive_of_a_tensor_of_one_number_is_computed_once()
    {
        var calls = 0;
        var f = Primitive.Define("f", x => ++calls * 0 + (x * x), (x, _) => 2 * x);
        Agreement.Identical(9 * Ones(1000, 1000), f(3 * Ones(1000, 1000)));
        Assert.Equal(1, calls);
        Agreement.Identical(6 * Ones(1000), Grad(x => Sum(f(x)))(3 * Ones(1000)));
    }

    [Fact]
    public void A_derivative_of_a_primitive_may_be_a_number_or_a_mask()
    {
        var step = Primitive.Define("relu", x => Math.Max(x, 0), (x, _) => x > 0);
        Assert.Equal([0, 1, 0], Grad(x => Sum(step(x)))(new double[] { -1, 2, 0 }).ToArray());
        Assert.Equal([2, 2], Grad(x => Sum(Primitive.Define("twice", v => 2 * v, (_, _) => 2)(x)))(Ones(2)).ToArray());
    }
}
