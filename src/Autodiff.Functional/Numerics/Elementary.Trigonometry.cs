// Sine, cosine and tangent, computed from x = n·π/2 + r with |r| ≤ π/4: subtracting n times π/2, in three parts, by fused multiply-adds gives r
// to twice the precision of a double (S. Boldo, M. Daumas, R.-C. Li, Formally verified argument reduction with a fused multiply-add, 2009).
// Angles that are too large for this are rare, and are computed by System.Math one by one.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

internal static partial class Elementary
{
    /// <summary>The largest |x| for which the reduction by three parts of π/2 is accurate enough.</summary>
    public const double LargestAngle = 1 << 30;

    /// <summary>For |x| below this, odd functions with slope 1 at 0 are rounded to x.</summary>
    private const double Negligible = 1e-9;

    /// <summary>The largest |x| for which no reduction is made; it is below π/4.</summary>
    private const double NoTurn = 0.785;

    /// <summary>sin x. ±∞ ↦ NaN. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Sin<T>(T x)
        where T : struct, ILanes<T> => InlinedSin(x);

    /// <summary>cos x. ±∞ ↦ NaN. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Cos<T>(T x)
        where T : struct, ILanes<T> => InlinedCos(x);

    /// <summary>tan x. ±∞ ↦ NaN. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Tan<T>(T x)
        where T : struct, ILanes<T> => InlinedTan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedSin<T>(T x)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        var result = T.Any(size > NoTurn) ? WithLargeAngles<T, SineOfNumber>(x, SineOfTurned(x, 0)) : x + SineTail(x, 0);
        return T.Select(size < Negligible, x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedCos<T>(T x)
        where T : struct, ILanes<T> => T.Any(T.Abs(x) > NoTurn) ? WithLargeAngles<T, CosineOfNumber>(x, SineOfTurned(x, 1)) : Cosine(x, 0, out var tail) + tail;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InlinedTan<T>(T x)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        T result;
        if (T.Any(size > NoTurn))
        {
            // sin/cos in even quadrants, −cos/sin in odd ones.
            var r = ReducedByHalfPi(x, out var low, out var quadrant);
            SineAndCosine(r, low, out var sin, out var sinLow, out var cos, out var cosLow);
            var odd = IsOdd(quadrant);
            var ratio = Quotient(T.Select(odd, -cos, sin), T.Select(odd, -cosLow, sinLow), T.Select(odd, sin, cos), T.Select(odd, sinLow, cosLow));
            result = WithLargeAngles<T, TangentOfNumber>(x, ratio);
        }
        else
        {
            SineAndCosine(x, 0, out var sin, out var sinLow, out var cos, out var cosLow);
            result = Quotient(sin, sinLow, cos, cosLow);
        }

        return T.Select(size < Negligible, x, result);
    }

    /// <summary>sin(r + low) and cos(r + low), each in two parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SineAndCosine<T>(T r, T low, out T sin, out T sinLow, out T cos, out T cosLow)
        where T : struct, ILanes<T>
    {
        sin = OrderedSum(r, SineTail(r, low), out sinLow);
        cos = Cosine(r, low, out var cosTail);
        cos = OrderedSum(cos, cosTail, out cosLow);
    }

    /// <summary>(above + aboveLow)/(below + belowLow).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Quotient<T>(T above, T aboveLow, T below, T belowLow)
        where T : struct, ILanes<T>
    {
        var inverse = 1 / below;
        var ratio = above * inverse;
        var rest = T.FusedMultiplyAdd(-ratio, below, above) + (aboveLow - (ratio * belowLow));
        return T.FusedMultiplyAdd(rest, inverse, ratio);
    }

    /// <summary>sin(x + turns·π/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SineOfTurned<T>(T x, long turns)
        where T : struct, ILanes<T>
    {
        var r = ReducedByHalfPi(x, out var low, out var quadrant);
        quadrant = T.AddBits(quadrant, Bits<T>(turns));
        var sin = r + SineTail(r, low);
        var cos = Cosine(r, low, out var cosTail) + cosTail;
        return T.Select(IsOdd(quadrant), cos, sin) ^ T.ShiftLeft(T.ShiftRight(quadrant, 1), 63);
    }

    /// <summary>x = n·π/2 + r + low; the lowest bits of the quadrant are those of n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReducedByHalfPi<T>(T x, out T low, out T quadrant)
        where T : struct, ILanes<T>
    {
        // The first part has at most 51 bits, so the first difference is exact. It is a multiple of the last place of the product, so the error
        // of the second difference is exact too, whichever of its operands is larger.
        const double First = 1.5707963267948966;
        const double Second = 6.123233995736766e-17;
        const double Third = -1.4973849048591698e-33;
        quadrant = T.FusedMultiplyAdd(x, 2 / Math.PI, Rounder);
        var n = quadrant - Rounder;
        var first = T.FusedMultiplyAdd(n, -First, x);
        var product = Product(n, Second, out var productLow);
        var r = OrderedSum(first, -product, out var rest);
        low = T.FusedMultiplyAdd(n, -Third, rest - productLow);
        return r;
    }

    /// <summary>sin(r + low) − r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SineTail<T>(T r, T low)
        where T : struct, ILanes<T>
    {
        var z = r * r;
        return T.FusedMultiplyAdd(r * z, SineSeries(z), T.FusedMultiplyAdd(-0.5 * z, low, low));
    }

    /// <summary>The leading part of cos(r + low); the result plus the tail is the cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Cosine<T>(T r, T low, out T tail)
        where T : struct, ILanes<T>
    {
        var z = r * r;
        var cos = OrderedSum(1, -0.5 * z, out var cosLow);
        tail = T.FusedMultiplyAdd(z * z, CosineSeries(z), T.FusedMultiplyAdd(-r, low, cosLow));
        return cos;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T IsOdd<T>(T bits)
        where T : struct, ILanes<T> => T.SubtractBits(0, bits & Bits<T>(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T WithLargeAngles<T, TFunction>(T x, T result)
        where T : struct, ILanes<T>
        where TFunction : struct, INumberFunction
    {
        var large = T.Abs(x) > LargestAngle;
        return T.Any(large) ? T.Select(large, LaneByLane<T, TFunction>(x), result) : result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T LaneByLane<T, TFunction>(T x)
        where T : struct, ILanes<T>
        where TFunction : struct, INumberFunction
    {
        Span<double> lanes = stackalloc double[T.Count];
        T.Store(x, ref lanes[0]);
        foreach (ref var lane in lanes)
        {
            lane = TFunction.Of(lane);
        }

        return T.Load(in lanes[0]);
    }

    /// <summary>A function of one number, for lanes that are computed one by one.</summary>
    private interface INumberFunction
    {
        static abstract double Of(double x);
    }

    private readonly struct SineOfNumber : INumberFunction
    {
        public static double Of(double x) => Math.Sin(x);
    }

    private readonly struct CosineOfNumber : INumberFunction
    {
        public static double Of(double x) => Math.Cos(x);
    }

    private readonly struct TangentOfNumber : INumberFunction
    {
        public static double Of(double x) => Math.Tan(x);
    }

    /// <summary>(sin r − r)/r³ at r² = z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SineSeries<T>(T z)
        where T : struct, ILanes<T>
    {
        var square = z * z;
        T even = -7.586685070091267e-13;
        even = T.FusedMultiplyAdd(even, square, -2.5052106231157904e-08);
        even = T.FusedMultiplyAdd(even, square, -0.0001984126984126506);
        even = T.FusedMultiplyAdd(even, square, -0.16666666666666666);
        T odd = 1.605853141458901e-10;
        odd = T.FusedMultiplyAdd(odd, square, 2.7557319219335453e-06);
        odd = T.FusedMultiplyAdd(odd, square, 0.008333333333333331);
        return T.FusedMultiplyAdd(odd, z, even);
    }

    /// <summary>(cos r − 1 + r²/2)/r⁴ at r² = z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T CosineSeries<T>(T z)
        where T : struct, ILanes<T>
    {
        var square = z * z;
        T even = 2.0876146024689747e-09;
        even = T.FusedMultiplyAdd(even, square, 2.4801587298763433e-05);
        even = T.FusedMultiplyAdd(even, square, 0.041666666666666664);
        T odd = -1.1382614868556325e-11;
        odd = T.FusedMultiplyAdd(odd, square, -2.7557317270560326e-07);
        odd = T.FusedMultiplyAdd(odd, square, -0.0013888888888887395);
        return T.FusedMultiplyAdd(odd, z, even);
    }
}
