// Pieces added at their places in zeros.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The sum of tensors, each placed where a selection would read it, zeros elsewhere: the transpose of Slice and Take.
    /// Many pieces of one tensor gather in one node, so their cost is that of the tensor, not of the tensor for each.
    /// </summary>
    internal static Expr Scatter(Shape shape, Selection[] selections, ReadOnlySpan<Expr> parts) =>
        Make(new ScatterPrimitive(new(shape, selections)), shape, parts);
}

/// <summary>Operands that are each added where a selection reads them: the transpose of <see cref="SelectionPrimitive"/>.</summary>
internal sealed record ScatterPrimitive(Placement Placement) : JoinPrimitive
{
    public override Op Op => Op.Scatter;

    public override Spelling Spelling => new("scatter");

    public override Selection PartOf(Expr node, int operand) => Placement.Selections[operand];

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => LayoutKernels.Scatter(Placement, operands);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Expr.Scatter(
        Batched.With(size, node.Shape),
        Array.ConvertAll(Placement.Selections, selection => selection.Batched(Placement.Shape, size)),
        Array.ConvertAll(operands, operand => operand.ForEach(size)));

    public override int[] AxesOf(Expr node, int operand)
    {
        var from = node.Operand(operand).Shape;
        return AxisMap.Inverse(AxisMap.Selected(Placement.Selections[operand], node.Shape, from), from.Rank);
    }

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands)
    {
        var arguments = new List<(string, string)> { ("", node.Shape.ToString()) };
        for (var i = 0; i < operands.Length; i++)
        {
            arguments.Add((notation.Bracketed(Indexer.Text(Placement.Selections[i])), operands[i].Text));
        }

        return notation.Placed(Spelling, arguments);
    }
}
