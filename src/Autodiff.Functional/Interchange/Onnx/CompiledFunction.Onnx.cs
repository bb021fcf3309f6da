// Compiled functions as ONNX models.

using Autodiff.Functional.Interchange.Onnx;

namespace Autodiff.Functional;

public sealed partial class CompiledFunction
{
    /// <summary>The function as an ONNX model: the bytes of a ModelProto, for files and for engines that run ONNX.</summary>
    /// <remarks>
    /// <para>
    /// The model computes with doubles. Its inputs have the names of the parameters of the function, or the paths of the leaves of a tree; its outputs are
    /// <c>result</c>, or the paths of the leaves; shapes are fixed. Loops become Loop and branches If; a derivative is a model like any other. Functions
    /// without a standard operator for doubles, such as <see cref="Expr.Erf"/>, are functions of the model, made of standard operators.
    /// </para>
    /// <para>
    /// The model needs version 26 of the standard operators. Values differ from those of this function by the rounding of the engine. Where the steps of a
    /// loop are limited and the condition still holds after the last, the results are NaN.
    /// </para>
    /// </remarks>
    /// <exception cref="AutodiffException">ONNX cannot express an operation with the precision of doubles; the message names it.</exception>
    /// <example>
    /// <code>
    /// var f = AD.CompileFor(AD.ValueAndGrad(x => Expr.Sum(x * x)), 1000);
    /// File.WriteAllBytes("sum_of_squares.onnx", f.ToOnnx());
    /// </code>
    /// </example>
    public byte[] ToOnnx() => ModelWriter.Write(_code.Original, _arguments, _results);
}
