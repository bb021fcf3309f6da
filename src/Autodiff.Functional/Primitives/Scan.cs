// The base of primitives that run along an axis, each element of the result from the one before.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>A primitive whose results are, along an axis, functions of the one before and of the operands there. All have the same shape.</summary>
/// <param name="Axis">The axis.</param>
internal abstract record ScanPrimitive(int Axis) : OperandwisePrimitive, IRoutine
{
    /// <summary>Whether it runs from the end of the axis.</summary>
    public virtual bool RunsFromEnd => false;

    /// <summary>What it computes.</summary>
    protected abstract Routine Routine { get; }

    /// <summary>The choice that the routine takes (see <see cref="Scans"/>).</summary>
    protected virtual bool Choice => RunsFromEnd;

    /// <summary>The element before each one along an axis, in the direction in which a scan runs; the first has a number in its place.</summary>
    public static Expr Previous(Expr x, double first, int axis, bool isReversed = false)
    {
        if (x.Shape.Size == 0)
        {
            return x;
        }

        var (starts, lengths) = (new int[x.Rank], x.Shape.Lengths.ToArray());
        (starts[axis], lengths[axis]) = (isReversed ? 1 : 0, lengths[axis] - 1);
        var others = Shape.Of([.. lengths]);
        var rest = SelectionPrimitive.Read(Region.Of(x.Shape, others, starts, lengths), x);
        var start = BroadcastTo(first, Shape.Of([.. lengths[..axis], 1, .. lengths[(axis + 1)..]]));
        return others.Size == 0 ? start : Concat(isReversed ? [rest, start] : [start, rest], axis);
    }

    /// <summary>A mask that is 1 at all positions along an axis but the first, in the direction in which a scan runs.</summary>
    public static Expr IsAfterFirst(Shape shape, int axis, bool isReversed = false) => Previous(Zeros(shape), 1, axis, isReversed) < 0.5;

    /// <summary>The place of each element that has one before it along an axis, and the place of that one, in the order in which a scan runs.</summary>
    public static IEnumerable<(int Here, int Before)> Steps(Shape shape, int axis, bool isReversed)
    {
        var stride = shape.Strides()[axis];
        for (var i = 0; i < shape.Size; i++)
        {
            var place = isReversed ? shape.Size - 1 - i : i;
            if (place / stride % shape[axis] != (isReversed ? shape[axis] - 1 : 0))
            {
                yield return (place, isReversed ? place + stride : place - stride);
            }
        }
    }

    public RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) => new(Routine, [shape[Axis], shape.Strides()[Axis], Choice ? 1 : 0]);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => RoutineCall.Evaluate(this, shape, operands);

    public override Expr Batch(Expr node, Batched[] operands, int size) =>
        Make(this with { Axis = Axis + 1 }, Batched.With(size, node.Shape), Array.ConvertAll(operands, operand => operand.ForEach(size)));

    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        var union = operands.Aggregate((int[]?)null, sets.Union)!;
        return sets.RunningUnion(union, node.Shape, Axis, RunsFromEnd);
    }

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Without(Axis, node.Rank);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) =>
        RunsFromEnd ? [("axis", $"{Axis}"), ("reverse", "true")] : [("axis", $"{Axis}")];

    /// <summary>The scan of a tensor along an axis, as a node.</summary>
    protected static Expr Of(string operation, Expr x, int axis, Func<int, ScanPrimitive> primitive)
    {
        var shape = ShapeOf(operation, x);
        return Make(primitive(shape.Axis(axis, operation)), shape, [x]);
    }
}
