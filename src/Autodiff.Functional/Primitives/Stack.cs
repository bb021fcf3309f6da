// Tensors joined along a new axis.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>Tensors of one shape, joined as the slices along a new axis.</summary>
    /// <param name="tensors">At least one tensor, all of the same shape.</param>
    /// <param name="axis">The new axis in the result, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no tensor, there is no such axis, or shapes differ.</exception>
    public static Expr Stack(ReadOnlySpan<Expr> tensors, int axis = 0)
    {
        var shape = FirstOf("Stack", tensors);
        foreach (var tensor in tensors)
        {
            if (tensor.Shape != shape)
            {
                throw new ShapeException($"Stack: shapes {shape} and {tensor.Shape} differ; stacked tensors have one shape.");
            }
        }

        var along = axis < 0 ? axis + shape.Rank + 1 : axis;
        return along >= 0 && along <= shape.Rank
            ? Make(new StackPrimitive(along), Shape.Of([.. shape.Lengths[..along], tensors.Length, .. shape.Lengths[along..]], "Stack"), tensors)
            : throw new ShapeException($"Stack: axis {axis} does not exist once shape {shape} has a new one; use 0 to {shape.Rank}, or -{shape.Rank + 1} to -1 counted from the end.");
    }

    /// <summary>Tensors of one shape, joined as the slices along a new first axis; of scalars, a vector.</summary>
    /// <param name="tensors">At least one tensor, all of the same shape.</param>
    /// <exception cref="ShapeException">There is no tensor, or shapes differ.</exception>
    [OverloadResolutionPriority(-1)]
    public static Expr Stack(params ReadOnlySpan<Expr> tensors) => Stack(tensors, axis: 0);
}

/// <summary>Joins operands of one shape as the slices along a new axis.</summary>
internal sealed record StackPrimitive(int Axis) : StackingPrimitive(Axis)
{
    public override Op Op => Op.Stack;

    public static Reader Reader { get; } = new("stack", call => Expr.Stack(call.List("the tensors"), call.Integer("axis") ?? 0));

    public override Spelling Spelling => new("stack");

    public override (int Start, int Length) ExtentOf(Expr node, int operand) => (operand, 1);

    public override (int Operand, int[] Index) Source(Expr node, int[] index) => (index[Axis], [.. index[..Axis], .. index[(Axis + 1)..]]);

    public override int[] AxesOf(Expr node, int operand)
    {
        var axes = new int[node.Rank - 1];
        for (var axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = axis < Axis ? axis : axis + 1;
        }

        return axes;
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [("axis", $"{Axis}")];
}
