// Vmap over linear algebra: one more leading axis, for either operand or both.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class BatchingTests
{
    private static readonly Expr s_matrices = (Tensors.Direction(new Shape(4, 3, 3), 1) / 4) + Diag(new double[] { 1, 2, 3 });

    [Fact]
    public void A_function_of_one_matrix_maps_over_many()
    {
        foreach (var f in new Func<Expr, Expr>[]
        {
            Inverse, Det, LogDet, Expm, x => Cholesky(x), x => Qr(x).Q, x => Qr(x[..2]).R, x => Eigh(x).Values, x => Svd(x[.., 1..]).S,
            x => MatrixPower(x, -2), PolarFactor, Grad(x => Sum(PolarFactor(x[..2]))), x => MatrixFunction(Sqrt, x), Grad(x => Sum(MatrixFunction(Exp, x))), Grad(Det), Grad(LogDet), x => Grad(v => Sum(Eigh(v).Values * Arange(3)))(x), x => Jvp(Grad(Det))(x, x).Tangent,
        })
        {
            Agreement.Near(Matrices.Looped(f, s_matrices), Vmap(f)(s_matrices));
        }
    }

    [Fact]
    public void A_system_maps_over_matrices_right_hand_sides_or_both()
    {
        var (matrix, side, sides) = (s_matrices[0], Tensors.Direction(new Shape(4, 3), 2), Tensors.Direction(new Shape(5, 3, 2), 3));
        foreach (var solve in new Func<Expr, Expr, Expr>[] { Solve, (a, b) => SolveTriangular(a, b), (a, b) => SolveTriangular(a, b, transpose: true) })
        {
            Agreement.Near(Stack([.. Enumerable.Range(0, 4).Select(i => solve(s_matrices[i], side[i]))]), Vmap(solve)(s_matrices, side));
            Agreement.Near(Stack([.. Enumerable.Range(0, 4).Select(i => solve(s_matrices[i], side[0]))]), Vmap(a => solve(a, side[0]))(s_matrices));
            Agreement.Near(Stack([.. Enumerable.Range(0, 4).Select(i => solve(matrix, side[i]))]), Vmap(b => solve(matrix, b))(side));
            Agreement.Near(Stack([.. Enumerable.Range(0, 4).Select(i => solve(s_matrices[i], sides))]), Vmap(a => solve(a, sides))(s_matrices));
        }
    }
}
