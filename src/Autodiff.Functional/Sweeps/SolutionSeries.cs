// The series of the solution of a differential equation.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

/// <summary>x with x′ = y, where y depends on x: xₖ₊₁ = yₖ/(k + 1), since yₖ reads coefficients of x up to k only.</summary>
internal sealed class SolutionSeries(Expr start, SeriesTable table) : PowerSeries(start, table)
{
    /// <summary>y.</summary>
    public PowerSeries? Derivative { get; set; }

    protected override Expr? Mask() => null;

    protected override Expr? Next(int order) => Derivative![order - 1] is { } slope ? order == 1 ? slope : (new Term(slope) / order).Expr : null;
}
