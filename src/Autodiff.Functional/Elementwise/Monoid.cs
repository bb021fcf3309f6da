// The associative operations by which reductions fold many numbers into one.

namespace Autodiff.Functional.Elementwise;

/// <summary>An associative operation on two numbers, with its neutral element.</summary>
/// <param name="Op">The primitive that combines two numbers.</param>
/// <param name="Neutral">The number e with e ∘ x = x, which is the fold of no numbers.</param>
internal sealed record Monoid(Op Op, double Neutral)
{
    public static Monoid Sum { get; } = new(Op.Add, 0);

    public static Monoid Product { get; } = new(Op.Multiply, 1);

    public static Monoid Max { get; } = new(Op.Max, double.NegativeInfinity);

    public static Monoid Min { get; } = new(Op.Min, double.PositiveInfinity);

    /// <summary>The monoid whose operation is the given primitive: Add, Multiply, Max or Min.</summary>
    public static Monoid Of(Op op) => op == Op.Add ? Sum : op == Op.Multiply ? Product : op == Op.Max ? Max : op == Op.Min ? Min
        : throw new ArgumentOutOfRangeException(nameof(op), op, "not the operation of a fold");

    /// <summary>Two numbers combined.</summary>
    public double Combine(double a, double b) => ElementwiseTable.Value(Op, a, b);
}
