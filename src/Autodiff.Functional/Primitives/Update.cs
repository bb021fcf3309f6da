// A tensor some of whose slices are replaced.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// A new tensor that is x but for the slices at some positions along an axis, which have new values. Of several values for one position the last counts.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="indices">The positions, of any shape: whole numbers from 0 to length − 1.</param>
    /// <param name="value">The slices, or what broadcasts to them: in place of the axis, they have the axes of the positions.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis, or the values do not broadcast to the slices.</exception>
    /// <exception cref="AutodiffException">A position is outside the axis, or not a whole number.</exception>
    /// <example>
    /// <code>
    /// Expr x = new double[] { 1, 2, 3 };
    /// Console.WriteLine(Update(x, 1, 9)); // [1, 9, 3]
    /// </code>
    /// </example>
    public static Expr Update(Expr x, Expr indices, Expr value, int axis = 0)
    {
        var along = new IndexedAxis(ShapeOf("Update", x).Axis(axis, "Update"), 0);
        var slices = along.Slices(x.Shape, ShapeOf("Update", indices));
        return Shape.Broadcast(ShapeOf("Update", value), slices, "Update") == slices
            ? UpdatePrimitive.Of(x, indices, BroadcastTo(value, slices), along)
            : throw new ShapeException($"Update: values of shape {value.Shape} do not broadcast to the slices of shape {slices} that they replace.");
    }

    /// <summary>A new tensor that is x but for a range of positions of the first axis, which has new values.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="range">The range, such as <c>1..3</c>.</param>
    /// <param name="value">The values, or what broadcasts to them.</param>
    /// <exception cref="ShapeException">The range is outside the axis, or the values do not broadcast to it.</exception>
    public static Expr Update(Expr x, Range range, Expr value)
    {
        var (start, length) = ((Slice)range).On(ShapeOf("Update", x).Axis(0, "Update"), x.Shape);
        return Update(x, start + Arange(length), value);
    }
}

/// <summary>
/// The first operand with the slices at the positions of the second replaced by the third: linear in the first and third operand together.
/// </summary>
internal sealed record UpdatePrimitive(IndexedAxis Along) : TensorPrimitive, IRoutine
{
    public override Op Op => Op.Update;

    public static Reader Reader { get; } = new("update", call =>
        Of(call.Operand("the tensor"), call.Operand("the positions"), call.Operand("the values"), IndexedAxis.Read(call)));

    public override Spelling Spelling => new("update");

    /// <summary>A position that is outside is an error.</summary>
    public override bool MayFail => true;

    public static Expr Of(Expr x, Expr positions, Expr values, IndexedAxis along)
    {
        along.CheckWhole("Update", x.Shape, positions.Shape);
        return along.Slices(x.Shape, positions.Shape) == values.Shape
            ? Expr.Make(new UpdatePrimitive(along), x.Shape, [x, positions, values])
            : throw new ShapeException($"Update: values of shape {values.Shape} do not fit positions of shape {positions.Shape} along axis {along.Axis} of shape {x.Shape}.");
    }

    public RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) => new(Indexing.Update, Along.Sizes(shape, operands[1]));

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => RoutineCall.Evaluate(this, shape, operands);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        T[] elements = [.. operands[0].Elements, .. operands[2].Elements];
        return Array.ConvertAll(Places(shape, NumberTensor<T>.Rounded(field, operands)[1], operands[2].Shape), place => elements[place]);
    }

    public override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents)
    {
        var positions = point.Enter(node.Operand(1));
        (Expr Value, Expr Live) Of(int operand) => tangents[operand] is { } tangent
            ? (tangent.Value, tangent.Live ?? Expr.Ones(tangent.Value.Shape))
            : (Expr.Zeros(node.Operand(operand).Shape), Expr.Zeros(node.Operand(operand).Shape));
        var (x, values) = (Of(0), Of(2));
        return tangents[0] is null && tangents[2] is null ? null
            : Sensitivity.Of(UpdatePrimitive.Of(x.Value, positions, values.Value, Along), UpdatePrimitive.Of(x.Live, positions, values.Live, Along) > 0);
    }

    public override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent)
    {
        var (positions, slices) = (point.Enter(node.Operand(1)), node.Operand(2).Shape);
        Expr WithoutSlices(Expr x) => Of(x, positions, Expr.Zeros(slices), Along);
        var ofX = wanted[0] ? Sensitivity.Of(WithoutSlices(cotangent.Value), WithoutSlices(cotangent.Live ?? Expr.Ones(node.Shape))) : null;
        return [ofX, null, wanted[2] ? OfValues(positions, cotangent) : null];
    }

    public override Expr Batch(Expr node, Batched[] operands, int size) => Of(operands[0].ForEach(size), operands[1].ForEach(size), operands[2].ForEach(size), Along.Batched);

    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        if (node.Operand(1) is not { IsFixed: true } positions)
        {
            return base.Depend(node, [operands[0], null, operands[2]], sets);
        }

        int[] all = [.. operands[0] ?? new int[node.Shape.Size], .. operands[2] ?? new int[node.Operand(2).Shape.Size]];
        return Array.ConvertAll(Places(node.Shape, positions.Storage, node.Operand(2).Shape), place => all[place]);
    }

    public override int[] AxesOf(Expr node, int operand)
    {
        var positions = node.Operand(1).Shape;
        return operand switch
        {
            0 => AxisMap.Without(Along.Axis, node.Rank),
            1 => Along.OfBatch(positions),
            _ => AxisMap.Inverse(Along.OfWhole(node.Shape, positions), node.Operand(2).Rank),
        };
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => Along.Attributes;

    /// <summary>The cotangent of the values, of which those that a later one for the same position overwrites are structural zeros.</summary>
    private Sensitivity? OfValues(Expr positions, Sensitivity cotangent)
    {
        if (GatherPrimitive.Read(cotangent, positions, Along) is not { } flow || positions.Shape.Size <= 1)
        {
            return GatherPrimitive.Read(cotangent, positions, Along);
        }

        // Each value writes its own number, so the number that is found at its position is that of the last.
        var (batch, length) = (Along.BatchAxes, cotangent.Value.Shape[Along.Axis]);
        var own = new IndexedAxis(batch, batch);
        var numbers = Expr.Reshape(Expr.Arange(positions.Shape.Size), positions.Shape);
        var written = Of(Expr.Zeros([.. positions.Shape.Lengths[..batch], length]), positions, numbers, own);
        var isLast = Expr.Eq(GatherPrimitive.Of(written, positions, own), numbers);
        int[] beside = [.. positions.Shape.Lengths[..batch], .. Enumerable.Repeat(1, Along.Axis - batch), .. positions.Shape.Lengths[batch..], .. Enumerable.Repeat(1, cotangent.Value.Rank - Along.Axis - 1)];
        return flow.Times(Elementwise.PartialDerivative<Term>.When(new(Expr.Reshape(isLast, beside)), 1), flow.Value.Shape);
    }

    /// <summary>The place of each element of the result among those of the tensor and, after them, of the values.</summary>
    private int[] Places(Shape shape, Storage positions, Shape values)
    {
        double[] all = [.. Enumerable.Range(0, shape.Size + values.Size).Select(place => (double)place)];
        return Array.ConvertAll(Evaluate(shape, [new(shape, all[..shape.Size]), positions, new(values, all[shape.Size..])]).Span.ToArray(), place => (int)place);
    }
}
