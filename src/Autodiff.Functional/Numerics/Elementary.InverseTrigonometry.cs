// Arc sine, arc cosine and arc tangent, the angle of a point, and its distance from the origin.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

internal static partial class Elementary
{
    private const double HalfPi = Math.PI / 2;

    /// <summary>
    /// The relative difference (π − fl(π))/fl(π), by which π exceeds the nearest double; it also holds for multiples of π by powers of 2.
    /// </summary>
    private const double PiLack = 3.8981718325193755e-17;

    // Powers of two by which large and small operands are multiplied, so that no square overflows and no square that matters underflows.
    private const double Down = 2.409919865102884e-181;
    private const double Up = 4.149515568880993e180;

    /// <summary>x + x³·S(x²) for |x| &lt; ½, π/2 − 2 arcsin √((1 − x)/2) above. |x| &gt; 1 ↦ NaN. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Asin<T>(T x)
        where T : struct, ILanes<T>
    {
        var root = ArcSine(T.Abs(x), out var tail, out var outer);
        var sum = OrderedSum(HalfPi, -2 * root, out var sumLow);
        var far = sum + (T.FusedMultiplyAdd(-2, tail, HalfPi * PiLack) + sumLow);
        return T.CopySign(T.Select(outer, far, root + tail), x);
    }

    /// <summary>π/2 − arcsin x for |x| &lt; ½, 2 arcsin √((1 − x)/2) above, π minus that below. |x| &gt; 1 ↦ NaN. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Acos<T>(T x)
        where T : struct, ILanes<T>
    {
        var root = ArcSine(T.Abs(x), out var tail, out var outer);
        var start = T.Select(outer, T.Select(x < 0, Math.PI, 0), HalfPi);
        var factor = T.Select(outer, 2, -1) ^ (x & -0.0);
        var sum = OrderedSum(start, factor * root, out var sumLow);
        return sum + (T.FusedMultiplyAdd(factor, tail, start * PiLack) + sumLow);
    }

    /// <summary>arctan x. ±∞ ↦ ±π/2. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Atan<T>(T x)
        where T : struct, ILanes<T> => T.CopySign(AngleInQuadrant(T.Abs(x), 1), x);

    /// <summary>The angle of (x, y), in (−π, π], by <see cref="Math.Atan2"/>'s rules for zeros and infinities. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Atan2<T>(T y, T x)
        where T : struct, ILanes<T>
    {
        // Two infinities are replaced by two ones; the replacement of x and the scale avoid 0/0 and a sum that overflows.
        const double Large = 1e300;
        var (above, beside) = (T.Abs(y), T.Abs(x));
        var infinite = T.Equal(above, double.PositiveInfinity) & T.Equal(beside, double.PositiveInfinity);
        var scale = T.Select(T.Max(above, beside) > Large, 1.0 / (1 << 28), 1);
        above = T.Select(infinite, 1, above * scale);
        beside = T.Select(infinite | T.Equal(above, 0), 1, beside * scale);
        var angle = AngleInQuadrant(above, beside);
        var left = T.SubtractBits(0, T.ShiftRight(x, 63));
        angle = T.CopySign(T.Select(left, Math.PI - (angle - (Math.PI * PiLack)), angle), y);
        return T.Select(IsNumber(x) & IsNumber(y), angle, x + y);
    }

    /// <summary>1/√((1 − x)(1 + x)). Error 2 ulps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AsinDerivative<T>(T x)
        where T : struct, ILanes<T> => 1 / T.Sqrt((1 - x) * (1 + x));

    /// <summary>x/√(x² + y²); ±1 for x = ±∞ and a finite y. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T DirectionCosine<T>(T x, T y)
        where T : struct, ILanes<T> => InlinedDirectionCosine(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedDirectionCosine<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        var (a, b) = (T.Abs(x), T.Abs(y));
        var larger = T.Max(a, b);
        var scale = T.Select(larger > 1e150, Down, T.Select(larger < 1e-130, Up, 1));
        var (p, q) = (a * scale, b * scale);
        var cosine = p / T.Sqrt(T.FusedMultiplyAdd(p, p, q * q));
        return T.CopySign(T.Select(T.Equal(a, double.PositiveInfinity) & (b < a), 1, cosine), x);
    }

    /// <summary>√(x² + y²). ∞ if an operand is ±∞, even if the other is NaN. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Hypot<T>(T x, T y)
        where T : struct, ILanes<T> => InlinedHypot(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedHypot<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        var (a, b) = (T.Abs(x), T.Abs(y));
        var larger = T.Max(a, b);
        var (large, small) = (larger > 1e150, larger < 1e-130);
        var scale = T.Select(large, Down, T.Select(small, Up, 1));
        var scaledBack = T.Select(large, Up, T.Select(small, Down, 1));
        var (p, q) = (larger * scale, T.Min(a, b) * scale);
        var distance = T.Sqrt(T.FusedMultiplyAdd(p, p, q * q)) * scaledBack;
        var infinite = T.Equal(a, double.PositiveInfinity) | T.Equal(b, double.PositiveInfinity);
        return T.Select(infinite, double.PositiveInfinity, distance);
    }

    /// <summary>
    /// The arc sine of size if size &lt; ½; otherwise (the outer range) that of √((1 − size)/2). The result plus the tail is the arc sine.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ArcSine<T>(T size, out T tail, out T outer)
        where T : struct, ILanes<T>
    {
        outer = size >= 0.5;
        var z = T.Select(outer, 0.5 - (0.5 * size), size * size);
        var root = T.Sqrt(z);
        var rootLow = T.FusedMultiplyAdd(-root, root, z) / (root + root + SmallestNormal);
        var argument = T.Select(outer, root, size);
        tail = T.FusedMultiplyAdd(argument * z, ArcSineSeries(z), T.Select(outer, rootLow, 0));
        return T.Select(size > 1, double.NaN, argument);
    }

    /// <summary>
    /// The angle of a point with x ≥ 0 and y ≥ 0: arctan y/x, or π/4 + arctan (y − x)/(y + x), or π/2 − arctan x/y, whichever has a quotient
    /// of absolute value at most ½.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AngleInQuadrant<T>(T y, T x)
        where T : struct, ILanes<T>
    {
        var middle = y > 0.5 * x;
        var steep = y > 2 * x;
        var above = T.Select(steep, -x, T.Select(middle, y - x, y));
        var below = T.Select(steep, y, T.Select(middle, y + x, x));
        var start = T.Select(steep, HalfPi, T.Select(middle, HalfPi / 2, 0));
        var t = above / below;
        var z = t * t;
        return start + (t + T.FusedMultiplyAdd(t * z, ArcTangentSeries(z), start * PiLack));
    }

    /// <summary>(arcsin t − t)/t³ at t² = z ≤ ¼.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ArcSineSeries<T>(T z)
        where T : struct, ILanes<T>
    {
        var square = z * z;
        T even = 0.028757851367421566;
        even = T.FusedMultiplyAdd(even, square, 0.01740087944269402);
        even = T.FusedMultiplyAdd(even, square, 0.01032281435018578);
        even = T.FusedMultiplyAdd(even, square, 0.013971212973552933);
        even = T.FusedMultiplyAdd(even, square, 0.02237217294214989);
        even = T.FusedMultiplyAdd(even, square, 0.04464285714635543);
        even = T.FusedMultiplyAdd(even, square, 0.16666666666666669);
        T odd = -0.014851887071247204;
        odd = T.FusedMultiplyAdd(odd, square, 0.005457506718640358);
        odd = T.FusedMultiplyAdd(odd, square, 0.011479177415184906);
        odd = T.FusedMultiplyAdd(odd, square, 0.017352392720869973);
        odd = T.FusedMultiplyAdd(odd, square, 0.030381944138531247);
        odd = T.FusedMultiplyAdd(odd, square, 0.07499999999998433);
        return T.FusedMultiplyAdd(odd, z, even);
    }

    /// <summary>(arctan t − t)/t³ at t² = z ≤ ¼.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ArcTangentSeries<T>(T z)
        where T : struct, ILanes<T>
    {
        var square = z * z;
        T even = -0.009215792047089858;
        even = T.FusedMultiplyAdd(even, square, -0.03806653672057366);
        even = T.FusedMultiplyAdd(even, square, -0.05240099507994713);
        even = T.FusedMultiplyAdd(even, square, -0.06666435677235948);
        even = T.FusedMultiplyAdd(even, square, -0.09090908620322523);
        even = T.FusedMultiplyAdd(even, square, -0.14285714285599188);
        even = T.FusedMultiplyAdd(even, square, -0.3333333333333333);
        T odd = 0.025006503566489507;
        odd = T.FusedMultiplyAdd(odd, square, 0.04628024868570153);
        odd = T.FusedMultiplyAdd(odd, square, 0.05879578429582425);
        odd = T.FusedMultiplyAdd(odd, square, 0.07692294712540285);
        odd = T.FusedMultiplyAdd(odd, square, 0.11111111100917376);
        odd = T.FusedMultiplyAdd(odd, square, 0.19999999999999488);
        return T.FusedMultiplyAdd(odd, z, even);
    }
}
