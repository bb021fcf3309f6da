// Folds of runs of doubles into one number: sums, products, maxima. Like the loops of Runs they are optimized at their first call. A result
// depends only on the numbers and on the width of registers, not on addresses.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Autodiff.Functional.Numerics;

/// <summary>A fold in registers: how a number is taken into a total, and how two totals are joined.</summary>
internal interface IFold
{
    /// <summary>The total of no numbers. Taking this number, or a pair of it, into a total does not change the total.</summary>
    static abstract double Neutral { get; }

    /// <summary>The total after one more number, or one more pair of numbers, is taken into it.</summary>
    static abstract T Take<T>(T total, T x, T y)
        where T : struct, ILanes<T>;

    static abstract T Join<T>(T total, T other)
        where T : struct, ILanes<T>;
}

internal static class Folds
{
    // The number of registers that are summed before their total is added to that of the registers before, so that rounding errors grow more
    // slowly with the length.
    private const int Stretch = 512;

    // The number of independent totals: an addition takes several cycles, during which others can be started.
    private const int Totals = 4;

    public static double Sum(ReadOnlySpan<double> x) => Fold<SumOf>(x, x);

    public static double Product(ReadOnlySpan<double> x) => Fold<ProductOf>(x, x);

    /// <summary>The maximum; −∞ if there are no numbers, NaN if one is NaN.</summary>
    public static double Max(ReadOnlySpan<double> x) => Fold<MaxOf>(x, x);

    /// <summary>The minimum; +∞ if there are no numbers, NaN if one is NaN.</summary>
    public static double Min(ReadOnlySpan<double> x) => Fold<MinOf>(x, x);

    /// <summary>max |x|; 0 if there are no numbers, NaN if one is NaN.</summary>
    public static double MaxMagnitude(ReadOnlySpan<double> x) => Fold<MaxMagnitudeOf>(x, x);

    public static double SumOfMagnitudes(ReadOnlySpan<double> x) => Fold<SumOfMagnitudesOf>(x, x);

    public static double SumOfSquares(ReadOnlySpan<double> x) => Dot(x, x);

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y) =>
        Runs.HasFusedMultiplyAdd ? Fold<SumOfProducts>(x, y) : Fold<SumOfRoundedProducts>(x, y);

    /// <summary>A fold of one run, which is passed twice, or of the pairs of elements of two runs.</summary>
    [MethodImpl(Runs.Loop)]
    public static double Fold<TFold>(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        where TFold : struct, IFold => Vector512.IsHardwareAccelerated ? Fold<Lanes512, TFold>(x, y)
        : Vector256.IsHardwareAccelerated ? Fold<Lanes256, TFold>(x, y)
        : Fold<Lanes128, TFold>(x, y);

    /// <summary>A fold in registers of one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Fold<T, TFold>(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        where T : struct, ILanes<T>
        where TFold : struct, IFold
    {
        var a = new Elements(x, x.Length);
        var b = new Elements(y, x.Length);
        if (x.Length < T.Count)
        {
            Lanes1 few = TFold.Neutral;
            for (nint place = 0; place < x.Length; place++)
            {
                few = TFold.Take(few, a.At<Lanes1>(place), b.At<Lanes1>(place));
            }

            return few.Value;
        }

        T total = TFold.Neutral;
        nint i = 0;
        while (i <= x.Length - (Totals * T.Count))
        {
            T first = TFold.Neutral;
            T second = TFold.Neutral;
            T third = TFold.Neutral;
            T fourth = TFold.Neutral;
            for (var end = Math.Min(i + (Stretch * T.Count), x.Length) - (Totals * T.Count); i <= end; i += Totals * T.Count)
            {
                first = TFold.Take(first, a.At<T>(i), b.At<T>(i));
                second = TFold.Take(second, a.At<T>(i + T.Count), b.At<T>(i + T.Count));
                third = TFold.Take(third, a.At<T>(i + (2 * T.Count)), b.At<T>(i + (2 * T.Count)));
                fourth = TFold.Take(fourth, a.At<T>(i + (3 * T.Count)), b.At<T>(i + (3 * T.Count)));
            }

            total = TFold.Join(total, TFold.Join(TFold.Join(first, second), TFold.Join(third, fourth)));
        }

        for (; i <= x.Length - T.Count; i += T.Count)
        {
            total = TFold.Take(total, a.At<T>(i), b.At<T>(i));
        }

        if (i < x.Length)
        {
            // The last register overlaps the one before it; the lanes that have been taken already are replaced by the neutral number.
            nint last = x.Length - T.Count;
            var taken = T.FirstLanes((int)(i - last));
            total = TFold.Take(total, T.Select(taken, TFold.Neutral, a.At<T>(last)), T.Select(taken, TFold.Neutral, b.At<T>(last)));
        }

        return T.Joined<TFold>(total);
    }

    internal readonly struct SumOf : IFold
    {
        public static double Neutral => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Take<T>(T total, T x, T y)
            where T : struct, ILanes<T> => total + x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Join<T>(T total, T other)
            where T : struct, ILanes<T> => total + other;
    }

    internal readonly struct ProductOf : IFold
    {
        public static double Neutral => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Take<T>(T total, T x, T y)
            where T : struct, ILanes<T> => total * x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Join<T>(T total, T other)
            where T : struct, ILanes<T> => total * other;
    }

    internal readonly struct MaxOf : IFold
    {
        public static double Neutral => double.NegativeInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Take<T>(T total, T x, T y)
            where T : struct, ILanes<T> => T.Max(total, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Join<T>(T total, T other)
            where T : struct, ILanes<T> => T.Max(total, other);
    }

    internal readonly struct MinOf : IFold
    {
        public static double Neutral => double.PositiveInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Take<T>(T total, T x, T y)
            where T : struct, ILanes<T> => T.Min(total, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Join<T>(T total, T other)
            where T : struct, ILanes<T> => T.Min(total, other);
    }

    internal readonly struct MaxMagnitudeOf : IFold
    {
        public static double Neutral => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Take<T>(T total, T x, T y)
            where T : struct, ILanes<T> => T.Max(total, T.Abs(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Join<T>(T total, T other)
            where T : struct, ILanes<T> => T.Max(total, other);
    }

    internal readonly struct SumOfMagnitudesOf : IFold
    {
        public static double Neutral => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Take<T>(T total, T x, T y)
            where T : struct, ILanes<T> => total + T.Abs(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Join<T>(T total, T other)
            where T : struct, ILanes<T> => total + other;
    }

    internal readonly struct SumOfProducts : IFold
    {
        public static double Neutral => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Take<T>(T total, T x, T y)
            where T : struct, ILanes<T> => T.FusedMultiplyAdd(x, y, total);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Join<T>(T total, T other)
            where T : struct, ILanes<T> => total + other;
    }

    internal readonly struct SumOfRoundedProducts : IFold
    {
        public static double Neutral => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Take<T>(T total, T x, T y)
            where T : struct, ILanes<T> => total + (x * y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Join<T>(T total, T other)
            where T : struct, ILanes<T> => total + other;
    }
}
