// Functions of symmetric matrices whose eigenvalues coincide, nearly coincide or are apart: against closed forms, in every mode, to
// third order.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class MatrixFunctionTests
{
    private const int Orders = 3;

    /// <summary>Matrices at which the vectors of eigenvalues have no derivative, or nearly none.</summary>
    private static readonly Expr[] s_repeated =
    [
        Eye(3), 2.5 * Eye(2), Diag(new double[] { 1, 1, 2 }), Diag(new double[] { 3, 1, 3, 1 }), Diag(new double[] { 1, 1 + 1e-12, 2 }),
        Diag(new double[] { 1, 1 + 1e-9 }), Diag(new double[] { 1, 1 + 1e-6, 1 - 1e-6 }), Ones(3, 3) + Eye(3), new double[,] { { 4 } },
    ];

    /// <summary>f with its parameters as coefficients, and the same by products of matrices.</summary>
    private static readonly Func<Expr, Expr, Expr> s_polynomial = (a, p) => MatrixFunction(x => p[0] + (p[1] * x) + (p[2] * x * x) + (Exp(p[3]) * x * x * x), a);

    private static readonly Func<Expr, Expr, Expr> s_products = (a, p) =>
        Symmetric(a) is var s && MatMul(s, s) is var square ? (p[0] * Eye(a.Shape[0])) + (p[1] * s) + (p[2] * square) + (Exp(p[3]) * MatMul(s, square)) : a;

    [Fact]
    public void An_exponential_is_that_of_the_symmetric_part() => HasDerivativesOf(x => Expm(Symmetric(x)), x => MatrixFunction(Exp, x));

    [Fact]
    public void A_reciprocal_is_an_inverse() => HasDerivativesOf(x => Inverse(Symmetric(x)), x => MatrixFunction(v => 1 / v, x));

    [Fact]
    public void A_power_is_a_product()
    {
        HasDerivativesOf(Symmetric, x => MatrixFunction(v => v, x));
        HasDerivativesOf(x => MatMul(Symmetric(x), Symmetric(x)), x => MatrixFunction(v => v * v, x));
        HasDerivativesOf(x => MatrixPower(Symmetric(x), 3), x => MatrixFunction(v => Pow(v, 3), x));
    }

    [Fact]
    public void Terms_of_a_function_that_cancel_do_no_harm() => HasDerivativesOf(
        x => Symmetric(x) is var s ? MatMul(s, Inverse(Eye(x.Shape[0]) + MatMul(s, s))) : x, x => MatrixFunction(v => v / (1 + (v * v)), x));

    [Fact]
    public void A_constant_is_a_multiple_of_the_identity() => HasDerivativesOf(x => 3 * Eye(x.Shape[0]), x => MatrixFunction(_ => 3, x));

    [Fact]
    public void A_function_may_be_a_parameter_alone()
    {
        Func<Expr, Expr, Expr> f = (a, p) => Trace(MatrixFunction(_ => p[1], a)) * p[0];
        Agreement.Near(new double[] { 9, 6 }, Grad(p => f(Eye(3), p))(new double[] { 2, 3 }));
        Agreement.Near(Zeros(3, 3), Grad(a => f(a, new double[] { 2, 3 }))(Eye(3)));
        Agreement.Near(new double[,] { { 0, 3 }, { 3, 0 } }, Hessian(p => f(Eye(3), p))(new double[] { 2, 3 }));
    }

    [Fact]
    public void A_square_root_squared_is_the_matrix() => RestoresItsArgument(x => MatrixFunction(Sqrt, x) is var root ? MatMul(root, root) : x);

    [Fact]
    public void The_exponential_of_a_logarithm_is_the_matrix()
    {
        RestoresItsArgument(x => Expm(MatrixFunction(Log, x)));
        RestoresItsArgument(x => MatrixFunction(Exp, MatrixFunction(Log, x)));
        RestoresItsArgument(x => MatrixFunction(Tan, MatrixFunction(Atan, x)));
    }

    [Fact]
    public void A_sine_and_a_cosine_lie_on_a_circle() => ForLines((a, direction) =>
    {
        Func<Expr, Expr> curve = t => a + (t * direction) is var x && MatrixFunction(Sin, x) is var sine && MatrixFunction(Cos, x) is var cosine
            ? MatMul(sine, sine) + MatMul(cosine, cosine)
            : t;
        IsAlongLine(curve, Eye(a.Shape[0]), Zeros(a.Shape));
    });

    [Fact]
    public void Functions_with_kinks_have_their_derivatives_where_no_eigenvalue_is_at_one() => ForLines((a, direction) =>
    {
        // The kink lies between eigenvalues, which are near whole numbers and halves above them.
        var shift = 1.75 * Eye(a.Shape[0]);
        Func<Expr, Expr> line = t => a + (t * Symmetric(direction)) - shift;
        Func<Expr, Expr> square = t => MatrixFunction(Abs, line(t)) is var size ? MatMul(size, size) : t;
        Func<Expr, Expr> signed = t => MatMul(MatrixFunction(Sign, line(t)), line(t));
        Func<Expr, Expr> upper = t => MatrixFunction(Relu, line(t));
        Func<Expr, Expr> lower = t => line(t) + MatrixFunction(v => Relu(-v), line(t));
        for (var order = 0; order <= Orders; order++)
        {
            // The square is a sum of products of derivatives of |A| of lower and of this order, which cancel.
            var terms = 1 + MaxOf(MatMul(MatrixFunction(Abs, line(0)), Abs(Diff(t => MatrixFunction(Abs, line(t)), order)(0))));
            Agreement.Near(Diff(t => MatMul(line(t), line(t)), order)(0) / terms, Diff(square, order)(0) / terms);
            Agreement.Near(Diff(t => MatrixFunction(Abs, line(t)), order)(0), Diff(signed, order)(0));
            Agreement.Near(Diff(lower, order)(0), Diff(upper, order)(0));
        }
    });

    [Fact]
    public void A_function_that_is_known_only_between_the_eigenvalues_will_do()
    {
        var a = Diag(new double[] { 1, 1 + 1e-7, 2, 3 });
        Func<Expr, Expr> outside = v => (v < 1) + (v > 3);
        Func<Expr, Expr> bounded = t => MatrixFunction(v => Where(outside(v), double.NaN, Pow(v, 5)), a + (t * Tensors.Direction(a.Shape, 1)));
        Func<Expr, Expr> everywhere = t => MatrixPower(a + (t * Symmetric(Tensors.Direction(a.Shape, 1))), 5);
        for (var order = 0; order <= Orders; order++)
        {
            Agreement.Near(Diff(everywhere, order)(0), Diff(bounded, order)(0));
        }
    }

    [Fact]
    public void Powers_of_one_matrix_add_their_exponents() => ForLines((a, direction) =>
    {
        Func<Expr, Expr, Expr> power = (x, p) => MatrixFunction(v => Pow(v, p), x);
        var logarithm = MatrixFunction(Log, a);
        Agreement.Near(MatMul(logarithm, power(a, 0.3)), Jacobian(p => power(a, p))(0.3));
        Agreement.Near(MatMul(logarithm, MatMul(logarithm, power(a, 0.3))), JacobianForward(JacobianReverse(p => power(a, p)))(0.3));

        Func<Expr, Expr, Expr> product = (t, p) => a + (t * direction) is var x ? MatMul(power(x, p), power(x, 0.5)) : t;
        Func<Expr, Expr, Expr> sum = (t, p) => power(a + (t * direction), p + 0.5);
        Func<Func<Expr, Expr, Expr>, Func<Expr, Expr>> mixed = f => p => Diff(t => f(t, p), 2)(0);
        Agreement.Near(Diff(mixed(sum))(0.3), Diff(mixed(product))(0.3));
        Agreement.Near(Diff(mixed(sum))(0.3), JacobianReverse(mixed(sum))(0.3));
    });

    [Fact]
    public void Derivatives_in_parameters_and_matrices_mix_in_any_order()
    {
        Expr parameters = new double[] { 0.5, -1, 2, 0.3 };
        foreach (var a in s_repeated)
        {
            Func<Expr, Expr, Expr> f = Weighted(s_polynomial), expected = Weighted(s_products);
            foreach (var derivative in new Func<Func<Expr, Expr, Expr>, Expr>[]
            {
                g => Grad(p => g(a, p))(parameters),
                g => JacobianForward(p => g(a, p))(parameters),
                g => Hessian(p => g(a, p))(parameters),
                g => JacobianReverse(p => Grad(x => g(x, p))(a))(parameters),
                g => JacobianReverse(x => Grad(p => g(x, p))(parameters))(a),
                g => JacobianForward(x => Grad(p => g(x, p))(parameters))(a),
                g => JacobianForward(p => JacobianForward(x => g(x, p))(a))(parameters),
                g => JacobianReverse(p => Hessian(x => g(x, p))(a))(parameters),
                g => JacobianReverse(x => JacobianReverse(x => Grad(p => g(x, p))(parameters))(x))(a),
                g => JacobianReverse(p => JacobianReverse(x => Grad(p => g(x, p * p))(p))(a))(parameters),
            })
            {
                Agreement.Near(derivative(expected), derivative(f), 1e-11);
            }
        }
    }

    [Fact]
    public void Samples_may_differ_in_matrices_parameters_or_both()
    {
        var matrices = Stack([Eye(3), Ones(3, 3), Diag(new double[] { 1, 1 + 1e-9, 2 }), Tensors.Direction(new Shape(3, 3), 1)]);
        var parameters = Stack([.. Enumerable.Range(0, 4).Select(i => Tensors.Direction(new Shape(4), i))]);
        Expr Each(Func<int, Expr> f) => Stack([.. Enumerable.Range(0, 4).Select(f)]);
        foreach (var derivative in new Func<Func<Expr, Expr, Expr>, Func<Expr, Expr, Expr>>[]
        {
            g => g,
            g => (a, p) => Grad(x => g(x, p))(a),
            g => (a, p) => Grad(p => g(a, p))(p),
            g => (a, p) => JacobianReverse(x => Grad(p => g(x, p))(p))(a),
            g => (a, p) => JacobianForward(p => JacobianReverse(p => Grad(x => g(x, p * p))(a))(p))(p),
        })
        {
            var (f, expected) = (derivative(Weighted(s_polynomial)), derivative(Weighted(s_products)));
            Agreement.Near(Each(i => expected(matrices[i], parameters[i])), Vmap(f)(matrices, parameters));
            Agreement.Near(Each(i => expected(matrices[i], parameters[i])), Compile(Vmap(f))(matrices, parameters));
            Agreement.Near(Each(i => expected(matrices[i], parameters[0])), Vmap(a => f(a, parameters[0]))(matrices));
            Agreement.Near(Each(i => expected(matrices[2], parameters[i])), Vmap(p => f(matrices[2], p))(parameters));
            Agreement.Near(Each(i => Each(j => expected(matrices[j], parameters[i]))), Vmap(p => Vmap(a => f(a, p))(matrices))(parameters));
            Agreement.Near(Each(i => Each(j => expected(matrices[i], parameters[j]))), Vmap(a => Vmap(p => f(a, p))(parameters))(matrices));
            Agreement.Near(expected(matrices[0], parameters[0]), Compile(f)(matrices[0], parameters[0]));
        }
    }

    [Fact]
    public void Parameters_that_all_matrices_of_a_batch_share_have_the_sum_of_their_derivatives()
    {
        var matrices = Stack([Eye(3), Ones(3, 3), Diag(new double[] { 1, 1 + 1e-9, 2 }), Tensors.Direction(new Shape(3, 3), 1)]);
        Expr parameters = new double[] { 0.5, -1, 2, 0.3 };
        Expr Bent(Func<Expr, Expr, Expr> f, Expr all, Expr p) => Sum(Stack([.. Enumerable.Range(0, 4).Select(i => Sin(f(all[i], p)))]));
        Expr AtOnce(Expr all, Expr p) => Sum(Sin(s_polynomial(all, p)));
        Agreement.Near(Grad(p => Bent(s_products, matrices, p))(parameters), Grad(p => AtOnce(matrices, p))(parameters));
        Agreement.Near(
            JacobianReverse(all => Grad(p => Bent(s_products, all, p))(parameters))(matrices),
            JacobianReverse(all => Grad(p => AtOnce(all, p))(parameters))(matrices));
        Agreement.Near(
            JacobianForward(p => Grad(all => Bent(s_products, all, p))(matrices))(parameters),
            JacobianReverse(p => Grad(all => AtOnce(all, p))(matrices))(parameters));
    }

    [Fact]
    public void Derivatives_at_repeated_eigenvalues_are_those_of_finite_differences()
    {
        foreach (var a in s_repeated)
        {
            var direction = Tensors.Direction(a.Shape, 2);
            foreach (var f in new Func<Expr, Expr>[] { Sqrt, Log, Tanh, x => Exp(-x * x) })
            {
                Assert.True(Check.Gradients(x => Sum(direction * MatrixFunction(f, x)), a, order: 2).IsSucc);
            }
        }

        Assert.True(Check.Gradients(x => Sum(Tensors.Direction(x.Shape, 2) * MatrixFunction(Cos, x)), Zeros(3, 3), order: 2).IsSucc);
    }

    [Fact]
    public void Results_and_gradients_are_symmetric_to_the_bit() => ForLines((a, direction) =>
    {
        var skew = a + direction - Transpose(direction) + (direction / 8);
        foreach (var matrix in new[] { MatrixFunction(Tanh, skew), Grad(x => Sum(direction * MatrixFunction(Tanh, x)))(skew), Hvp(x => Sum(direction * MatrixFunction(Tanh, x)))(skew, direction) })
        {
            Agreement.Identical(matrix, Transpose(matrix));
        }
    });

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void The_unit_of_measure_is_a_factor_of_root_and_derivatives(int exponent)
    {
        var unit = Math.ScaleB(1, exponent);
        Expr a = new double[,] { { 2, 1, 0 }, { 1, 2, 0 }, { 0, 0, 3 + 1e-9 } };
        Func<Expr, Expr> root = x => Sum(Tensors.Direction(a.Shape, 3) * MatrixFunction(Sqrt, x));
        Agreement.Near(root(a), root(a * unit) / Math.Sqrt(unit), 1e-14);
        Agreement.Near(Grad(root)(a), Grad(root)(a * unit) * Math.Sqrt(unit), 1e-14);
        Agreement.Near(Hessian(root)(a), Hessian(root)(a * unit) * Math.Sqrt(unit) * unit, 1e-14);
    }

    [Fact]
    public void A_function_of_a_matrix_works_inside_programs()
    {
        Expr a = new double[,] { { 2, 0 }, { 0, 2 } };
        var weights = Tensors.Direction(a.Shape, 1);
        Func<Expr, Expr, Expr> step = (x, p) => MatrixFunction(v => Sqrt(p * v), x);
        Func<Expr, Expr, Expr> twice = (x, p) => Sum(weights * step(step(x, p), p));
        Func<Expr, Expr, Expr>[] programs =
        [
            (x, p) => Sum(weights * Iterate(2, s => step(s, p), x)),
            (x, p) => Sum(weights * Fold((s, factor) => step(s, p * factor), x, Ones(2))),
            (x, p) => Cond(Trace(x) > 0, () => twice(x, p), () => 0),
            (x, p) => Sum(weights * Checkpoint(s => step(step(s, p), p))(x)),
            (x, p) => Sum(weights * MatrixFunction(v => Iterate(2, s => Sqrt(p * s), v), x)),
            (x, p) => Sum(weights * MatrixFunction(v => Root(r => (r * r) - (p * Sqrt(p * v)), 1), x)),
            (x, p) => Sum(weights * MatrixFunction(v => Cond(v > 1, () => Sqrt(p * Sqrt(p * v)), () => 0), x)),
        ];
        foreach (var program in programs)
        {
            foreach (var derivative in new Func<Func<Expr, Expr, Expr>, Expr>[]
            {
                f => f(a, 1.5),
                f => Grad(x => f(x, 1.5))(a),
                f => Hessian(x => f(x, 1.5))(a),
                f => JacobianReverse(p => Grad(x => f(x, p))(a))(1.5),
                f => JacobianForward(x => Grad(p => f(x, p))(1.5))(a),
                f => Compile(x => Grad(y => f(y, 1.5))(x))(a),
            })
            {
                Agreement.Near(derivative(twice), derivative(program));
            }
        }

        var rule = CustomVjp(x => (MatrixFunction(Sqrt, x), cotangent => MatrixFunction(Exp, cotangent)));
        Agreement.Near(MatrixFunction(Exp, weights), Grad(x => Sum(weights * rule(x)))(a));
    }

    [Fact]
    public void A_matrix_that_is_masked_does_no_harm()
    {
        var batch = Stack([Eye(2), -Eye(2), 2 * Eye(2)]);
        Expr p = 1.5;
        Func<Expr, Expr, Expr> masked = (x, q) => Sum(Where(Reshape(Einsum("...ii->...", x), 3, 1, 1) > 0, MatrixFunction(v => Pow(v, q) * Log(v), x), 0));
        Func<Expr, Expr, Expr> kept = (x, q) => Sum(MatrixFunction(v => Pow(v, q) * Log(v), Take(x, [0, 2])));
        Agreement.Near(Grad(x => kept(x, p))(batch), Grad(x => masked(x, p))(batch));
        Agreement.Near(Grad(x => kept(x, p))(batch), JacobianForward(x => masked(x, p))(batch));
        Agreement.Near(Hessian(x => kept(x, p))(batch), Hessian(x => masked(x, p))(batch));
        Agreement.Near(Grad(q => kept(batch, q))(p), Grad(q => masked(batch, q))(p));
        Agreement.Near(JacobianReverse(x => Grad(q => kept(x, q))(p))(batch), JacobianReverse(x => Grad(q => masked(x, q))(p))(batch));
    }

    [Fact]
    public void A_function_that_does_not_take_a_number_to_a_number_is_an_error()
    {
        var shape = Assert.Throws<ShapeException>(() => MatrixFunction(x => x * Ones(3), Eye(2)));
        Assert.Contains("MatrixFunction", shape.Message, StringComparison.Ordinal);
        Assert.Contains("(3)", shape.Message, StringComparison.Ordinal);
        Assert.Throws<NotConcreteException>(() => MatrixFunction(x => x.Value > 0 ? x : -x, Eye(2)));
        Assert.Throws<NotConcreteException>(() => MatrixFunction(x => x > 0 ? x : -x, Eye(2)));
    }

    [Fact]
    public void A_formula_shows_the_function()
    {
        var (a, p) = (Variable("A", new Shape(2, 2)), Variable("p"));
        var formula = MatrixFunction(x => Exp(p * x), a);
        Assert.Equal("matrixfunction(x => exp(p * x), A)", formula.ToString());
        Assert.Equal("\\operatorname{matrixfunction}\\left(x \\mapsto \\mathrm{e}^{p \\cdot x}, A\\right)", formula.ToLatex());
        Assert.Equal("matrixfunction(x => exp(p * x), A, along: [[1, 0], [0, 1]])", Grad(x => Trace(MatrixFunction(v => Exp(p * v), x)))(a).ToString());
        Assert.Equal("matrixfunction(x => exp(p * x) * x, A, trace: [[1, 0], [0, 1]])", Grad(q => Trace(MatrixFunction(v => Exp(q * v), a)))(p).ToString());
        Assert.Contains("matrixfunction(x", formula.ToMermaid(), StringComparison.Ordinal);
        Agreement.Near(MatrixFunction(x => Exp(2 * x), Ones(2, 2)), formula.Substitute((a, Ones(2, 2)), (p, 2)), 0);
    }

    [Fact]
    public void A_function_of_eigenvalues_that_are_apart_is_that_of_their_decomposition()
    {
        Func<Func<Expr, Expr>, Func<Expr, Expr>> rebuilt = f => x => Eigh(x) is var (values, vectors) ? MatMul(vectors * f(values), Transpose(vectors)) : x;
        Prop.ForAll(Matrices.Positive(Shape.Scalar, 4).ToArbitrary(), a =>
        {
            foreach (var f in new Func<Expr, Expr>[] { Sqrt, Tanh, Abs, x => Pow(x, -0.7) })
            {
                Agreement.Near(rebuilt(f)(a), MatrixFunction(f, a), 1e-13);
                Agreement.Near(JacobianReverse(rebuilt(f))(a), JacobianReverse(x => MatrixFunction(f, x))(a));
                Agreement.Near(Hvp(x => Sum(Sin(rebuilt(f)(x))))(a, a), Hvp(x => Sum(Sin(MatrixFunction(f, x))))(a, a));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    private static Expr Symmetric(Expr x) => (x + Matrices.Transposed(x)) / 2;

    private static Func<Expr, Expr, Expr> Weighted(Func<Expr, Expr, Expr> f) => (a, p) => Sum(Tensors.Direction(a.Shape, 3) * f(a, p));

    /// <summary>Values and derivatives of two functions are equal in every mode, to third order along a line.</summary>
    private static void HasDerivativesOf(Func<Expr, Expr> expected, Func<Expr, Expr> f) => ForLines((a, direction) =>
    {
        Agreement.Near(expected(a), f(a), 1e-13);
        Agreement.Near(Jacobian(expected)(a), JacobianReverse(f)(a), 1e-12);
        Agreement.Near(Jacobian(expected)(a), JacobianForward(f)(a), 1e-12);
        Func<Expr, Expr> bent = x => Sum(direction * f(x)), straight = x => Sum(direction * expected(x));
        Agreement.Near(Hvp(straight)(a, direction), Hvp(bent)(a, direction), 1e-11);
        Agreement.Near(Jvp(Grad(straight))(a, direction).Tangent, JacobianForward(t => Grad(bent)(a + (t * direction)))(0), 1e-11);
        for (var order = 2; order <= Orders; order++)
        {
            Agreement.Near(Diff(t => expected(a + (t * direction)), order)(0), Diff(t => f(a + (t * direction)), order)(0), 1e-11);
        }

        Agreement.Near(Diff(t => straight(a + (t * direction)), Orders)(0), Grad(Grad(Grad(t => bent(a + (t * direction)))))(0), 1e-11);
    });

    /// <summary>A function of a symmetric matrix that is the matrix itself, with its derivatives.</summary>
    private static void RestoresItsArgument(Func<Expr, Expr> f) => ForLines((a, direction) => IsAlongLine(t => f(a + (t * direction)), a, Symmetric(direction)));

    private static void IsAlongLine(Func<Expr, Expr> curve, Expr value, Expr slope)
    {
        Agreement.Near(value, curve(0), 1e-13);
        Agreement.Near(slope, Diff(curve)(0), 1e-12);
        Agreement.Near(slope, JacobianReverse(curve)(0), 1e-12);
        for (var order = 2; order <= Orders; order++)
        {
            Agreement.Near(Zeros(value.Shape), Diff(curve, order)(0), 1e-10);
        }
    }

    private static void ForLines(Action<Expr, Expr> law)
    {
        foreach (var a in s_repeated)
        {
            law(a, Tensors.Direction(a.Shape, 1));
        }

        Prop.ForAll(
            (from n in Gen.Choose(1, 8)
             from a in Matrices.Clustered(n)
             from direction in Tensors.Of(new Shape(n, n))
             select (a, direction)).ToArbitrary(),
            line => law(line.a, line.direction)).Check(Config.QuickThrowOnFailure.WithMaxTest(12));
    }
}
