// Points whose value is one tensor: the coordinates, and what simpler points there are.

using LanguageExt;

namespace Autodiff.Functional.Verification.Domains;

/// <summary>Makes points whose value is one tensor.</summary>
internal static class TensorPoint
{
    /// <summary>A point at which each coordinate moves one element, by as much as the coordinate.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="room">How far each element may go.</param>
    /// <param name="contains">Whether elements are in the domain.</param>
    /// <param name="simpler">Simpler points.</param>
    public static DomainPoint<Expr> Of(
        double[] elements, Shape shape, Func<int, (double Below, double Above)> room, Func<double[], bool> contains, Func<IEnumerable<DomainPoint<Expr>>> simpler) => new(
        Expr.Constant(elements, shape),
        [.. Enumerable.Range(0, elements.Length).Select(room)],
        at => Moved(elements, at) is var moved && contains(moved) ? Option<Expr>.Some(Expr.Constant(moved, shape)) : Option<Expr>.None,
        simpler);

    /// <summary>The sums of elements, position by position.</summary>
    public static double[] Moved(double[] elements, double[] step) => [.. elements.Zip(step, (x, dx) => x + dx)];

    /// <summary>Simpler numbers than a given one, the simplest first: 0, 1, −1, its sign-free value, whole numbers and short decimals near it.</summary>
    public static IEnumerable<double> Simpler(double x)
    {
        if (x == 0 || double.IsNaN(x))
        {
            return [];
        }

        var scale = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(x))));
        double[] candidates = [0, 1, -1, 2, 0.5, Math.Abs(x), Math.Round(x / 2), Math.Truncate(x), Math.Round(x, 1), Math.Round(x, 2), scale, Math.Sign(x) * scale, Math.Round(x / scale) * scale, Math.Round(x / scale, 2) * scale];
        return candidates.Distinct().Where(candidate => Complexity(candidate) < Complexity(x));
    }

    /// <summary>Simpler lists of elements: all equal, all simpler, one simpler.</summary>
    public static IEnumerable<double[]> Simpler(double[] elements)
    {
        if (elements.Length > 1)
        {
            foreach (var element in new[] { 0.0, 1 })
            {
                yield return Array.ConvertAll(elements, _ => element);
            }

            yield return Array.ConvertAll(elements, _ => elements[0]);
            foreach (var digits in new[] { 0, 1 })
            {
                yield return Array.ConvertAll(elements, x => Math.Round(x, digits));
            }
        }

        for (var i = 0; i < elements.Length; i++)
        {
            foreach (var candidate in Simpler(elements[i]))
            {
                double[] simpler = [.. elements];
                simpler[i] = candidate;
                yield return simpler;
            }
        }
    }

    /// <summary>How complex a list of numbers is: a simpler list has a smaller number, so that shrinking ends.</summary>
    public static int Complexity(double[] elements) => elements.Sum(Complexity);

    /// <summary>Smaller shapes of the same rank: one axis with half its positions, or without its last; the elements that remain.</summary>
    public static IEnumerable<(Shape Shape, double[] Elements)> Smaller(Shape shape, double[] elements)
    {
        var tensor = Expr.Constant(elements, shape);
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            foreach (var length in new[] { 1, shape[axis] / 2, shape[axis] - 1 }.Distinct().Where(length => length >= 1 && length < shape[axis]))
            {
                var part = Expr.Take(tensor, [.. Enumerable.Range(0, length)], axis);
                yield return (part.Shape, part.ToArray());
            }
        }
    }

    // 0 and small whole numbers are simplest, then shorter decimals; a negative number is less simple than the positive one.
    private static int Complexity(double x) => x == 0 ? 0 : (2 * x.ToString("R", System.Globalization.CultureInfo.InvariantCulture).TrimStart('-').Length) + (x < 0 ? 1 : 0) + (Math.Abs(x) == 1 ? 0 : 1);
}
