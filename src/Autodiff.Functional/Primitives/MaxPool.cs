// The largest element of each window along spatial axes.

using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The largest element of each window, along the spatial axes. Tied elements of a window share its derivative equally, as in <see cref="MaxOf"/>; a window in which an element is NaN gives NaN.
    /// Positions of the padding never count. As <c>torch.nn.functional.max_pool1d</c>, <c>max_pool2d</c>, <c>max_pool3d</c>, for any number of axes.
    /// </summary>
    /// <param name="x">The tensor, of shape (batch, channels, spatial axes …).</param>
    /// <param name="window">The lengths of the window, at least 1; one number for all spatial axes or one for each.</param>
    /// <param name="stride">How far apart the windows are, at least 1; the lengths of the window if omitted, so that windows lie side by side.</param>
    /// <param name="padding">How many positions are added at both ends of each axis, less than the window; 0 if omitted.</param>
    /// <returns>A tensor with ⌊(L + 2 padding − window) / stride⌋ + 1 positions along each spatial axis of length L.</returns>
    /// <exception cref="ShapeException">There is no spatial axis, a number does not fit, or the window is longer than the padded axis.</exception>
    /// <example>
    /// <code>
    /// MaxPool(Reshape(Arange(16), 1, 1, 4, 4), 2); // [[[[5, 7], [13, 15]]]]
    /// </code>
    /// </example>
    public static Expr MaxPool(Expr x, PerAxis window, PerAxis stride = default, PerAxis padding = default)
    {
        var shape = ShapeOf("MaxPool", x);
        var pool = Pool.Of("MaxPool", shape, window, stride, padding);
        if (!pool.IsSideBySide)
        {
            return new MaxPoolPrimitive(pool, MaxPoolMap.Value).Of(x);
        }

        // Windows side by side are axes of their own, without a copy.
        var pooled = pool.Pooled(shape, "MaxPool");
        var (slices, split, folded) = (new Slice[shape.Rank], new List<int>(shape.Lengths[..Convolution.Leading].ToArray()), new int[pool.Window.Length]);
        Array.Fill(slices, Range.All);
        for (var axis = 0; axis < folded.Length; axis++)
        {
            var (count, size) = (pooled[axis + Convolution.Leading], pool.Window[axis]);
            slices[axis + Convolution.Leading] = ..(count * size);
            folded[axis] = split.Count + 1;
            split.AddRange([count, size]);
        }

        return MaxOf(Reshape(x[slices], Shape.Of([.. split])), folded);
    }
}

/// <summary>What is computed of the windows of a pool.</summary>
internal enum MaxPoolMap
{
    /// <summary>The largest element of each window.</summary>
    Value,

    /// <summary>The tangent of that: the mean of the tangents of the elements that tie for the largest.</summary>
    Push,

    /// <summary>The cotangents of the elements: those that tie for the largest share the cotangent of the window equally.</summary>
    Pull,
}

/// <summary>Windows along the spatial axes of a tensor, with an entry for each axis.</summary>
/// <param name="Window">The lengths of a window.</param>
/// <param name="Stride">How far apart windows are.</param>
/// <param name="Padding">How far before the first position the first window starts.</param>
internal sealed record Pool(int[] Window, int[] Stride, int[] Padding)
{
    /// <summary>Whether each window begins where the one before ends.</summary>
    public bool IsSideBySide => Stride.AsSpan().SequenceEqual(Window) && !Padding.AsSpan().ContainsAnyExcept(0);

    /// <summary>The windows for a tensor of a shape; an error that names the operation if they do not fit.</summary>
    public static Pool Of(string operation, Shape shape, PerAxis window, PerAxis stride, PerAxis padding)
    {
        var axes = shape.Rank - Convolution.Leading;
        if (axes < 1 || window.IsDefault)
        {
            throw new ShapeException(axes < 1
                ? $"{operation}: shape {shape} must be (batch, channels, spatial axes …), with at least one spatial axis."
                : $"{operation}: the window of shape {shape} has no lengths; give one for all spatial axes, or one for each.");
        }

        var pool = new Pool(window.For(axes, 1, 1, operation, "window"), (stride.IsDefault ? window : stride).For(axes, 1, 1, operation, "stride"), padding.For(axes, 0, 0, operation, "padding"));
        for (var axis = 0; axis < axes; axis++)
        {
            var (length, size, before) = (shape[axis + Convolution.Leading], pool.Window[axis], pool.Padding[axis]);
            if (before >= size)
            {
                throw new ShapeException($"{operation}: padding {before} along spatial axis {axis} of shape {shape} must be less than the window {size}, so that every window holds an element.");
            }

            if (length == 0 || length + (2L * before) < size)
            {
                throw new ShapeException($"{operation}: the window {size} is longer than spatial axis {axis} of shape {shape} with padding {before}.");
            }
        }

        // More positions than a tensor can have are an error.
        _ = Shape.Of(pool.Window, operation);
        return pool;
    }

    /// <summary>The shape of the results for a tensor of a shape.</summary>
    public Shape Pooled(Shape shape, string operation)
    {
        var lengths = shape.Lengths.ToArray();
        for (var axis = 0; axis < Window.Length; axis++)
        {
            ref var length = ref lengths[axis + Convolution.Leading];
            length = (int)Math.Min(((length + (2L * Padding[axis]) - Window[axis]) / Stride[axis]) + 1, int.MaxValue);
        }

        return Shape.Of(lengths, operation);
    }

    /// <summary>The sizes of the convolution by which every channel of every sample is summed over windows.</summary>
    public int[] Sizes(Shape shape, Shape pooled) => new Convolution(Stride, Padding, [.. Enumerable.Repeat(1, Window.Length)], 1).Sizes(
        Shape.Of([shape[0] * shape[1], 1, .. shape.Lengths[Convolution.Leading..]]), Shape.Of([1, 1, .. Window]), Shape.Of([shape[0] * shape[1], 1, .. pooled.Lengths[Convolution.Leading..]]));

    public bool Equals(Pool? other) =>
        other is not null && Window.AsSpan().SequenceEqual(other.Window) && Stride.AsSpan().SequenceEqual(other.Stride) && Padding.AsSpan().SequenceEqual(other.Padding);

    public override int GetHashCode() => HashCode.Combine(Shape.Hash(Window), Shape.Hash(Stride), Shape.Hash(Padding));
}

/// <summary>
/// The largest element of each window, or a derivative of that. Both derivatives are linear in their second operand, each is the transpose of the other, and they depend on the first only by which
/// elements are the largest.
/// </summary>
/// <param name="Pool">The windows.</param>
/// <param name="Map">What is computed of them.</param>
internal sealed record MaxPoolPrimitive(Pool Pool, MaxPoolMap Map) : OperandwisePrimitive, IRoutine
{
    public override Op Op => Map switch
    {
        MaxPoolMap.Value => Op.MaxPool,
        MaxPoolMap.Push => Op.MaxPoolPush,
        _ => Op.MaxPoolPull,
    };

    public override Spelling Spelling => new(NameOf(Map));

    /// <summary>How the three are read.</summary>
    public static Reader[] Readers { get; } = [.. Enum.GetValues<MaxPoolMap>().Select(ReaderOf)];

    /// <summary>The node; an error if the second operand, a tangent or cotangent, does not have the shape that it must have.</summary>
    public Expr Of(params ReadOnlySpan<Expr> operands)
    {
        var (shape, pooled) = (operands[0].Shape, Pool.Pooled(operands[0].Shape, Op.Name()));
        return Map == MaxPoolMap.Value || operands[1].Shape == (Map == MaxPoolMap.Push ? shape : pooled)
            ? Expr.Make(this, Map == MaxPoolMap.Pull ? shape : pooled, operands)
            : throw new ShapeException($"{Op.Name()}: shapes {shape} and {operands[1].Shape} do not belong together.");
    }

    public RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands)
    {
        var sizes = SizesOf(shape, operands[0]);
        return Map switch
        {
            MaxPoolMap.Value => new(Pools.Largest, sizes),
            MaxPoolMap.Push => new(Pools.MeanOfLargest, sizes, 2 * sizes[^4]),
            _ => new(Pools.ShareAmongLargest, sizes, 2 * sizes[^4]),
        };
    }

    /// <summary>The sizes for the routines.</summary>
    public int[] SizesOf(Shape shape, Shape operand) => Pool.Sizes(operand, Map == MaxPoolMap.Pull ? Pool.Pooled(operand, Op.Name()) : shape);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => RoutineCall.Evaluate(this, shape, operands);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var x = operands[0].Elements;
        var terms = Convolution.Terms(SizesOf(shape, operands[0].Shape)).ToArray();
        var largest = new T[Pool.Pooled(operands[0].Shape, Op.Name()).Size];
        var isKnown = new bool[largest.Length];
        foreach (var (place, _, window) in terms)
        {
            largest[window] = isKnown[window] ? field.Apply(Op.Max, largest[window], x[place]) : x[place];
            isKnown[window] = true;
        }

        if (Map == MaxPoolMap.Value)
        {
            return largest;
        }

        var (flows, ties, result) = (operands[1].Elements, new T[largest.Length], new T[shape.Size]);
        Array.Fill(ties, T.Zero);
        Array.Fill(result, T.Zero);
        T IsTied(int place, int window) => T.One - field.Apply(Op.Less, x[place], largest[window]);
        foreach (var (place, _, window) in terms)
        {
            ties[window] += IsTied(place, window);
        }

        foreach (var (place, _, window) in terms)
        {
            var share = IsTied(place, window) / ties[window];
            result[Map == MaxPoolMap.Push ? window : place] += T.IsZero(share) ? T.Zero : share * flows[Map == MaxPoolMap.Push ? place : window];
        }

        return result;
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) =>
        Map != MaxPoolMap.Value && operand == 0 ? null : Flow(point, node, tangent, Map == MaxPoolMap.Pull ? MaxPoolMap.Pull : MaxPoolMap.Push);

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) =>
        Map != MaxPoolMap.Value && operand == 0 ? null : Flow(point, node, cotangent, Map == MaxPoolMap.Pull ? MaxPoolMap.Push : MaxPoolMap.Pull);

    public override Expr Batch(Expr node, Batched[] operands, int size)
    {
        Expr Joined(Expr x) => Reshape(x, Shape.Of([x.Shape[0] * x.Shape[1], .. x.Shape.Lengths[2..]]));
        return Reshape(Of(Array.ConvertAll(operands, operand => Joined(operand.ForEach(size)))), Batched.With(size, node.Shape));
    }

    public override int[] AxesOf(Expr node, int operand)
    {
        var map = AxisMap.Nowhere(node.Rank);
        (map[0], map[1]) = (0, 1);
        return map;
    }

    /// <summary>An element depends on the windows that it is in, and a window on its elements.</summary>
    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        var (moving, places) = (new List<int>(), new List<int>());
        if (operands[^1] is { } own)
        {
            foreach (var (place, _, window) in Convolution.Terms(SizesOf(node.Shape, node.Operand(0).Shape)))
            {
                moving.Add(own[Map == MaxPoolMap.Pull ? window : place]);
                places.Add(Map == MaxPoolMap.Pull ? place : window);
            }
        }

        return sets.Union(CollectionsMarshal.AsSpan(moving), CollectionsMarshal.AsSpan(places), node.Shape.Size);
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node)
    {
        yield return ("window", Text(Pool.Window));
        if (!Pool.Stride.AsSpan().SequenceEqual(Pool.Window))
        {
            yield return ("stride", Text(Pool.Stride));
        }

        if (Array.Exists(Pool.Padding, padding => padding > 0))
        {
            yield return ("padding", Text(Pool.Padding));
        }

        static string Text(int[] numbers) => Array.TrueForAll(numbers, number => number == numbers[0]) ? $"{numbers[0]}" : ValueText.Indices(numbers);
    }

    private static string NameOf(MaxPoolMap map) => map switch
    {
        MaxPoolMap.Value => "maxpool",
        MaxPoolMap.Push => "maxpoolpush",
        _ => "maxpoolpull",
    };

    private static Reader ReaderOf(MaxPoolMap map) => new(NameOf(map), call =>
    {
        var x = call.Operand("the tensor");
        Expr[] operands = map == MaxPoolMap.Value ? [x] : [x, call.Operand("the tangents or cotangents")];
        return new MaxPoolPrimitive(Pool.Of(NameOf(map), x.Shape, call.Integers("window"), call.Integers("stride"), call.Integers("padding")), map).Of(operands);
    });

    /// <summary>The image of a sensitivity under one of the two linear maps. An element that is the largest of no window is a structural zero.</summary>
    private Sensitivity? Flow(Point point, Expr node, Sensitivity flow, MaxPoolMap map)
    {
        var x = point.Enter(node.Operand(0));
        Expr Image(Expr flow) => (this with { Map = map }).Of(x, flow);
        var live = flow.Live ?? (map == MaxPoolMap.Pull ? Ones(flow.Value.Shape) : null);
        return Sensitivity.Of(Image(flow.Value), live is null ? null : Image(live) > 0);
    }
}
