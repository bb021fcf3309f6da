// The same elements under another shape.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The tensor under another shape, with the same elements in row-major order.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="shape">The new shape, which has as many elements.</param>
    /// <exception cref="ShapeException">The numbers of elements differ.</exception>
    public static Expr Reshape(Expr x, Shape shape)
    {
        var from = ShapeOf("Reshape", x);
        return from == shape ? x
            : from.Size == shape.Size ? Make(ReshapePrimitive.Instance, shape, [x])
            : throw new ShapeException($"Reshape: shape {from} has {from.Size} elements and cannot become {shape} with {shape.Size}.");
    }

    /// <summary>The tensor under another shape, with the same elements in row-major order. A length of −1 is computed from the other lengths.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="lengths">The new lengths, of which at most one is −1.</param>
    /// <exception cref="ShapeException">The numbers of elements differ, a length is less than −1, or −1 occurs twice or cannot be computed.</exception>
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

/// <summary>Gives a tensor the shape of the result, without reordering elements: a linear map, whose transpose is the reshape back.</summary>
internal sealed record ReshapePrimitive : View
{
    private ReshapePrimitive()
    {
    }

    public static ReshapePrimitive Instance { get; } = new();

    public override Op Op => Op.Reshape;

    public const string Name = "reshape";

    public static Reader Reader { get; } = new(Name, call => Expr.Reshape(call.Operand("the operand"), call.Shape()));

    public override Spelling Spelling => new(Name);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => operands[0].Reshaped(shape);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(x => Expr.Reshape(x, node.Shape));

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => cotangent.Through(y => Expr.Reshape(y, node.Operand(0).Shape));

    public override Expr Batch(Expr node, Batched[] operands, int size) => Expr.Reshape(operands[0].Value, Batched.With(size, node.Shape));

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Reshaped(node.Operand(0).Shape, node.Shape);

    public override (int Operand, int[] Index) Source(Expr node, int[] index) => (0, AxisMap.IndexAt(node.Operand(0).Shape, AxisMap.PositionOf(node.Shape, index)));

    public override TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class => memory.Reshaped(node.Operand(0).Shape, node.Shape);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [("", node.Shape.ToString())];
}
