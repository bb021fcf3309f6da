// Equations with one or more right-hand sides.

using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>
/// The solutions of equations that matrices state, for right-hand sides in the columns of the second operand, in which they are linear. Matrices and right-hand sides have
/// batches, which broadcast.
/// </summary>
internal abstract record EquationsPrimitive : MatrixPrimitive
{
    protected sealed override bool IsPrimitive(int operand) => operand == 1;

    /// <summary>A column of the solution depends on all of the same column of the right-hand side, and on no other column.</summary>
    protected sealed override Axes MixedAxes => -2;

    protected override int[] UnmixedAxes(Expr node, int operand)
    {
        var map = base.UnmixedAxes(node, operand);
        if (operand == 1)
        {
            map[^1] = node.Rank - 1;
        }

        return map;
    }

    public override Expr Batch(Expr node, Batched[] operands, int size)
    {
        var rank = Math.Max(node.Operand(0).Rank, node.Operand(1).Rank);
        return Of(operands[0].Aligned(rank), operands[1].Aligned(rank));
    }

    /// <summary>The node over what states the equations and right-hand sides.</summary>
    public abstract Expr Of(Expr a, Expr b);

    /// <summary>The node over operands of which the first has been checked.</summary>
    /// <param name="a">What states the equations.</param>
    /// <param name="b">The right-hand sides: a vector, or matrices.</param>
    /// <param name="equations">The number of equations, which is that of the rows of the right-hand sides.</param>
    /// <param name="unknowns">The number of unknowns, which is that of the rows of the solutions.</param>
    /// <param name="form">What has which shape, for an error.</param>
    /// <param name="more">Further operands.</param>
    protected Expr Of(Expr a, Expr b, int equations, int unknowns, string form, params ReadOnlySpan<Expr> more)
    {
        var (left, right) = (a.Shape, ShapeOf(Op.Name(), b));
        if (right.IsScalar || right[Math.Max(right.Rank - 2, 0)] != equations)
        {
            throw new ShapeException($"{Op}: shapes {left} and {right} do not fit; the right-hand side of {form}.");
        }

        if (right.Rank == 1)
        {
            var column = Of(a, Reshape(b, equations, 1), equations, unknowns, form, more);
            return Reshape(column, Shape.Of([.. column.Shape.Lengths[..^1]]));
        }

        var batch = Shape.TryBroadcast(BatchOf(left), BatchOf(right), Op.Name())
            ?? throw new ShapeException($"{Op}: shapes {left} and {right} do not fit; the axes before the last two must broadcast: be equal, or one of them 1.");
        return Make(this, Shape.Of([.. batch.Lengths, unknowns, right[right.Rank - 1]], Op.Name()), [a, b, .. more]);
    }
}
