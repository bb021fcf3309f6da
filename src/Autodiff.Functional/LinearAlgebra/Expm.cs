// The exponential of a matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The matrix exponential Σ aᵏ/k!, by scaling and squaring after balancing (A. H. Al-Mohy and N. J. Higham, A new scaling and
    /// squaring algorithm for the matrix exponential, SIAM J. Matrix Anal. Appl. 31, 2009), which is accurate also for matrices that are far
    /// from normal.
    /// </summary>
    /// <remarks>
    /// The exponential of a triangular matrix has exact zeros in the other triangle, and the exponentials of the diagonal elements, to
    /// rounding, on its diagonal. An element that overflows is infinite and does not affect the others.
    /// </remarks>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <exception cref="ShapeException">a is not square.</exception>
    public static Expr Expm(Expr a) => new ExpmPrimitive().OfSquare(a);
}

/// <summary>Σ aᵏ/k!; with directions below the matrix, also its derivatives.</summary>
internal sealed record ExpmPrimitive : NilpotentPrimitive
{
    public override Op Op => Op.Expm;

    public static Reader Reader { get; } = Reader.Unary("expm", a => new ExpmPrimitive().OfStacked(a));

    public override Spelling Spelling => Spelling.Named("expm", @"\exp");

    protected override Expr? Transpose(int operand, Expr a, Expr cotangent) => Reversed(Nested(EachTransposed(a), Reversed(cotangent)));

    /// <summary>
    /// The exponential of the block Toeplitz matrix of the coefficients, which represents series as matrices: products of series are products of
    /// these. Its first columns are the coefficients of the exponential.
    /// </summary>
    public override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new JointSeries(primal, operands, table, curves =>
    {
        var (rows, n) = (primal.Shape[primal.Rank - 2], primal.Shape[primal.Rank - 1]);
        var order = curves[0].Length;
        var zero = Zeros(primal.Shape);
        Expr[] blocks = [.. curves[0].Prepend(new(operands[0].Primal, null)).Select(flow => Represented(flow?.Value ?? zero))];
        Expr Column(int first) => Concat([.. Enumerable.Range(0, order + 1).Select(row => row < first ? Zeros(blocks[0].Shape) : blocks[row - first])], -2);
        var exponential = Of(Concat([.. Enumerable.Range(0, order + 1).Select(Column)], -1));
        return [.. Enumerable.Range(1, order).Select(k => (Sensitivity?)new Sensitivity(Block(exponential, (k * rows)..((k + 1) * rows), ..n), null))];
    });

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        // The first columns of the exponential of the representation are the coefficients.
        var exponential = FieldMatrices.Exponential(field, FieldMatrices.Represented(a, columns), rows);
        var result = new T[a.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = exponential[(i / columns * rows) + (i % columns)];
        }

        return result;
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => columns <= RowOperations.Small ? MatrixKernels.Expm : MatrixKernels.ExpmByBlocks;
}
