// How far a search or a loop has come, for whoever watches it.

namespace Autodiff.Functional;

/// <summary>How far a search or a loop has come: what <see cref="AD.Root"/>, <see cref="AD.FixedPoint"/>, <see cref="AD.ArgMin"/> and <see cref="AD.While{TState}"/> report before each step.</summary>
/// <param name="Iteration">The number of steps taken so far; with a solver of the caller's own, the number of evaluations of the equations.</param>
/// <param name="Value">What is decreased or tested: the objective of <c>ArgMin</c>, the residual of <c>Root</c> and <c>FixedPoint</c>, the condition of <c>While</c>.</param>
/// <param name="Residual">The length of f(x), of x − f(x) or of the gradient; NaN for <c>While</c>.</param>
public readonly record struct IterationProgress(int Iteration, double Value, double Residual);
