// The ONNX form of convolutions: what each position of the kernel meets is gathered, and multiplied by an Einsum. The operators Conv and ConvTranspose are avoided, since ONNX
// Runtime has them for single precision only.

using Autodiff.Functional.Numerics;
using static Autodiff.Functional.Interchange.Onnx.Messages;

namespace Autodiff.Functional.Interchange.Onnx;

internal static class ConvolutionForm
{
    /// <summary>Writes a convolution or one of its transposes; returns the name of the result.</summary>
    public static string Write(GraphWriter graph, ConvolutionPrimitive primitive, Expr node, string[] operands)
    {
        if (node.Shape.Size == 0 || node.Operand(0).Shape.Size == 0 || node.Operand(1).Shape.Size == 0)
        {
            return graph.Filled(0, node.Shape);
        }

        var numbers = primitive.SizesOf(node);
        var sizes = new ConvolutionSizes(numbers);
        var (batch, groups, outputs, inputs, n, taps, m) = (sizes.Batch, sizes.Groups, sizes.OutputChannels, sizes.InputChannels, sizes.InputSize, sizes.KernelSize, sizes.OutputSize);
        string Grouped(string x, params ReadOnlySpan<int> lengths) => PrimitiveForms.Reshaped(graph, x, new(lengths));
        string Kernel(string x) => Grouped(x, groups, outputs, inputs, taps);

        // For each pair of a position of the kernel and one of the result, the position of the operand that they meet; one more position, of zeros, if there is none.
        string Met(string x, int channels, int positions, long[] places)
        {
            var padded = graph.Add("Pad", [Grouped(x, batch, groups, channels, positions), graph.Integers(0, 0, 0, 0, 0, 0, 0, 1), graph.Number(0)]);
            return Grouped(graph.Add("Gather", [padded, graph.Integers(places)], Attribute("axis", 3)), batch, groups, channels, taps, places.Length / taps);
        }

        var met = new long[taps * m];
        var meeting = new long[taps * n];
        Array.Fill(met, n);
        Array.Fill(meeting, m);
        for (var tap = 0; tap < taps; tap++)
        {
            for (var position = 0; position < m; position++)
            {
                if (ConvolutionTerms.Met(position, tap, new(numbers)) is >= 0 and var place)
                {
                    met[(tap * m) + position] = place;
                    meeting[(tap * n) + place] = position;
                }
            }
        }

        var (factors, equation) = primitive.Result switch
        {
            ConvolutionTensor.Output => ((string[])[Met(operands[0], inputs, n, met), Kernel(operands[1])], "bgctp,goct->bgop"),
            ConvolutionTensor.Input => ([Met(operands[0], outputs, m, meeting), Kernel(operands[1])], "bgotp,goct->bgcp"),
            _ => ([Met(operands[0], inputs, n, met), Grouped(operands[1], batch, groups, outputs, m)], "bgctp,bgop->goct"),
        };
        return PrimitiveForms.Reshaped(graph, graph.Add("Einsum", factors, Attribute("equation", equation)), node.Shape);
    }
}
