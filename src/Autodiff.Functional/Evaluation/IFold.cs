// How a reduction folds numbers.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

/// <summary>A function of many numbers to one.</summary>
internal interface IFold
{
    /// <summary>The fold of a run of numbers.</summary>
    double Fold(ReadOnlySpan<double> run);

    /// <summary>The operation that folds whole rows at a time, element by element; null if only runs can be folded.</summary>
    Monoid? Monoid { get; }

    /// <summary>Corrects what rows were folded to, where that may have left the range of numbers on the way.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="folded">What they were folded to, element by element.</param>
    void Mend(ReadOnlySpan<double> rows, Span<double> folded)
    {
    }
}

/// <summary>Sums, more exact than adding up in order.</summary>
internal sealed class SumFold : IFold
{
    private SumFold()
    {
    }

    public static SumFold Instance { get; } = new();

    public Monoid? Monoid => Elementwise.Monoid.Sum;

    public double Fold(ReadOnlySpan<double> run) => Folds.Sum(run);
}
