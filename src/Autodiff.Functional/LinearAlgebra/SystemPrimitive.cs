// Systems of linear equations with one or more right-hand sides.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.LinearAlgebra;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>The solution x of a x = b, linear in b. Matrices and right-hand sides have batches, which broadcast.</summary>
internal abstract record SystemPrimitive : MatrixPrimitive
{
    /// <summary>The elements of a tangent of the matrix that the system reads; structural zeros for the others.</summary>
    protected virtual Expr Read(Expr tangent) => tangent;

    /// <summary>The system of the transposed matrix.</summary>
    protected abstract SystemPrimitive Transposed { get; }

    /// <summary>Solves one system.</summary>
    /// <param name="a">The matrix.</param>
    /// <param name="side">The right-hand sides.</param>
    /// <param name="solution">Where the solutions are written.</param>
    /// <param name="system">The factored matrix, if another right-hand side has needed it already; otherwise null.</param>
    protected abstract void Solve(in Matrix a, in Matrix side, Span<double> solution, ref SquareSystem? system);

    protected sealed override bool IsPrimitive(int operand) => operand == 1;

    protected sealed override Expr Tangent(int operand, Expr a, Expr y, Expr tangent) => operand == 1 ? Of(a, tangent) : Of(a, -MatMul(Read(tangent), y));

    protected sealed override Expr? Transpose(int operand, Expr a, Expr cotangent) => Transposed.Of(MatrixTranspose(a), cotangent);

    /// <summary>A column of the solution depends on all of the same column of the right-hand side, and on no other column.</summary>
    protected sealed override Axes MixedAxes => -2;

    /// <summary>The node over matrices and right-hand sides.</summary>
    public Expr Of(Expr a, Expr b)
    {
        var left = SquareOf(Op.Name(), a);
        var right = ShapeOf(Op.Name(), b);
        var n = left[left.Rank - 1];
        if (right.IsScalar || right[Math.Max(right.Rank - 2, 0)] != n)
        {
            throw new ShapeException($"{Op}: shapes {left} and {right} do not fit; the right-hand side of matrices (…, n, n) is a vector (n) or matrices (…, n, k).");
        }

        if (right.Rank == 1)
        {
            var column = Of(a, Reshape(b, n, 1));
            return Reshape(column, Shape.Of([.. column.Shape.Lengths[..^1]]));
        }

        var batch = Shape.TryBroadcast(BatchOf(left), BatchOf(right), Op.Name())
            ?? throw new ShapeException($"{Op}: shapes {left} and {right} do not fit; the axes before the last two must broadcast: be equal, or one of them 1.");
        return Make(this, Shape.Of([.. batch.Lengths, .. right.Lengths[^2..]], Op.Name()), [a, b]);
    }

    public sealed override Expr Batch(Expr node, Batched[] operands, int size)
    {
        var rank = Math.Max(node.Operand(0).Rank, node.Operand(1).Rank);
        return Of(operands[0].Aligned(rank), operands[1].Aligned(rank));
    }

    public sealed override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(shape, out var solutions);
        if (solutions.IsEmpty)
        {
            return result;
        }

        var matrices = new Matrices(Op, operands[0]);
        var sides = new Matrices(Op, operands[1]);
        var batch = new Shape(shape.Lengths[..^2]);
        var systems = new SquareSystem?[matrices.Count];
        for (var i = 0; i < batch.Size; i++)
        {
            // A matrix that is broadcast to several right-hand sides is factored once.
            var solution = solutions.Slice(i * sides.Size, sides.Size);
            var own = matrices.Under(batch, i);
            var side = sides[sides.Under(batch, i)];
            Solve(matrices[own], side, solution, ref systems[own]);
        }

        return result;
    }
}
