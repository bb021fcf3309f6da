// The ONNX forms of gathers and scatters at positions that are operands.

using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Interchange.Onnx.Messages;

namespace Autodiff.Functional.Interchange.Onnx;

/// <summary>
/// Tensors as batches of shape (batches, before, length, after), since the operators take a position for each element. A runtime checks whether a position is inside the axis, and
/// drops the fraction of one that is no whole number.
/// </summary>
internal static class IndexForm
{
    private const int Axis = 2;

    public static string Gather(GraphWriter graph, IndexedAxis along, Expr node, string[] operands)
    {
        var sizes = along.Sizes(node.Operand(0).Shape, node.Operand(1).Shape);
        var whole = PrimitiveForms.Reshaped(graph, operands[0], new(sizes[0], sizes[1], sizes[2], sizes[3]));
        return PrimitiveForms.Reshaped(graph, graph.Add("GatherElements", [whole, Positions(graph, operands[1], sizes)], Attribute("axis", Axis)), node.Shape);
    }

    public static string ScatterAdd(GraphWriter graph, IndexedAxis along, Expr node, string[] operands)
    {
        var sizes = along.Sizes(node.Shape, node.Operand(0).Shape);
        var zeros = graph.Add("Expand", [graph.Number(0), graph.Lengths(new(sizes[0], sizes[1], sizes[2], sizes[3]))]);
        var slices = PrimitiveForms.Reshaped(graph, operands[1], new(sizes[0], sizes[1], sizes[4], sizes[3]));
        var sums = graph.Add("ScatterElements", [zeros, Positions(graph, operands[0], sizes), slices], Attribute("axis", Axis), Attribute("reduction", "add"));
        return PrimitiveForms.Reshaped(graph, sums, node.Shape);
    }

    /// <summary>The position of every element of the slices.</summary>
    private static string Positions(GraphWriter graph, string positions, int[] sizes)
    {
        var whole = graph.Add("Cast", [PrimitiveForms.Reshaped(graph, positions, new(sizes[0], 1, sizes[4], 1))], Attribute("to", (long)ElementType.Integer));
        return graph.Add("Expand", [whole, graph.Lengths(new(sizes[0], sizes[1], sizes[4], sizes[3]))]);
    }
}
