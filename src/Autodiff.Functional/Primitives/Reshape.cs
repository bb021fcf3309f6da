// The same elements under another shape.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The same elements in row-major order under another shape.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="shape">A shape of as many elements.</param>
    /// <exception cref="ShapeException">The numbers of elements differ.</exception>
    public static Expr Reshape(Expr x, Shape shape)
    {
        var from = ShapeOf("Reshape", x);
        return from == shape ? x
            : from.Size == shape.Size ? Make(ReshapePrimitive.Instance, shape, [x])
            : throw new ShapeException($"Reshape: shape {from} has {from.Size} elements and cannot become {shape} with {shape.Size}.");
    }

    /// <summary>The same elements in row-major order under another shape, one of whose lengths may be −1: as many as remain.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="lengths">The new lengths.</param>
    /// <exception cref="ShapeException">The numbers of elements differ, or −1 stands twice or cannot be worked out.</exception>
    public static Expr Reshape(Expr x, params ReadOnlySpan<int> lengths)
    {
        var from = ShapeOf("Reshape", x);
        foreach (var length in lengths)
        {
            if (length < -1)
            {
                throw new ShapeException($"Reshape: shape {from} cannot become ({string.Join(", ", lengths.ToArray())}); lengths are 0 or more, and one may be -1: as many as remain.");
            }
        }

        var open = lengths.IndexOf(-1);
        if (open < 0)
        {
            return Reshape(x, Shape.Of(lengths.ToArray(), "Reshape"));
        }

        var known = lengths.ToArray();
        known[open] = 1;
        var rest = known.Contains(-1) ? 0 : Shape.Of([.. known], "Reshape").Size;
        known[open] = rest > 0 && from.Size % rest == 0
            ? from.Size / rest
            : throw new ShapeException($"Reshape: shape {from} with {from.Size} elements does not fit ({string.Join(", ", lengths.ToArray())}); one length may be -1, and the others must divide the number of elements.");
        return Reshape(x, new Shape(known));
    }
}

/// <summary>The same elements in row-major order under the shape of the result: a linear map, whose transpose is a reshape back.</summary>
internal sealed record ReshapePrimitive : View
{
    private ReshapePrimitive()
    {
    }

    public static ReshapePrimitive Instance { get; } = new();

    public override Op Op => Op.Reshape;

    public override Spelling Spelling => new("reshape");

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => operands[0].Reshaped(shape);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(x => Expr.Reshape(x, node.Shape));

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => cotangent.Through(y => Expr.Reshape(y, node.Operand(0).Shape));

    public override Expr Batch(Expr node, Batched[] operands, int size) => Expr.Reshape(operands[0].Value, Batched.With(size, node.Shape));

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Reshaped(node.Operand(0).Shape, node.Shape);

    public override (int Operand, int[] Index) Source(Expr node, int[] index) => (0, AxisMap.IndexAt(node.Operand(0).Shape, AxisMap.PositionOf(node.Shape, index)));

    public override TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class => memory.Reshaped(node.Operand(0).Shape, node.Shape);

    public override IEnumerable<(string Label, string Text)> Arguments(Expr node) => [("", node.Shape.ToString())];
}
