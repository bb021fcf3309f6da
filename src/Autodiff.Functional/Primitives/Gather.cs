// The slices of a tensor at positions that are an operand.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The slices at positions along an axis, where the positions are an expression (a gather): the axis is replaced by those of the positions. One position, a
    /// scalar, drops the axis. The derivative flows to the slices that are read, and there is none with respect to the positions.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="indices">The positions, of any shape: whole numbers from 0 to length − 1, which may be repeated.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <exception cref="AutodiffException">A position is outside the axis, or not a whole number.</exception>
    /// <example>
    /// <code>
    /// Expr table = new double[] { 10, 20, 30 };
    /// Console.WriteLine(Take(table, new double[] { 2, 0, 0 })); // [30, 10, 10]
    /// </code>
    /// </example>
    [OverloadResolutionPriority(-1)]
    public static Expr Take(Expr x, Expr indices, int axis = 0)
    {
        var along = ShapeOf("Take", x).Axis(axis, "Take");
        _ = ShapeOf("Take", indices);
        return GatherPrimitive.Of(x, indices, new(along, 0));
    }

    /// <summary>The slice at a position of the first axis, without that axis, or the slices at several positions; the position is an expression.</summary>
    /// <param name="index">The position, a whole number, or positions of any shape.</param>
    /// <exception cref="ShapeException">The expression is a scalar.</exception>
    /// <exception cref="AutodiffException">A position is outside the axis, or not a whole number.</exception>
    [OverloadResolutionPriority(-1)]
    public Expr this[Expr index] => Rank > 0
        ? Take(this, index)
        : throw new ShapeException("Slice: the expression is a scalar, of shape (), which has 0 axes, so there is nothing to index; leave the index out, or make a vector of it with Reshape(x, 1).");
}

/// <summary>Reads the slices at the positions of the second operand along an axis of the first.</summary>
internal sealed record GatherPrimitive(IndexedAxis Along) : OperandwisePrimitive, IRoutine
{
    public override Op Op => Op.Gather;

    public static Reader Reader { get; } = new("gather", call => Of(call.Operand("the tensor"), call.Operand("the positions"), IndexedAxis.Read(call)));

    public override Spelling Spelling => new("gather");

    /// <summary>A position that is outside is an error.</summary>
    public override bool MayFail => true;

    public static Expr Of(Expr x, Expr positions, IndexedAxis along)
    {
        along.CheckWhole("Take", x.Shape, positions.Shape);
        return Expr.Make(new GatherPrimitive(along), along.Slices(x.Shape, positions.Shape), [x, positions]);
    }

    /// <summary>The image of a sensitivity of the first operand.</summary>
    public static Sensitivity? Read(Sensitivity x, Expr positions, IndexedAxis along) => x.Through(value => Of(value, positions, along));

    public RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) => new(Indexing.Gather, Along.Sizes(operands[0], operands[1]));

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => RoutineCall.Evaluate(this, shape, operands);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var elements = operands[0].Elements;
        return Array.ConvertAll(Places(operands[0].Shape, NumberTensor<T>.Rounded(field, operands)[1], shape), place => elements[place]);
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) =>
        operand == 0 ? Read(tangent, point.Enter(node.Operand(1)), Along) : null;

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) =>
        operand == 0 ? ScatterAddPrimitive.Add(point.Enter(node.Operand(1)), cotangent, Along, node.Operand(0).Shape[Along.Axis]) : null;

    public override Expr Batch(Expr node, Batched[] operands, int size)
    {
        var ((x, isOfX), (positions, isOfPositions)) = ((operands[0].Value, operands[0].IsBatched), (operands[1].Value, operands[1].IsBatched));
        if (Along.BatchAxes > 0 || (isOfX && isOfPositions))
        {
            return Of(operands[0].ForEach(size), operands[1].ForEach(size), Along.Batched);
        }

        if (isOfX)
        {
            return Of(x, positions, new(Along.Axis + 1, 0));
        }

        // All samples read from one tensor: the batch axis is the first of the positions.
        var slices = Of(x, positions, Along);
        return Expr.Permute(slices, [Along.Axis, .. Enumerable.Range(0, slices.Rank).Where(axis => axis != Along.Axis)]);
    }

    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets) =>
        operands[0] is not { } own ? new int[node.Shape.Size]
        : node.Operand(1) is { IsFixed: true } positions ? Array.ConvertAll(Places(node.Operand(0).Shape, positions.Storage, node.Shape), place => own[place])
        : base.Depend(node, [own, null], sets);

    /// <summary>The place in a tensor from which each element of its slices is read.</summary>
    public int[] Places(Shape whole, Storage positions, Shape slices)
    {
        Storage all = new(whole, [.. Enumerable.Range(0, whole.Size).Select(place => (double)place)]);
        return Array.ConvertAll(Evaluate(slices, [all, positions]).Span.ToArray(), place => (int)place);
    }

    public override int[] AxesOf(Expr node, int operand)
    {
        var (x, positions) = (node.Operand(0).Shape, node.Operand(1).Shape);
        return operand == 0 ? Along.OfWhole(x, positions) : Along.OfPositions(positions);
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => Along.Attributes;
}
