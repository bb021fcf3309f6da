// Every so many positions of an axis: a slice with a step.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>Reads the positions 0, step, 2·step, … of an axis: a linear map, whose transpose puts them back among zeros.</summary>
internal sealed record EveryPrimitive(int Axis, int Step) : View
{
    public override Op Op => Op.Every;

    public static Reader Reader { get; } = new("every", call => Of(call.Operand("the operand"), call.Integer("axis") ?? 0, call.Integer("step") ?? 1));

    public override Spelling Spelling => new("every");

    /// <summary>Every so many positions of an axis.</summary>
    /// <exception cref="ShapeException">There is no such axis, or the step is not positive.</exception>
    public static Expr Of(Expr x, int axis, int step)
    {
        var shape = Expr.ShapeOf("Slice", x);
        var along = shape.Axis(axis, "Slice");
        var lengths = shape.Lengths.ToArray();
        lengths[along] = Count(lengths[along], Slice.Every(step).Step);
        return Expr.Make(new EveryPrimitive(along, step), Shape.Of(lengths), [x]);
    }

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => LayoutKernels.Every(Axis, Step, operands[0], shape);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(x => Of(x, Axis, Step));

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent)
    {
        var from = node.Operand(0).Shape;
        int[] positions = [.. Enumerable.Range(0, node.Shape[Axis]).Select(position => position * Step)];
        return Sensitivity.Gathered(from, [(new Positions(from, node.Shape, Axis, positions), cotangent)]);
    }

    public override Expr Batch(Expr node, Batched[] operands, int size) => Of(operands[0].Value, Axis + 1, Step);

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Without(Axis, node.Rank);

    public override (int Operand, int[] Index) Source(Expr node, int[] index)
    {
        int[] source = [.. index];
        source[Axis] *= Step;
        return (0, source);
    }

    public override TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class => memory.Stepped(Axis, Step);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [("step", $"{Step}"), ("axis", $"{Axis}")];

    private static int Count(int length, int step) => length == 0 ? 0 : ((length - 1) / step) + 1;
}
