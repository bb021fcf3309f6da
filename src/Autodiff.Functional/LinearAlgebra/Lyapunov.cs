// The Lyapunov equation that the derivative of the polar factor has to solve.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.LinearAlgebra;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>
/// The antisymmetric X with H X + X H = B − Bᵀ for symmetric H = V diag(λ) Vᵀ: in the basis V, the right-hand side divided by
/// λᵢ + λⱼ off the diagonal.
/// </summary>
internal sealed record LyapunovPrimitive : MatrixPrimitive
{
    public override Op Op => Op.Lyapunov;

    public static Reader Reader { get; } = Reader.Binary("lyapunov", (h, b) =>
    {
        var (left, right) = (SquareOf("Lyapunov", h), SquareOf("Lyapunov", b));
        return left.Lengths[^1] == right.Lengths[^1] ? new LyapunovPrimitive().Of(h, b)
            : throw new ShapeException($"Lyapunov: shapes {left} and {right} are not those of matrices of one size.");
    });

    public override Spelling Spelling => new("lyapunov");

    /// <summary>The node over symmetric matrices and right-hand sides of the same size, whose batches broadcast.</summary>
    public Expr Of(Expr h, Expr b) => Make(this, Shape.Of([.. Shape.Broadcast(BatchOf(h.Shape), BatchOf(b.Shape), Op.Name()).Lengths, .. b.Shape.Lengths[^2..]]), [h, b]);

    protected override bool IsPrimitive(int operand) => operand == 1;

    protected override Expr Tangent(Point point, Expr node, int operand, Expr tangent) =>
        Of(point.Enter(node.Operand(0)), operand == 1 ? tangent : -MatMul(Blocks.Symmetric(tangent), point.Enter(node)));

    public override PowerSeries Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new SystemSeries(
        primal, operands[0], operands[1], (coefficient, solution) => MatMul(Blocks.Symmetric(coefficient), solution), side => Of(operands[0].Primal, side));

    /// <summary>The map from B to X is its own transpose.</summary>
    protected override Expr? Transpose(int operand, Expr a, Expr cotangent) => Of(a, cotangent);

    public override Expr Batch(Expr node, Batched[] operands, int size)
    {
        var rank = Math.Max(node.Operand(0).Rank, node.Operand(1).Rank);
        return Of(operands[0].Aligned(rank), operands[1].Aligned(rank));
    }

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var n = shape.Lengths[^1];
        var size = n * n;
        var (matrices, sides, results) = (operands[0].Over(shape), operands[1].Over(shape), new T[shape.Size]);
        for (var start = 0; start < results.Length; start += size)
        {
            var (values, vectors) = FieldMatrices.Eigen(field, FieldMatrices.SymmetricPart<T>(field, matrices.AsSpan(start, size), n), n);
            var transposed = FieldMatrices.Transposed<T>(vectors, n, n);
            var inside = FieldMatrices.Product<T>(FieldMatrices.Product<T>(transposed, sides.AsSpan(start, size), n, n, n), vectors, n, n, n);
            var solved = new T[size];
            for (var i = 0; i < size; i++)
            {
                solved[i] = i / n == i % n ? T.Zero : (inside[i] - inside[(i % n * n) + (i / n)]) / (values[i / n] + values[i % n]);
            }

            FieldMatrices.Product<T>(FieldMatrices.Product<T>(vectors, solved, n, n, n), transposed, n, n, n).CopyTo(results, start);
        }

        return results;
    }

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(shape, out var elements);
        if (elements.IsEmpty)
        {
            return result;
        }

        SystemKernels.Lyapunov(MatricesOf(operands[0]), MatricesOf(operands[1]), shape.Lengths[..^2], elements);
        return result;
    }
}
