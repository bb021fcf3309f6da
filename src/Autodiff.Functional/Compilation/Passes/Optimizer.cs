// What is done to a body before it is turned into code: passes, each a pure function from a body to one of the same values.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Optimizer
{
    // Passes make work for one another, but hardly ever in more rounds than a few.
    private const int MostRounds = 8;

    /// <summary>
    /// The passes in the order in which they take turns. What another pass looks for is made before it; equal operations are merged where that
    /// shows more of it.
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

    /// <summary>The body optimised. Its parameters and the shapes of its results stay.</summary>
    public static Computation Run(Computation body) => Steps(body).Select(step => step.Computation).LastOrDefault(body);

    /// <summary>What the body is after each pass that changes it, in order.</summary>
    public static IEnumerable<(string Pass, Computation Computation)> Steps(Computation body)
    {
        var unchanged = 0;
        for (var step = 0; step < MostRounds * Passes.Count && unchanged < Passes.Count; step++)
        {
            var (name, apply) = Passes[step % Passes.Count];
            var before = body;
            body = apply(body);
            if (ReferenceEquals(before, body))
            {
                unchanged++;
            }
            else
            {
                unchanged = 0;
                yield return (name, body);
            }
        }
    }

    /// <summary>For each pass that changes the body how many operations there are before and after it, one a line.</summary>
    public static IEnumerable<string> Explain(Computation body)
    {
        foreach (var (pass, after) in Steps(body))
        {
            yield return $"{pass}: {body.Nodes.Length} -> {after.Nodes.Length} operations";
            body = after;
        }
    }
}
