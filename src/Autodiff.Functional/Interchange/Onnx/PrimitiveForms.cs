// The ONNX forms of the primitives that are neither elementwise nor hold computations: reductions, layout and contractions.

using Autodiff.Functional.Evaluation;
using static Autodiff.Functional.Interchange.Onnx.Messages;
using static Autodiff.Functional.Interchange.Onnx.PrimitiveForm;

namespace Autodiff.Functional.Interchange.Onnx;

internal static class PrimitiveForms
{
    // In a slice: an end before the first position.
    private const long BeforeFirst = long.MinValue;

    public static IReadOnlyList<PrimitiveForm> All { get; } =
    [
        Reduction<SumPrimitive>("ReduceSum"),
        Reduction<ProdPrimitive>("ReduceProd"),
        OfOne<MaxOfPrimitive>((reduction, _, x, graph) => Extreme(graph, "ReduceMax", x, reduction.Axes)),
        OfOne<MinOfPrimitive>((reduction, _, x, graph) => Extreme(graph, "ReduceMin", x, reduction.Axes)),
        OfOne<CumSumPrimitive>((cumSum, _, x, graph) => graph.Add("CumSum", [x, graph.Integer(cumSum.Axis)], Attribute("reverse", cumSum.IsReversed ? 1 : 0))),
        OfOne<ReshapePrimitive>((_, node, x, graph) => Reshaped(graph, x, node.Shape)),
        OfOne<BroadcastPrimitive>((_, node, x, graph) => graph.Add("Expand", [x, graph.Lengths(node.Shape)])),
        OfOne<PermutePrimitive>((permute, _, x, graph) => graph.Add("Transpose", [x], Attribute("perm", permute.Permutation.Order))),
        OfOne<FlipPrimitive>((flip, _, x, graph) => Flipped(graph, x, flip.Axis)),
        OfOne<EveryPrimitive>((every, node, x, graph) => graph.Add(
            "Slice", [x, graph.Integers(0), graph.Integers(node.Operand(0).Shape[every.Axis]), graph.Integers(every.Axis), graph.Integers(every.Step)])),
        OfOne<SlicePrimitive>((slice, node, x, graph) => slice.Selection is Element element
            ? graph.Add("Gather", [x, graph.Integer(element.Position)], Attribute("axis", 0))
            : Box(graph, x, (Region)slice.Selection)),
        OfOne<TakePrimitive>((take, _, x, graph) => graph.Add("Gather", [x, graph.Integers(Array.ConvertAll(take.Positions.Indices, index => (long)index))], Attribute("axis", take.Positions.Axis))),
        Of<GatherPrimitive>((gather, node, operands, graph) => IndexForm.Gather(graph, gather.Along, node, operands)),
        Of<ScatterAddPrimitive>((scatter, node, operands, graph) => IndexForm.ScatterAdd(graph, scatter.Along, node, operands)),
        Of<ScatterPrimitive>((scatter, node, parts, graph) => Scattered(graph, scatter.Placement, parts)),
        Of<ConcatPrimitive>((concat, _, parts, graph) => Joined(graph, parts, concat.Axis)),
        Of<StackPrimitive>((stack, _, parts, graph) => Joined(graph, Array.ConvertAll(parts, part => graph.Add("Unsqueeze", [part, graph.Integers(stack.Axis)])), stack.Axis)),
        Of<ConvolutionPrimitive>((convolution, node, operands, graph) => ConvolutionForm.Write(graph, convolution, node, operands)),
        Of<MaxPoolPrimitive>((pool, node, operands, graph) => PoolForm.Write(graph, pool, node, operands)),
        Of<ContractionPrimitive>((product, node, operands, graph) => ContractionForm.Write(graph, product.Contraction, node, operands)),
    ];

    /// <summary>A tensor in another shape.</summary>
    public static string Reshaped(GraphWriter graph, string x, Shape shape) => graph.Add("Reshape", [x, graph.Lengths(shape)], Attribute("allowzero", 1));

    /// <summary>A tensor with an axis in the reverse order.</summary>
    public static string Flipped(GraphWriter graph, string x, int axis) => graph.Add("Slice", [x, graph.Integers(-1), graph.Integers(BeforeFirst), graph.Integers(axis), graph.Integers(-1)]);

    /// <summary>Part of a vector.</summary>
    public static string Run(GraphWriter graph, string x, int start, int length) => graph.Add("Slice", [x, graph.Integers(start), graph.Integers(start + length)]);

    /// <summary>Tensors one after another along an axis.</summary>
    public static string Joined(GraphWriter graph, string[] parts, int axis) => graph.Add("Concat", parts, Attribute("axis", axis));

    /// <summary>The largest or smallest element; NaN if one is NaN, which ONNX Runtime does in some cases only.</summary>
    public static string Extreme(GraphWriter graph, string @operator, string x, Folding axes)
    {
        var isNaN = Reduced(graph, "ReduceMax", graph.Mask(graph.Add("IsNaN", [x])), axes);
        return graph.Add("Where", [graph.Condition(isNaN), graph.Number(double.NaN), Reduced(graph, @operator, x, axes)]);
    }

    private static PrimitiveForm Reduction<T>(string @operator)
        where T : Reduction => OfOne<T>((reduction, _, x, graph) => Reduced(graph, @operator, x, reduction.Axes));

    private static string Reduced(GraphWriter graph, string @operator, string x, Folding axes) => graph.Add(
        @operator, [x, graph.Integers([.. axes.Indices.Select(axis => (long)axis)])], Attribute("keepdims", axes.KeepDims ? 1 : 0), Attribute("noop_with_empty_axes", 1));

    private static string Box(GraphWriter graph, string x, Region region)
    {
        var (starts, lengths) = region.Box;
        int[] cut = [.. Enumerable.Range(0, starts.Length).Where(axis => lengths[axis] != region.From[axis])];
        var box = cut.Length == 0 ? x : graph.Add(
            "Slice",
            [
                x,
                graph.Integers(Array.ConvertAll(cut, axis => (long)starts[axis])),
                graph.Integers(Array.ConvertAll(cut, axis => (long)starts[axis] + lengths[axis])),
                graph.Integers(Array.ConvertAll(cut, axis => (long)axis)),
            ]);
        return region.Part.SequenceEqual(lengths) ? box : Reshaped(graph, box, region.Part);
    }

    /// <summary>One box with zeros around it; or any parts added to zeros, at the positions of their elements.</summary>
    private static string Scattered(GraphWriter graph, Placement placement, string[] parts)
    {
        var shape = placement.Shape;
        if (placement.Selections is [Region region])
        {
            var (starts, lengths) = region.Box;
            var pads = starts.Select(start => (long)start).Concat(starts.Select((start, axis) => (long)shape[axis] - start - lengths[axis]));
            return graph.Add("Pad", [Reshaped(graph, parts[0], Shape.Of(lengths)), graph.Integers([.. pads]), graph.Number(0)]);
        }

        var positions = new Storage(shape, [.. Enumerable.Range(0, shape.Size).Select(position => (double)position)]);
        var places = placement.Selections.SelectMany(selection => LayoutKernels.Select(selection, positions).Span.ToArray());
        var flat = Array.ConvertAll(parts, part => graph.Add("Reshape", [part, graph.Integers(-1)]));
        return Reshaped(
            graph,
            graph.Add(
                "ScatterElements",
                [graph.Filled(0, new(shape.Size)), graph.Integers([.. places.Select(place => (long)place)]), flat.Length == 1 ? flat[0] : Joined(graph, flat, 0)],
                Attribute("axis", 0),
                Attribute("reduction", "add")),
            shape);
    }
}
