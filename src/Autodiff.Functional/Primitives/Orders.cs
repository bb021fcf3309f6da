// Positions: the order of numbers, where numbers belong among sorted ones, and where the largest is. They are whole numbers, without derivatives.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The positions of the elements along an axis in ascending or descending order, as whole numbers. Ties keep their order, and NaN counts as larger than all numbers. No
    /// derivative flows through positions.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr ArgSort(Expr x, int axis = -1, bool descending = false)
    {
        var shape = ShapeOf("ArgSort", x);
        return Make(new ArgSortPrimitive(shape.Axis(axis, "ArgSort"), descending), shape, [x]);
    }

    /// <summary>
    /// Where numbers belong in a sorted vector: how many of its elements are less than each number or, with <paramref name="right"/>, not greater than it. NaN counts as larger than
    /// all numbers. No derivative flows through positions.
    /// </summary>
    /// <param name="sorted">A vector in ascending order.</param>
    /// <param name="x">The numbers, of any shape.</param>
    /// <param name="right">Whether a number belongs after the elements that equal it, not before them.</param>
    /// <exception cref="ShapeException">The first tensor is no vector.</exception>
    /// <exception cref="AutodiffException">The vector is not in ascending order.</exception>
    public static Expr SearchSorted(Expr sorted, Expr x, bool right = false)
    {
        var shape = ShapeOf("SearchSorted", sorted);
        _ = ShapeOf("SearchSorted", x);
        return shape.Rank == 1 ? SearchSortedPrimitive.Of(sorted, x, right)
            : throw new ShapeException($"SearchSorted: the sorted numbers have shape {shape}; they must be a vector.");
    }

    /// <summary>
    /// The position of the largest of all elements, or of those along some axes, as a whole number: the first one if there are several. A NaN counts as the largest. Along
    /// several axes, it is the position in row-major order. No derivative flows through positions.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element along the reduced axes.</exception>
    public static Expr IndexOfMax(Expr x, Axes axis = default, bool keepDims = false) => IndexOfExtremePrimitive.Of("IndexOfMax", x, axis, keepDims, isSmallest: false);

    /// <summary>
    /// The position of the smallest of all elements, or of those along some axes, as a whole number: the first one if there are several. A NaN counts as the smallest. Along
    /// several axes, it is the position in row-major order. No derivative flows through positions.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element along the reduced axes.</exception>
    public static Expr IndexOfMin(Expr x, Axes axis = default, bool keepDims = false) => IndexOfExtremePrimitive.Of("IndexOfMin", x, axis, keepDims, isSmallest: true);
}

/// <summary>A primitive whose results are positions or other whole numbers, which do not change if the operands change a little (see <see cref="OpSets.StopsDerivatives"/>).</summary>
internal abstract record PositionPrimitive : OperandwisePrimitive, IRoutine
{
    public abstract RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => RoutineCall.Evaluate(this, shape, operands);

    /// <summary>The positions of numbers that are near doubles are those of the doubles.</summary>
    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands) => field.IsEnclosure
        ? base.EvaluateIn(field, shape, operands)
        : Array.ConvertAll(Evaluate(shape, NumberTensor<T>.Rounded(field, operands)).Span.ToArray(), field.Constant);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => null;

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => null;

    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets) => new int[node.Shape.Size];
}

/// <summary>The positions of the elements along an axis, in order.</summary>
internal sealed record ArgSortPrimitive(int Axis, bool IsDescending) : PositionPrimitive
{
    public override Op Op => Op.ArgSort;

    public static Reader Reader { get; } = new("argsort", call => Expr.ArgSort(call.Operand("the operand"), call.Integer("axis") ?? 0, call.Flag("descending")));

    public override Spelling Spelling => new("argsort");

    public override RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) =>
        new(Numerics.Orders.ArgSort, [shape[Axis], shape.Strides()[Axis], IsDescending ? 1 : 0], ScratchFor(shape[Axis]));

    private static int ScratchFor(int length) => length <= Array.MaxLength / 2
        ? 2 * length
        : throw new ShapeException($"ArgSort: {length} elements along an axis are more than the {Array.MaxLength / 2} that can be sorted.");

    public override Expr Batch(Expr node, Batched[] operands, int size) => Expr.Make(this with { Axis = Axis + 1 }, operands[0].Value.Shape, [operands[0].Value]);

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Without(Axis, node.Rank);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) =>
        IsDescending ? [("axis", $"{Axis}"), ("descending", "true")] : [("axis", $"{Axis}")];
}

/// <summary>Where the elements of the second operand belong among those of the first, which are sorted along its last axis; the axes before it are batch axes of both.</summary>
internal sealed record SearchSortedPrimitive(bool CountsEqual, int BatchAxes) : PositionPrimitive
{
    public override Op Op => Op.SearchSorted;

    public static Reader Reader { get; } = new("searchsorted", call => Of(call.Operand("the sorted numbers"), call.Operand("the numbers"), call.Flag("right")));

    public override Spelling Spelling => new("searchsorted");

    /// <summary>Numbers that are not sorted are an error.</summary>
    public override bool MayFail => true;

    public static Expr Of(Expr sorted, Expr x, bool countsEqual)
    {
        var batchAxes = sorted.Rank - 1;
        return batchAxes >= 0 && batchAxes <= x.Rank && sorted.Shape.Lengths[..batchAxes].SequenceEqual(x.Shape.Lengths[..batchAxes])
            ? Expr.Make(new SearchSortedPrimitive(countsEqual, batchAxes), x.Shape, [sorted, x])
            : throw new ShapeException($"SearchSorted: the axes of shape {sorted.Shape} before the last are not the first ones of shape {x.Shape}.");
    }

    public override RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands)
    {
        var (batches, length) = (Shape.Of([.. shape.Lengths[..BatchAxes]]).Size, operands[0][BatchAxes]);
        return new(Numerics.Orders.SearchSorted, [batches, length, batches == 0 ? 0 : shape.Size / batches, CountsEqual ? 1 : 0]);
    }

    public override Expr Batch(Expr node, Batched[] operands, int size) => operands[0].IsBatched || BatchAxes > 0
        ? Of(operands[0].ForEach(size), operands[1].ForEach(size), CountsEqual)
        : Of(operands[0].Value, operands[1].Value, CountsEqual);

    public override int[] AxesOf(Expr node, int operand)
    {
        int[] map = [.. Enumerable.Range(0, node.Operand(operand).Rank)];
        if (operand == 0)
        {
            map[^1] = AxisMap.None;
        }

        return map;
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => CountsEqual ? [("right", "true")] : [];
}

/// <summary>The position of the largest or smallest element along the last axis.</summary>
internal sealed record IndexOfExtremePrimitive(bool IsSmallest) : PositionPrimitive
{
    public override Op Op => Op.IndexOfExtreme;

    public static Reader[] Readers { get; } =
    [
        new("indexofmax", call => Of(call.Operand("the operand"), isSmallest: false)),
        new("indexofmin", call => Of(call.Operand("the operand"), isSmallest: true)),
    ];

    public override Spelling Spelling => new(IsSmallest ? "indexofmin" : "indexofmax");

    public static Expr Of(string operation, Expr x, Axes axes, bool keepDims, bool isSmallest)
    {
        var folding = Expr.FoldingOf(operation, x, axes, keepDims);
        if (folding.Count(x.Shape) == 0)
        {
            throw new ShapeException($"{operation}: shape {x.Shape} has no element along the folded axes; there is no largest or smallest of none.");
        }

        // The folded axes become one, behind all others.
        int[] kept = [.. Enumerable.Range(0, x.Rank).Where(axis => !folding.Folds(axis))];
        var last = Expr.Permute(x, [.. kept, .. folding.Indices]);
        var flat = Expr.Reshape(last, new Shape([.. kept.Select(axis => x.Shape[axis]), folding.Count(x.Shape)]));
        return Expr.Reshape(Of(flat, isSmallest), folding.Reduce(x.Shape));
    }

    public static Expr Of(Expr x, bool isSmallest) => x.Rank > 0 && x.Shape.Lengths[^1] > 0
        ? Expr.Make(new IndexOfExtremePrimitive(isSmallest), Shape.Of([.. x.Shape.Lengths[..^1]]), [x])
        : throw new ShapeException($"IndexOf: shape {x.Shape} has no elements along a last axis.");

    public override RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) => new(Numerics.Orders.IndexOfExtreme, [operands[0].Lengths[^1], IsSmallest ? 1 : 0]);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Of(operands[0].Value, IsSmallest);

    public override int[] AxesOf(Expr node, int operand)
    {
        int[] map = [.. Enumerable.Range(0, node.Operand(0).Rank)];
        map[^1] = AxisMap.None;
        return map;
    }
}
