// The QR factorization.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The reduced factorization a = Q R: the columns of Q are orthonormal, and R is upper triangular (trapezoidal where
    /// m &lt; n). The diagonal of R is not negative, so the factors of a matrix of full rank are unique and depend smoothly on it.
    /// There is no derivative where the first min(m, n) columns are linearly dependent.
    /// </summary>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <returns>With k = min(m, n), Q of shape (…, m, k) and R of shape (…, k, n).</returns>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    public static (Expr Q, Expr R) Qr(Expr a)
    {
        var shape = MatrixOf("Qr", a);
        var (rows, columns) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        if (rows < columns)
        {
            // The first m columns determine Q; the other columns of a are combinations of the columns of Q.
            var (basis, square) = Qr(Block(a, .., ..rows));
            return (basis, Concat([square, MatMul(MatrixTranspose(basis), Block(a, .., rows..))], -1));
        }

        return Packed.OfQr(new QrPrimitive().Of(a), rows, columns);
    }
}

/// <summary>
/// a = Q R; the value has the elements of Q and then those of R. a′ R⁻¹ = Q′ + Q (R′ R⁻¹), where QᵀQ′ is antisymmetric and R′ R⁻¹ upper
/// triangular: so below the diagonal, Qᵀ a′ R⁻¹ equals QᵀQ′.
/// </summary>
internal sealed record QrPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.Qr;

    public static Reader Reader { get; } = Reader.Unary("qr", a =>
    {
        var shape = MatrixOf("Qr", a);
        return shape[shape.Rank - 2] >= shape[shape.Rank - 1] ? new QrPrimitive().Of(a)
            : throw new ShapeException($"Qr: shape {shape} has fewer rows than columns; the packed factors are those of the first columns alone.");
    });

    public override Spelling Spelling => new("qr");

    protected override int[] LengthsFor(int rows, int columns) => [Shape.Of([rows + columns, columns], "Qr").Size];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent)
    {
        var (rows, n) = (a.Shape[a.Rank - 2], a.Shape[a.Rank - 1]);
        var (q, r) = Packed.OfQr(y, rows, n);
        var quotient = MatrixTranspose(new SolveTriangularPrimitive(IsLower: true, HasUnitDiagonal: false).Of(MatrixTranspose(r), MatrixTranspose(tangent)));
        var inner = MatMul(MatrixTranspose(q), quotient);
        var below = inner * Blocks.Below(n, 0);
        var upper = inner - (below - MatrixTranspose(below));
        return Packed.Pack(a.Rank - 2, quotient - MatMul(q, upper), MatMul(upper, r));
    }

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        var (q, r) = FieldMatrices.Qr<T>(field, a, rows, columns);
        return [.. q, .. r];
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.Qr;
}
