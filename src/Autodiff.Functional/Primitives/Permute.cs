// Permutations of axes.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The tensor with its axes in reverse order; for a matrix, its transpose.</summary>
    /// <param name="x">The tensor.</param>
    public static Expr Transpose(Expr x)
    {
        var order = new int[ShapeOf("Transpose", x).Rank];
        for (var axis = 0; axis < order.Length; axis++)
        {
            order[axis] = order.Length - 1 - axis;
        }

        return Permute(x, order);
    }

    /// <summary>The tensor with its axes in another order: axis i of the result is axis <c>order[i]</c> of the tensor.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="order">The number of each axis once; −1 is the last.</param>
    /// <exception cref="ShapeException">The order does not name every axis once.</exception>
    public static Expr Permute(Expr x, params ReadOnlySpan<int> order)
    {
        var shape = ShapeOf("Permute", x);
        if (order.Length != shape.Rank)
        {
            throw new ShapeException($"Permute: the order ({string.Join(", ", order.ToArray())}) names {order.Length} axes, but shape {shape} has {shape.Rank}; name each once.");
        }

        var axes = Normalize("Permute", shape, order);
        return axes.SequenceEqual(Enumerable.Range(0, axes.Length))
            ? x
            : Make(new PermutePrimitive(new(axes)), Shape.Of(Array.ConvertAll(axes, axis => shape[axis])), [x]);
    }
}

/// <summary>Permutes the axes: a linear map, whose transpose is the inverse permutation.</summary>
internal sealed record PermutePrimitive(Permutation Permutation) : View
{
    public override Op Op => Op.Permute;

    public static Reader Reader { get; } = new("permute", call => Expr.Permute(call.Operand("the operand"), call.Integers()));

    public static Reader TransposeReader { get; } = Reader.Unary("transpose", Expr.Transpose);

    public override Spelling Spelling => IsReversal
        ? new(TransposeReader.Name) { Template = @"⟨a:Atom⟩^{\top}", TemplateLevel = Level.Power, UnicodeTemplate = "⟨a:Atom⟩ᵀ", UnicodeLevel = Level.Power }
        : new("permute");

    /// <summary>Whether it reverses the order of all axes.</summary>
    private bool IsReversal => !Permutation.Order.Where((axis, index) => axis != Permutation.Order.Length - 1 - index).Any();

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => LayoutKernels.Permute(Permutation, operands[0], shape);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(x => Expr.Permute(x, Permutation.Order));

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => cotangent.Through(y => Expr.Permute(y, Permutation.Inverse().Order));

    public override Expr Batch(Expr node, Batched[] operands, int size) => Expr.Permute(operands[0].Value, [0, .. Permutation.Order.Select(axis => axis + 1)]);

    public override int[] AxesOf(Expr node, int operand) => Permutation.Inverse().Order;

    public override (int Operand, int[] Index) Source(Expr node, int[] index) => (0, Array.ConvertAll(Permutation.Inverse().Order, axis => index[axis]));

    public override TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class => memory.WithAxes(Permutation.Order);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => IsReversal ? [] : [("", Shape.Of(Permutation.Order).ToString())];
}
