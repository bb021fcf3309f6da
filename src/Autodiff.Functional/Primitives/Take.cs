// The slices at given positions along an axis, in any order and possibly repeated.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The slices at the given positions along an axis, in that order; positions may be repeated (a gather).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="positions">The positions, 0 to length−1.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis, or a position is outside it.</exception>
    public static Expr Take(Expr x, ReadOnlySpan<int> positions, int axis = 0)
    {
        var shape = ShapeOf("Take", x);
        var along = shape.Axis(axis, "Take");
        foreach (var position in positions)
        {
            if ((uint)position >= (uint)shape[along])
            {
                throw new ShapeException($"Take: position {position} is outside axis {along} of shape {shape}; use 0 to {shape[along] - 1}.");
            }
        }

        var lengths = shape.Lengths.ToArray();
        lengths[along] = positions.Length;
        var taken = Shape.Of(lengths, "Take");
        return Make(new TakePrimitive(new(shape, taken, along, positions.ToArray())), taken, [x]);
    }
}

/// <summary>Reads the slices at some positions along an axis.</summary>
internal sealed record TakePrimitive(Positions Positions) : SelectionPrimitive(Positions)
{
    public override Op Op => Op.Take;

    public static Reader Reader { get; } = new("take", call => Expr.Take(call.Operand("the operand"), call.Integers(), call.Integer("axis") ?? 0));

    public override Spelling Spelling => new("take");

    /// <summary>Null, because strides cannot express positions in any order.</summary>
    public override TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class => null;

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => Attributes(int.MaxValue);

    public override Formulas.Fragment Print(Notation notation, Expr node, ReadOnlySpan<Formulas.Fragment> operands) =>
        notation.Spelled(Spelling, operands, Attributes(notation.LargestList));

    private (string Label, string Text)[] Attributes(int largestList) =>
        [("", ValueText.Indices(Positions.Indices, largestList)), ("axis", $"{Positions.Axis}")];
}
