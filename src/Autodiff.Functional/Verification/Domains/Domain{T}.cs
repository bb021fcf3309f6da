// A set of points that a function is checked on, for any type of argument.

namespace Autodiff.Functional;

/// <summary>
/// A set of points on which a property is checked: it gives random points, offers its edges and extreme magnitudes on purpose, shrinks points, and
/// says how far one may step from each.
/// </summary>
/// <remarks>
/// <see cref="Domain"/> has the sets of tensors. They are put together by <see cref="Where"/>, <see cref="Select"/> and
/// <see cref="SelectMany{TOther, TResult}"/> (so in C# by query expressions), and by <see cref="Domain.Pair"/> and the like. Shrinking and stepping
/// pass through all of these.
/// </remarks>
/// <example>The parameters of a model, as a record:
/// <code>
/// var models =
///     from weights in Domain.Box(new Shape(2, 3), -1, 1)
///     from bias in Domain.Box(new Shape(2), -1, 1)
///     select new Model(weights, bias);
/// </code></example>
/// <typeparam name="T">The type of the points: an expression, or a tree of them (see <see cref="Tree"/>).</typeparam>
public sealed class Domain<T>
{
    // How many points a condition may refuse in turn before it is taken to hold for none.
    private const int MostRefusals = 1000;

    private readonly Func<Random, DomainPoint<T>> _random;
    private readonly Func<Random, IEnumerable<DomainPoint<T>>> _edges;

    internal Domain(Func<Random, DomainPoint<T>> random, Func<Random, IEnumerable<DomainPoint<T>>> edges) => (_random, _edges) = (random, edges);

    /// <summary>Points at the edges of the domain and of extreme magnitudes; those with a random part are always the same.</summary>
    public IEnumerable<DomainPoint<T>> Edges => _edges(new Random(0));

    /// <summary>A random point. Small and simple numbers, equal elements and edges are more frequent than in a uniform distribution.</summary>
    /// <param name="random">The source of randomness.</param>
    /// <exception cref="AutodiffException">The source is null; or a condition of <see cref="Where"/> refused 1,000 points in turn.</exception>
    public DomainPoint<T> Point(Random random) => _random(random ?? throw AutodiffException.Null("Domain.Point", "the source of randomness"));

    /// <summary>Any number of points: first a random one, then edges and random points in turn, then random ones.</summary>
    /// <param name="seed">The seed; the same seed gives the same points.</param>
    public IEnumerable<DomainPoint<T>> Points(int seed)
    {
        var random = new Random(seed);
        using var edges = _edges(random).GetEnumerator();
        var (hasEdges, turn) = (true, 0);
        while (true)
        {
            hasEdges = hasEdges && (turn % 2 == 0 || edges.MoveNext());
            yield return hasEdges && turn % 2 == 1 ? edges.Current : Point(random);
            turn++;
        }
    }

    /// <summary>The points for which a condition holds. A step to a point for which it does not hold leaves the domain.</summary>
    /// <param name="predicate">The condition.</param>
    /// <exception cref="AutodiffException">The condition is null.</exception>
    public Domain<T> Where(Func<T, bool> predicate)
    {
        NotNull("Domain.Where", predicate, "the condition");
        return new(
            random =>
            {
                for (var refusals = 0; refusals < MostRefusals; refusals++)
                {
                    if (_random(random) is var point && predicate(point.Value))
                    {
                        return point.Where(predicate);
                    }
                }

                throw new AutodiffException($"Domain.Where: the condition refused {MostRefusals} points in turn; start from a domain of which it accepts a larger part, or map every point into it by Select.");
            },
            random => _edges(random).Where(point => predicate(point.Value)).Select(point => point.Where(predicate)));
    }

    /// <summary>The images of the points. One steps in the coordinates of the original point.</summary>
    /// <param name="map">The map; it must give the same result for the same point.</param>
    /// <typeparam name="TResult">The type of the images.</typeparam>
    /// <exception cref="AutodiffException">The map is null.</exception>
    public Domain<TResult> Select<TResult>(Func<T, TResult> map)
    {
        NotNull("Domain.Select", map, "the map");
        TResult Image(T point) => map(point) ?? throw AutodiffException.Null("Domain.Select", "the result of the map");
        return new(random => _random(random).Select(Image), random => _edges(random).Select(point => point.Select(Image)));
    }

    /// <summary>Points of this domain with points of another, which may depend on the first: C#'s query expressions with two or more <c>from</c> call it.</summary>
    /// <param name="other">From a point to the domain of the second.</param>
    /// <param name="pair">From both points to the result.</param>
    /// <typeparam name="TOther">The type of the second points.</typeparam>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <example>Vectors of any length from 1 to 5:
    /// <code>
    /// from length in Domain.Integers(1, 5)
    /// from x in Domain.Box(new Shape(length), -1, 1)
    /// select x
    /// </code></example>
    /// <exception cref="AutodiffException">A function is null.</exception>
    public Domain<TResult> SelectMany<TOther, TResult>(Func<T, Domain<TOther>> other, Func<T, TOther, TResult> pair)
    {
        NotNull("Domain.SelectMany", other, "the function to the second domain");
        NotNull("Domain.SelectMany", pair, "the function of both points");
        Domain<TOther> Other(T first) => other(first) ?? throw AutodiffException.Null("Domain.SelectMany", "the second domain");
        return new(
            random => Dependent(_random(random), random.Next(), first => Other(first)._random),
            random => _edges(random).SelectMany((first, i) => Other(first.Value)._edges(random).Take(i == 0 ? int.MaxValue : 2).Select(second => first.With(second, pair))));

        // If the first point gets simpler, the second is drawn again from its new domain with the same randomness.
        DomainPoint<TResult> Dependent(DomainPoint<T> first, int seed, Func<T, Func<Random, DomainPoint<TOther>>> draw)
        {
            var point = first.With(draw(first.Value)(new Random(seed)), pair);
            return new(
                point.Value,
                [.. Enumerable.Range(0, point.Dimension).Select(point.Room)],
                at => point.Move(at),
                () => first.Simpler.Select(simpler => Dependent(simpler, seed, draw)).Concat(point.Simpler));
        }
    }

    /// <summary>The pairs of points of this domain and another.</summary>
    internal Domain<TResult> With<TOther, TResult>(Domain<TOther> other, Func<T, TOther, TResult> pair) => new(
        random => _random(random).With(other._random(random), pair),
        random => Paired(random, other, pair));

    /// <summary>Each edge with one of the other domain, and each with a random point.</summary>
    private IEnumerable<DomainPoint<TResult>> Paired<TOther, TResult>(Random random, Domain<TOther> other, Func<T, TOther, TResult> pair)
    {
        var (first, second) = (_edges(random).ToArray(), other._edges(random).ToArray());
        for (var i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            var (one, two) = (first.Length == 0 ? _random(random) : first[i % first.Length], second.Length == 0 ? other._random(random) : second[i % second.Length]);
            yield return one.With(two, pair);
            if (i < first.Length)
            {
                yield return first[i].With(other._random(random), pair);
            }

            if (i < second.Length)
            {
                yield return _random(random).With(second[i], pair);
            }
        }
    }

    private static void NotNull(string operation, object? value, string name)
    {
        if (value is null)
        {
            throw AutodiffException.Null(operation, name);
        }
    }
}
