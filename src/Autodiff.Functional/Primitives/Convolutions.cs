// Convolutions and their transposes: three bilinear maps, each of which computes one of the tensors input, kernel and output from the other two. The derivative of each in one
// operand is another of them.

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
    /// The convolution of a batch of signals, images or volumes with a kernel, as networks use it: a cross-correlation, whose kernel is not reversed. The output at position o is the
    /// sum over the input channels of the group and over all positions k of the kernel of <c>kernel[k] · x[o · stride + k · dilation − padding]</c>; positions outside x contribute nothing.
    /// Along each axis of length L, with a kernel of length K, it has ⌊(L + 2 padding − dilation (K − 1) − 1) / stride⌋ + 1 positions. As <c>torch.nn.functional.conv1d</c>,
    /// <c>conv2d</c>, <c>conv3d</c> and <c>jax.lax.conv</c>, for any number of spatial axes.
    /// </summary>
    /// <param name="x">The input, of shape (batch, channels, spatial axes …).</param>
    /// <param name="kernel">The kernel, of shape (output channels, channels / groups, spatial axes …).</param>
    /// <param name="stride">How far apart the positions are that are computed, at least 1; one number for all spatial axes or one for each; 1 if omitted.</param>
    /// <param name="padding">How many positions are added at both ends of each axis, at least 0; 0 if omitted.</param>
    /// <param name="dilation">How far apart positions of the input are that the kernel reads, at least 1; 1 if omitted.</param>
    /// <param name="groups">The number of groups into which the channels fall; those of the output read only the input channels of their group.</param>
    /// <returns>The output, of shape (batch, output channels, spatial axes …).</returns>
    /// <exception cref="ShapeException">
    /// There is no spatial axis, the ranks differ, the channels do not fit the kernel and the groups, a number is too small, or the kernel is longer than the padded input.
    /// </exception>
    /// <example>
    /// <code>
    /// var x = Reshape(Arange(16), 1, 1, 4, 4);
    /// Conv(x, Ones(1, 1, 2, 2), stride: 2); // [[[[10, 18], [42, 50]]]]
    /// </code>
    /// </example>
    public static Expr Conv(Expr x, Expr kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, int groups = 1)
    {
        var convolution = ConvolutionOf("Conv", ShapeOf("Conv", x), ShapeOf("Conv", kernel), stride, padding, dilation, groups);
        var lengths = new int[convolution.Axes];
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            var (length, window) = (x.Shape[axis + Convolution.Leading], kernel.Shape[axis + Convolution.Leading]);
            lengths[axis] = (int)Math.Min(convolution.LengthOf(ConvolutionTensor.Output, axis, length, window), int.MaxValue);
            if (window > 0 && lengths[axis] == 0)
            {
                throw new ShapeException($"Conv: along spatial axis {axis} the kernel of length {window}, with dilation {convolution.Dilation[axis]}, is longer than the input of length {length} with padding {convolution.Padding[axis]}; shapes {x.Shape} and {kernel.Shape}.");
            }
        }

        return Convolved("Conv", convolution, ConvolutionTensor.Output, x, kernel, lengths);
    }

    /// <summary>
    /// The transpose of <see cref="Conv"/> in its input: every element of y is spread over the positions that <see cref="Conv"/> with the same arguments reads for it, times the kernel. Along each
    /// axis of length M, with a kernel of length K, the result has (M − 1) stride − 2 padding + dilation (K − 1) + outputPadding + 1 positions. As
    /// <c>torch.nn.functional.conv_transpose1d</c>, <c>conv_transpose2d</c> and <c>conv_transpose3d</c>.
    /// </summary>
    /// <param name="y">The operand, of the shape of an output of <see cref="Conv"/>: (batch, output channels, spatial axes …).</param>
    /// <param name="kernel">The kernel of <see cref="Conv"/>, of shape (output channels, channels / groups, spatial axes …).</param>
    /// <param name="stride">As in <see cref="Conv"/>.</param>
    /// <param name="padding">As in <see cref="Conv"/>: so many positions are missing at both ends.</param>
    /// <param name="dilation">As in <see cref="Conv"/>.</param>
    /// <param name="groups">As in <see cref="Conv"/>.</param>
    /// <param name="outputPadding">
    /// How many positions the result has in addition, at the end of each axis: less than the stride or the dilation. With a stride of 2 or more, inputs of several lengths have outputs of one
    /// length; this says which is meant.
    /// </param>
    /// <returns>The result, of shape (batch, channels, spatial axes …).</returns>
    /// <exception cref="ShapeException">
    /// There is no spatial axis, the ranks differ, the channels do not fit the kernel and the groups, a number is too small or too large, or the padding leaves no position.
    /// </exception>
    public static Expr ConvTranspose(
        Expr y, Expr kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, int groups = 1, PerAxis outputPadding = default)
    {
        var convolution = ConvolutionOf("ConvTranspose", ShapeOf("ConvTranspose", y), ShapeOf("ConvTranspose", kernel), stride, padding, dilation, groups);
        var added = outputPadding.For(convolution.Axes, 0, 0, "ConvTranspose", "output padding");
        var lengths = new int[convolution.Axes];
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            var (length, window) = (y.Shape[axis + Convolution.Leading], kernel.Shape[axis + Convolution.Leading]);
            if (added[axis] > 0 && added[axis] >= Math.Max(convolution.Stride[axis], convolution.Dilation[axis]))
            {
                throw new ShapeException($"ConvTranspose: output padding {added[axis]} of spatial axis {axis} must be less than the stride {convolution.Stride[axis]} or the dilation {convolution.Dilation[axis]}.");
            }

            lengths[axis] = (int)Math.Clamp(convolution.LengthOf(ConvolutionTensor.Input, axis, length, window) + added[axis], 0, int.MaxValue);
            if (window > 0 && lengths[axis] == 0)
            {
                throw new ShapeException($"ConvTranspose: padding {convolution.Padding[axis]} leaves no position along spatial axis {axis}; shapes {y.Shape} and {kernel.Shape}.");
            }
        }

        return Convolved("ConvTranspose", convolution, ConvolutionTensor.Input, y, kernel, lengths);
    }

    /// <summary>The attributes of a convolution; an error that names the operation if they do not fit the ranks of an operand and the kernel.</summary>
    internal static Convolution ConvolutionOf(string operation, Shape x, Shape kernel, PerAxis stride, PerAxis padding, PerAxis dilation, int groups)
    {
        var axes = kernel.Rank - Convolution.Leading;
        if (axes < 1 || x.Rank != kernel.Rank)
        {
            throw new ShapeException($"{operation}: shapes {x} and {kernel} must be (batch, channels, spatial axes …) and (output channels, channels / groups, spatial axes …), with the same spatial axes, at least one.");
        }

        return groups < 1
            ? throw new ShapeException($"{operation}: there are {groups} groups; there must be 1 or more.")
            : new(
                stride.For(axes, 1, 1, operation, "stride"),
                padding.For(axes, 0, 0, operation, "padding"),
                dilation.For(axes, 1, 1, operation, "dilation"),
                groups);
    }

    /// <summary>One of the tensors of a convolution, given its other two and the lengths of its spatial axes; an error that names the operation if they do not fit.</summary>
    internal static Expr Convolved(string operation, Convolution convolution, ConvolutionTensor tensor, Expr first, Expr second, int[] lengths)
    {
        var (one, other, groups) = (first.Shape, second.Shape, convolution.Groups);
        if (one.Rank != convolution.Axes + Convolution.Leading || other.Rank != one.Rank || lengths.Length != convolution.Axes)
        {
            throw new ShapeException($"{operation}: shapes {one} and {other} do not have the {convolution.Axes} spatial axes of the convolution after the first two.");
        }

        if (tensor == ConvolutionTensor.Kernel)
        {
            return one[0] == other[0] && one[1] % groups == 0 && other[1] % groups == 0 && groups <= Math.Max(other[1], 1) && !lengths.Contains(0)
                ? Make(new ConvolutionPrimitive(convolution, tensor), Shape.Of([other[1], one[1] / groups, .. lengths], operation), [first, second])
                : throw new ShapeException($"{operation}: shapes {one} and {other} do not have one batch and channels in {groups} group(s), or the kernel has no position.");
        }

        if (other.Lengths[Convolution.Leading..].Contains(0))
        {
            throw new ShapeException($"{operation}: the kernel of shape {other}, for shape {one}, has no position.");
        }

        var channels = tensor == ConvolutionTensor.Output ? (long)other[1] * groups : other[0];
        return other[0] % groups != 0 || groups > Math.Max(other[0], 1) ? throw new ShapeException($"{operation}: the {other[0]} output channels of the kernel of shape {other}, for shape {one}, do not fall into {groups} groups.")
            : one[1] != channels ? throw new ShapeException($"{operation}: shape {one} has {one[1]} channels, but the kernel of shape {other}, in {groups} group(s), {(tensor == ConvolutionTensor.Output ? "reads" : "has")} {channels}.")
            : Make(
                new ConvolutionPrimitive(convolution, tensor),
                Shape.Of([one[0], tensor == ConvolutionTensor.Output ? other[0] : (int)Math.Min((long)other[1] * groups, int.MaxValue), .. lengths], operation),
                [first, second]);
    }
}

/// <summary>One of the three tensors of a convolution, from the other two. It is linear in each of them, and each of its derivatives is another of the three maps.</summary>
/// <param name="Convolution">The attributes.</param>
/// <param name="Result">The tensor that is computed.</param>
internal sealed record ConvolutionPrimitive(Convolution Convolution, ConvolutionTensor Result) : OperandwisePrimitive, IRoutine
{
    // A routine gets scratch for the copy of an operand if that is at most so many times as large as all three tensors. The copy is larger only for strides, dilations or
    // paddings far beyond the lengths of the axes.
    private const long MostScratch = 8;
    private const long SmallScratch = 1 << 12;

    public override Op Op => Result switch
    {
        ConvolutionTensor.Output => Op.Conv,
        ConvolutionTensor.Input => Op.ConvTranspose,
        _ => Op.ConvKernel,
    };

    public override Spelling Spelling => new(NameOf(Result));

    /// <summary>How the three are read.</summary>
    public static Reader[] Readers { get; } = [.. Enum.GetValues<ConvolutionTensor>().Select(ReaderOf)];

    private ConvolutionTensor Tensor(int operand) => operand == 0 ? Convolution.OperandsOf(Result).First : Convolution.OperandsOf(Result).Second;

    public RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands)
    {
        var sizes = SizesOf(shape, operands[0], operands[1]);
        if (shape.Size == 0 || operands[0].Size == 0 || operands[1].Size == 0)
        {
            return new(RoutineOf(Result), sizes);
        }

        var scratch = Result == ConvolutionTensor.Kernel
            ? Convolutions.CorrelateScratch(new(sizes))
            : Convolutions.CombineScratch(new(sizes), Result == ConvolutionTensor.Output);
        var most = Math.Min((MostScratch * ((long)shape.Size + operands[0].Size + operands[1].Size)) + SmallScratch, Array.MaxLength);
        return new(RoutineOf(Result), sizes, scratch <= most ? (int)scratch : 0);
    }

    /// <summary>The sizes for the routines.</summary>
    public int[] SizesOf(Expr node) => SizesOf(node.Shape, node.Operand(0).Shape, node.Operand(1).Shape);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) =>
        operands[0].Size == 0 || operands[1].Size == 0 ? Storage.Filled(0, shape) : RoutineCall.Evaluate(this, shape, operands);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var sums = new T[shape.Size];
        Array.Fill(sums, T.Zero);
        var (first, second) = (operands[0].Elements, operands[1].Elements);
        foreach (var term in Convolution.Terms(SizesOf(shape, operands[0].Shape, operands[1].Shape)))
        {
            sums[Place(term, Result)] += first[Place(term, Tensor(0))] * second[Place(term, Tensor(1))];
        }

        return sums;
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => Flow(point, node, operand, tangent, Tensor(operand), Result, node.Shape);

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) =>
        Flow(point, node, operand, cotangent, Result, Tensor(operand), node.Operand(operand).Shape);

    public override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) =>
        !operands[0].IsConstant && !operands[1].IsConstant ? new BilinearSeries(this, node, operands, primal) : new LinearSeries(this, node, operands, primal);

    /// <summary>
    /// The batch axis joins the axis of the convolution that the batched tensors, the result among them, have in common: the batch axis of input and output, the output channels of
    /// kernel and output, the input channels of input and kernel, or the groups of all three.
    /// </summary>
    public override Expr Batch(Expr node, Batched[] operands, int size)
    {
        if (size == 0)
        {
            return Zeros(Batched.With(size, node.Shape));
        }

        ConvolutionTensor? same = Array.FindIndex(operands, operand => !operand.IsBatched) is >= 0 and var operand ? Tensor(operand) : null;
        var sizes = SizesOf(node);
        var (batch, groups, outputs) = (sizes[0], sizes[1], sizes[1] * sizes[2]);

        // How many elements of the axes before it come before the batch axis, and the axis that it joins.
        (int Before, int Axis) PlaceIn(ConvolutionTensor tensor) => (same, tensor) switch
        {
            (ConvolutionTensor.Kernel, _) => (1, 0),
            (ConvolutionTensor.Input, ConvolutionTensor.Kernel) => (groups, 0),
            (ConvolutionTensor.Output, ConvolutionTensor.Kernel) => (outputs, 1),
            (null, ConvolutionTensor.Kernel) => (1, 0),
            (null, _) => (batch, 1),
            _ => (batch * groups, 1),
        };

        var joined = new Expr[operands.Length];
        for (var i = 0; i < joined.Length; i++)
        {
            var (before, axis) = PlaceIn(Tensor(i));
            joined[i] = operands[i].IsBatched ? Moved(operands[i].Value, size, before, With(node.Operand(i).Shape, axis, size), isJoining: true) : operands[i].Value;
        }

        var (beforeResult, resultAxis) = PlaceIn(Result);
        var convolution = same is null ? Convolution with { Groups = groups * size } : Convolution;
        var result = Expr.Make(new ConvolutionPrimitive(convolution, Result), With(node.Shape, resultAxis, size), joined);
        return Moved(result, size, beforeResult, Batched.With(size, node.Shape), isJoining: false);
    }

    public override int[] AxesOf(Expr node, int operand)
    {
        var map = AxisMap.Nowhere(node.Rank);
        var (from, to) = (Tensor(operand), Result);
        if (from != ConvolutionTensor.Kernel && to != ConvolutionTensor.Kernel)
        {
            map[0] = 0;
        }
        else if (from != ConvolutionTensor.Input && to != ConvolutionTensor.Input)
        {
            map[from == ConvolutionTensor.Kernel ? 0 : 1] = to == ConvolutionTensor.Kernel ? 0 : 1;
        }
        else if (Convolution.Groups == 1)
        {
            map[1] = 1;
        }

        return map;
    }

    /// <summary>An element depends on those that it is a sum of; a factor that is the number 0 for all inputs takes none with it.</summary>
    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        var (moving, places) = (new List<int>(), new List<int>());
        var zeros = Enumerable.Range(0, 2).Select(operand => node.Operand(1 - operand) is { IsNumbers: true } other ? other.Storage : null).ToArray();
        foreach (var term in Convolution.Terms(SizesOf(node)))
        {
            for (var operand = 0; operand < 2; operand++)
            {
                if (operands[operand] is { } own && zeros[operand]?[Place(term, Tensor(1 - operand))] != 0)
                {
                    moving.Add(own[Place(term, Tensor(operand))]);
                    places.Add(Place(term, Result));
                }
            }
        }

        return sets.Union(CollectionsMarshal.AsSpan(moving), CollectionsMarshal.AsSpan(places), node.Shape.Size);
    }

    /// <summary>The attributes that are not as usual, and the lengths of the spatial axes of the result if they do not follow from the others.</summary>
    public override IEnumerable<(string Label, string Text)> Attributes(Expr node)
    {
        foreach (var (label, numbers, usual) in new[] { ("stride", Convolution.Stride, 1), ("padding", Convolution.Padding, 0), ("dilation", Convolution.Dilation, 1) })
        {
            if (Array.Exists(numbers, number => number != usual))
            {
                yield return (label, Array.TrueForAll(numbers, number => number == numbers[0]) ? $"{numbers[0]}" : ValueText.Indices(numbers));
            }
        }

        if (Convolution.Groups != 1)
        {
            yield return ("groups", $"{Convolution.Groups}");
        }

        var lengths = Convolution.LengthsOf(node.Shape);
        if (!UsualLengths(Convolution, Result, node.Operand(0).Shape, node.Operand(1).Shape).SequenceEqual(lengths.Select(length => (long)length)))
        {
            yield return ("lengths", ValueText.Indices(lengths));
        }
    }

    /// <summary>The name in formulas.</summary>
    private static string NameOf(ConvolutionTensor tensor) => tensor switch
    {
        ConvolutionTensor.Output => "conv",
        ConvolutionTensor.Input => "convtranspose",
        _ => "convkernel",
    };

    private static Routine RoutineOf(ConvolutionTensor tensor) => tensor switch
    {
        ConvolutionTensor.Output => Convolutions.Output,
        ConvolutionTensor.Input => Convolutions.Input,
        _ => Convolutions.Kernel,
    };

    private static Reader ReaderOf(ConvolutionTensor tensor) => new(NameOf(tensor), call =>
    {
        var (first, second) = (call.Operand("the first operand"), call.Operand("the second operand"));
        var (name, groups) = (NameOf(tensor), call.Integer("groups") ?? 1);
        var convolution = Expr.ConvolutionOf(name, first.Shape, second.Shape, call.Integers("stride"), call.Integers("padding"), call.Integers("dilation"), groups);
        var lengths = call.Integers("lengths") ?? [.. UsualLengths(convolution, tensor, first.Shape, second.Shape).Select(length => (int)Math.Clamp(length, 0, int.MaxValue))];
        return Array.TrueForAll(lengths, length => length >= 0)
            ? Expr.Convolved(name, convolution, tensor, first, second, lengths)
            : throw new ShapeException($"{name}: the lengths {ValueText.Indices(lengths)} must be 0 or more.");
    });

    private static IEnumerable<long> UsualLengths(Convolution convolution, ConvolutionTensor tensor, Shape first, Shape second) =>
        Enumerable.Range(0, convolution.Axes).Select(axis => convolution.LengthOf(tensor, axis, first[axis + Convolution.Leading], second[axis + Convolution.Leading]));

    private static int Place((int Input, int Kernel, int Output) term, ConvolutionTensor tensor) => tensor switch
    {
        ConvolutionTensor.Input => term.Input,
        ConvolutionTensor.Kernel => term.Kernel,
        _ => term.Output,
    };

    private static Shape With(Shape shape, int axis, int size)
    {
        var lengths = shape.Lengths.ToArray();
        lengths[axis] *= size;
        return Shape.Of(lengths);
    }

    /// <summary>A tensor whose batch axis is moved from the front to after some number of elements of the axes before it, or back.</summary>
    private static Expr Moved(Expr x, int size, int before, Shape to, bool isJoining)
    {
        var rest = size * before == 0 ? 0 : x.Shape.Size / size / before;
        return before == 1 || x.Shape.Size == 0
            ? Reshape(x, to)
            : Reshape(Permute(Reshape(x, isJoining ? new(size, before, rest) : new Shape(before, size, rest)), 1, 0, 2), to);
    }

    private int[] SizesOf(Shape result, Shape first, Shape second) => Result switch
    {
        ConvolutionTensor.Output => Convolution.Sizes(first, second, result),
        ConvolutionTensor.Input => Convolution.Sizes(result, second, first),
        _ => Convolution.Sizes(first, result, second),
    };

    /// <summary>The map to one of the tensors, applied to a sensitivity of another and to the operand that is left.</summary>
    private Sensitivity? Flow(Point point, Expr node, int operand, Sensitivity flow, ConvolutionTensor from, ConvolutionTensor to, Shape shape)
    {
        var map = new ConvolutionPrimitive(Convolution, to);
        var isFirst = map.Tensor(0) == from;
        Expr Product(Expr moving, Expr other) => Expr.Make(map, shape, isFirst ? [moving, other] : [other, moving]);
        if (flow.Live is null && !Convolution.Meets(to, SizesOf(node)))
        {
            flow = flow with { Live = Ones(flow.Value.Shape) };
        }

        return Bilinear.Flow(flow, point.Enter(node.Operand(1 - operand)), Product, (live, other) =>
        {
            var terms = Convolution.Terms(SizesOf(node)).ToArray();
            Expr Factors(Expr x, ConvolutionTensor tensor) => Take(Reshape(x, x.Shape.Size), Array.ConvertAll(terms, term => Place(term, tensor)));
            var places = new Positions(new(shape.Size), new(terms.Length), 0, Array.ConvertAll(terms, term => Place(term, to)));
            Expr Total(Expr products) => Reshape(Scatter(new(shape.Size), [places], [products]), shape);
            var isLive = Factors(live, from);
            return Sensitivity.Of(Total(Where(isLive, Factors(flow.Value, from) * Factors(other, map.Tensor(isFirst ? 1 : 0)), 0)), Total(isLive) > 0);
        });
    }
}
