// Divided differences of a function at ascending points, which may coincide or nearly so.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// A number with an estimated rounding error of about 2⁻⁵³ times a size. The size exceeds the number's absolute value where terms cancelled.
/// </summary>
internal readonly record struct Inexact(double Value, double Size)
{
    public static Inexact operator /(Inexact x, double divisor) => new(x.Value / divisor, x.Size / divisor);
}

/// <summary>
/// f[x₀, …, xₘ] for any m + 1 of some points, with an error of a few roundings of f⁽ᵐ⁾/m! between them. f is evaluated only between the
/// lowest and the highest of the points: the logarithm, for example, must not be evaluated below the lowest eigenvalue of a positive matrix.
/// There are three ways:
/// <list type="bullet">
/// <item>With a point y between x₀ and xₘ, at t = (y − x₀)/(xₘ − x₀), it is t·f[x₀, …, xₘ₋₁, y] + (1 − t)·f[y, x₁, …, xₘ], a mean of
/// divided differences over narrower ranges. So only those of adjacent points are computed from f; all others cost a few operations.</item>
/// <item>(f[x₁, …, xₘ] − f[x₀, …, xₘ₋₁])/(xₘ − x₀), which magnifies the rounding errors of both terms.</item>
/// <item>The integral of f⁽ᵐ⁾/m! under the B-spline of these knots (H. B. Curry and I. J. Schoenberg, On Pólya frequency functions IV,
/// J. d'Analyse Math. 17, 1966). The weight is positive, so the relative error is that of f⁽ᵐ⁾ however close the points are. Gauss's rule
/// is applied to intervals that are halved until the sum converges.</item>
/// </list>
/// Of the last two the one with the smaller rounding error is taken; both estimates include the rounding error of the values of f (see
/// <see cref="Inexact"/>). But if the integral does not converge, or differs from the subtraction by more than rounding explains, f is not
/// smooth between the points (it has a kink, a jump or a pole), and the subtraction is right.
/// </summary>
internal sealed class DividedDifferences
{
    // The largest relative error of one rounding, 2⁻⁵³.
    private const double Rounding = 1.0 / (1L << 53);

    // The integral has converged if halving an interval changes it by at most this fraction of the integral of the absolute value: for a
    // smooth f the rule gains some twenty bits with every halving, so the remaining error is far below rounding.
    private const double Settled = 1.0 / (1L << 44);

    // On intervals shorter than this fraction of the gap between two knots, a change that is no larger than the rounding error is taken for
    // rounding error, and the interval is not halved further.
    private const double ShortInterval = 0.25;

    // The most intervals that are halved: a smooth f converges after a few, a kink takes one for every bit.
    private const int MostHalvings = 100;

    // The subtraction, which is cheaper, is preferred if its rounding error is at most this many times that of the integral.
    private const double Magnification = 4;

    // The largest difference between the subtraction and the integral that rounding explains, as a multiple of the subtraction's estimated
    // rounding error; it is large because an f that is computed in many steps has more error than estimated.
    private const double Contradiction = 1 << 13;

    // The lower five nodes of Gauss's rule with ten points on (0, 1), and their weights; the other nodes are 1 minus these, with the same weights.
    private static readonly double[] s_nodes = [0.013046735741414139961, 0.067468316655507744634, 0.16029521585048779688, 0.28330230293537640460, 0.42556283050918439456];
    private static readonly double[] s_weights = [0.033335672154344068797, 0.074725674575290296573, 0.10954318125799102199, 0.13463335965499817755, 0.14776211235737643509];

    private readonly double[] _points;
    private readonly Func<int, double, Inexact> _derivative;

    // _counts[p][i] is the number of multisets of p + 1 points with indices below i; it numbers the multisets consecutively.
    private readonly int[][] _counts;
    private readonly Queue<(Interval Interval, double Integral)> _pending = [];
    private readonly Inexact[]?[] _values;
    private readonly bool[]?[] _isKnown;

    /// <summary>The divided differences of a function at some points.</summary>
    /// <param name="points">The points, ascending.</param>
    /// <param name="derivative">The k-th derivative of the function at x, given k and x.</param>
    /// <param name="highest">The highest order that is asked for.</param>
    public DividedDifferences(double[] points, Func<int, double, Inexact> derivative, int highest)
    {
        (_points, _derivative) = (points, derivative);
        (_values, _isKnown) = (new Inexact[highest + 1][], new bool[highest + 1][]);
        _counts = new int[highest + 1][];
        for (var position = 0; position <= highest; position++)
        {
            _counts[position] = new int[points.Length + 1];
            for (var i = 0; i < points.Length; i++)
            {
                _counts[position][i + 1] = checked(_counts[position][i] + (position == 0 ? 1 : _counts[position - 1][i + 1]));
            }
        }
    }

    /// <summary>The divided difference at some of the points, given by their positions in ascending order.</summary>
    public double this[ReadOnlySpan<int> at] => At(at).Value;

    private Inexact At(ReadOnlySpan<int> at)
    {
        var order = at.Length - 1;
        var place = 0;
        for (var position = 0; position <= order; position++)
        {
            place += _counts[position][at[position]];
        }

        var values = _values[order] ??= new Inexact[_counts[order][^1]];
        var isKnown = _isKnown[order] ??= new bool[values.Length];
        if (!isKnown[place])
        {
            (values[place], isKnown[place]) = (Compute(at), true);
        }

        return values[place];
    }

    private Inexact Compute(ReadOnlySpan<int> at)
    {
        var order = at.Length - 1;
        var (first, last) = (_points[at[0]], _points[at[order]]);
        if (order == 0 || first == last)
        {
            return _derivative(order, first) / Factorial(order);
        }

        for (var position = 0; position < order; position++)
        {
            if (at[position + 1] - at[position] > 1)
            {
                return Mean(at, (at[position] + at[position + 1]) / 2);
            }
        }

        return OfNeighbours(at, last - first);
    }

    /// <summary>The weighted mean of the two divided differences in which a point in between replaces the last or the first point.</summary>
    private Inexact Mean(ReadOnlySpan<int> at, int between)
    {
        var order = at.Length - 1;
        var (first, last, point) = (_points[at[0]], _points[at[order]], _points[between]);
        Span<int> narrower = stackalloc int[at.Length];
        var (mean, size) = (0.0, 0.0);

        // A divided difference with weight 0 is left out, because it may be infinite.
        if (point > first)
        {
            Insert(at[..order], between, narrower);
            var (share, lower) = ((point - first) / (last - first), At(narrower));
            (mean, size) = (share * lower.Value, share * lower.Size);
        }

        if (point < last)
        {
            Insert(at[1..], between, narrower);
            var (share, upper) = ((last - point) / (last - first), At(narrower));
            (mean, size) = (mean + (share * upper.Value), size + (share * upper.Size));
        }

        return new(mean, size);
    }

    /// <summary>Inserts a position into ascending positions.</summary>
    public static void Insert(ReadOnlySpan<int> sorted, int item, Span<int> result)
    {
        var position = sorted.Length;
        for (; position > 0 && sorted[position - 1] > item; position--)
        {
            result[position] = sorted[position - 1];
        }

        sorted[..position].CopyTo(result);
        result[position] = item;
    }

    private Inexact OfNeighbours(ReadOnlySpan<int> at, double length)
    {
        var (lower, upper) = (At(at[..^1]), At(at[1..]));
        var difference = new Inexact(upper.Value - lower.Value, upper.Size + lower.Size) / length;
        return Math.Abs(difference.Value) < difference.Size / Magnification
            && Integral(at, difference.Size) is { } integral
            && Math.Abs(integral.Value - difference.Value) <= Contradiction * Rounding * difference.Size
            ? integral
            : difference;
    }

    /// <summary>
    /// The integral of f⁽ᵐ⁾/m! under the B-spline of some knots; null if it does not converge to within rounding of the given size, or if its
    /// own rounding error has about this size.
    /// </summary>
    private Inexact? Integral(ReadOnlySpan<int> at, double size)
    {
        var order = at.Length - 1;
        Span<double> knots = stackalloc double[at.Length];
        for (var i = 0; i < knots.Length; i++)
        {
            knots[i] = _points[at[i]];
        }

        _pending.Clear();
        var (absolute, rounded) = (0.0, 0.0);
        for (var piece = 0; piece < order; piece++)
        {
            if (knots[piece + 1] > knots[piece])
            {
                var interval = new Interval(piece, 0, 1);
                var whole = Gauss(knots, interval);
                (absolute, rounded) = (absolute + whole.Absolute, rounded + whole.Size);
                _pending.Enqueue((interval, whole.Value));
            }
        }

        var scale = Factorial(order);
        if (!(Magnification * rounded < size * scale))
        {
            return null;
        }

        var (sum, unsettled, halvings) = (0.0, 0.0, 0);
        while (_pending.TryDequeue(out var widest))
        {
            var (left, right) = widest.Interval.Halves;
            var (lower, upper) = (Gauss(knots, left), Gauss(knots, right));
            var change = Math.Abs(lower.Value + upper.Value - widest.Integral);
            var isSettled = change <= Settled * absolute;
            if (isSettled || ++halvings >= MostHalvings || (left.Length < ShortInterval && change <= Rounding * (lower.Size + upper.Size)))
            {
                sum += lower.Value + upper.Value;
                unsettled += isSettled ? 0 : change;
            }
            else
            {
                _pending.Enqueue((left, lower.Value));
                _pending.Enqueue((right, upper.Value));
            }
        }

        return unsettled <= Rounding * size * scale ? new Inexact(sum, rounded) / scale : null;
    }

    /// <summary>
    /// The integrals over an interval, by Gauss's rule, of the function weighted with the B-spline, of its absolute value, and of the size of
    /// its rounding error.
    /// </summary>
    private (double Value, double Absolute, double Size) Gauss(ReadOnlySpan<double> knots, Interval interval)
    {
        var (value, absolute, size) = (0.0, 0.0, 0.0);
        var gap = knots[interval.Piece + 1] - knots[interval.Piece];
        for (var node = 0; node < 2 * s_nodes.Length; node++)
        {
            var mirrored = node < s_nodes.Length ? node : (2 * s_nodes.Length) - 1 - node;
            var share = interval.Start + (interval.Length * (node < s_nodes.Length ? s_nodes[mirrored] : 1 - s_nodes[mirrored]));
            var weight = s_weights[mirrored] * interval.Length * Spline(knots, interval.Piece, share);
            var (derivative, rounded) = _derivative(knots.Length - 1, Math.Min(knots[interval.Piece] + (share * gap), knots[interval.Piece + 1]));
            value += weight * derivative;
            absolute += weight * Math.Abs(derivative);
            size += weight * rounded;
        }

        return (value, absolute, size);
    }

    /// <summary>
    /// The B-spline of integral 1 at a point between two adjacent knots, as a density in the fraction of the way between them. Distances to
    /// the knots are sums of positive numbers, so the weight is accurate even if the point itself is rounded to a knot.
    /// </summary>
    private static double Spline(ReadOnlySpan<double> knots, int piece, double share)
    {
        var order = knots.Length - 1;
        var gap = knots[piece + 1] - knots[piece];
        var (behind, ahead) = (share * gap, (1 - share) * gap);
        Span<double> splines = stackalloc double[order];
        splines.Clear();
        splines[piece] = 1;
        for (var degree = 1; degree < order; degree++)
        {
            for (var i = Math.Max(0, piece - degree); i <= Math.Min(piece, order - 1 - degree); i++)
            {
                var next = i + 1 <= piece ? splines[i + 1] * (knots[i + degree + 1] - knots[piece + 1] + ahead) : 0;
                var own = i + degree > piece ? splines[i] * (knots[piece] - knots[i] + behind) : 0;
                splines[i] = (own + next) * (degree + 1) / (degree * (knots[i + degree + 1] - knots[i]));
            }
        }

        return splines[0];
    }

    private static double Factorial(int n)
    {
        var product = 1.0;
        for (var i = 2; i <= n; i++)
        {
            product *= i;
        }

        return product;
    }

    /// <summary>A part of the range between two adjacent knots; start and length are fractions of that range.</summary>
    private readonly record struct Interval(int Piece, double Start, double Length)
    {
        public (Interval Left, Interval Right) Halves => (this with { Length = Length / 2 }, new(Piece, Start + (Length / 2), Length / 2));
    }
}
