// The limit of an iteration, and who watches and may stop it.

namespace Autodiff.Functional.Programs;

/// <summary>What a caller says about an iteration: how long it may be, where it reports, and when it is to stop.</summary>
/// <param name="MostSteps">The most steps of a search; a loop has its own number of steps.</param>
/// <param name="Progress">Where steps are reported; null if nowhere.</param>
/// <param name="Cancellation">Stops the iteration.</param>
internal sealed record IterationControl(int MostSteps, IProgress<IterationProgress>? Progress, CancellationToken Cancellation)
{
    /// <summary>The usual number of steps of a search.</summary>
    public const int UsualSteps = 500;

    /// <summary>That of a search about which the caller says nothing.</summary>
    public static readonly IterationControl Usual = new(UsualSteps, null, default);

    /// <summary>The control of a search.</summary>
    public static IterationControl OfSearch(string operation, int mostSteps, IProgress<IterationProgress>? progress, CancellationToken cancellation) =>
        mostSteps < 1 ? throw new AutodiffException($"{operation}: maxSteps is {mostSteps}; it is 1 or more.")
        : mostSteps == UsualSteps && progress is null && !cancellation.CanBeCanceled ? Usual
        : new(mostSteps, progress, cancellation);

    /// <summary>The control of a loop; null if the caller neither watches nor may stop it, so that its steps cost nothing more.</summary>
    public static IterationControl? OfLoop(IProgress<IterationProgress>? progress, CancellationToken cancellation) =>
        progress is null && !cancellation.CanBeCanceled ? null : new(0, progress, cancellation);

    /// <summary>Reports before a step of a loop.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled it.</exception>
    public void Step(int taken, double condition) => Step(taken, condition, double.NaN);

    /// <summary>Reports before a step of a search.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled it.</exception>
    public void Step(int taken, double value, double residual)
    {
        Cancellation.ThrowIfCancellationRequested();
        Progress?.Report(new(taken, value, residual));
    }

    /// <summary>Equations that are not evaluated once the caller has cancelled the search.</summary>
    public Func<Expr, Expr[]> Stoppable(Func<Expr, Expr[]> problem) => !Cancellation.CanBeCanceled ? problem : x =>
    {
        Cancellation.ThrowIfCancellationRequested();
        return problem(x);
    };
}
