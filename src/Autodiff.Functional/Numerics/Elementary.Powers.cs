// Powers and the cube root.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

internal static partial class Elementary
{
    /// <summary>xʸ = e^(y·log x), with the logarithm and the product computed to about twice the precision of a double. Error 1 ulp.</summary>
    /// <remarks>Special values are those of <see cref="Math.Pow"/>: x⁰ = 1ʸ = 1 even for NaN; x &lt; 0 ↦ NaN unless y is whole.</remarks>
    [MethodImpl(Apart)]
    public static T Pow<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        var log = PreciseLog(size, out var logLow);
        log = T.Select(size < double.PositiveInfinity, T.Select(T.Equal(size, 0), double.NegativeInfinity, log), size);
        var exponent = Product(log, y, out var exponentLow);
        exponentLow = T.FusedMultiplyAdd(logLow, y, exponentLow);

        // If the result overflows or underflows, the low part may be NaN, so it is replaced by 0.
        exponentLow = T.Select(T.Abs(exponent) < 800, exponentLow, 0);
        var r = ReducedByLn2(T.Bound(exponent, -800, 800), exponentLow, out var low, out var n);
        var power = T.Scale(1 + (r + ExpTail(r, low)), n);

        power = T.Select(T.Equal(size, 1), 1, power);
        var whole = T.Equal(T.Floor(y), y);
        var halved = 0.5 * y;
        var odd = T.AndNot(whole, T.Equal(T.Floor(halved), halved));
        power ^= odd & x & -0.0;
        power = T.Select(T.AndNot((x < 0) & (x >= double.MinValue), whole), double.NaN, power);
        return T.Select(T.Equal(y, 0), 1, power);
    }

    /// <summary>xⁿ by the same products as <see cref="ScalarFunctions.IntegerPower"/>, so the results have the same bits.</summary>
    [MethodImpl(Apart)]
    public static T IntegerPower<T>(T x, int n)
        where T : struct, ILanes<T>
    {
        T value = 1;
        T error = 0;
        var square = n < 0 ? 1 / x : x;
        var squareError = n < 0 ? T.FusedMultiplyAdd(-square, x, 1) * square : 0;
        for (var bits = Math.Abs((long)n); bits > 0; bits >>= 1)
        {
            if (long.IsOddInteger(bits))
            {
                value = ProductOfSums(value, error, square, squareError, out error);
            }

            square = ProductOfSums(square, squareError, square, squareError, out squareError);
        }

        // An error of 0 is not added, since −0 + 0 is +0; nor is one that is infinite or NaN.
        var counts = T.AndNot(T.Abs(error) <= double.MaxValue, T.Equal(error, 0));
        return T.Select(counts, value + error, value);
    }

    /// <summary>∛x = 2ᵏ·∛m, 1 ≤ m &lt; 8: two steps of Halley's iteration for 1/∛m and one of Newton's for ∛m. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Cbrt<T>(T x)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        var subnormal = size < SmallestNormal;
        var normal = T.Select(subnormal, size * (1L << 54), size);
        var exponent = WholeNumber(T.ShiftRight(normal, 52)) - ExponentOffset;
        var k = T.Floor(T.FusedMultiplyAdd(exponent, 1.0 / 3, 1.0 / 6));
        var m = T.Scale(normal, -3 * k);
        var y = InverseCbrtStart(m);
        y = HalleyStep(m, y);
        y = HalleyStep(m, y);
        var root = m * y * y;
        var square = Product(root, root, out var squareLow);
        var rest = T.FusedMultiplyAdd(-root, square, m) - (root * squareLow);
        root = T.FusedMultiplyAdd(rest * (1.0 / 3), y * y, root);
        var scaled = T.CopySign(T.Scale(root, k - T.Select(subnormal, 18, 0)), x);
        return T.Select((size < double.PositiveInfinity) & (size > 0), scaled, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T HalleyStep<T>(T m, T y)
        where T : struct, ILanes<T>
    {
        var lack = T.FusedMultiplyAdd(-m * y, y * y, 1);
        return T.FusedMultiplyAdd(y * lack, T.FusedMultiplyAdd(lack, 2.0 / 9, 1.0 / 3), y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ProductOfSums<T>(T a, T aError, T b, T bError, out T error)
        where T : struct, ILanes<T>
    {
        var product = Product(a, b, out error);
        error = error + (a * bError) + (b * aError);
        return product;
    }

    /// <summary>log x + low for 0 &lt; x &lt; ∞, to a relative error of 2⁻⁶⁵: log(1 + f) = 2s + s³(⅔ + z·L(z)), s = f/(2 + f), z = s².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PreciseLog<T>(T x, out T low)
        where T : struct, ILanes<T>
    {
        const double TwoThirds = 0.6666666666666666;
        const double TwoThirdsLow = 3.700743415417188e-17;
        var f = Fraction(x, out var e);
        var divisor = OrderedSum(2, f, out var divisorLow);
        var inverse = 1 / divisor;
        var s = f * inverse;
        var sLow = (T.FusedMultiplyAdd(-s, divisor, f) - (s * divisorLow)) * inverse;
        var z = Product(s, s, out var zLow);
        zLow = T.FusedMultiplyAdd(s + s, sLow, zLow);
        var cube = Product(z, s, out var cubeLow);
        cubeLow = T.FusedMultiplyAdd(z, sLow, T.FusedMultiplyAdd(zLow, s, cubeLow));
        var series = OrderedSum(TwoThirds, z * PreciseLogSeries(z), out var seriesLow);
        var rest = Product(cube, series, out var restLow);
        restLow = T.FusedMultiplyAdd(cube, seriesLow + TwoThirdsLow, T.FusedMultiplyAdd(cubeLow, series, restLow));
        var fraction = OrderedSum(s + s, rest, out var fractionLow);
        fractionLow += T.FusedMultiplyAdd(2, sLow, restLow);
        var sum = OrderedSum(e * Ln2High, fraction, out var sumLow);
        sumLow = T.FusedMultiplyAdd(e, Ln2Low, sumLow + fractionLow);
        return OrderedSum(sum, sumLow, out low);
    }

    /// <summary>((2 artanh s − 2s)/s³ − ⅔)/s² at s² = z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PreciseLogSeries<T>(T z)
        where T : struct, ILanes<T>
    {
        var square = z * z;
        T even = 0.11706236339491206;
        even = T.FusedMultiplyAdd(even, square, 0.1538459496251843);
        even = T.FusedMultiplyAdd(even, square, 0.22222222221655885);
        even = T.FusedMultiplyAdd(even, square, 0.4);
        T odd = 0.11723178623876518;
        odd = T.FusedMultiplyAdd(odd, square, 0.1333480469384731);
        odd = T.FusedMultiplyAdd(odd, square, 0.18181818335392802);
        odd = T.FusedMultiplyAdd(odd, square, 0.28571428571429364);
        return T.FusedMultiplyAdd(odd, z, even);
    }

    /// <summary>1/∛m to a relative error of 1/200, for 1 ≤ m &lt; 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T InverseCbrtStart<T>(T m)
        where T : struct, ILanes<T>
    {
        var square = m * m;
        T even = 0.002967073319555683;
        even = T.FusedMultiplyAdd(even, square, 0.1792104144854146);
        even = T.FusedMultiplyAdd(even, square, 1.3994427296412673);
        T odd = -0.00010790352720438857;
        odd = T.FusedMultiplyAdd(odd, square, -0.03233586898392608);
        odd = T.FusedMultiplyAdd(odd, square, -0.5538784978606232);
        return T.FusedMultiplyAdd(odd, m, even);
    }
}
