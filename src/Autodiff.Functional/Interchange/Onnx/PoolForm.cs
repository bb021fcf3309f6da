// The ONNX form of the largest elements of windows and of their derivatives: the elements of each window are gathered. The operator MaxPool is avoided, since it ignores NaN.

using Autodiff.Functional.Numerics;
using static Autodiff.Functional.Interchange.Onnx.Messages;

namespace Autodiff.Functional.Interchange.Onnx;

internal static class PoolForm
{
    /// <summary>Writes the pool or one of its derivatives; returns the name of the result.</summary>
    public static string Write(GraphWriter graph, MaxPoolPrimitive primitive, Expr node, string[] operands)
    {
        if (node.Shape.Size == 0)
        {
            return graph.Filled(0, node.Shape);
        }

        var numbers = primitive.SizesOf(node.Shape, node.Operand(0).Shape);
        var sizes = new ConvolutionSizes(numbers);
        var (batch, n, taps, m) = (sizes.Batch, sizes.InputSize, sizes.KernelSize, sizes.OutputSize);

        // The element at each position of each window, one window after another, and the place of each element among these; where there is none, one more at the end.
        var elements = new long[m * taps];
        var places = new long[n * taps];
        var isInside = new double[m * taps];
        Array.Fill(elements, n);
        Array.Fill(places, m * taps);
        for (var window = 0; window < m; window++)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                if (ConvolutionTerms.Met(window, tap, new(numbers)) is >= 0 and var element)
                {
                    elements[(window * taps) + tap] = element;
                    places[(element * taps) + tap] = (window * taps) + tap;
                    isInside[(window * taps) + tap] = 1;
                }
            }
        }

        string Gathered(string x, int length, long[] from, double outside, params ReadOnlySpan<int> to)
        {
            var padded = graph.Add("Pad", [PrimitiveForms.Reshaped(graph, x, new(batch, length)), graph.Integers(0, 0, 0, 1), graph.Number(outside)]);
            return PrimitiveForms.Reshaped(graph, graph.Add("Gather", [padded, graph.Integers(from)], Attribute("axis", 1)), new(to));
        }

        string Total(string x, int axis) => graph.Add("ReduceSum", [x, graph.Integers(axis)], Attribute("keepdims", 0));
        var windows = Gathered(operands[0], n, elements, double.NegativeInfinity, batch, m, taps);
        var largest = PrimitiveForms.Extreme(graph, "ReduceMax", windows, new([2], KeepDims: true));
        if (primitive.Map == MaxPoolMap.Value)
        {
            return PrimitiveForms.Reshaped(graph, largest, node.Shape);
        }

        var tied = graph.Add(
            "Where",
            [graph.Add("Less", [windows, largest]), graph.Number(0), graph.Numbers(new(new(1, m, taps), isInside))]);
        var ties = graph.Add("ReduceSum", [tied, graph.Integers(2)], Attribute("keepdims", 1));
        string Selected(string x) => graph.Add("Where", [graph.Add("Greater", [tied, graph.Number(0)]), x, graph.Number(0)]);
        return PrimitiveForms.Reshaped(
            graph,
            primitive.Map == MaxPoolMap.Push
                ? Total(Selected(graph.Add("Div", [Gathered(operands[1], n, elements, 0, batch, m, taps), ties])), 2)
                : Total(Gathered(Selected(graph.Add("Div", [PrimitiveForms.Reshaped(graph, operands[1], new(batch, m, 1)), ties])), m * taps, places, 0, batch, n, taps), 2),
            node.Shape);
    }
}
