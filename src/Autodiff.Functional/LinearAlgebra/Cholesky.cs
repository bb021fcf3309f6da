// The Cholesky factor of a positive definite matrix.

using Autodiff.Functional.Formulas;
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

    protected override Expr Tangent(Expr a, Expr y, Expr tangent)
    {
        Expr Solved(Expr x) => new SolveTriangularPrimitive(IsLower: true, HasUnitDiagonal: false).Of(y, x);
        var both = Solved(MatrixTranspose(Solved(Blocks.Symmetric(tangent))));
        var n = y.Shape[y.Rank - 1];
        return MatMul(y, both * (Blocks.Below(n, 0) + (0.5 * Eye(n))));
    }

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns) =>
        FieldMatrices.Cholesky<T>(field, FieldMatrices.SymmetricPart<T>(field, a, rows), rows) ?? throw Error(rows, columns, "is not positive definite, so it has no Cholesky factor");

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.Cholesky;
}
