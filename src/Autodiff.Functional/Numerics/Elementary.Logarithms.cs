// Logarithms and the inverse hyperbolic functions, all computed from log x = e·log 2 + log(1 + f) with √½ ≤ 1 + f < √2, where
// log(1 + f) = f − f²/2 + s(f²/2 + R(s²)) with s = f/(2 + f), as in Sun's fdlibm.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

internal static partial class Elementary
{
    /// <summary>log x. ±0 ↦ −∞, x &lt; 0 ↦ NaN. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Log<T>(T x)
        where T : struct, ILanes<T> => InlinedLog(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedLog<T>(T x)
        where T : struct, ILanes<T>
    {
        var f = Fraction(x, out var e);
        return WithLimits(x, LogOfParts(e, f, 0));
    }

    /// <summary>log₂ x. ±0 ↦ −∞, x &lt; 0 ↦ NaN. Error 1 ulp; exact for a power of 2.</summary>
    [MethodImpl(Apart)]
    public static T Log2<T>(T x)
        where T : struct, ILanes<T> => LogToBase(x, Log2E, 2.0355273740931033e-17, 1, 0);

    /// <summary>log₁₀ x. ±0 ↦ −∞, x &lt; 0 ↦ NaN. Error 1 ulp; exact for a power of 10.</summary>
    [MethodImpl(Apart)]
    public static T Log10<T>(T x)
        where T : struct, ILanes<T> => LogToBase(x, 0.4342944819032518, 1.098319650216765e-17, 0.30102999566395283, 2.8363394551044964e-14);

    /// <summary>log(1 + x). −1 ↦ −∞, x &lt; −1 ↦ NaN. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T LogP1<T>(T x)
        where T : struct, ILanes<T> => T.Select(T.Abs(x) < SmallestNormal, x, LogOfOnePlus(x, 0));

    /// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e⁻|ˣ|). Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Softplus<T>(T x)
        where T : struct, ILanes<T> => T.Max(x, 0) + LogOfOnePlus(ExpTimesPowerOfTwo(-T.Abs(x), 0), 0);

    /// <summary>x·log y; 0 if x = 0 and y is any number but NaN. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Xlogy<T>(T x, T y)
        where T : struct, ILanes<T> => T.Select(T.Equal(x, 0) & IsNumber(y), 0, x * Log(y));

    /// <summary>log(1 + y + y²/(1 + √(1 + y²))) for y = |x|; log 2y for a large y. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Asinh<T>(T x)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        var large = size > LargeRoot;
        var square = size * size;
        var excess = OrderedSum(size, square / (1 + T.Sqrt(1 + square)), out var low);
        var sum = LogOfOnePlus(T.Select(large, size, excess), T.Select(large, 0, low));
        return T.CopySign(sum + T.Select(large, Ln2, 0), x);
    }

    /// <summary>log(1 + t + √(t(t + 2))) for t = x − 1; log 2x for a large x. x &lt; 1 ↦ NaN. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Acosh<T>(T x)
        where T : struct, ILanes<T>
    {
        var large = x > LargeRoot;
        var t = x - 1;
        var square = Product(t, t + 2, out var squareLow);
        var root = T.Sqrt(square);
        var rootLow = (T.FusedMultiplyAdd(-root, root, square) + squareLow) / (root + root + SmallestNormal);
        var excess = Sum(root, t, out var low);
        var sum = LogOfOnePlus(T.Select(large, x, excess), T.Select(large, 0, low + rootLow));
        return T.Select(x < 1, double.NaN, sum + T.Select(large, Ln2, 0));
    }

    /// <summary>½ log(1 + 2y/(1 − y)) for y = |x|. ±1 ↦ ±∞, |x| &gt; 1 ↦ NaN. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Atanh<T>(T x)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        var rest = OrderedSum(1, -size, out var restLow);
        var inverse = 1 / rest;
        var twice = size + size;
        var ratio = twice * inverse;
        var low = (T.FusedMultiplyAdd(-ratio, rest, twice) - (ratio * restLow)) * inverse;
        return T.CopySign(0.5 * LogOfOnePlus(ratio, T.Select(size < 1, low, 0)), x);
    }

    /// <summary>For |x| above this, √(x² ± 1) and x + 1 are rounded to x.</summary>
    private const double LargeRoot = 1L << 56;

    /// <summary>f with x = 2ᵉ(1 + f) and √½ ≤ 1 + f &lt; √2, for 0 &lt; x &lt; ∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Fraction<T>(T x, out T e)
        where T : struct, ILanes<T>
    {
        var subnormal = x < SmallestNormal;
        x = T.Select(subnormal, x * (1L << 54), x);
        return NormalFraction(x, out e, T.Select(subnormal, ExponentOffset + 54, ExponentOffset)) - 1;
    }

    /// <summary>2⁻ᵉ·x between √½ and √2, for a normal x; the offset is subtracted from e.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T NormalFraction<T>(T x, out T e, T offset)
        where T : struct, ILanes<T>
    {
        // Adding One − SqrtHalf to the bits makes the exponent field change at √½ times a power of 2 instead of at a power of 2.
        const long One = 0x3FF0000000000000;
        const long SqrtHalf = 0x3FE6A09E667F3BCD;
        var shifted = T.AddBits(x, Bits<T>(One - SqrtHalf));
        e = WholeNumber(T.ShiftRight(shifted, 52)) - offset;
        return T.AddBits(shifted & Bits<T>((1L << 52) - 1), Bits<T>(SqrtHalf));
    }

    /// <summary>e·log 2 + log(1 + f) + low.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogOfParts<T>(T e, T f, T low)
        where T : struct, ILanes<T>
    {
        var s = f / (2 + f);
        var half = 0.5 * f * f;
        var tail = T.FusedMultiplyAdd(s, half + LogRest(s * s), T.FusedMultiplyAdd(e, Ln2Low, low));
        return T.FusedMultiplyAdd(e, Ln2High, f - (half - tail));
    }

    /// <summary>log(1 + x + low), where low is small compared with x; the result has the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogOfOnePlus<T>(T x, T low)
        where T : struct, ILanes<T>
    {
        var u = Sum(1, x, out var uLow);
        var m = NormalFraction(u, out var e, ExponentOffset);

        // 2¹⁻ᵉ, where m = 2⁻ᵉ·u; 2⁻ᵉ itself would be subnormal for the largest u.
        var power = T.SubtractBits(T.AddBits(m, 2), u);
        var f = OrderedSum(m - 1, (uLow + low) * power * 0.5, out var fLow); // in this order, since half the smallest number is 0
        return T.CopySign(WithLimits(u, LogOfParts(e, f, fLow)), x);
    }

    /// <summary>
    /// The logarithm of x to another base: (log x)·c, where c + cLow is 1/log(base) and two + twoLow is the logarithm of 2 to that base.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogToBase<T>(T x, double c, double cLow, double two, double twoLow)
        where T : struct, ILanes<T>
    {
        var f = Fraction(x, out var e);
        var s = f / (2 + f);
        var half = 0.5 * f * f;
        var log = OrderedSum(f, -half, out var low);
        low = T.FusedMultiplyAdd(s, half + LogRest(s * s), low);
        var scaled = Product(log, c, out var scaledLow);
        scaledLow = T.FusedMultiplyAdd(log, cLow, T.FusedMultiplyAdd(low, c, T.FusedMultiplyAdd(e, twoLow, scaledLow)));
        var sum = OrderedSum(e * two, scaled, out var sumLow);
        return WithLimits(x, sum + (sumLow + scaledLow));
    }

    /// <summary>The given logarithm if x is positive and finite; otherwise ∞ for ∞, −∞ for ±0, and NaN for x &lt; 0 and for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T WithLimits<T>(T x, T logarithm)
        where T : struct, ILanes<T>
    {
        var positive = T.Select(x < double.PositiveInfinity, logarithm, x);
        return T.Select(x > 0, positive, T.Select(T.Equal(x, 0), double.NegativeInfinity, double.NaN));
    }

    /// <summary>R(z) = (log(1 + f) − f + f²/2)/s − f²/2 = z(2/3 + 2z/5 + …) for z = s².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogRest<T>(T z)
        where T : struct, ILanes<T> => z * LogSeries(z);

    /// <summary>(2 artanh s − 2s)/s³ at s² = z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogSeries<T>(T z)
        where T : struct, ILanes<T>
    {
        var square = z * z;
        T even = 0.14616585424888623;
        even = T.FusedMultiplyAdd(even, square, 0.18182889455674947);
        even = T.FusedMultiplyAdd(even, square, 0.2857142862600327);
        even = T.FusedMultiplyAdd(even, square, 0.666666666666667);
        T odd = 0.15331710618210773;
        odd = T.FusedMultiplyAdd(odd, square, 0.22222211130259878);
        odd = T.FusedMultiplyAdd(odd, square, 0.39999999999899444);
        return T.FusedMultiplyAdd(odd, z, even);
    }
}
