// Optimises a computation before it is lowered, by passes: each is a pure function from a computation to a computation of the same values.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Optimizer
{
    // The most iterations of all passes. Passes find more to do after one another, but hardly ever for more than a few iterations.
    private const int MostIterations = 8;

    /// <summary>
    /// The passes, in the order in which they take turns. A pass comes after those that make what it looks for; equal operations are merged where
    /// that lets later passes find more.
    /// </summary>
    public static IReadOnlyList<(string Name, Func<Computation, Computation> Apply)> Passes { get; } =
    [
        ("inline calls", Inlining.Expand),
        ("merge equal operations", CommonSubexpressions.Merge),
        ("simplify arithmetic", Arithmetic.Simplify),
        ("merge masks", Masks.Merge),
        ("simplify layout", Layout.Simplify),
        ("sink broadcasts", Broadcasts.Sink),
        ("simplify contractions", Contractions.Simplify),
        ("decompose reductions", Decomposition.Decompose),
        ("split short axes", ShortAxes.Split),
        ("share exponentials", Sigmoids.Share),
    ];

    /// <summary>The optimised computation. Its parameters and the shapes of its results stay the same.</summary>
    public static Computation Run(Computation computation) => Run(computation, Passes);

    /// <summary>The computation optimised by other passes.</summary>
    public static Computation Run(Computation computation, IReadOnlyList<(string Name, Func<Computation, Computation> Apply)> passes) =>
        Steps(computation, passes).Select(step => step.Computation).LastOrDefault(computation);

    /// <summary>The computation after each pass that changes it, in order.</summary>
    public static IEnumerable<(string Pass, Computation Computation)> Steps(Computation computation) => Steps(computation, Passes);

    private static IEnumerable<(string Pass, Computation Computation)> Steps(Computation computation, IReadOnlyList<(string Name, Func<Computation, Computation> Apply)> passes)
    {
        var unchanged = 0;
        for (var step = 0; step < MostIterations * passes.Count && unchanged < passes.Count; step++)
        {
            var (name, apply) = passes[step % passes.Count];
            var before = computation;
            computation = apply(computation);
            if (ReferenceEquals(before, computation))
            {
                unchanged++;
            }
            else
            {
                unchanged = 0;
                yield return (name, computation);
            }
        }
    }

    /// <summary>For each pass that changes the computation, the number of operations before and after it, one line each.</summary>
    public static IEnumerable<string> Explain(Computation computation)
    {
        foreach (var (pass, after) in Steps(computation))
        {
            yield return $"{pass}: {computation.Nodes.Length} -> {after.Nodes.Length} operations";
            computation = after;
        }
    }
}
