// Tensors with elements between two bounds.

namespace Autodiff.Functional.Verification.Domains;

/// <summary>The numbers from one bound to another.</summary>
/// <param name="Low">The lower bound; −∞ if there is none.</param>
/// <param name="High">The upper bound; +∞ if there is none.</param>
internal readonly record struct Bounds(double Low, double High)
{
    // The usual magnitudes where there is no bound, as powers of 10.
    private const double Usual = 3;

    private static readonly double[] s_special = [0, 1, -1, 0.5, 2, -2, 1e-8, -1e-8, 10, -10, 1e3, -1e3, 1e8, -1e8, 1e-30, -1e-30, 1e30, -1e30, 1e-300, -1e-300, 1e300, -1e300];

    /// <summary>Bounds, numbers near them, and numbers of extreme magnitude, as far as they are between the bounds.</summary>
    public double[] Special
    {
        get
        {
            var (self, width) = (this, High - Low);
            double[] near = double.IsFinite(Low) && double.IsFinite(High)
                ? [Low, High, Low + (width / 2), Low + (1e-8 * width), High - (1e-8 * width), Math.BitIncrement(Low), Math.BitDecrement(High)]
                : [.. new[] { Low, High }.Where(bound => double.IsFinite(bound) && bound != double.Epsilon)];
            return [.. near.Concat(s_special).Where(self.Contains).Distinct()];
        }
    }

    public bool Contains(double x) => x >= Low && x <= High;

    /// <summary>How far a number may go.</summary>
    public (double Below, double Above) Room(double x) => (Low - x, High - x);

    /// <summary>A number between the bounds: uniform between finite ones, otherwise uniform in its logarithm.</summary>
    public double Number(Random random)
    {
        if (double.IsFinite(Low) && double.IsFinite(High))
        {
            var part = random.NextDouble();
            return Math.Clamp((Low * (1 - part)) + (High * part), Low, High);
        }

        var magnitude = Math.Pow(10, Usual * ((2 * random.NextDouble()) - 1));
        return double.IsFinite(Low) ? Low + magnitude
            : double.IsFinite(High) ? High - magnitude
            : random.Next(2) == 0 ? magnitude : -magnitude;
    }
}

/// <summary>The domain of <see cref="Domain.Box"/> and <see cref="Domain.Positive"/>.</summary>
internal static class BoxDomain
{
    public static Domain<Expr> Of(Shape shape, Bounds bounds) => new(
        random => Point(Elements(random, shape.Size, bounds), shape, bounds),
        random => Edges(random, shape.Size, bounds).Select(elements => Point(elements, shape, bounds)));

    private static DomainPoint<Expr> Point(double[] elements, Shape shape, Bounds bounds) => TensorPoint.Of(
        elements,
        shape,
        i => bounds.Room(elements[i]),
        moved => Array.TrueForAll(moved, bounds.Contains),
        () => Simpler(elements, shape, bounds));

    private static IEnumerable<DomainPoint<Expr>> Simpler(double[] elements, Shape shape, Bounds bounds)
    {
        foreach (var (smaller, remaining) in TensorPoint.Smaller(shape, elements))
        {
            yield return Point(remaining, smaller, bounds);
        }

        var complexity = TensorPoint.Complexity(elements);
        foreach (var simpler in TensorPoint.Simpler(elements).Where(simpler => TensorPoint.Complexity(simpler) < complexity && Array.TrueForAll(simpler, bounds.Contains)))
        {
            yield return Point(simpler, shape, bounds);
        }
    }

    /// <summary>Random elements: mostly all of usual size, sometimes with whole numbers, equal elements or special numbers among them.</summary>
    private static double[] Elements(Random random, int count, Bounds bounds)
    {
        var elements = new double[count];
        var (kind, special) = (random.Next(8), bounds.Special);
        for (var i = 0; i < count; i++)
        {
            var number = bounds.Number(random);
            elements[i] = kind switch
            {
                0 when Math.Round(number) is var whole && bounds.Contains(whole) => whole,
                1 when i > 0 && random.Next(2) == 0 => elements[random.Next(i)],
                2 when special.Length > 0 && random.Next(3) == 0 => special[random.Next(special.Length)],
                _ => number,
            };
        }

        return elements;
    }

    /// <summary>All elements equal to one special number; elements that alternate between two; one special element among random ones.</summary>
    private static IEnumerable<double[]> Edges(Random random, int count, Bounds bounds)
    {
        var special = bounds.Special;
        for (var k = 0; k < special.Length && count > 0; k++)
        {
            var (one, next) = (special[k], special[(k + 1) % special.Length]);
            yield return [.. Enumerable.Repeat(one, count)];
            if (count > 1)
            {
                yield return [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? one : next)];
                var elements = Array.ConvertAll(new double[count], _ => bounds.Number(random));
                elements[random.Next(count)] = one;
                yield return elements;
            }
        }
    }
}
