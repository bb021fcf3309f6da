// Parts added into a tensor of zeros, each at its own place.

using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// A tensor of zeros into which each part is added, at the elements that its selection reads: the transpose of Slice and Take. Any number of
    /// parts are added by one node, which makes one tensor of the shape instead of one for each part.
    /// </summary>
    internal static Expr Scatter(Shape shape, Selection[] selections, ReadOnlySpan<Expr> parts) =>
        Make(new ScatterPrimitive(new(shape, selections)), shape, parts);
}

/// <summary>
/// Adds each operand into zeros, at the elements that its selection reads: the transpose of <see cref="SelectionPrimitive"/>.
/// </summary>
/// <param name="Placement">The shape of the result, and the selection for each operand.</param>
internal sealed record ScatterPrimitive(Placement Placement) : JoinPrimitive
{
    public override Op Op => Op.Scatter;

    public static Reader Reader { get; } = new("scatter", call =>
    {
        var shape = call.Shape();
        var (selections, parts) = call.Parts(shape);
        return Expr.Scatter(shape, selections, parts);
    });

    public override Spelling Spelling => new("scatter");

    public override Selection PartOf(Expr node, int operand) => Placement.Selections[operand];

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => LayoutKernels.Scatter(Placement, operands);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var sums = new T[shape.Size];
        Array.Fill(sums, T.Zero);
        var positions = new Storage(shape, [.. Enumerable.Range(0, sums.Length).Select(position => (double)position)]);
        for (var operand = 0; operand < operands.Length; operand++)
        {
            var places = LayoutKernels.Select(Placement.Selections[operand], positions).Span;
            for (var i = 0; i < places.Length; i++)
            {
                sums[(int)places[i]] += operands[operand].Elements[i];
            }
        }

        return sums;
    }

    public override Expr Batch(Expr node, Batched[] operands, int size) => Expr.Scatter(
        Batched.With(size, node.Shape),
        Array.ConvertAll(Placement.Selections, selection => selection.Batched(Placement.Shape, size)),
        Array.ConvertAll(operands, operand => operand.ForEach(size)));

    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        var positions = Expr.Reshape(Expr.Arange(node.Shape.Size), node.Shape).Storage;
        var (moving, places) = (new List<int>(), new List<int>());
        for (var operand = 0; operand < operands.Length; operand++)
        {
            if (operands[operand] is { } own)
            {
                moving.AddRange(own);
                places.AddRange(Array.ConvertAll(LayoutKernels.Select(PartOf(node, operand), positions).Span.ToArray(), place => (int)place));
            }
        }

        return sets.Union(CollectionsMarshal.AsSpan(moving), CollectionsMarshal.AsSpan(places), node.Shape.Size);
    }

    public override int[] AxesOf(Expr node, int operand)
    {
        var from = node.Operand(operand).Shape;
        return AxisMap.Inverse(AxisMap.Selected(Placement.Selections[operand], node.Shape, from), from.Rank);
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => Placement.Selections.Select(selection => ("", Indexer.Text(selection)));

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands)
    {
        var arguments = new List<(string, string)> { ("", node.Shape.ToString()) };
        for (var i = 0; i < operands.Length; i++)
        {
            arguments.Add((notation.Bracketed(Indexer.Text(Placement.Selections[i], notation.LargestList)), operands[i].Text));
        }

        return notation.Placed(Spelling, arguments);
    }
}
