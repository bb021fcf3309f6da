// Slices added into zeros at positions that are an operand.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// Zeros, to which slices are added at positions along an axis; slices at the same position are summed. The transpose of <see cref="Take(Expr, Expr, int)"/>.
    /// </summary>
    /// <param name="indices">The positions, of any shape: whole numbers from 0 to length − 1.</param>
    /// <param name="values">The slices: in place of the axis, they have the axes of the positions. A scalar is added at every position.</param>
    /// <param name="length">The length of the axis of the result.</param>
    /// <param name="axis">The axis of the result, −1 for the last.</param>
    /// <exception cref="ShapeException">The axes of the slices are not those of the positions, there is no such axis, or the length is negative.</exception>
    /// <exception cref="AutodiffException">A position is outside the axis, or not a whole number.</exception>
    /// <example>
    /// A histogram of whole numbers:
    /// <code>
    /// Console.WriteLine(ScatterAdd(new double[] { 0, 2, 2 }, 1, length: 4)); // [1, 0, 2, 0]
    /// </code>
    /// </example>
    public static Expr ScatterAdd(Expr indices, Expr values, int length, int axis = 0)
    {
        var (positions, slices) = (ShapeOf("ScatterAdd", indices), ShapeOf("ScatterAdd", values));
        if (slices.IsScalar)
        {
            (values, slices) = (BroadcastTo(values, positions), positions);
        }

        if (length < 0 || slices.Rank < positions.Rank)
        {
            throw new ShapeException($"ScatterAdd: slices of shape {slices} at positions of shape {positions} do not make an axis of length {length}; the slices must have the axes of the positions.");
        }

        var along = slices.Rank - positions.Rank + 1 is var rank && axis >= -rank && axis < rank ? (axis + rank) % rank
            : throw new ShapeException($"ScatterAdd: there is no axis {axis} of a result with {rank} axes.");
        return ScatterAddPrimitive.Of(indices, values, new(along, 0), length);
    }
}

/// <summary>Adds slices into zeros at the positions of the first operand: linear in the second operand, and the transpose of <see cref="GatherPrimitive"/>.</summary>
/// <param name="Along">The axis of the result.</param>
/// <param name="Length">Its length.</param>
internal sealed record ScatterAddPrimitive(IndexedAxis Along, int Length) : OperandwisePrimitive, IRoutine
{
    public override Op Op => Op.ScatterAdd;

    public static Reader Reader { get; } = new("scatteradd", call =>
        Of(call.Operand("the positions"), call.Operand("the slices"), IndexedAxis.Read(call), call.Integer("length") ?? 0));

    public override Spelling Spelling => new("scatteradd");

    /// <summary>A position that is outside is an error.</summary>
    public override bool MayFail => true;

    public static Expr Of(Expr positions, Expr slices, IndexedAxis along, int length)
    {
        along.CheckSlices("ScatterAdd", slices.Shape, positions.Shape);
        return Expr.Make(new ScatterAddPrimitive(along, length), along.Whole(slices.Shape, positions.Shape, length), [positions, slices]);
    }

    /// <summary>The image of a sensitivity of the slices; elements of the result to which none is added are structural zeros.</summary>
    public static Sensitivity? Add(Expr positions, Sensitivity slices, IndexedAxis along, int length)
    {
        var value = Of(positions, slices.Value, along, length);
        return Sensitivity.Of(value, (slices.Live is { } mask ? Of(positions, mask, along, length) : Covered(positions, along, value.Shape)) > 0);
    }

    /// <summary>How many slices are added at each element of a result; this is the same along all axes but the batch axes and the one of the positions.</summary>
    private static Expr Covered(Expr positions, IndexedAxis along, Shape shape)
    {
        var (batch, length) = (along.BatchAxes, shape[along.Axis]);
        var counts = Of(positions, Expr.Ones(positions.Shape), new(batch, batch), length);
        int[] beside = [.. shape.Lengths[..batch], .. Enumerable.Repeat(1, along.Axis - batch), length, .. Enumerable.Repeat(1, shape.Rank - along.Axis - 1)];
        return Expr.BroadcastTo(Expr.Reshape(counts, beside), shape);
    }

    public RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) => new(Indexing.ScatterAdd, Along.Sizes(shape, operands[0]));

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => RoutineCall.Evaluate(this, shape, operands);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var sums = new T[shape.Size];
        Array.Fill(sums, T.Zero);
        foreach (var (slice, place) in new GatherPrimitive(Along).Places(shape, NumberTensor<T>.Rounded(field, operands)[0], operands[1].Shape).Index())
        {
            sums[place] += operands[1].Elements[slice];
        }

        return sums;
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) =>
        operand == 1 ? Add(point.Enter(node.Operand(0)), tangent, Along, Length) : null;

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) =>
        operand == 1 ? GatherPrimitive.Read(cotangent, point.Enter(node.Operand(0)), Along) : null;

    public override Expr Batch(Expr node, Batched[] operands, int size) => !operands[0].IsBatched && Along.BatchAxes == 0
        ? Of(operands[0].Value, operands[1].Value, new(Along.Axis + 1, 0), Length)
        : Of(operands[0].ForEach(size), operands[1].ForEach(size), Along.Batched, Length);

    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        if (operands[1] is not { } own)
        {
            return new int[node.Shape.Size];
        }

        var positions = node.Operand(0);
        return positions.IsFixed ? sets.Union(own, new GatherPrimitive(Along).Places(node.Shape, positions.Storage, node.Operand(1).Shape), node.Shape.Size) : base.Depend(node, [null, own], sets);
    }

    public override int[] AxesOf(Expr node, int operand) => operand == 0
        ? Along.OfBatch(node.Operand(0).Shape)
        : AxisMap.Inverse(Along.OfWhole(node.Shape, node.Operand(0).Shape), node.Operand(1).Rank);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [.. Along.Attributes, ("length", $"{Length}")];
}
