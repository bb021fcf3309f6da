// Matrices that an operation cannot do with: the error says which one of the batch, and is the same wherever the value
// is computed. And those that only a derivative stumbles over.

using Autodiff.PropertyTests.Errors;
using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Errors.Example;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class SingularTests
{
    private static readonly Expr s_singular = new double[,] { { 1, 2 }, { 2, 4 } };
    private static readonly Expr s_batch = Reshape(Stack([Eye(2), Eye(2), s_singular, Eye(2)]), 2, 2, 2, 2);

    internal static IReadOnlyList<Example> All { get; } =
    [
        Of<AutodiffException>(() => Solve(s_singular, Ones(2)), ["Solve", "the matrix of shape (2, 2)", "singular"]),
        Of<AutodiffException>(() => Solve(s_batch, Ones(2)), ["Solve", "matrix [1, 0] of the batch, of shape (2, 2),", "singular"]),
        Of<AutodiffException>(() => Solve(s_batch[1], Ones(3, 1, 2, 5)), ["Solve", "matrix [0] of the batch, of shape (2, 2),", "singular"]),
        Of<AutodiffException>(() => Inverse(s_singular), ["Inverse", "singular"]),
        Of<AutodiffException>(() => Inverse(s_batch), ["Inverse", "[1, 0]", "singular"]),
        Of<AutodiffException>(() => MatrixPower(s_singular, -1), ["Inverse", "singular"]),
        Of<AutodiffException>(() => SolveTriangular(new double[,] { { 1, 0 }, { 1, 0 } }, Ones(2)), ["SolveTriangular", "singular", "element 1", "diagonal"]),
        Of<AutodiffException>(() => SolveTriangular(new double[,] { { 0, 1 }, { 1, 1 } }, Ones(2), lower: false), ["SolveTriangular", "singular", "element 0"]),
        Of<AutodiffException>(() => Cholesky(s_singular - Eye(2)), ["Cholesky", "not positive definite"]),
        Of<AutodiffException>(() => Cholesky(-s_batch), ["Cholesky", "[0, 0]", "not positive definite"]),
        Of<AutodiffException>(() => PolarFactor(s_singular), ["PolarFactor", "the matrix of shape (2, 2)", "dependent columns", "not unique"]),
        Of<AutodiffException>(() => PolarFactor(s_batch), ["PolarFactor", "matrix [1, 0] of the batch", "not unique"]),
        Of<AutodiffException>(() => PolarFactor(Zeros(3, 2)), ["PolarFactor", "dependent columns"]),
        Of<AutodiffException>(() => PolarFactor(Ones(2, 3)), ["PolarFactor", "dependent rows"]),
    ];

    [Fact]
    public void A_formula_meets_the_same_error_when_its_variables_get_values()
    {
        var a = Variable("a", s_batch.Shape);
        foreach (var f in new Func<Expr, Expr>[] { x => Solve(x, Ones(2)), Inverse, x => Cholesky(-x), x => SolveTriangular(x * 0, Ones(2)), PolarFactor })
        {
            var formula = f(a);
            var eager = Record.Exception(() => f(s_batch));

            Assert.IsType<AutodiffException>(eager);
            Assert.Equal(eager.Message, Record.Exception(() => formula.Substitute((a, s_batch)))?.Message);
            Assert.Equal(eager.Message, Record.Exception(() => Grad(x => Sum(f(x)))(s_batch))?.Message);
        }
    }

    [Fact]
    public void The_logarithm_of_a_vanishing_determinant_flows_and_has_no_derivative()
    {
        Assert.Equal([0, 0, double.NegativeInfinity, 0], Reshape(LogDet(s_batch), -1).ToArray());
        Assert.All(Grad(LogDet)(s_singular).ToArray(), slope => Assert.True(double.IsNaN(slope)));
    }

    [Fact]
    public void A_matrix_that_is_masked_does_no_harm()
    {
        Expr Masked(Expr x) => Sum(Where(Abs(Det(x)) > 0, LogDet(x), 0));
        var expected = Reshape(Stack([Eye(2), Eye(2), Zeros(2, 2), Eye(2)]), 2, 2, 2, 2);

        Agreement.Near(expected, Grad(Masked)(s_batch));
        Agreement.Near(expected, JacobianForward(Masked)(s_batch));
        Assert.All(Hessian(Masked)(s_batch).ToArray(), element => Assert.True(double.IsFinite(element)));
    }

    [Fact]
    public void Elements_that_SolveTriangular_does_not_read_do_no_harm()
    {
        Expr a = new double[,] { { double.NaN, double.PositiveInfinity }, { 3, double.NaN } };
        Func<Expr, Expr> f = x => Sum(SolveTriangular(x, new double[] { 1, 2 }, unitDiagonal: true));

        Assert.Equal(0, f(a).Value);
        Assert.Equal([0, 0, -1, 0], Grad(f)(a).ToArray());
        Assert.Equal([0, 0, -1, 0], JacobianForward(f)(a).ToArray());
    }

    [Fact]
    public void What_is_not_a_number_gives_what_is_not_a_number()
    {
        foreach (var odd in new[] { double.NaN, double.PositiveInfinity })
        {
            var a = Where(Reshape(Eq(Arange(9), 3), 3, 3), odd, Eye(3));
            Expr[] results =
            [
                Solve(a, Ones(3)), Inverse(a), Cholesky(a), Qr(a).Q, Qr(a).R, Eigh(a).Values, Eigh(a).Vectors, Expm(a),
                MatrixFunction(Exp, a), Grad(x => Trace(MatrixFunction(Exp, x)))(a), PolarFactor(a), PolarFactor(a[..2]),
                Svd(a).U, Svd(a).S, Svd(a).Vt, Svd(a[..2]).S, Svd(a[.., ..2]).Vt, Stack([Det(a), LogDet(a)]), Grad(Det)(a),
            ];
            Assert.All(results, result => Assert.All(result.ToArray(), element => Assert.True(double.IsNaN(element))));
        }
    }

    [Fact]
    public void Matrices_without_elements_have_their_empty_products()
    {
        var none = Zeros(0, 0);
        Assert.Equal(1, Det(none).Value);
        Assert.Equal(0, LogDet(none).Value);
        Assert.Equal([1, 1], Det(Zeros(2, 0, 0)).ToArray());
        Assert.Equal(new Shape(0), Det(Zeros(0, 2, 2)).Shape);
        Assert.Equal(new Shape(2, 0), Solve(Eye(2), Zeros(2, 0)).Shape);
        Assert.Equal(new Shape(0, 3), Qr(Zeros(0, 3)).R.Shape);
        Assert.Equal(new Shape(3, 0), Svd(Zeros(3, 0)).U.Shape);
        Assert.Equal(new Shape(3, 0), Grad(x => Sum(PolarFactor(x)))(Zeros(3, 0)).Shape);
        Assert.Equal(new Shape(0, 2, 2), Grad(x => Sum(MatrixFunction(Exp, x)))(Zeros(0, 2, 2)).Shape);
        Assert.Equal(0, Grad(p => Sum(MatrixFunction(x => p * x, none)))(2).Value);
        foreach (var f in new Func<Expr, Expr>[] { Det, LogDet, x => Sum(Inverse(x)), x => Sum(Cholesky(x)), x => Sum(Expm(x)), x => Sum(Qr(x).R), x => Sum(Eigh(x).Vectors), x => Sum(Svd(x).U), x => Sum(Solve(x, Zeros(0))), x => Sum(MatrixFunction(Exp, x)), x => Sum(PolarFactor(x)) })
        {
            Assert.Equal(none.Shape, Grad(f)(none).Shape);
            Assert.Equal(none.Shape, JacobianForward(f)(none).Shape);
            Assert.Equal(new Shape(0, 0, 0, 0), Hessian(f)(none).Shape);
        }
    }
}
