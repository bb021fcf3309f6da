// The Cholesky factor of a positive definite matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.LinearAlgebra;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The lower triangular L with positive diagonal for which L Lᵀ = (a + aᵀ)/2: of a matrix that is not symmetric, the
    /// symmetric part is used. So the gradient is symmetric.
    /// </summary>
    /// <param name="a">Positive definite matrices, of shape (…, n, n).</param>
    /// <exception cref="ShapeException">a is not square.</exception>
    /// <exception cref="AutodiffException">A matrix is not positive definite.</exception>
    public static Expr Cholesky(Expr a) => new CholeskyPrimitive().OfSquare(a);
}

/// <summary>The lower triangular L with L Lᵀ = a. With L⁻¹ a′ L⁻ᵀ = Φ + Φᵀ and Φ lower triangular, L′ = L Φ.</summary>
internal sealed record CholeskyPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.Cholesky;

    public static Reader Reader { get; } = Reader.Unary("cholesky", Expr.Cholesky);

    public override Spelling Spelling => new("cholesky");

    protected override Expr Tangent(int operand, Expr a, Expr y, Expr tangent)
    {
        Expr Solved(Expr x) => new SolveTriangularPrimitive(IsLower: true, HasUnitDiagonal: false).Of(y, x);
        var both = Solved(MatrixTranspose(Solved(Blocks.Symmetric(tangent))));
        var n = y.Shape[y.Rank - 1];
        return MatMul(y, both * (Blocks.Below(n, 0) + (0.5 * Eye(n))));
    }

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns) =>
        FieldMatrices.Cholesky<T>(field, FieldMatrices.SymmetricPart<T>(field, a, rows), rows) ?? throw Error(rows, columns, "is not positive definite, so it has no Cholesky factor");

    /// <summary>Factors the matrix in units (powers of 2) that bring very large or very small diagonal elements near 1.</summary>
    protected override void Compute(in Matrix a, Span<double> result)
    {
        var n = a.Rows;
        a.SymmetricPart().CopyTo(result);
        var units = new int[n];
        for (var i = 0; i < n; i++)
        {
            units[i] = PowersOfTwo.Unit(PowersOfTwo.Exponent(result[i * (n + 1)])) / 2;
        }

        for (var i = 0; i < n; i++)
        {
            var row = result.Slice(i * n, n);
            row[(i + 1)..].Clear();
            for (var j = 0; j <= i; j++)
            {
                row[j] = Math.ScaleB(row[j], -units[i] - units[j]);
                var rest = row[j] - RowOperations.Dot(row[..j], result.Slice(j * n, j));
                if (i == j && !(rest > 0))
                {
                    throw a.Error("is not positive definite, so it has no Cholesky factor; Eigh takes any symmetric matrix");
                }

                row[j] = i == j ? Math.Sqrt(rest) : rest / result[j * (n + 1)];
            }
        }

        for (var i = 0; i < n; i++)
        {
            PowersOfTwo.Scale(result.Slice(i * n, i + 1), units[i]);
        }
    }
}
