// What is done to a body before it is turned into code: passes, each a function from bodies to bodies of the same values.

using Autodiff.Functional.Compilation.Passes;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

internal static class Optimizer
{
    // Passes make work for one another, but hardly ever in more rounds than a few.
    private const int MostRounds = 8;

    private static readonly (string Name, Func<Body, Body> Pass)[] s_first =
    [
        ("inline calls", Inlining.Expand),
        ("merge equal operations", CommonSubexpressions.Merge),
    ];

    private static readonly (string Name, Func<Body, Body> Pass)[] s_repeated =
    [
        ("simplify arithmetic", Arithmetic.Simplify),
        ("merge masks", Masks.Merge),
        ("simplify layout", Layout.Simplify),
        ("sink broadcasts", Broadcasts.Sink),
        ("simplify contractions", Contractions.Simplify),
        ("split short axes", ShortAxes.Split),
        ("merge equal operations", CommonSubexpressions.Merge),
        ("decompose", Decomposition.Decompose),
        ("share exponentials", Sigmoids.Share),
    ];

    /// <summary>The body optimised.</summary>
    public static Body Run(Body body) => Steps(body) is [.., var (_, last)] ? last : body;

    /// <summary>What the body is after each pass that changes it, in order.</summary>
    public static IReadOnlyList<(string Pass, Body Body)> Steps(Body body)
    {
        var steps = new List<(string, Body)>();
        void Take((string Name, Func<Body, Body> Pass) step)
        {
            var before = body;
            body = step.Pass(body);
            if (!ReferenceEquals(before, body))
            {
                steps.Add((step.Name, body));
            }
        }

        Array.ForEach(s_first, Take);
        for (var (round, before) = (0, (Body?)null); round < MostRounds && !ReferenceEquals(before, body); round++)
        {
            before = body;
            Array.ForEach(s_repeated, Take);
        }

        return steps;
    }
}
