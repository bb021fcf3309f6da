// Whole numbers, and points that the user gives.

using LanguageExt;

namespace Autodiff.Functional.Verification.Domains;

/// <summary>The domains of <see cref="Domain.Integers(int, int)"/> and <see cref="Domain.Integers(Shape, int, int)"/>.</summary>
internal static class IntegerDomain
{
    public static Domain<int> Of(int low, int high) => new(
        random => Point((int)random.NextInt64(low, high + 1L), low, high),
        _ => Special(low, high).Select(n => Point(n, low, high)));

    public static Domain<Expr> Of(Shape shape, int low, int high) => new(
        random => Point([.. Enumerable.Range(0, shape.Size).Select(_ => (double)random.NextInt64(low, high + 1L))], shape, low, high),
        _ => Special(low, high).Select(n => Point([.. Enumerable.Repeat((double)n, shape.Size)], shape, low, high)));

    private static int[] Special(int low, int high) => [.. new[] { low, high, 0, 1, -1 }.Where(n => n >= low && n <= high).Distinct()];

    private static DomainPoint<int> Point(int n, int low, int high) => new(n, [], _ => n, () => Simpler(n, low, high).Select(simpler => Point(simpler, low, high)));

    // Numbers closer to the simplest one: 0 if it is allowed, otherwise the bound next to it.
    private static int[] Simpler(int n, int low, int high)
    {
        var simplest = Math.Clamp(0, low, high);
        var distance = (long)n - simplest;
        return distance == 0 ? [] : [.. new[] { simplest, simplest + (distance / 2), n - Math.Sign(distance) }.Where(candidate => candidate != n).Distinct().Select(candidate => (int)candidate)];
    }

    private static DomainPoint<Expr> Point(double[] elements, Shape shape, int low, int high)
    {
        var value = Expr.Constant(elements, shape);
        return new(value, [], _ => Option<Expr>.Some(value), () => SimplerTensors(elements, shape, low, high));
    }

    private static IEnumerable<DomainPoint<Expr>> SimplerTensors(double[] elements, Shape shape, int low, int high)
    {
        foreach (var (smaller, remaining) in TensorPoint.Smaller(shape, elements))
        {
            yield return Point(remaining, smaller, low, high);
        }

        for (var i = 0; i < elements.Length; i++)
        {
            foreach (var candidate in Simpler((int)elements[i], low, high))
            {
                double[] simpler = [.. elements];
                simpler[i] = candidate;
                yield return Point(simpler, shape, low, high);
            }
        }
    }
}

/// <summary>The domain of <see cref="Domain.OneOf{T}(IEnumerable{T})"/>. The leaves of a tree move freely; data does not move.</summary>
internal static class GivenPoints
{
    public static Domain<T> Of<T>(T[] points) => new(
        random => Point(points, random.Next(points.Length)),
        _ => Enumerable.Range(0, points.Length).Select(i => Point(points, i)));

    private static DomainPoint<T> Point<T>(T[] points, int index)
    {
        var value = points[index];
        var (vector, unravel) = IsData(value) ? (Expr.Zeros(0), _ => value) : Tree.Ravel(value);
        var elements = vector.ToArray();
        return new(
            value,
            [.. elements.Select(_ => (double.NegativeInfinity, double.PositiveInfinity))],
            at => unravel(Expr.Constant(TensorPoint.Moved(elements, at), new Shape(elements.Length))),
            () => Enumerable.Range(0, index).Select(i => Point(points, i)));
    }

    private static bool IsData(object? value) => value is string or ValueType and not System.Runtime.CompilerServices.ITuple or Array { Length: 0 };
}
