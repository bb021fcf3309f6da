// Systems of linear equations with one or more right-hand sides.

using System.Numerics;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.LinearAlgebra;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>
/// The solution x of a x = b, linear in b. A third operand, if there is one, is the matrix factored (see <see cref="FactorsPrimitive"/>), so that it is
/// not factored again for each of many right-hand sides.
/// </summary>
internal abstract record SystemPrimitive : EquationsPrimitive
{
    /// <summary>The elements of a tangent of the matrix that the system reads; structural zeros for the others.</summary>
    protected virtual Expr Read(Expr tangent) => tangent;

    /// <summary>The system of the transposed matrix.</summary>
    protected abstract SystemPrimitive Transposed { get; }

    /// <summary>Solves one system.</summary>
    public abstract SystemKernels.Kernel Kernel { get; }

    protected sealed override Expr Tangent(Point point, Expr node, int operand, Expr tangent)
    {
        var (a, factors) = (point.Enter(node.Operand(0)), node.OperandCount > 2 ? point.Enter(node.Operand(2)) : null);
        return Of(a, operand == 1 ? tangent : -MatMul(Read(tangent), point.Enter(node)), factors);
    }

    protected sealed override Expr? Transpose(int operand, Expr a, Expr cotangent) => Transposed.Of(MatrixTranspose(a), cotangent);

    /// <summary>The factors of a matrix for systems with many right-hand sides; null if they would save nothing.</summary>
    protected virtual Expr? FactorsOf(Expr a) => null;

    /// <summary>Every order has the same matrix, which is factored once.</summary>
    public sealed override PowerSeries Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table)
    {
        var a = operands[0].Primal;
        var factors = node.OperandCount > 2 ? operands[2].Primal : table.Order > 1 ? FactorsOf(a) : null;
        return new SystemSeries(primal, operands[0], operands[1], (coefficient, solution) => MatMul(Read(coefficient), solution), side => Of(a, side, factors));
    }

    /// <summary>The factors have one axis beside those of the batch.</summary>
    protected sealed override int[] UnmixedAxes(Expr node, int operand) => operand < 2
        ? base.UnmixedAxes(node, operand)
        : AxisMap.Leading(node.Operand(operand).Shape, node.Operand(operand).Rank - 1, node.Shape, BatchRank(node));

    public sealed override Expr Of(Expr a, Expr b) => Of(a, b, null);

    /// <summary>The node over matrices and right-hand sides, and over the factors of the matrices if there are any.</summary>
    public Expr Of(Expr a, Expr b, Expr? factors)
    {
        var shape = SquareOf(Op.Name(), a);
        var n = shape[shape.Rank - 1];
        return Of(a, b, n, n, "matrices (…, n, n) is a vector (n) or matrices (…, n, k)", factors is null ? [] : [factors]);
    }

    /// <summary>The node over the arguments of a formula.</summary>
    public Expr Read(Reading call)
    {
        var (a, b, factors) = (call.Operand("the matrix"), call.Operand("the right-hand side"), call.HasMore ? call.Operand("the factors") : null);
        if (factors is not null && factors.Shape != new FactorsPrimitive(new SolvePrimitive()).OfSquare(a).Shape)
        {
            throw new ShapeException($"{Op}: factors of shape {factors.Shape} are not those of matrices of shape {a.Shape}.");
        }

        return Of(a, b, factors);
    }

    public sealed override Expr Batch(Expr node, Batched[] operands, int size)
    {
        var rank = Math.Max(node.Operand(0).Rank, node.Operand(1).Rank);
        return Of(operands[0].Aligned(rank), operands[1].Aligned(rank), operands.Length > 2 ? operands[2].Aligned(rank - 1) : null);
    }

    public sealed override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(shape, out var solutions);
        if (solutions.IsEmpty)
        {
            return result;
        }

        var factors = operands.Length > 2 ? new Matrices(Op.Name(), operands[2].Span, RowsOf(operands[2].Shape)) : default;
        SystemKernels.ForEach(Kernel, MatricesOf(operands[0]), MatricesOf(operands[1]), factors, shape.Lengths[..^2], solutions);
        return result;
    }

    /// <summary>The lengths of the axes of factors, as a batch of matrices of one row.</summary>
    public static int[] RowsOf(Shape factors) => [.. factors.Lengths[..^1], 1, factors.Lengths[^1]];

    public sealed override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var n = shape.Lengths[^2];
        var length = n * shape.Lengths[^1];
        var batch = Shape.Of([.. shape.Lengths[..^2]]);
        var matrices = operands[0].Over(Shape.Of([.. batch.Lengths, n, n]));
        T[] solutions = [.. operands[1].Over(shape)];
        for (var i = 0; i < batch.Size && length > 0; i++)
        {
            var sides = solutions[(i * length)..((i + 1) * length)];
            SolveIn(field, matrices[(i * n * n)..((i + 1) * n * n)], sides, n);
            sides.CopyTo(solutions, i * length);
        }

        return solutions;
    }

    /// <summary>Solves one system of numbers of any type; the right-hand sides become the solutions.</summary>
    protected abstract void SolveIn<T>(NumberField<T> field, T[] a, T[] sides, int n)
        where T : INumberBase<T>;
}
