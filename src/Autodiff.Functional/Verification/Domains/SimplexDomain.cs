// Vectors of probabilities.

using LanguageExt;

namespace Autodiff.Functional.Verification.Domains;

/// <summary>The domain of <see cref="Domain.Simplex"/>. Coordinate i moves a part of the largest element to the i-th of the others.</summary>
internal static class SimplexDomain
{
    public static Domain<Expr> Of(int n) => new(random => Point(Probabilities(random, n)), _ => Edges(n).Select(Point));

    private static DomainPoint<Expr> Point(double[] elements)
    {
        var largest = Array.IndexOf(elements, elements.Max());
        int[] others = [.. Enumerable.Range(0, elements.Length).Where(i => i != largest)];
        return new(
            Expr.Constant(elements, new Shape(elements.Length)),
            [.. others.Select(i => (-elements[i], elements[largest]))],
            at =>
            {
                double[] moved = [.. elements];
                for (var i = 0; i < others.Length; i++)
                {
                    moved[others[i]] += at[i];
                    moved[largest] -= at[i];
                }

                return Array.TrueForAll(moved, x => x >= 0) ? Option<Expr>.Some(Expr.Constant(moved, new Shape(moved.Length))) : Option<Expr>.None;
            },
            () => Simpler(elements));
    }

    private static IEnumerable<DomainPoint<Expr>> Simpler(double[] elements)
    {
        var n = elements.Length;
        foreach (var length in new[] { 1, n / 2, n - 1 }.Distinct().Where(length => length >= 1 && length < n))
        {
            yield return Point(Uniform(length));
        }

        if (!elements.SequenceEqual(Uniform(n)))
        {
            yield return Point(Uniform(n));
            double[] rounded = [.. elements[1..].Select(x => Math.Round(x, 1))];
            if (Math.Round(1 - rounded.Sum(), 1) is var rest and >= 0 && TensorPoint.Complexity([rest, .. rounded]) < TensorPoint.Complexity(elements))
            {
                yield return Point([rest, .. rounded]);
            }
        }
    }

    private static double[] Uniform(int n) => [.. Enumerable.Repeat(1.0 / n, n)];

    private static double[] Probabilities(Random random, int n) => Normalised([.. Enumerable.Range(0, n).Select(_ => -Math.Log(1 - random.NextDouble()))]);

    private static double[] Normalised(double[] weights) => weights.Sum() is var sum and > 0 ? Array.ConvertAll(weights, weight => weight / sum) : Uniform(weights.Length);

    /// <summary>The centre; corners; points next to a corner and on an edge between two; parts of 10⁻³⁰⁰.</summary>
    private static IEnumerable<double[]> Edges(int n)
    {
        yield return Uniform(n);
        for (var i = 0; i < Math.Min(n, 3) && n > 1; i++)
        {
            foreach (var rest in new[] { 0, 1e-8, 1e-300 })
            {
                yield return Normalised([.. Enumerable.Range(0, n).Select(j => j == i ? 1 : rest)]);
            }

            yield return [.. Enumerable.Range(0, n).Select(j => j == i || j == (i + 1) % n ? 0.5 : 0)];
        }
    }
}
