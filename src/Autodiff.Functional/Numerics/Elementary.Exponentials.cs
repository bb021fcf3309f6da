// Exponential, hyperbolic and logistic functions, all computed from eˣ = 2ⁿ·eʳ with |r| ≤ ½ log 2.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

internal static partial class Elementary
{
    /// <summary>eˣ. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Exp<T>(T x)
        where T : struct, ILanes<T> => InlinedExp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedExp<T>(T x)
        where T : struct, ILanes<T> => ExpTimesPowerOfTwo(x, 0);

    /// <summary>2ˣ = 2ⁿ·e^(f·log 2), x = n + f with a whole n and |f| ≤ ½. Error 1 ulp; exact for a whole x.</summary>
    [MethodImpl(Apart)]
    public static T Exp2<T>(T x)
        where T : struct, ILanes<T> => InlinedExp2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedExp2<T>(T x)
        where T : struct, ILanes<T>
    {
        x = T.Bound(x, -1200, 1200);
        var n = T.Round(x);
        var r = (x - n) * Ln2;
        return T.Scale(1 + (r + ExpTail(r, 0)), n);
    }

    /// <summary>eˣ − 1 = 2ⁿ(eʳ − 1) + (2ⁿ − 1). Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T ExpM1<T>(T x)
        where T : struct, ILanes<T>
    {
        var r = ReducedByLn2(T.Bound(x, -60, 710), 0, out var low, out var n);
        var p = OrderedSum(r, ExpTail(r, low), out var pLow);

        // Everything is computed halved, so that 2ⁿ does not overflow before the result does.
        var half = T.Scale(0.5, n);
        var sum = OrderedSum(half - 0.5, half * p, out var sumLow);
        return T.Select(T.Abs(x) < 1e-17, x, 2 * (sum + T.FusedMultiplyAdd(half, pLow, sumLow)));
    }

    /// <summary>x + x³·S(x²) for |x| &lt; 1, (eˣ − e⁻ˣ)/2 above. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Sinh<T>(T x)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        var square = x * x;
        var near = T.FusedMultiplyAdd(size * square, SinhSeries(square), size);
        var half = ExpTimesPowerOfTwo(size, -1);
        return T.CopySign(T.Select(size < 1, near, half - (0.25 / half)), x);
    }

    /// <summary>(eˣ + e⁻ˣ)/2. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Cosh<T>(T x)
        where T : struct, ILanes<T>
    {
        var half = ExpTimesPowerOfTwo(T.Abs(x), -1);
        return half + (0.25 / half);
    }

    /// <summary>
    /// x + x³·P(x²)/Q(x²) for |x| &lt; 0.625 with the coefficients of S. L. Moshier's Cephes library, and 1 − 2/(e²ˣ + 1) above.
    /// Error 2 ulps.
    /// </summary>
    [MethodImpl(Apart)]
    public static T Tanh<T>(T x)
        where T : struct, ILanes<T> => InlinedTanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedTanh<T>(T x)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        var square = x * x;
        var p = T.FusedMultiplyAdd(square, -9.64399179425052238628e-1, -9.92877231001918586564e1);
        p = T.FusedMultiplyAdd(square, p, -1.61468768441708447952e3);
        var q = square + 1.12811678491632931402e2;
        q = T.FusedMultiplyAdd(square, q, 2.23548839060100448583e3);
        q = T.FusedMultiplyAdd(square, q, 4.84406305325125486048e3);
        var near = size < 0.625;
        var quotient = T.Select(near, p, -2) / T.Select(near, q, ExpTimesPowerOfTwo(size + size, 0) + 1);
        return T.CopySign(T.Select(near, T.FusedMultiplyAdd(size * square, quotient, size), 1 + quotient), x);
    }

    /// <summary>1 / (1 + e⁻ˣ), computed from e^−|x| so that neither tail overflows or cancels. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Sigmoid<T>(T x)
        where T : struct, ILanes<T> => InlinedSigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedSigmoid<T>(T x)
        where T : struct, ILanes<T>
    {
        var e = ExpTimesPowerOfTwo(-T.Abs(x), 0);
        var divisor = OrderedSum(1, e, out var divisorLow);
        var inverse = 1 / divisor;
        var above = T.Select(x < 0, e, 1);
        var ratio = above * inverse;
        return T.FusedMultiplyAdd(T.FusedMultiplyAdd(-ratio, divisor, above) - (ratio * divisorLow), inverse, ratio);
    }

    /// <summary>e/(1 + e)², e = e^−|x|. Error 3 ulps.</summary>
    [MethodImpl(Apart)]
    public static T LogisticDensity<T>(T x)
        where T : struct, ILanes<T> => InlinedLogisticDensity(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedLogisticDensity<T>(T x)
        where T : struct, ILanes<T>
    {
        var e = ExpTimesPowerOfTwo(-T.Abs(x), 0);
        return 1 / (1 + e) * (e / (1 + e));
    }

    /// <summary>
    /// dⁿ/dxⁿ e^(−ax²) by Hermite's recurrence, as in <see cref="ScalarFunctions.Gaussian"/>. The rounding error of x² is multiplied back in.
    /// </summary>
    [MethodImpl(Apart)]
    public static T Gaussian<T>(T n, T a, T x)
        where T : struct, ILanes<T> => InlinedGaussian(n, a, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedGaussian<T>(T n, T a, T x)
        where T : struct, ILanes<T>
    {
        var square = Product(x, x, out var low);
        var gaussian = ExpTimesPowerOfTwo(-a * square, 0);
        T before = -0.0;
        T polynomial = 1;
        for (var k = 0; T.Any(n > k); k++)
        {
            var next = -2 * a * T.FusedMultiplyAdd(x, polynomial, k * before);
            before = T.Select(n > k, polynomial, before);
            polynomial = T.Select(n > k, next, polynomial);
        }

        return T.Select(T.Equal(gaussian, 0), 0, polynomial * T.FusedMultiplyAdd(-a * low, gaussian, gaussian));
    }

    /// <summary>eˣ·2ᵏ, without overflow or underflow of eˣ itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpTimesPowerOfTwo<T>(T x, T k)
        where T : struct, ILanes<T>
    {
        // Beyond these bounds the result is infinite or 0, so x is clamped to keep n small.
        x = T.Bound(x, -800, 800);
        var r = ReducedByLn2(x, 0, out var low, out var n);
        return T.Scale(1 + (r + ExpTail(r, low)), n + k);
    }

    /// <summary>e^(r + low) − 1 − r for |r| ≤ ½ log 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpTail<T>(T r, T low)
        where T : struct, ILanes<T> => T.FusedMultiplyAdd(r * r, ExpSeries(r), low);

    /// <summary>x + xLow = n·log 2 + r + low, for |x| ≤ 1000.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReducedByLn2<T>(T x, T xLow, out T low, out T n)
        where T : struct, ILanes<T>
    {
        n = T.FusedMultiplyAdd(x, Log2E, Rounder) - Rounder;
        return OrderedSum(T.FusedMultiplyAdd(n, -Ln2High, x), T.FusedMultiplyAdd(n, -Ln2Low, xLow), out low);
    }

    /// <summary>(eʳ − 1 − r)/r² for |r| ≤ ½ log 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpSeries<T>(T r)
        where T : struct, ILanes<T>
    {
        var square = r * r;
        T even = 2.091123663840442e-09;
        even = T.FusedMultiplyAdd(even, square, 2.7557282969530416e-07);
        even = T.FusedMultiplyAdd(even, square, 2.4801587317144515e-05);
        even = T.FusedMultiplyAdd(even, square, 0.0013888888888886552);
        even = T.FusedMultiplyAdd(even, square, 0.041666666666666664);
        even = T.FusedMultiplyAdd(even, square, 0.5);
        T odd = 2.5100385495653184e-08;
        odd = T.FusedMultiplyAdd(odd, square, 2.7557268459996763e-06);
        odd = T.FusedMultiplyAdd(odd, square, 0.00019841269863053618);
        odd = T.FusedMultiplyAdd(odd, square, 0.008333333333330062);
        odd = T.FusedMultiplyAdd(odd, square, 0.16666666666666669);
        return T.FusedMultiplyAdd(odd, r, even);
    }

    /// <summary>(sinh x − x)/x³ at x² = z ≤ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SinhSeries<T>(T z)
        where T : struct, ILanes<T>
    {
        var square = z * z;
        T even = 7.746178593018827e-13;
        even = T.FusedMultiplyAdd(even, square, 2.5052117695907823e-08);
        even = T.FusedMultiplyAdd(even, square, 0.00019841269841324198);
        even = T.FusedMultiplyAdd(even, square, 0.16666666666666666);
        T odd = 1.6057679623801638e-10;
        odd = T.FusedMultiplyAdd(odd, square, 2.7557319191381816e-06);
        odd = T.FusedMultiplyAdd(odd, square, 0.008333333333333299);
        return T.FusedMultiplyAdd(odd, z, even);
    }
}
