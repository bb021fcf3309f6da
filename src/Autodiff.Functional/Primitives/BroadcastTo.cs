// Broadcasting to a shape by NumPy's rule.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The tensor broadcast to a shape by NumPy's rule: elements are repeated along axes of length 1 and missing leading axes.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="shape">The shape to broadcast to. Axes are aligned at the last; x has the same length along each, or length 1, or no axis.</param>
    /// <exception cref="ShapeException">The tensor does not broadcast to the shape.</exception>
    public static Expr BroadcastTo(Expr x, Shape shape)
    {
        var from = ShapeOf("BroadcastTo", x);
        if (from == shape)
        {
            return x;
        }

        return from.Rank <= shape.Rank && Shape.Broadcast(from, shape, "BroadcastTo") == shape
            ? Make(BroadcastPrimitive.Instance, shape, [x])
            : throw new ShapeException($"BroadcastTo: shape {from} does not stretch to {shape}; only axes of length 1 and missing leading axes stretch.");
    }
}

/// <summary>Broadcasts a tensor to the shape of the result: a linear map, whose transpose sums over the axes that were broadcast.</summary>
internal sealed record BroadcastPrimitive : View
{
    private BroadcastPrimitive()
    {
    }

    public static BroadcastPrimitive Instance { get; } = new();

    public override Op Op => Op.BroadcastTo;

    public const string Name = "broadcastto";

    public static Reader Reader { get; } = new(Name, call => Expr.BroadcastTo(call.Operand("the operand"), call.Shape()));

    public override Spelling Spelling => new(Name);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => LayoutKernels.Broadcast(operands[0], shape);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(x => Expr.BroadcastTo(x, node.Shape));

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => cotangent.SumTo(node.Operand(0).Shape);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Expr.BroadcastTo(operands[0].Aligned(node.Rank), Batched.With(size, node.Shape));

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Broadcast(node.Operand(0).Shape, node.Shape);

    public override (int Operand, int[] Index) Source(Expr node, int[] index)
    {
        var from = node.Operand(0).Shape;
        var source = index[^from.Rank..];
        for (var axis = 0; axis < source.Length; axis++)
        {
            source[axis] = from[axis] == 1 ? 0 : source[axis];
        }

        return (0, source);
    }

    public override TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class
    {
        var (from, to) = (node.Operand(0).Shape, node.Shape);
        var axes = new int[to.Rank];
        for (var axis = 0; axis < axes.Length; axis++)
        {
            var own = axis - (to.Rank - from.Rank);
            axes[axis] = own < 0 || from[own] != to[axis] ? -1 : own;
        }

        return memory.WithAxes(axes);
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [("", node.Shape.ToString())];
}
