// A statement about the points of a domain, which is tried at many of them; where it fails, the point is shrunk.

using LanguageExt;
using static LanguageExt.Prelude;

namespace Autodiff.Functional;

/// <summary>
/// A statement about every point of a domain, such as that derivatives are right. <see cref="Run"/> tries it at edges and random points, and shrinks a
/// point at which it fails to the simplest one that it finds.
/// </summary>
/// <typeparam name="T">The type of the points.</typeparam>
/// <example>
/// <code>
/// var law = new Law&lt;Expr&gt;("softmax sums to 1", Domain.Box(new Shape(3), -5, 5), x =&gt;
///     Math.Abs(Sum(Exp(x - LogSumExp(x))).Value - 1) &lt; 1e-14 ? unit : Error.New("the sum is another"));
/// law.Run(cases: 100, seed: 1);
/// </code></example>
public sealed class Law<T>
{
    // The most points that are tried in shrinking one counterexample.
    private const int MostShrinks = 300;

    private readonly Func<DomainPoint<T>, Fin<Unit>> _at;
    private readonly Func<DomainPoint<T>, CheckError, Explanation> _explain;

    /// <summary>A law that says something of each point by itself.</summary>
    /// <param name="name">What it states, for reports.</param>
    /// <param name="domain">The points.</param>
    /// <param name="holds">From a point to success; or to an error, where <see cref="NoDerivative"/> and <see cref="JumpFound"/> mean that nothing can be said at the point.</param>
    /// <exception cref="AutodiffException">An argument is null.</exception>
    public Law(string name, Domain<T> domain, Func<T, Fin<Unit>> holds)
        : this(name, domain, holds is null ? null! : point => holds(point.Value), (_, _) => Explanation.None)
    {
    }

    internal Law(string name, Domain<T> domain, Func<DomainPoint<T>, Fin<Unit>> at, Func<DomainPoint<T>, CheckError, Explanation> explain)
    {
        Name = name ?? throw AutodiffException.Null("Law", "the name");
        Domain = domain ?? throw AutodiffException.Null("Law", "the domain");
        (_at, _explain) = (at ?? throw AutodiffException.Null("Law", "the statement"), explain);
    }

    /// <summary>What it states.</summary>
    public string Name { get; }

    /// <summary>The points.</summary>
    public Domain<T> Domain { get; }

    /// <summary>A law that also looks at the neighbours of each point, in the coordinates of the domain.</summary>
    /// <param name="name">What it states, for reports.</param>
    /// <param name="domain">The points.</param>
    /// <param name="holds">From a point to success, or to an error as for the constructor.</param>
    /// <exception cref="AutodiffException">An argument is null.</exception>
    public static Law<T> OfPoints(string name, Domain<T> domain, Func<DomainPoint<T>, Fin<Unit>> holds) => new(name, domain, holds, (_, _) => Explanation.None);

    /// <summary>Tries the law at one point.</summary>
    /// <param name="point">A point of the domain.</param>
    /// <returns>Success, or what was found; <see cref="NoDerivative"/> and <see cref="JumpFound"/> mean that nothing can be said at the point.</returns>
    public Fin<Unit> At(DomainPoint<T> point) => _at(point ?? throw AutodiffException.Null("Law.At", "the point"));

    /// <summary>
    /// Tries the law at points of the domain: edges, points of extreme magnitude and random ones. A point where nothing can be said does not count
    /// as a failure, unless that is so at all of them.
    /// </summary>
    /// <param name="cases">The number of points, 1 or more.</param>
    /// <param name="seed">The seed; the same seed tries the same points.</param>
    /// <returns>Success, or a <see cref="Counterexample"/>.</returns>
    /// <exception cref="AutodiffException">The number of points is less than 1.</exception>
    public Fin<Unit> Run(int cases = 100, int seed = 1)
    {
        if (cases < 1)
        {
            throw new AutodiffException($"Law.Run: the number of cases is {cases}; it is 1 or more.");
        }

        var (held, reason, number) = (false, (CheckError?)null, 0);
        foreach (var point in Domain.Points(seed).Take(cases))
        {
            number++;
            var error = ErrorOf(At(point));
            if (error is { SaysNothing: false })
            {
                var (simplest, last, steps) = Shrink(point, error);
                return Explained(simplest, last, seed, number, steps);
            }

            (held, reason) = (held || error is null, reason ?? error);
        }

        return held ? unit : new Counterexample(Name, Verification.Domains.PointText.Of(Domain.Points(seed).First().Value), reason!, Explanation.None, seed, cases, 0);
    }

    /// <summary>The full report of a point at which the law fails: with the operation at fault, all methods side by side, and code that reproduces it.</summary>
    /// <param name="point">The point.</param>
    /// <param name="cause">What <see cref="At"/> found there.</param>
    /// <returns>The report.</returns>
    public Counterexample Explain(DomainPoint<T> point, CheckError cause) => Explained(
        point ?? throw AutodiffException.Null("Law.Explain", "the point"), cause ?? throw AutodiffException.Null("Law.Explain", "the cause"), null, 0, 0);

    private static CheckError? ErrorOf(Fin<Unit> outcome) => outcome.Match(Succ: _ => null!, Fail: error => error as CheckError ?? new LawBroken(error.Message));

    private Counterexample Explained(DomainPoint<T> point, CheckError cause, int? seed, int number, int steps) =>
        new(Name, point.ToString(), cause, _explain(point, cause), seed, number, steps);

    /// <summary>Goes to the first simpler point at which the law fails too, as long as there is one.</summary>
    private (DomainPoint<T> Point, CheckError Error, int Steps) Shrink(DomainPoint<T> point, CheckError error)
    {
        for (var (tried, steps) = (0, 0); ; steps++)
        {
            var found = false;
            foreach (var simpler in point.Simpler)
            {
                if (++tried > MostShrinks)
                {
                    break;
                }

                if (ErrorOf(At(simpler)) is { SaysNothing: false } failure)
                {
                    (point, error, found) = (simpler, failure, true);
                    break;
                }
            }

            if (!found)
            {
                return (point, error, steps);
            }
        }
    }
}

/// <summary>What is known of a counterexample beside the point.</summary>
/// <param name="Blame">The operation at fault; null if none is known.</param>
/// <param name="Methods">The same number by each method, the one to compare with first.</param>
/// <param name="Snippet">C# code that finds the same; null if the point cannot be written as code.</param>
internal sealed record Explanation(string? Blame, IReadOnlyList<MethodResult> Methods, Func<int?, int, string>? Snippet)
{
    public static Explanation None { get; } = new(null, [], null);
}

/// <summary>A number as one method computes it.</summary>
/// <param name="Method">The method: <c>reverse</c>, <c>forward</c>, <c>series</c>, <c>compiled</c>, <c>finite differences</c>, <c>double-double</c>, <c>complex step</c>, ….</param>
/// <param name="Value">The number.</param>
/// <param name="Ulps">Its distance from the first method's number, in units of the last place of that.</param>
public sealed record MethodResult(string Method, double Value, double Ulps);
