// The largest slices of segments.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The largest value of each segment: result[s, …] is the maximum of values[k, …] over all k with ids[k] = s, and −∞ if there is none. Tied values
    /// share the derivative equally.
    /// </summary>
    /// <param name="values">The values; their first axes are those of the ids.</param>
    /// <param name="ids">The segment of each value, of any shape: whole numbers from 0 to count − 1.</param>
    /// <param name="count">The number of segments.</param>
    /// <exception cref="ShapeException">The first axes of the values are not those of the ids, or the count is negative.</exception>
    /// <exception cref="AutodiffException">An id is no segment.</exception>
    public static Expr SegmentMax(Expr values, Expr ids, int count)
    {
        _ = (ShapeOf("SegmentMax", values), ShapeOf("SegmentMax", ids));
        return SegmentMaxPrimitive.Of(values, ids, count, 0);
    }
}

/// <summary>The largest of the slices that have the same position.</summary>
/// <param name="Count">The number of segments.</param>
/// <param name="BatchAxes">The number of axes before those of the positions.</param>
internal sealed record SegmentMaxPrimitive(int Count, int BatchAxes) : OperandwisePrimitive, IRoutine
{
    public override Op Op => Op.SegmentMax;

    public static Reader Reader { get; } = new("segmentmax", call =>
        Of(call.Operand("the values"), call.Operand("the segments"), call.Integer("count") ?? 0, call.Integer("batch") ?? 0));

    public override Spelling Spelling => new("segmentmax");

    /// <summary>A position that is outside is an error.</summary>
    public override bool MayFail => true;

    private IndexedAxis Along => new(BatchAxes, BatchAxes);

    public static Expr Of(Expr values, Expr segments, int count, int batchAxes)
    {
        var along = new IndexedAxis(batchAxes, batchAxes);
        along.CheckSlices("SegmentMax", values.Shape, segments.Shape);
        return count < 0 ? throw new ShapeException($"SegmentMax: {count} segments; use 0 or more.")
            : Expr.Make(new SegmentMaxPrimitive(count, batchAxes), along.Whole(values.Shape, segments.Shape, count), [values, segments]);
    }

    public RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) => new(Indexing.SegmentMax, Along.Sizes(shape, operands[1]));

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => RoutineCall.Evaluate(this, shape, operands);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var largest = new T?[shape.Size];
        var places = new GatherPrimitive(Along).Places(shape, NumberTensor<T>.Rounded(field, operands)[1], operands[0].Shape);
        var isEmpty = new bool[shape.Size];
        Array.Fill(isEmpty, true);
        foreach (var (value, place) in places.Index())
        {
            largest[place] = isEmpty[place] ? operands[0].Elements[value] : field.Apply(Op.Max, largest[place]!, operands[0].Elements[value]);
            isEmpty[place] = false;
        }

        return [.. largest.Select((value, place) => isEmpty[place] ? field.Constant(double.NegativeInfinity) : value!)];
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) =>
        operand == 0 && tangent.Times(Weights(point, node), tangent.Value.Shape) is { } weighted
            ? ScatterAddPrimitive.Add(point.Enter(node.Operand(1)), weighted, Along, Count)
            : null;

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) =>
        operand == 0 ? GatherPrimitive.Read(cotangent, point.Enter(node.Operand(1)), Along)?.Times(Weights(point, node), node.Operand(0).Shape) : null;

    public override Expr Batch(Expr node, Batched[] operands, int size) => Of(operands[0].ForEach(size), operands[1].ForEach(size), Count, BatchAxes + 1);

    public override int[] AxesOf(Expr node, int operand) => operand == 1
        ? Along.OfBatch(node.Operand(1).Shape)
        : AxisMap.Inverse(Along.OfWhole(node.Shape, node.Operand(1).Shape), node.Operand(0).Rank);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => BatchAxes == 0 ? [("count", $"{Count}")] : [("count", $"{Count}"), ("batch", $"{BatchAxes}")];

    /// <summary>The weight of each value in the derivative: 1 divided by the number of values that are not less than the largest of their segment, where it is one; all of them, if one is NaN.</summary>
    private PartialDerivative<Term> Weights(Point point, Expr node)
    {
        var (values, segments, largest) = (point.Enter(node.Operand(0)), point.Enter(node.Operand(1)), point.Enter(node));
        var isLargest = 1 - (values < GatherPrimitive.Of(largest, segments, Along));
        var count = GatherPrimitive.Of(ScatterAddPrimitive.Of(segments, isLargest, Along, Count), segments, Along);
        return PartialDerivative<Term>.When(new(isLargest), 1 / new Term(count));
    }
}
