// The ONNX form of contractions: a product of matrices where it is one, otherwise Einsum; diagonals and stretched axes of the result beside it.

using static Autodiff.Functional.Interchange.Onnx.Messages;

namespace Autodiff.Functional.Interchange.Onnx;

internal static class ContractionForm
{
    /// <summary>Writes a contraction of operands; returns the name of the result.</summary>
    public static string Write(GraphWriter graph, Contraction contraction, Expr node, string[] operands)
    {
        if (contraction.Lengths.Values.Contains(0))
        {
            return graph.Filled(0, node.Shape);
        }

        // Only the axes of operands, each once: those that are stretched, and those of diagonals, follow.
        var output = contraction.Output;
        var own = string.Concat(output.Distinct().Where(letter => contraction.Inputs.Any(input => input.Contains(letter, StringComparison.Ordinal))));
        var product = Product(graph, contraction.Inputs, own, operands);
        if (own == output)
        {
            return product;
        }

        // An axis stands where its letter stands first. Its other places have length 1, until the diagonal is chosen.
        var lengths = output.Select((letter, axis) => output.IndexOf(letter, StringComparison.Ordinal) == axis && own.Contains(letter, StringComparison.Ordinal) ? contraction.Lengths[letter] : 1);
        var result = PrimitiveForms.Reshaped(graph, product, Shape.Of([.. lengths]));
        for (var axis = 0; axis < output.Length; axis++)
        {
            var first = output.IndexOf(output[axis], StringComparison.Ordinal);
            if (first < axis)
            {
                var shape = Shape.Of([.. output.Select((letter, other) => other == first || other == axis ? contraction.Lengths[letter] : 1)]);
                result = graph.Add("Where", [graph.Diagonal(shape, first, axis), result, graph.Number(0)]);
            }
        }

        return graph.Add("Expand", [result, graph.Lengths(node.Shape)]);
    }

    private static string Product(GraphWriter graph, string[] inputs, string output, string[] operands) =>
        inputs is [var a, var b] && IsMatrixProduct(a, b, output) ? graph.Add("MatMul", operands)
        : inputs is [var only] && only == output ? operands[0]
        : graph.Add("Einsum", operands, Attribute("equation", $"{string.Join(',', inputs)}->{output}"));

    /// <summary>Whether it is what MatMul computes: (batch, i, j), (batch, j, k) to (batch, i, k), without i or k for vectors.</summary>
    private static bool IsMatrixProduct(string a, string b, string output)
    {
        if (a.Length == 0 || b.Length == 0 || (a + b).Length - (a + b).Distinct().Count() != Math.Min(a.Length, b.Length) - (Math.Min(a.Length, b.Length) == 1 ? 0 : 1))
        {
            return false;
        }

        var (left, right) = (a.Length == 1 ? "" : a[..^1], b.Length == 1 ? "" : b[..^2] + b[^1]);
        var summed = a[^1];
        return summed == b[b.Length == 1 ? 0 : ^2] && !output.Contains(summed, StringComparison.Ordinal)
            && (b.Length == 1 ? output == left
                : a.Length == 1 ? output == right
                : a.Length == b.Length && a[..^2] == b[..^2] && a[^2] != b[^1] && output == left + b[^1] && output.Distinct().Count() == output.Length && a.Distinct().Count() == a.Length);
    }
}
