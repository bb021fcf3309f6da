// The polar factor of matrices whose singular values coincide, nearly coincide or are apart, in every mode, to third order.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class PolarFactorTests
{
    private const int Orders = 3;

    private static readonly Expr s_turn = Qr(Tensors.Direction(new Shape(3, 3), 1)).Q;
    private static readonly Expr s_frame = Qr(Tensors.Direction(new Shape(5, 2), 2)).Q;

    /// <summary>Matrices at which singular vectors have no derivative, or nearly none.</summary>
    private static readonly Expr[] s_repeated =
    [
        Eye(2), Eye(4), s_turn, -2.5 * s_turn, s_frame, 3 * s_frame, Transpose(s_frame), MatMul(s_turn, Diag(new double[] { 1, 1, 2 })),
        MatMul(s_turn, Diag(new double[] { 1, 1 + 1e-9, 1 + 2e-6 })), MatMul(s_frame, Diag(new double[] { 1, 1 + 1e-12 })), new double[,] { { -3 } },
    ];

    [Fact]
    public void A_polar_factor_has_orthonormal_columns_or_rows_and_leaves_a_symmetric_positive_factor() => ForLines((a, _) =>
    {
        var q = PolarFactor(a);
        var (tall, orthonormal) = a.Shape[0] < a.Shape[1] ? (Transpose(a), Transpose(q)) : (a, q);
        var stretch = MatMul(Transpose(orthonormal), tall);
        Agreement.Near(Eye(tall.Shape[1]), MatMul(Transpose(orthonormal), orthonormal), 1e-13);
        Agreement.Near(stretch, Transpose(stretch), 1e-13);
        Assert.True(Eigh(stretch).Values[0].Value > 0);
        Agreement.Near(tall, MatMul(orthonormal, stretch), 1e-13);
    });

    [Fact]
    public void Its_derivatives_are_those_of_the_matrix_times_an_inverse_root() => ForLines((a, direction) =>
    {
        Agreement.Near(ByRoot(a), PolarFactor(a), 1e-12);
        Agreement.Near(JacobianReverse(ByRoot)(a), JacobianReverse(PolarFactor)(a));
        Agreement.Near(JacobianReverse(ByRoot)(a), JacobianForward(PolarFactor)(a));
        Func<Expr, Expr> bent = x => Sum(direction * Sin(PolarFactor(x))), expected = x => Sum(direction * Sin(ByRoot(x)));
        Agreement.Near(Hvp(expected)(a, direction), Hvp(bent)(a, direction));
        Agreement.Near(Hvp(expected)(a, direction), Compile(Hvp(bent))(a, direction));
        Agreement.Near(Hvp(expected)(a, direction), JacobianForward(t => JacobianForward(bent)(a + (t * direction)))(0));
        Agreement.Near(Hvp(expected)(a, direction), JacobianReverse(t => JacobianForward(bent)(a + (t * direction)))(0));
        for (var order = 2; order <= Orders; order++)
        {
            Agreement.Near(Diff(t => ByRoot(a + (t * direction)), order)(0), Diff(t => PolarFactor(a + (t * direction)), order)(0), 1e-9);
        }

        Agreement.Near(Diff(t => bent(a + (t * direction)), Orders)(0), Grad(Grad(Grad(t => bent(a + (t * direction)))))(0), 1e-9);
    });

    [Fact]
    public void A_factor_of_what_was_turned_and_stretched_moves_with_the_turn_alone()
    {
        // Q(t) = exp(tW) Q of exp(tW) Q H with H symmetric and positive, whatever H does.
        Expr w = new double[,] { { 0, 1, -2 }, { -1, 0, 0.5 }, { 2, -0.5, 0 } };
        Func<Expr, Expr> turned = t => MatMul(Expm(t * w), s_turn);
        Func<Expr, Expr> factor = t => PolarFactor(MatMul(turned(t), (2 * Eye(3)) + (t * Ones(3, 3))));
        for (var order = 0; order <= 4; order++)
        {
            Agreement.Near(Diff(turned, order)(0), Diff(factor, order)(0));
        }
    }

    [Fact]
    public void Samples_have_their_own_factors_and_derivatives()
    {
        var batch = Stack([Eye(3), s_turn, 2 * s_turn, Tensors.Direction(new Shape(3, 3), 4)]);
        foreach (var f in new Func<Expr, Expr>[] { PolarFactor, Grad(x => Sum(Sin(PolarFactor(x)))), Hessian(x => Sum(Sin(PolarFactor(x[.., ..2])))), x => PolarFactor(x[..2]) })
        {
            Agreement.Near(Matrices.Looped(f, batch), Vmap(f)(batch));
            Agreement.Near(Matrices.Looped(f, batch), Compile(Vmap(f))(batch));
        }
    }

    [Fact]
    public void The_smallest_singular_value_of_a_square_matrix_does_not_divide()
    {
        Expr a = new double[,] { { 2, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1e-13 } };
        Agreement.Near(Eye(3), PolarFactor(a), 1e-15);

        // Of [i, j] in the derivative along [k, l], (δᵢₖδⱼₗ − δᵢₗδⱼₖ)/(sₖ + sₗ).
        var s = new[] { 2, 1, 1e-13 };
        var expected = Grid.Build([3, 3, 3, 3], at => ((at[0] == at[2] && at[1] == at[3] ? 1 : 0) - (at[0] == at[3] && at[1] == at[2] ? 1 : 0)) / (s[at[2]] + s[at[3]])).ToExpr();
        Agreement.Near(expected, JacobianReverse(PolarFactor)(a), 1e-13);
        Agreement.Near(expected, JacobianForward(PolarFactor)(a), 1e-13);
    }

    [Fact]
    public void A_nearly_singular_matrix_has_the_factor_of_its_singular_vectors()
    {
        var right = Qr(Tensors.Direction(new Shape(3, 3), 7)).Q;
        var a = MatMul(s_turn * (Expr)new double[] { 1, 0.5, 1e-10 }, Transpose(right));
        Agreement.Near(MatMul(s_turn, Transpose(right)), PolarFactor(a), 1e-14);
        Assert.True(MaxOf(Abs(JacobianReverse(PolarFactor)(a))).Value < 2);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-40)]
    [InlineData(-300)]
    public void The_unit_of_measure_is_a_factor_of_the_derivatives_alone(int exponent)
    {
        var unit = Math.ScaleB(1, exponent);
        Expr a = new double[,] { { 2, 1 }, { -1, 3 } };
        Agreement.Near(PolarFactor(a), PolarFactor(a * unit), 1e-15);
        Agreement.Near(JacobianReverse(PolarFactor)(a), JacobianReverse(PolarFactor)(a * unit) * unit, 1e-14);
        Agreement.Near(Hessian(x => Sum(Sin(PolarFactor(x))))(a), Hessian(x => Sum(Sin(PolarFactor(x))))(a * unit) * unit * unit, 1e-14);
    }

    [Fact]
    public void Derivatives_at_repeated_singular_values_are_those_of_finite_differences()
    {
        foreach (var a in s_repeated)
        {
            Check.Gradients(x => Sum(Sin(PolarFactor(x) * Tensors.Direction(x.Shape, 5))), a).IfFail(error => Assert.Fail(error.Message));
        }
    }

    [Fact]
    public void A_formula_shows_its_name()
    {
        var a = Variable("A", new Shape(3, 2));
        Assert.Equal("polarfactor(A)", PolarFactor(a).ToString());
        Assert.Equal("\\operatorname{polarfactor}\\left(A\\right)", PolarFactor(a).ToLatex());
        Agreement.Near(Grad(x => Sum(PolarFactor(x)))(s_frame[..3]), Grad(x => Sum(PolarFactor(x)))(a).Substitute((a, s_frame[..3])));
    }

    private static Expr ByRoot(Expr a) => a.Shape[0] < a.Shape[1]
        ? Transpose(ByRoot(Transpose(a)))
        : MatMul(a, MatrixFunction(x => Pow(x, -0.5), MatMul(Transpose(a), a)));

    private static void ForLines(Action<Expr, Expr> law)
    {
        foreach (var a in s_repeated)
        {
            law(a, Tensors.Direction(a.Shape, 3));
        }

        Prop.ForAll(
            (from rows in Gen.Choose(1, 4)
             from columns in Gen.Choose(1, 4)
             from a in Matrices.Of(Shape.Scalar, rows, columns)
             from direction in Tensors.Of(a.Shape)
             select (a, direction)).ToArbitrary(),
            line => law(line.a, line.direction)).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }
}
