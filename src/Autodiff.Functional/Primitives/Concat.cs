// Tensors joined along an existing axis.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>Tensors joined, one after another, along an axis that they have.</summary>
    /// <param name="tensors">At least one tensor; their lengths along all other axes are equal.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no tensor, there is no such axis, or lengths along another axis differ.</exception>
    public static Expr Concat(ReadOnlySpan<Expr> tensors, int axis = 0)
    {
        var first = FirstOf("Concat", tensors);
        if (first.IsScalar)
        {
            throw new ShapeException("Concat: scalars have no axis to be joined along; Stack makes a vector of them.");
        }

        var along = first.Axis(axis, "Concat");
        var lengths = first.Lengths.ToArray();
        lengths[along] = 0;
        foreach (var tensor in tensors)
        {
            var shape = tensor.Shape;
            var fits = shape.Rank == first.Rank;
            for (var other = 0; fits && other < first.Rank; other++)
            {
                fits = other == along || shape[other] == first[other];
            }

            lengths[along] += fits
                ? shape[along]
                : throw new ShapeException($"Concat: shapes {first} and {shape} do not join along axis {along}; all other axes must have equal lengths.");
        }

        return tensors.Length == 1 ? tensors[0] : Make(new ConcatPrimitive(along), Shape.Of(lengths, "Concat"), tensors);
    }

    /// <summary>Tensors joined, one after another, along their first axis.</summary>
    /// <param name="tensors">At least one tensor; their lengths along all other axes are equal.</param>
    /// <exception cref="ShapeException">There is no tensor, one is a scalar, or lengths along another axis differ.</exception>
    [OverloadResolutionPriority(-1)]
    public static Expr Concat(params ReadOnlySpan<Expr> tensors) => Concat(tensors, axis: 0);
}

/// <summary>Joins its operands along an axis that they have.</summary>
internal sealed record ConcatPrimitive(int Axis) : StackingPrimitive(Axis)
{
    public override Op Op => Op.Concat;

    public static Reader Reader { get; } = new("concat", call => Expr.Concat(call.List("the tensors"), call.Integer("axis") ?? 0));

    public override Spelling Spelling => new("concat");

    public override (int Start, int Length) ExtentOf(Expr node, int operand)
    {
        var start = 0;
        for (var before = 0; before < operand; before++)
        {
            start += node.Operand(before).Shape[Axis];
        }

        return (start, node.Operand(operand).Shape[Axis]);
    }

    public override (int Operand, int[] Index) Source(Expr node, int[] index)
    {
        var (operand, position) = (0, index[Axis]);
        while (position >= node.Operand(operand).Shape[Axis])
        {
            position -= node.Operand(operand++).Shape[Axis];
        }

        int[] source = [.. index];
        source[Axis] = position;
        return (operand, source);
    }

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Without(Axis, node.Rank);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [("axis", $"{Axis}")];
}
