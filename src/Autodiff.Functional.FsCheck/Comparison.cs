// Results that are equal in exact arithmetic, compared up to rounding, which is measured at neighbours of the point.

using System.Globalization;
using LanguageExt;
using LanguageExt.Common;
using static LanguageExt.Prelude;

namespace Autodiff.Functional;

/// <summary>Compares functions at a point of a domain.</summary>
internal static class Comparison
{
    // A difference of this part of the values is rounding anyway.
    private const double Rounding = 1e-13;

    // Rounding may have moved a difference by this many times the width that it has at neighbours.
    private const double Factor = 8;
    private const int Neighbours = 24;
    private const double Nearby = 1e-13;

    /// <summary>Whether all functions have the value of the last one.</summary>
    public static Fin<Unit> Of<T>(DomainPoint<T> point, params (string Name, Func<T, Expr> Function)[] functions)
    {
        foreach (var (name, function) in functions[..^1])
        {
            var outcome = Judged(point, (name, function), functions[^1], (difference, allowed) => Math.Abs(difference) <= allowed, "is");
            if (outcome.IsFail)
            {
                return outcome;
            }
        }

        return unit;
    }

    /// <summary>Whether a scalar is at most another.</summary>
    /// <param name="point">The point.</param>
    /// <param name="lower">The one.</param>
    /// <param name="upper">The other.</param>
    /// <param name="terms">The sum of the magnitudes of the terms that either is the sum of, which may cancel.</param>
    public static Fin<Unit> AtMost<T>(DomainPoint<T> point, (string Name, Func<T, Expr> Function) lower, (string Name, Func<T, Expr> Function) upper, Func<T, Expr> terms) =>
        Judged(point, lower, upper, (difference, allowed) => difference <= allowed, "is at most", terms);

    /// <summary>Whether two functions have the same value, each being a sum of terms of the given magnitudes.</summary>
    public static Fin<Unit> OfSums<T>(DomainPoint<T> point, (string Name, Func<T, Expr> Function) left, (string Name, Func<T, Expr> Function) right, Func<T, Expr> terms) =>
        Judged(point, left, right, (difference, allowed) => Math.Abs(difference) <= allowed, "is", terms);

    private static Fin<Unit> Judged<T>(
        DomainPoint<T> point, (string Name, Func<T, Expr> Function) left, (string Name, Func<T, Expr> Function) right, Func<double, double, bool> holds, string relation, Func<T, Expr>? terms = null)
    {
        Expr one, other;
        var size = 0.0;
        try
        {
            (one, other) = (left.Function(point.Value), right.Function(point.Value));
            size = terms is null ? 0 : terms(point.Value).ToArray().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        }
        catch (Exception error) when (error is not (OutOfMemoryException or NotConcreteException or NotDifferentiableException))
        {
            return new NoDerivative($"the function throws: {error.Message}");
        }

        if (one.Shape != other.Shape)
        {
            return Error.New($"{left.Name} has shape {one.Shape}, but {right.Name} has {other.Shape}.");
        }

        var (a, b) = (one.ToArray(), other.ToArray());
        double[]? widths = null;
        var floor = Math.Max(size, 1e-3 * a.Concat(b).Select(Math.Abs).Where(double.IsFinite).DefaultIfEmpty(0).Max());
        for (var i = 0; i < a.Length; i++)
        {
            if (!double.IsFinite(b[i]) && (a[i].Equals(b[i]) || !double.IsFinite(a[i])))
            {
                return new NoDerivative($"{right.Name} is not finite there");
            }

            var allowed = Rounding * Math.Max(Math.Max(Math.Abs(a[i]), Math.Abs(b[i])), floor);
            if (holds(a[i] - b[i], allowed))
            {
                continue;
            }

            widths ??= Widths(point, left.Function, right.Function, a.Length);
            allowed += Factor * widths[i];
            if (!holds(a[i] - b[i], allowed))
            {
                return Error.New(string.Create(CultureInfo.InvariantCulture, $"{left.Name} is {a[i]:R}{(a.Length == 1 ? "" : $" at element {i}")}, but {right.Name} is {b[i]:R}; the first {relation} the second up to {allowed:G3} if the law holds."));
            }
        }

        return unit;
    }

    /// <summary>How far the differences of two functions vary among neighbours that are a few units of rounding away.</summary>
    private static double[] Widths<T>(DomainPoint<T> point, Func<T, Expr> left, Func<T, Expr> right, int count)
    {
        var (least, most) = (new double[count], new double[count]);
        System.Array.Fill(least, double.PositiveInfinity);
        System.Array.Fill(most, double.NegativeInfinity);
        var elements = Tree.Ravel(point.Value).Vector.ToArray();
        for (var k = 1; k <= Neighbours; k++)
        {
            var step = new double[point.Dimension];
            for (var i = 0; i < step.Length; i++)
            {
                var length = Nearby * ((k + i) * 0.6180339887498949 % 1) * (step.Length == elements.Length ? Math.Abs(elements[i]) : 1);
                step[i] = length <= point.Room(i).Above ? length : length <= -point.Room(i).Below ? -length : 0;
            }

            point.Move(step).IfSome(value =>
            {
                try
                {
                    var difference = (left(value) - right(value)).ToArray();
                    for (var i = 0; i < count; i++)
                    {
                        if (double.IsFinite(difference[i]))
                        {
                            (least[i], most[i]) = (Math.Min(least[i], difference[i]), Math.Max(most[i], difference[i]));
                        }
                    }
                }
                catch (AutodiffException)
                {
                    // A neighbour at which the function is not defined.
                }
            });
        }

        return [.. least.Zip(most, (low, high) => high >= low ? high - low : 0)];
    }
}
