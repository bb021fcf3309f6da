// What is said of an elementwise primitive beside its numbers.

using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Elementwise;

/// <summary>How an elementwise primitive is spelled, and where the tests look at it.</summary>
/// <param name="Spelling">How it is spelled in formulas.</param>
/// <param name="Domain">Where it is smooth.</param>
internal sealed record ElementwiseDescription(Spelling Spelling, Domain Domain);

/// <summary>Where a primitive is smooth, so that finite differences can tell its derivatives.</summary>
/// <param name="Operands">An interval for each operand.</param>
internal sealed record Domain((double Low, double High)[] Operands)
{
    /// <summary>Numbers for the operands before these, in which there is no derivative, such as orders.</summary>
    public double[] Constants { get; init; } = [];

    /// <summary>How far a point is from where the primitive is not smooth.</summary>
    public Func<double[], double> Kink { get; init; } = _ => double.PositiveInfinity;

    public static Domain Of(params (double Low, double High)[] operands) => new(operands);
}
