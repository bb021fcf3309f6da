// The LU factorization with row exchanges.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The factorization a = P L U by elimination with partial pivoting: P is a permutation matrix, L lower triangular with ones on its diagonal and no larger
    /// element, U upper triangular (both trapezoidal where m ≠ n).
    /// </summary>
    /// <remarks>
    /// P is constant wherever it is continuous, so it has no derivative. L and U have derivatives of every order where the first min(m, n) columns, or for m ≤ n
    /// the first m − 1, are linearly independent; to differentiate them elsewhere is an error. Of several largest elements of a column the first is the pivot.
    /// </remarks>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <returns>With k = min(m, n), P of shape (…, m, m), L of shape (…, m, k) and U of shape (…, k, n).</returns>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    public static (Expr P, Expr L, Expr U) Lu(Expr a)
    {
        var shape = MatrixOf("Lu", a);
        var (rows, columns) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        if (rows < columns)
        {
            // The first m columns determine P and L.
            var (order, lower, square) = Lu(Block(a, .., ..rows));
            var others = new SolveTriangularPrimitive(IsLower: true, HasUnitDiagonal: true).Of(lower, MatMul(MatrixTranspose(order), Block(a, .., rows..)));
            return (order, lower, Concat([square, others], -1));
        }

        if (columns == 0)
        {
            int[] batch = [.. shape.Lengths[..^2]];
            return (BroadcastTo(Eye(rows), Shape.Of([.. batch, rows, rows])), Zeros([.. batch, rows, 0]), Zeros([.. batch, 0, 0]));
        }

        var (p, l, u) = Packed.OfLu(new LuPrimitive().Of(a), rows, columns);
        return (Apply(Op.StopGradient, p), l, u);
    }
}

/// <summary>
/// a = P L U for at least as many rows as columns; the value has the elements of P, those of L and then those of U. With M = Pᵀ a′, G = L₁⁻¹ M₁ in the first
/// rows and F the triangle of G U⁻¹ below the diagonal, L₁′ = L₁ F and U′ = G − F U, and (M₂ − L₂ U′) U⁻¹ is the derivative of the other rows of L. F does not
/// depend on the last column of U⁻¹, so only L₂′ divides by the last pivot.
/// </summary>
internal sealed record LuPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.Lu;

    public static Reader Reader { get; } = Reader.Unary("lu", a =>
    {
        var shape = MatrixOf("Lu", a);
        return shape[shape.Rank - 2] >= shape[shape.Rank - 1] ? new LuPrimitive().Of(a)
            : throw new ShapeException($"Lu: shape {shape} has fewer rows than columns; the packed factors are those of the first columns alone.");
    });

    public override Spelling Spelling => new("lu");

    protected override int[] LengthsFor(int rows, int columns) => [Shape.Of([rows, rows + columns], "Lu").Size + Shape.Of([columns, columns], "Lu").Size];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent)
    {
        var (rows, n) = (a.Shape[a.Rank - 2], a.Shape[a.Rank - 1]);
        var (p, l, u) = Packed.OfLu(y, rows, n);
        var moved = MatMul(MatrixTranspose(p), tangent);
        var square = Block(l, ..n, ..);
        var inner = new SolveTriangularPrimitive(IsLower: true, HasUnitDiagonal: true).Of(square, Block(moved, ..n, ..));
        var (below, isBelow) = (Zeros(inner.Shape), Blocks.Below(n, 0));
        if (n > 1)
        {
            // The last pivot is not divided by.
            var last = n - 1;
            below = Where(isBelow, Concat([Quotient(Block(inner, .., ..last), Block(u, ..last, ..last)), Block(below, .., last..)], -1), 0);
        }

        var upper = Where(isBelow, 0, inner - MatMul(below, u));
        var lower = MatMul(square, below);
        var whole = rows == n ? lower : Concat([lower, Quotient(Block(moved, n.., ..) - MatMul(Block(l, n.., ..), upper), u)], -2);
        return Packed.Pack(a.Rank - 2, Zeros(p.Shape), whole, upper);

        static Expr Quotient(Expr x, Expr u) =>
            MatrixTranspose(new SolveTriangularPrimitive(IsLower: true, HasUnitDiagonal: false).Of(MatrixTranspose(u), MatrixTranspose(x)));
    }

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        for (var k = 0; k < columns; k++)
        {
            var pivot = Enumerable.Range(k, rows - k).MaxBy(i => field.Magnitude(a[(order[i] * columns) + k]));
            (order[k], order[pivot]) = (order[pivot], order[k]);
            var own = order[k] * columns;
            for (var i = k + 1; i < rows && !T.IsZero(a[own + k]); i++)
            {
                var row = order[i] * columns;
                var factor = a[row + k] /= a[own + k];
                for (var j = k + 1; j < columns; j++)
                {
                    a[row + j] -= factor * a[own + j];
                }
            }
        }

        var (p, l, u) = (new T[rows * rows], new T[rows * columns], new T[columns * columns]);
        Array.Fill(p, T.Zero);
        Array.Fill(u, T.Zero);
        for (var i = 0; i < rows; i++)
        {
            p[(order[i] * rows) + i] = T.One;
            for (var j = 0; j < columns; j++)
            {
                var element = a[(order[i] * columns) + j];
                l[(i * columns) + j] = i == j ? T.One : i > j ? element : T.Zero;
                if (i <= j)
                {
                    u[(i * columns) + j] = element;
                }
            }
        }

        return [.. p, .. l, .. u];
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.Lu;
}
