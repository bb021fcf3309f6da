// Running sums along an axis.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The running sums along an axis: element i is the sum of elements 0 … i.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr CumSum(Expr x, int axis = 0)
    {
        var shape = ShapeOf("CumSum", x);
        return Make(new CumSumPrimitive(shape.Axis(axis, "CumSum"), IsReversed: false), shape, [x]);
    }
}

/// <summary>The sums up to each position along an axis, or from each on to the end: a linear map, whose transpose runs the other way.</summary>
internal sealed record CumSumPrimitive(int Axis, bool IsReversed) : LinearPrimitive, IRoutine
{
    public override Op Op => Op.CumSum;

    public static Reader Reader { get; } = new("cumsum", call =>
    {
        var x = call.Operand("the operand");
        return Expr.Make(new CumSumPrimitive(x.Shape.Axis(call.Integer("axis") ?? 0, "CumSum"), call.Flag("reverse")), x.Shape, [x]);
    });

    public override Spelling Spelling => new("cumsum");

    public RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) => new(Scans.Sum, [shape[Axis], shape.Strides()[Axis], IsReversed ? 1 : 0]);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => RoutineCall.Evaluate(this, shape, operands);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        T[] sums = [.. operands[0].Elements];
        foreach (var (here, before) in ScanPrimitive.Steps(shape, Axis, IsReversed))
        {
            sums[here] += sums[before];
        }

        return sums;
    }

    public override Expr Transpose(Expr node, Expr cotangent) => Expr.Make(this with { IsReversed = !IsReversed }, node.Shape, [cotangent]);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Expr.Make(this with { Axis = Axis + 1 }, operands[0].Value.Shape, [operands[0].Value]);

    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets) => sets.RunningUnion(operands[0]!, node.Shape, Axis, IsReversed);

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Without(Axis, node.Rank);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) =>
        IsReversed ? [("axis", $"{Axis}"), ("reverse", "true")] : [("axis", $"{Axis}")];
}
