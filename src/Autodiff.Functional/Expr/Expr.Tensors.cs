// Functions that fold, move, cut and join tensors.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The sum of all elements, or along some axes.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to fold, −1 for the last, or several as [0, 1]; all if left out.</param>
    /// <param name="keepDims">Whether the folded axes stay, with length 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr Sum(Expr x, Axes axis = default, bool keepDims = false) => Reduce(Op.Sum, x, axis, keepDims);

    /// <summary>The mean of all elements, or along some axes.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to fold, −1 for the last, or several as [0, 1]; all if left out.</param>
    /// <param name="keepDims">Whether the folded axes stay, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element.</exception>
    public static Expr Mean(Expr x, Axes axis = default, bool keepDims = false) => Mean(x, FoldingOf("Mean", x, axis, keepDims));

    /// <summary>The product of all elements, or along some axes. The derivative is right where elements are 0.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to fold, −1 for the last, or several as [0, 1]; all if left out.</param>
    /// <param name="keepDims">Whether the folded axes stay, with length 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr Prod(Expr x, Axes axis = default, bool keepDims = false) => Reduce(Op.Prod, x, axis, keepDims);

    /// <summary>The largest element of all, or along some axes. Tied elements share the derivative equally.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to fold, −1 for the last, or several as [0, 1]; all if left out.</param>
    /// <param name="keepDims">Whether the folded axes stay, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element.</exception>
    public static Expr MaxOf(Expr x, Axes axis = default, bool keepDims = false) => Reduce(Op.MaxOf, x, axis, keepDims);

    /// <summary>The smallest element of all, or along some axes. Tied elements share the derivative equally.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to fold, −1 for the last, or several as [0, 1]; all if left out.</param>
    /// <param name="keepDims">Whether the folded axes stay, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element.</exception>
    public static Expr MinOf(Expr x, Axes axis = default, bool keepDims = false) => Reduce(Op.MinOf, x, axis, keepDims);

    /// <summary>
    /// log Σ eˣ over all elements, or along some axes, without overflow; elements of −∞ add nothing. Derivative: the softmax
    /// e^x / Σ e^x; where the largest element is infinite, those that equal it share. Of logarithms it is log Σx, with the derivative 1/Σx,
    /// at x = 0 too.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to fold, −1 for the last, or several as [0, 1]; all if left out.</param>
    /// <param name="keepDims">Whether the folded axes stay, with length 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr LogSumExp(Expr x, Axes axis = default, bool keepDims = false) =>
        x is { Op: Op.Log, OperandCount: 1 } ? Reduce(Op.LogSum, x.Operand(0), FoldingOf(nameof(LogSumExp), x, axis, keepDims)) : Reduce(Op.LogSumExp, x, axis, keepDims);

    /// <summary>The Euclidean norm √Σx² of all elements, or along some axes, without overflow. Its derivative x/‖x‖ is 0 at 0.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to fold, −1 for the last, or several as [0, 1]; all if left out.</param>
    /// <param name="keepDims">Whether the folded axes stay, with length 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr Norm(Expr x, Axes axis = default, bool keepDims = false) => Reduce(Op.Norm, x, axis, keepDims);

    /// <summary>The running sums along an axis: element i is the sum of elements 0 … i.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr CumSum(Expr x, int axis = 0)
    {
        var shape = ShapeOf("CumSum", x);
        return Make(Op.CumSum, new Axis(shape.Axis(axis, "CumSum")), shape, [x]);
    }

    /// <summary>The same elements in row-major order under another shape.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="shape">A shape of as many elements.</param>
    /// <exception cref="ShapeException">The numbers of elements differ.</exception>
    public static Expr Reshape(Expr x, Shape shape)
    {
        var from = ShapeOf("Reshape", x);
        return from == shape ? x
            : from.Size == shape.Size ? Make(Op.Reshape, null, shape, [x])
            : throw new ShapeException($"Reshape: shape {from} has {from.Size} elements and cannot become {shape} with {shape.Size}.");
    }

    /// <summary>The same elements in row-major order under another shape, one of whose lengths may be −1: as many as remain.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="lengths">The new lengths.</param>
    /// <exception cref="ShapeException">The numbers of elements differ, or −1 stands twice or cannot be worked out.</exception>
    public static Expr Reshape(Expr x, params ReadOnlySpan<int> lengths)
    {
        var from = ShapeOf("Reshape", x);
        foreach (var length in lengths)
        {
            if (length < -1)
            {
                throw new ShapeException($"Reshape: shape {from} cannot become ({string.Join(", ", lengths.ToArray())}); lengths are 0 or more, and one may be -1: as many as remain.");
            }
        }

        var open = lengths.IndexOf(-1);
        if (open < 0)
        {
            return Reshape(x, Shape.Of(lengths.ToArray(), "Reshape"));
        }

        var known = lengths.ToArray();
        known[open] = 1;
        var rest = known.Contains(-1) ? 0 : Shape.Of([.. known], "Reshape").Size;
        known[open] = rest > 0 && from.Size % rest == 0
            ? from.Size / rest
            : throw new ShapeException($"Reshape: shape {from} with {from.Size} elements does not fit ({string.Join(", ", lengths.ToArray())}); one length may be -1, and the others must divide the number of elements.");
        return Reshape(x, new Shape(known));
    }

    /// <summary>The tensor stretched to a shape by NumPy's broadcasting rule.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="shape">The shape to stretch to: each axis, from the last, has the same length or x has 1 or none there.</param>
    /// <exception cref="ShapeException">The tensor does not stretch to the shape.</exception>
    public static Expr BroadcastTo(Expr x, Shape shape)
    {
        var from = ShapeOf("BroadcastTo", x);
        if (from == shape)
        {
            return x;
        }

        return from.Rank <= shape.Rank && Shape.Broadcast(from, shape, "BroadcastTo") == shape
            ? Make(Op.BroadcastTo, null, shape, [x])
            : throw new ShapeException($"BroadcastTo: shape {from} does not stretch to {shape}; only axes of length 1 and missing leading axes stretch.");
    }

    /// <summary>The axes in reverse order; for a matrix its transpose.</summary>
    /// <param name="x">The tensor.</param>
    public static Expr Transpose(Expr x)
    {
        var order = new int[ShapeOf("Transpose", x).Rank];
        for (var axis = 0; axis < order.Length; axis++)
        {
            order[axis] = order.Length - 1 - axis;
        }

        return Permute(x, order);
    }

    /// <summary>The axes in another order: axis i of the result is axis <c>order[i]</c> of the tensor.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="order">Every axis once; −1 is the last.</param>
    /// <exception cref="ShapeException">The order does not name every axis once.</exception>
    public static Expr Permute(Expr x, params ReadOnlySpan<int> order)
    {
        var shape = ShapeOf("Permute", x);
        if (order.Length != shape.Rank)
        {
            throw new ShapeException($"Permute: the order ({string.Join(", ", order.ToArray())}) names {order.Length} axes, but shape {shape} has {shape.Rank}; name each once.");
        }

        var axes = Normalize("Permute", shape, order);
        return axes.SequenceEqual(Enumerable.Range(0, axes.Length))
            ? x
            : Make(Op.Permute, new Permutation(axes), Shape.Of(Array.ConvertAll(axes, axis => shape[axis])), [x]);
    }

    /// <summary>Tensors one after another along an axis they have.</summary>
    /// <param name="tensors">At least one tensor; all axes but the joined one have equal lengths.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no tensor, no such axis, or other lengths differ.</exception>
    public static Expr Concat(ReadOnlySpan<Expr> tensors, int axis = 0)
    {
        var first = FirstOf("Concat", tensors);
        if (first.IsScalar)
        {
            throw new ShapeException("Concat: scalars have no axis to be joined along; Stack makes a vector of them.");
        }

        var along = first.Axis(axis, "Concat");
        var lengths = first.Lengths.ToArray();
        lengths[along] = 0;
        foreach (var tensor in tensors)
        {
            var shape = tensor.Shape;
            var fits = shape.Rank == first.Rank;
            for (var other = 0; fits && other < first.Rank; other++)
            {
                fits = other == along || shape[other] == first[other];
            }

            lengths[along] += fits
                ? shape[along]
                : throw new ShapeException($"Concat: shapes {first} and {shape} do not join along axis {along}; all other axes must have equal lengths.");
        }

        return tensors.Length == 1 ? tensors[0] : Make(Op.Concat, new Axis(along), Shape.Of(lengths, "Concat"), tensors);
    }

    /// <summary>Tensors of one shape, as the slices of a new axis.</summary>
    /// <param name="tensors">At least one tensor, all of the same shape.</param>
    /// <param name="axis">Where the new axis stands in the result, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no tensor, no such axis, or shapes differ.</exception>
    public static Expr Stack(ReadOnlySpan<Expr> tensors, int axis = 0)
    {
        var shape = FirstOf("Stack", tensors);
        foreach (var tensor in tensors)
        {
            if (tensor.Shape != shape)
            {
                throw new ShapeException($"Stack: shapes {shape} and {tensor.Shape} differ; stacked tensors have one shape.");
            }
        }

        var along = axis < 0 ? axis + shape.Rank + 1 : axis;
        return along >= 0 && along <= shape.Rank
            ? Make(Op.Stack, new Axis(along), Shape.Of([.. shape.Lengths[..along], tensors.Length, .. shape.Lengths[along..]], "Stack"), tensors)
            : throw new ShapeException($"Stack: axis {axis} does not exist once shape {shape} has a new one; use 0 to {shape.Rank}, or -{shape.Rank + 1} to -1 counted from the end.");
    }

    /// <summary>The elements along an axis in reverse order.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr Flip(Expr x, int axis = 0)
    {
        var shape = ShapeOf("Flip", x);
        return Make(Op.Flip, new Axis(shape.Axis(axis, "Flip")), shape, [x]);
    }

    /// <summary>The slices at the given positions of an axis, in that order, repeats allowed (a gather).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="positions">The positions, 0 to length−1.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis, or a position lies outside it.</exception>
    public static Expr Take(Expr x, ReadOnlySpan<int> positions, int axis = 0)
    {
        var shape = ShapeOf("Take", x);
        var along = shape.Axis(axis, "Take");
        foreach (var position in positions)
        {
            if ((uint)position >= (uint)shape[along])
            {
                throw new ShapeException($"Take: position {position} is outside axis {along} of shape {shape}; use 0 to {shape[along] - 1}.");
            }
        }

        var lengths = shape.Lengths.ToArray();
        lengths[along] = positions.Length;
        var taken = Shape.Of(lengths, "Take");
        return Make(Op.Take, new Positions(shape, taken, along, positions.ToArray()), taken, [x]);
    }

    /// <summary>
    /// The sum of tensors, each placed where a selection would read it, zeros elsewhere: the transpose of Slice and Take.
    /// Many pieces of one tensor gather in one node, so their cost is that of the tensor, not of the tensor for each.
    /// </summary>
    internal static Expr Scatter(Shape shape, Selection[] selections, ReadOnlySpan<Expr> parts) =>
        Make(Op.Scatter, new Placement(shape, selections), shape, parts);

    private static Expr Reduce(Op op, Expr x, Axes axes, bool keepDims) => Reduce(op, x, FoldingOf(op.Name(), x, axes, keepDims));

    internal static Expr Reduce(Op op, Expr x, Folding axes) => op is Op.MaxOf or Op.MinOf && axes.Count(x.Shape) == 0
        ? throw new ShapeException($"{op}: shape {x.Shape} has no element along the folded axes; there is no largest or smallest of none.")
        : Make(op, axes, axes.Reduce(x.Shape), [x]);

    private static Expr Mean(Expr x, Folding axes) => axes.Count(x.Shape) == 0
        ? throw new ShapeException($"Mean: shape {x.Shape} has no element along the folded axes; there is no mean of none.")
        : Reduce(Op.Sum, x, axes) / axes.Count(x.Shape);

    private static Folding FoldingOf(string operation, Expr x, Axes axes, bool keepDims)
    {
        var shape = ShapeOf(operation, x);
        if (axes.IsAll)
        {
            return Folding.All(shape, keepDims);
        }

        var indices = Normalize(operation, shape, axes.Indices);
        Array.Sort(indices);
        return new(indices, keepDims);
    }

    /// <summary>Axes counted from the start; an error if one does not exist or stands twice.</summary>
    private static int[] Normalize(string operation, Shape shape, ReadOnlySpan<int> axes)
    {
        var normal = new int[axes.Length];
        for (var i = 0; i < normal.Length; i++)
        {
            normal[i] = shape.Axis(axes[i], operation);
            if (normal.AsSpan(0, i).Contains(normal[i]))
            {
                throw new ShapeException($"{operation}: axis {axes[i]} of shape {shape} is named twice in ({string.Join(", ", axes.ToArray())}).");
            }
        }

        return normal;
    }

    private static Shape ShapeOf(string operation, Expr x) => x is null ? throw AutodiffException.Null(operation, "the tensor") : x.Shape;

    private static Shape FirstOf(string operation, ReadOnlySpan<Expr> tensors)
    {
        foreach (var tensor in tensors)
        {
            _ = ShapeOf(operation, tensor);
        }

        return tensors.IsEmpty ? throw new ShapeException($"{operation}: there is no tensor to join.") : tensors[0].Shape;
    }
}
