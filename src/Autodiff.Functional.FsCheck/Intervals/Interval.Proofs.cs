// Proofs about functions of expressions on intervals: bounds of values and of derivatives, monotonicity, and the one root in an interval.

namespace Autodiff.Functional;

/// <summary>What <see cref="Interval.Monotonicity"/> has proved.</summary>
public enum Monotonicity
{
    /// <summary>Nothing: the bisections did not suffice, or the function is not monotone.</summary>
    Undecided,

    /// <summary>The function rises everywhere in the interval.</summary>
    Increasing,

    /// <summary>The function falls everywhere in the interval.</summary>
    Decreasing,

    /// <summary>There are points at which the function rises, and others at which it falls.</summary>
    Neither,
}

/// <summary>What <see cref="Interval.Root"/> has proved.</summary>
public enum RootCount
{
    /// <summary>Nothing: the bisections did not suffice, as at a double root or a root at the end of the interval.</summary>
    Undecided,

    /// <summary>The function is 0 nowhere in the interval.</summary>
    None,

    /// <summary>The function is 0 at exactly one point, which lies in the enclosure.</summary>
    One,

    /// <summary>The function is 0 at several points, all of which lie in the enclosure.</summary>
    Several,
}

public readonly partial struct Interval
{
    private const int Bisections = 200;

    // A bound is good enough if pieces can improve it by no more than this part of the width of the result.
    private const double GoodEnough = 1e-3;

    // Newton's method on an interval at least halves the number of missing digits, so it ends after a few steps.
    private const int NewtonSteps = 60;

    /// <summary>
    /// Bounds of f on an interval: the interval is bisected where the bounds are worst, and each part X with midpoint m is bounded by f(X) and by
    /// f(m) + f′(X)(X − m), of which the second is close for short X: its excess is proportional to the square of the width.
    /// </summary>
    /// <remarks>
    /// <code>
    /// Interval.Bound(x => x * (1 - x), Interval.Of(0, 1))   // [0, 0.25…]
    /// </code>
    /// </remarks>
    /// <param name="f">A function from a scalar to a scalar.</param>
    /// <param name="x">The interval, with finite bounds.</param>
    /// <param name="bisections">The largest number of bisections.</param>
    /// <exception cref="AutodiffException">f or its result is null, the interval is empty or unbounded, the number is negative, or f has an operation that is not defined for intervals.</exception>
    /// <exception cref="ShapeException">The result is not a scalar.</exception>
    public static Interval Bound(Func<Expr, Expr> f, Interval x, int bisections = Bisections) => Bound(f is null ? null! : v => f(v[0]), [x], bisections);

    /// <summary>The same for the derivative of f.</summary>
    /// <param name="f">A function from a scalar to a scalar.</param>
    /// <param name="x">The interval, with finite bounds.</param>
    /// <param name="bisections">The largest number of bisections.</param>
    /// <exception cref="AutodiffException">f or its result is null, the interval is empty or unbounded, the number is negative, or f has an operation that is not defined for intervals.</exception>
    /// <exception cref="ShapeException">The result is not a scalar.</exception>
    public static Interval BoundDerivative(Func<Expr, Expr> f, Interval x, int bisections = Bisections) => Bound(f is null ? null! : AD.Diff(f), x, bisections);

    /// <summary>The same for a function of several numbers, on a box.</summary>
    /// <param name="f">A function from a vector to a scalar.</param>
    /// <param name="box">An interval for each element of the vector, with finite bounds.</param>
    /// <param name="bisections">The largest number of bisections.</param>
    /// <exception cref="AutodiffException">f or its result is null, the box is empty or unbounded, the number is negative, or f has an operation that is not defined for intervals.</exception>
    /// <exception cref="ShapeException">The result is not a scalar.</exception>
    public static Interval Bound(Func<Expr, Expr> f, IReadOnlyList<Interval> box, int bisections = Bisections)
    {
        var function = new IntervalFunction("Interval.Bound", f, box, bisections);
        List<(Interval[] Box, Interval Value)> parts = [([.. box], function.Bound([.. box]))];

        // What is certain to be reached: the hull of values at single points.
        var reached = function.At([.. box]);
        for (var done = 0; done < bisections; done++)
        {
            var (lowest, highest) = (parts.MinBy(part => part.Value.Low), parts.MaxBy(part => part.Value.High));
            var (below, above) = (reached.High - lowest.Value.Low, highest.Value.High - reached.Low);
            var (tooLow, tooHigh) = (reached.Low - lowest.Value.Low, highest.Value.High - reached.High);
            if (Math.Max(tooLow, tooHigh) <= GoodEnough * Math.Min(below, above) || lowest.Value.IsEmpty)
            {
                break;
            }

            var worst = tooLow >= tooHigh ? lowest : highest;
            parts.Remove(worst);
            foreach (var half in IntervalFunction.Halves(worst.Box))
            {
                parts.Add((half, function.Bound(half).Intersect(worst.Value)));
                reached = reached.Hull(function.At(half));
            }
        }

        return parts.Aggregate(Empty, (hull, part) => hull.Hull(part.Value));
    }

    /// <summary>Whether f is proved to rise, or to fall, everywhere in an interval, by the sign of its derivative.</summary>
    /// <param name="f">A function from a scalar to a scalar, differentiable in the interval.</param>
    /// <param name="x">The interval, with finite bounds.</param>
    /// <param name="bisections">The largest number of bisections.</param>
    /// <exception cref="AutodiffException">f or its result is null, the interval is empty or unbounded, the number is negative, or f has an operation that is not defined for intervals.</exception>
    /// <exception cref="ShapeException">The result is not a scalar.</exception>
    public static Monotonicity Monotonicity(Func<Expr, Expr> f, Interval x, int bisections = Bisections)
    {
        var slope = new IntervalFunction("Interval.Monotonicity", f is null ? null! : v => AD.Diff(f)(v[0]), [x], bisections);
        var (rises, falls, left) = (false, false, bisections);
        var open = new Queue<Interval>([x]);
        while (open.TryDequeue(out var part))
        {
            var bound = slope.Bound([part]);
            if (bound.Low > 0 || bound.High < 0)
            {
                (rises, falls) = (rises || bound.Low > 0, falls || bound.High < 0);
            }
            else if (left-- == 0 || part.Midpoint is var middle && (middle == part.Low || middle == part.High))
            {
                return Functional.Monotonicity.Undecided;
            }
            else
            {
                var there = slope.At([part]);
                (rises, falls) = (rises || there.Low > 0, falls || there.High < 0);
                var (lower, upper) = part.Bisect();
                open.Enqueue(lower);
                open.Enqueue(upper);
            }

            if (rises && falls)
            {
                return Functional.Monotonicity.Neither;
            }
        }

        return rises ? Functional.Monotonicity.Increasing : Functional.Monotonicity.Decreasing;
    }

    /// <summary>
    /// Proves that f has exactly one root in an interval, or none. For a part X with midpoint m, all roots are in N = m − f(m)/f′(X) (Newton's method on intervals). If
    /// N is empty in X there is none; if N lies in X, there is exactly one; and so if f′ has one sign and f changes its own.
    /// </summary>
    /// <remarks>
    /// <code>
    /// var (count, root) = Interval.Root(x => Expr.Cos(x) - x, Interval.Of(0, 1));   // One, [0.739085133215160…, 0.739085133215161…]
    /// </code>
    /// </remarks>
    /// <param name="f">A function from a scalar to a scalar, differentiable in the interval.</param>
    /// <param name="x">The interval, with finite bounds.</param>
    /// <param name="bisections">The largest number of bisections.</param>
    /// <returns>How many roots there are, and an interval that contains all of them: a narrow one if there is one root, empty if there is none.</returns>
    /// <exception cref="AutodiffException">f or its result is null, the interval is empty or unbounded, the number is negative, or f has an operation that is not defined for intervals.</exception>
    /// <exception cref="ShapeException">The result is not a scalar.</exception>
    public static (RootCount Count, Interval Enclosure) Root(Func<Expr, Expr> f, Interval x, int bisections = Bisections)
    {
        var function = new IntervalFunction("Interval.Root", f is null ? null! : v => f(v[0]), [x], bisections);
        var (roots, undecided, left) = (new List<Interval>(), Empty, bisections);
        var open = new Stack<Interval>([x]);
        while (open.TryPop(out var part))
        {
            if (!function.Bound([part]).Contains(0))
            {
                continue;
            }

            var slope = function.Slope([part]);
            if (!slope.Contains(0) && ((function.At([part.Low]) * function.At([part.High])) is { High: < 0 } || part.Contains(Newton(function, part, slope))))
            {
                roots.Add(Narrowed(function, part, slope));
            }
            else if (!slope.Contains(0) && Newton(function, part, slope).Intersect(part).IsEmpty)
            {
                continue;
            }
            else if (left-- > 0)
            {
                // Not at the midpoint, so that a root in the middle of the interval is not the end of two parts.
                var cut = part.Low + (0.4921875 * (part.High - part.Low));
                open.Push(new(cut, part.High));
                open.Push(new(part.Low, cut));
            }
            else
            {
                undecided = undecided.Hull(part);
            }
        }

        var all = roots.Aggregate(undecided, (hull, root) => hull.Hull(root));
        return (
            !undecided.IsEmpty ? RootCount.Undecided
            : roots.Count > 1 && roots.Order(Comparer<Interval>.Create((a, b) => a.Low.CompareTo(b.Low))).ToArray() is var sorted
                ? sorted.Zip(sorted[1..], (first, second) => first.CertainlyLess(second)).All(isLess => isLess) ? RootCount.Several : RootCount.Undecided
            : roots.Count == 1 ? RootCount.One : RootCount.None,
            all);
    }

    private static Interval Newton(IntervalFunction function, Interval part, Interval slope) => part.Midpoint - (function.At([part]) / slope);

    /// <summary>The root of a part that has exactly one, as narrow as rounding allows.</summary>
    private static Interval Narrowed(IntervalFunction function, Interval part, Interval slope)
    {
        for (var step = 0; step < NewtonSteps; step++)
        {
            var next = Newton(function, part, slope).Intersect(part);
            if (next.IsEmpty || next == part)
            {
                break;
            }

            (part, slope) = (next, function.Slope([next]));
        }

        return part;
    }
}
