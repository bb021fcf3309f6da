// The error function and the normal distribution: a series near 0, and e^(−x²) times a smooth factor in the tails.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

internal static partial class Elementary
{
    /// <summary>The x with erf x = erfc x = ½. The smaller of the two is computed; the other is 1 minus it, which loses no precision.</summary>
    public const double NearZero = 0.4769362762044699;

    private const double SqrtHalf = 0.7071067811865476;

    /// <summary>erf x, or 1 − erfc |x| with the sign of x. Error 1 ulp.</summary>
    [MethodImpl(Apart)]
    public static T Erf<T>(T x)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        return T.CopySign(T.Select(size < NearZero, ErfNearZero(size), 1 - ErfcOfPositive(size)), x);
    }

    /// <summary>1 − erf x, or erfc |x|, or 2 − erfc |x| for x &lt; 0. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T Erfc<T>(T x)
        where T : struct, ILanes<T>
    {
        var size = T.Abs(x);
        var tail = ErfcOfPositive(size);
        return T.Select(size < NearZero, 1 - ErfNearZero(x), T.Select(x < 0, 2 - tail, tail));
    }

    /// <summary>Φ(x) = ½ + ½ erf(x/√2), or ½ erfc(|x|/√2) for x &lt; 0, or 1 minus that. Error 2 ulps.</summary>
    [MethodImpl(Apart)]
    public static T NormalCdf<T>(T x)
        where T : struct, ILanes<T>
    {
        var tail = NormalTail(T.Abs(x));
        return T.Select(T.Abs(SqrtHalf * x) < NearZero, NormalNearZero(x), T.Select(x < 0, tail, 1 - tail));
    }

    /// <summary>Φ(x) for |x|/√2 &lt; <see cref="NearZero"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NormalNearZero<T>(T x)
        where T : struct, ILanes<T> => T.FusedMultiplyAdd(0.5, ErfNearZero(SqrtHalf * x), 0.5);

    /// <summary>Φ(−x) for x/√2 ≥ <see cref="NearZero"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NormalTail<T>(T x)
        where T : struct, ILanes<T>
    {
        const double SqrtHalfLow = -4.833646656726457e-17;
        var size = T.Bound(x, 0, 40);
        var z = Product(size, SqrtHalf, out var zLow);
        zLow = T.FusedMultiplyAdd(size, SqrtHalfLow, zLow);
        var square = Product(size, size, out var squareLow);
        return 0.5 * GaussianTail(z, zLow, -0.5 * square, -0.5 * squareLow);
    }

    /// <summary>e^(x²) erfc x for <see cref="NearZero"/> ≤ x ≤ 28.3. Error 1 ulp.</summary>
    public static T ScaledErfc<T>(T x)
        where T : struct, ILanes<T> => ScaledTail(x, 0, out var low) + low;

    /// <summary>erf x for |x| &lt; <see cref="NearZero"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ErfNearZero<T>(T x)
        where T : struct, ILanes<T> => T.FusedMultiplyAdd(x, ErfSeries(x * x), x);

    /// <summary>erfc x for x ≥ <see cref="NearZero"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ErfcOfPositive<T>(T x)
        where T : struct, ILanes<T>
    {
        x = T.Bound(x, 0, 28);
        var square = Product(x, x, out var squareLow);
        return GaussianTail(x, 0, -square, -squareLow);
    }

    /// <summary>erfc(a + aLow) for <see cref="NearZero"/> ≤ a ≤ 28.3, where the exponent −(a + aLow)² is given in two parts.</summary>
    /// <remarks>
    /// (1 + 2a)·e^(a²)·erfc a is between 1 and 1.3 for all a ≥ 0, and smooth in q = (a − 3)/(a + 3) (M. M. Shepherd, J. G. Laframboise,
    /// Chebyshev approximation of (1 + 2x)exp(x²)erfc x in 0 ≤ x &lt; ∞, Math. Comp. 36, 1981).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T GaussianTail<T>(T a, T aLow, T exponent, T exponentLow)
        where T : struct, ILanes<T>
    {
        var factor = ScaledTail(a, aLow, out var factorLow);
        var r = ReducedByLn2(exponent, exponentLow, out var low, out var n);
        var growth = r + ExpTail(r, low);
        return T.Scale(factor + T.FusedMultiplyAdd(factor, growth, factorLow), n);
    }

    /// <summary>e^(a²) erfc(a + aLow), as a sum of two parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ScaledTail<T>(T a, T aLow, out T factorLow)
        where T : struct, ILanes<T>
    {
        const double Lead = 1.2530080582697296;
        const double LeadLow = 4.2152231195766137e-17;
        var q = (a - 3) / (a + 3);
        var smooth = OrderedSum(Lead, q * GaussianTailSeries(q), out var smoothLow);
        smoothLow += LeadLow;

        // The division by 1 + 2a; aLow is accounted for to first order by the derivative of e^(a²)·erfc a, which is 2a·e^(a²)·erfc a − 2/√π.
        var divisor = T.FusedMultiplyAdd(2, a, 1);
        var divisorLow = T.FusedMultiplyAdd(2, a, 1 - divisor);
        var inverse = 1 / divisor;
        var factor = smooth * inverse;
        factorLow = (T.FusedMultiplyAdd(-factor, divisor, smooth) + (smoothLow - (factor * divisorLow))) * inverse;
        factorLow = T.FusedMultiplyAdd(T.FusedMultiplyAdd(a + a, factor, -1.1283791670955126), aLow, factorLow);
        return factor;
    }

    /// <summary>erf x / x − 1 at x² = z ≤ 0.22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ErfSeries<T>(T z)
        where T : struct, ILanes<T>
    {
        var square = z * z;
        T even = 1.4873663199975923e-06;
        even = T.FusedMultiplyAdd(even, square, 0.0001205381498176224);
        even = T.FusedMultiplyAdd(even, square, 0.005223977466448245);
        even = T.FusedMultiplyAdd(even, square, 0.11283791670939587);
        even = T.FusedMultiplyAdd(even, square, 0.12837916709551256);
        T odd = -1.4859086241289087e-05;
        odd = T.FusedMultiplyAdd(odd, square, -0.0008548306772659665);
        odd = T.FusedMultiplyAdd(odd, square, -0.026866170638111225);
        odd = T.FusedMultiplyAdd(odd, square, -0.3761263890318362);
        return T.FusedMultiplyAdd(odd, z, even);
    }

    /// <summary>(g(a) − g(3))/q with g(a) = (1 + 2a)·e^(a²)·erfc a and a = 3(1 + q)/(1 − q).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T GaussianTailSeries<T>(T q)
        where T : struct, ILanes<T>
    {
        var square = q * q;
        T even = -1.4602181333052647e-08;
        even = T.FusedMultiplyAdd(even, square, 1.1007687931830835e-07);
        even = T.FusedMultiplyAdd(even, square, -6.285309639184569e-07);
        even = T.FusedMultiplyAdd(even, square, 3.4811855800788766e-06);
        even = T.FusedMultiplyAdd(even, square, -2.0104418618611935e-05);
        even = T.FusedMultiplyAdd(even, square, 0.00012510040660369917);
        even = T.FusedMultiplyAdd(even, square, -0.0007798324521030714);
        even = T.FusedMultiplyAdd(even, square, 0.00252939183451446);
        even = T.FusedMultiplyAdd(even, square, 0.06830802734293834);
        even = T.FusedMultiplyAdd(even, square, 0.12964515870278756);
        even = T.FusedMultiplyAdd(even, square, -0.1356211061245814);
        T odd = 2.1801510681035333e-08;
        odd = T.FusedMultiplyAdd(odd, square, -1.1890352900473468e-07);
        odd = T.FusedMultiplyAdd(odd, square, 3.418839467309452e-07);
        odd = T.FusedMultiplyAdd(odd, square, -7.253448609582571e-07);
        odd = T.FusedMultiplyAdd(odd, square, 4.947849681460888e-06);
        odd = T.FusedMultiplyAdd(odd, square, -0.0001051595208448387);
        odd = T.FusedMultiplyAdd(odd, square, 0.001888690329217054);
        odd = T.FusedMultiplyAdd(odd, square, -0.023770514916716324);
        odd = T.FusedMultiplyAdd(odd, square, -0.11927366341537517);
        odd = T.FusedMultiplyAdd(odd, square, -0.047562294353449816);
        return T.FusedMultiplyAdd(odd, q, even);
    }
}
