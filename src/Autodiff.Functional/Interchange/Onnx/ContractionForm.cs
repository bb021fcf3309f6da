// The ONNX form of contractions: Gemm for a product of two matrices, otherwise Einsum; diagonals and stretched axes of the result beside it. MatMul is
// avoided, since ONNX Runtime joins it with products by numbers, and keeps these numbers in single precision.

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
        inputs is [var a, var b] && MatrixProduct(a, b, output) is var (left, right) ? graph.Add("Gemm", operands, Attribute("transA", left), Attribute("transB", right))
        : inputs is [var only] && only == output ? operands[0]
        : graph.Add("Einsum", operands, Attribute("equation", $"{string.Join(',', inputs)}->{output}"));

    /// <summary>Which of two matrices must be transposed for their product, 0 or 1 for each; null if it is none.</summary>
    private static (long Left, long Right)? MatrixProduct(string a, string b, string output)
    {
        if (a.Length != 2 || b.Length != 2 || output.Length != 2 || output[0] == output[1])
        {
            return null;
        }

        var (left, right) = (a.IndexOf(output[0], StringComparison.Ordinal), b.IndexOf(output[1], StringComparison.Ordinal));
        return left >= 0 && right >= 0 && a[1 - left] == b[1 - right] && !output.Contains(a[1 - left], StringComparison.Ordinal) ? (left, 1 - right) : null;
    }
}
