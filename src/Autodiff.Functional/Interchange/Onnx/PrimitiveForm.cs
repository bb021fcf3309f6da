// How a primitive that is not elementwise is written into a graph. A table of these has an entry for each primitive that has an ONNX form.

namespace Autodiff.Functional.Interchange.Onnx;

/// <summary>The ONNX form of a primitive.</summary>
/// <param name="Type">The record of the primitive.</param>
/// <param name="Write">Writes the primitive of a node over operands with the given names into a graph; returns the name of the result.</param>
internal sealed record PrimitiveForm(Type Type, Func<NodePrimitive, Expr, string[], GraphWriter, string> Write)
{
    /// <summary>A primitive of any number of operands.</summary>
    public static PrimitiveForm Of<T>(Func<T, Expr, string[], GraphWriter, string> write)
        where T : NodePrimitive => new(typeof(T), (primitive, node, operands, graph) => write((T)primitive, node, operands, graph));

    /// <summary>A primitive of one operand.</summary>
    public static PrimitiveForm OfOne<T>(Func<T, Expr, string, GraphWriter, string> write)
        where T : NodePrimitive => Of<T>((primitive, node, operands, graph) => write(primitive, node, operands[0], graph));
}
