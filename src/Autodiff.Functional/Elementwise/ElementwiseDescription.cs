// What is stated of an elementwise primitive besides its values and derivatives.

using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Elementwise;

/// <summary>How an elementwise primitive is written in formulas, and where it is smooth, so that tests can check its derivatives there.</summary>
/// <param name="Spelling">How it is written in formulas.</param>
/// <param name="Region">The region in which it is smooth.</param>
internal sealed record ElementwiseDescription(Spelling Spelling, SmoothRegion Region);

/// <summary>A region in which a primitive is smooth, so that finite differences approximate its derivatives.</summary>
/// <param name="Operands">An interval for each operand with respect to which it is differentiated.</param>
internal sealed record SmoothRegion((double Low, double High)[] Operands)
{
    /// <summary>Numbers for the operands before these, with respect to which there is no derivative, such as orders.</summary>
    public double[] Constants { get; init; } = [];

    /// <summary>
    /// A function of the operands that is 0 where the primitive is not smooth. Its absolute value is about the distance from the nearest such point.
    /// </summary>
    public Func<double[], double> Kink { get; init; } = _ => double.PositiveInfinity;

    public static SmoothRegion Of(params (double Low, double High)[] operands) => new(operands);
}
