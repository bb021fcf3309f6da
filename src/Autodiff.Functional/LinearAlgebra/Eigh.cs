// The eigenvalues and eigenvectors of a symmetric matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The eigenvalues and eigenvectors of a symmetric matrix: (a + aᵀ)/2 = V diag(λ) Vᵀ. Of a matrix that is not
    /// symmetric, the symmetric part is used. The sign of a vector is arbitrary.
    /// </summary>
    /// <remarks>
    /// Where eigenvalues coincide, their vectors are an arbitrary basis and have no derivative: a function of these vectors has
    /// a NaN or infinite derivative there, even if it is the same for every basis. A symmetric function of the values, or a
    /// function of the vectors of other eigenvalues, has the right gradient.
    /// </remarks>
    /// <param name="a">Symmetric matrices, of shape (…, n, n).</param>
    /// <returns>The values, of shape (…, n), ascending, and the vectors, of shape (…, n, n): the columns, in the same order.</returns>
    /// <exception cref="ShapeException">a is not square.</exception>
    public static (Expr Values, Expr Vectors) Eigh(Expr a) => Packed.OfEigh(new EighPrimitive().OfSquare(a));
}

/// <summary>
/// a = V diag(λ) Vᵀ; the value has a column of eigenvalues and then the eigenvectors. With B = Vᵀ a′ V, λ′ is the diagonal of B, and
/// V′ = V C with Cᵢⱼ = Bᵢⱼ / (λⱼ − λᵢ) off the diagonal and zeros on it.
/// </summary>
internal sealed record EighPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.Eigh;

    public static Reader Reader { get; } = Reader.Unary("eigh", new EighPrimitive().OfSquare);

    public override Spelling Spelling => new("eigh");

    protected override int[] LengthsFor(int rows, int columns) => [rows, columns + 1];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent)
    {
        var (values, vectors) = Packed.OfEigh(y);
        var inner = MatMul(MatrixTranspose(vectors), MatMul(Blocks.Symmetric(tangent), vectors));
        var unit = Blocks.Unit(values);
        var gaps = (Blocks.Row(values / 2) - Blocks.Column(values / 2)) / (unit / 2);
        return Concat([Blocks.Column(Blocks.Diagonal(inner)), MatMul(vectors, Blocks.QuotientOffDiagonal(inner / unit, gaps))], -1);
    }

    /// <summary>The signs of the vectors are those of the vectors of the approximate matrix.</summary>
    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        var like = new SymmetricEigen([.. FieldMatrices.SymmetricPart<T>(field, a, rows).Select(field.Approximate)], rows);
        var (values, vectors) = FieldMatrices.Eigen(field, FieldMatrices.SymmetricPart<T>(field, a, rows), rows);
        FieldMatrices.Align(field, [.. Enumerable.Range(0, vectors.Length).Select(i => like.Vector(i % rows)[i / rows])], rows, vectors);
        var packed = new T[rows * (rows + 1)];
        for (var i = 0; i < rows; i++)
        {
            packed[i * (rows + 1)] = values[i];
            vectors.AsSpan(i * rows, rows).CopyTo(packed.AsSpan((i * (rows + 1)) + 1));
        }

        return packed;
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.Eigh;
}
