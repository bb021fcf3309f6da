// The linear primitives: each is its own derivative, so forward mode applies it to the tangent. Reverse mode needs its
// transpose, stated here once for each.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Rules;

internal static class LinearRules
{
    /// <summary>The transpose of a linear primitive of one operand, applied to a cotangent of its result.</summary>
    public static Expr Transpose(Expr node, Expr cotangent)
    {
        var operand = node.Operand(0).Shape;
        return node.Op switch
        {
            Op.Variable => cotangent,
            Op.Sum => BroadcastTo(Reshape(cotangent, ((Folding)node.Attribute!).Kept(operand)), operand),
            Op.CumSum => Make(Op.CumSum, (Axis)node.Attribute! with { Reverse = !((Axis)node.Attribute!).Reverse }, operand, [cotangent]),
            Op.Reshape => Reshape(cotangent, operand),
            Op.BroadcastTo => Sensitivity.SumTo(cotangent, operand),
            Op.Permute => Permute(cotangent, ((Permutation)node.Attribute!).Inverse().Order),
            Op.Flip => Make(Op.Flip, node.Attribute, operand, [cotangent]),
            _ => throw new ArgumentOutOfRangeException(nameof(node), node.Op, "not a linear primitive of one operand"),
        };
    }

    /// <summary>
    /// The part of the result that an operand of Concat, Stack or Scatter fills, which is also the transpose: a cotangent of
    /// the result is read there.
    /// </summary>
    public static Selection PartOf(Expr node, int operand)
    {
        if (node.Attribute is Placement placement)
        {
            return placement.Selections[operand];
        }

        var axis = ((Axis)node.Attribute!).Index;
        var starts = new int[node.Rank];
        var lengths = node.Shape.Lengths.ToArray();
        for (var before = 0; before < operand; before++)
        {
            starts[axis] += node.Op == Op.Stack ? 1 : node.Operand(before).Shape[axis];
        }

        lengths[axis] = node.Op == Op.Stack ? 1 : node.Operand(operand).Shape[axis];
        return Region.Of(node.Shape, node.Operand(operand).Shape, starts, lengths);
    }

    /// <summary>What a selection reads from a tensor: Slice or Take.</summary>
    public static Expr Read(Selection selection, Expr x) =>
        Make(selection is Positions ? Op.Take : Op.Slice, selection, selection.To, [x]);
}
