// The elements along an axis in reverse order.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The elements along an axis in reverse order.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr Flip(Expr x, int axis = 0)
    {
        var shape = ShapeOf("Flip", x);
        return Make(new FlipPrimitive(shape.Axis(axis, "Flip")), shape, [x]);
    }
}

/// <summary>The elements along an axis in reverse order: a linear map that is its own transpose.</summary>
internal sealed record FlipPrimitive(int Axis) : View
{
    public override Op Op => Op.Flip;

    public static Reader Reader { get; } = new("flip", call => Expr.Flip(call.Operand("the operand"), call.Integer("axis") ?? 0));

    public override Spelling Spelling => new("flip");

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => LayoutKernels.Flip(Axis, operands[0]);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(Of);

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => cotangent.Through(Of);

    public override Expr Batch(Expr node, Batched[] operands, int size) => (this with { Axis = Axis + 1 }).Of(operands[0].Value);

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Without(Axis, node.Rank);

    public override (int Operand, int[] Index) Source(Expr node, int[] index)
    {
        int[] source = [.. index];
        source[Axis] = node.Shape[Axis] - 1 - index[Axis];
        return (0, source);
    }

    public override TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class => memory.Reversed(Axis, node.Shape[Axis]);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [("axis", $"{Axis}")];

    private Expr Of(Expr x) => Expr.Make(this, x.Shape, [x]);
}
