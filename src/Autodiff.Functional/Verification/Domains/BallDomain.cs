// Tensors of limited length.

using MathNet.Numerics.Distributions;

namespace Autodiff.Functional.Verification.Domains;

/// <summary>The domain of <see cref="Domain.Ball"/>.</summary>
internal static class BallDomain
{
    public static Domain<Expr> Of(Shape shape, double radius) => new(
        random => Point(Elements(random, shape.Size, radius), shape, radius),
        random => Edges(random, shape.Size, radius).Select(elements => Point(elements, shape, radius)));

    private static DomainPoint<Expr> Point(double[] elements, Shape shape, double radius) => TensorPoint.Of(
        elements,
        shape,
        i =>
        {
            var reach = Math.Sqrt(Math.Max(0, (radius * radius) - SquaredLength(elements) + (elements[i] * elements[i])));
            return (Math.Min(0, -reach - elements[i]), Math.Max(0, reach - elements[i]));
        },
        moved => SquaredLength(moved) <= radius * radius,
        () => Simpler(elements, shape, radius));

    private static IEnumerable<DomainPoint<Expr>> Simpler(double[] elements, Shape shape, double radius)
    {
        foreach (var (smaller, remaining) in TensorPoint.Smaller(shape, elements))
        {
            yield return Point(remaining, smaller, radius);
        }

        var complexity = TensorPoint.Complexity(elements);
        foreach (var simpler in TensorPoint.Simpler(elements).Where(simpler => TensorPoint.Complexity(simpler) < complexity && SquaredLength(simpler) <= radius * radius))
        {
            yield return Point(simpler, shape, radius);
        }
    }

    private static double SquaredLength(double[] elements) => elements.Sum(x => x * x);

    /// <summary>A random direction with a length uniform from 0 to the radius.</summary>
    private static double[] Elements(Random random, int count, double radius)
    {
        double[] direction = [.. Enumerable.Range(0, count).Select(_ => Normal.Sample(random, 0, 1))];
        return Scaled(direction, radius * random.NextDouble());
    }

    /// <summary>The centre; points next to it; the ends of the axes; random points on the surface and next to it.</summary>
    private static IEnumerable<double[]> Edges(Random random, int count, double radius)
    {
        yield return new double[count];
        for (var i = 0; i < Math.Min(count, 3); i++)
        {
            foreach (var length in new[] { radius, -radius, 1e-8 * radius, 1e-300 })
            {
                var elements = new double[count];
                elements[i] = length;
                yield return elements;
            }

            yield return Scaled([.. Enumerable.Range(0, count).Select(_ => Normal.Sample(random, 0, 1))], radius);
            yield return Scaled([.. Enumerable.Repeat(1.0, count)], radius * (1 - 1e-8));
        }
    }

    /// <summary>A vector of a given length, or just shorter, so that rounding does not put it outside.</summary>
    private static double[] Scaled(double[] direction, double length)
    {
        var norm = Math.Sqrt(SquaredLength(direction));
        var elements = norm > 0 ? Array.ConvertAll(direction, x => x * (length / norm)) : direction;
        return SquaredLength(elements) <= length * length ? elements : Array.ConvertAll(elements, x => x * (1 - 1e-15));
    }
}
