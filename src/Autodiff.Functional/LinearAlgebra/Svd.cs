// The singular value decomposition.

using System.Numerics;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The reduced singular value decomposition a = U diag(S) Vᵀ, with orthonormal columns in U and rows in Vᵀ. The signs
    /// of the vectors are arbitrary.
    /// </summary>
    /// <remarks>
    /// Where singular values coincide, or vanish in a matrix that is not square, their vectors are an arbitrary basis and have
    /// no derivative: a function of these vectors has a NaN or infinite derivative there, even if it is the same for every
    /// basis. A symmetric function of the values, or a function of the vectors of other values, has the right gradient.
    /// </remarks>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <returns>With k = min(m, n), U of shape (…, m, k), the values, of shape (…, k), descending, and Vᵀ of shape (…, k, n).</returns>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    public static (Expr U, Expr S, Expr Vt) Svd(Expr a)
    {
        var shape = MatrixOf("Svd", a);
        return Packed.OfSvd(new SvdPrimitive().Of(a), shape[shape.Rank - 2], shape[shape.Rank - 1]);
    }
}

/// <summary>
/// a = U diag(S) Vᵀ; the value has the elements of U, then those of S, then those of Vᵀ. S′ is the diagonal of B = Uᵀ a′ V. Off the diagonal,
/// UᵀU′ = (BS + SBᵀ) / (sⱼ² − sᵢ²) and VᵀV′ = (SB + BᵀS) / (sⱼ² − sᵢ²), which are the sum and the difference of (B + Bᵀ) / 2(sⱼ − sᵢ) and
/// (B − Bᵀ) / 2(sⱼ + sᵢ). The singular vectors of the longer side also have a derivative outside the space that they span.
/// </summary>
internal sealed record SvdPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.Svd;

    public static Reader Reader { get; } = Reader.Unary("svd", a => new SvdPrimitive().OfMatrix(a));

    public override Spelling Spelling => new("svd");

    protected override int[] LengthsFor(int rows, int columns) => [Shape.Of([Math.Min(rows, columns), rows + columns + 1], "Svd").Size];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent)
    {
        var (rows, columns) = (a.Shape[a.Rank - 2], a.Shape[a.Rank - 1]);
        var (u, s, vt) = Packed.OfSvd(y, rows, columns);
        var v = MatrixTranspose(vt);
        var inner = MatMul(MatrixTranspose(u), MatMul(tangent, v));
        var unit = Blocks.Unit(s);
        var (half, row, column) = (inner / unit / 2, Blocks.Row(s / 2), Blocks.Column(s / 2));
        var turn = Blocks.QuotientOffDiagonal(half + MatrixTranspose(half), (row - column) / (unit / 2));
        var twist = Blocks.QuotientOffDiagonal(half - MatrixTranspose(half), (row + column) / (unit / 2));
        Expr Leaving(Expr vectors, Expr x) => (x - MatMul(vectors, MatMul(MatrixTranspose(vectors), x))) / unit / (Blocks.Row(s) / unit);

        var (left, right) = (MatMul(u, turn + twist), MatMul(v, turn - twist));
        left = rows > columns ? left + Leaving(u, MatMul(tangent, v)) : left;
        right = columns > rows ? right + Leaving(v, MatMul(MatrixTranspose(tangent), u)) : right;
        return Packed.Pack(a.Rank - 2, left, Blocks.Diagonal(inner), MatrixTranspose(right));
    }

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns) => DecomposeIn(field, a, rows, columns);

    /// <summary>The packed factors of a matrix of numbers of any type; the signs of the vectors are those of the vectors of the approximate matrix.</summary>
    public static T[] DecomposeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
        where T : INumberBase<T>
    {
        var rank = Math.Min(rows, columns);
        var like = new double[rank * (rows + columns + 1)];
        MatrixKernels.Svd(new Matrices("Svd", Array.ConvertAll(a, x => field.Approximate(x)), [rows, columns])[0], like);
        var isTall = rows >= columns;
        var (left, s, right) = isTall
            ? FieldMatrices.Svd(field, a, rows, columns)
            : FieldMatrices.Svd(field, FieldMatrices.Transposed<T>(a, rows, columns), columns, rows);
        var (u, v) = isTall ? (left, right) : (right, left);
        FieldMatrices.Align(field, like.AsSpan(0, u.Length), rank, u, v);
        return [.. u, .. s, .. FieldMatrices.Transposed<T>(v, columns, rank)];
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.Svd;
}
