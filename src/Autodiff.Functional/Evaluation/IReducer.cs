// How a reduction folds many numbers into one.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

/// <summary>A function that folds many numbers into one.</summary>
internal interface IReducer
{
    /// <summary>The fold of a run of numbers.</summary>
    double Fold(ReadOnlySpan<double> run);

    /// <summary>The operation that folds whole rows at a time, element by element; null if only runs can be folded.</summary>
    Monoid? Monoid { get; }

    /// <summary>Corrects the folds of rows if an intermediate result may have overflowed or underflowed.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="folded">Their folds, element by element.</param>
    void Mend(ReadOnlySpan<double> rows, Span<double> folded)
    {
    }
}

/// <summary>The sum; a run is summed with less rounding error than by adding its elements in order.</summary>
internal sealed class SumReducer : IReducer
{
    private SumReducer()
    {
    }

    public static SumReducer Instance { get; } = new();

    public Monoid? Monoid => Elementwise.Monoid.Sum;

    public double Fold(ReadOnlySpan<double> run) => Folds.Sum(run);
}
