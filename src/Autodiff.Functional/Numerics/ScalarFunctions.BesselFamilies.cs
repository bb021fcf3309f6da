// Bessel functions of the second kind of whole order, and modified ones of real order, also scaled, with the derivatives of the scaled ones.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>The coefficients of 1/Γ(1 + z) in powers of z (A&amp;S 6.1.34), for |z| ≤ ½.</summary>
    private static readonly double[] s_reciprocalGamma =
    [
        1, 0.57721566490153286061, -0.65587807152025388108, -0.042002635034095235529, 0.1665386113822914895, -0.042197734555544336748, -0.0096219715278769735621,
        0.0072189432466630995424, -0.0011651675918590651121, -0.00021524167411495097282, 0.00012805028238811618615, -0.000020134854780788238656,
        -1.2504934821426706573e-6, 1.1330272319816958824e-6, -2.0563384169776071035e-7, 6.1160951044814158179e-9, 5.0020076444692229301e-9, -1.1812745704870201446e-9,
        1.0434267116911005105e-10, 7.782263439905071254e-12,
    ];

    /// <summary>Yₙ(x), n any whole number.</summary>
    /// <remarks>
    /// Y₀ and Y₁ by their sums over Jₖ (A&amp;S 9.1.88), all of which the recurrence downwards gives, from 25 on by Hankel's expansion; then the recurrence
    /// upwards. 0 ↦ −∞, +∞ ↦ 0; NaN below 0. Error 2·10⁻¹⁵, relative for x below the first zero.
    /// </remarks>
    public static double BesselY(int n, double x)
    {
        if (n < 0)
        {
            return AlternatingSign(n) * BesselY(-Math.Max(n, -int.MaxValue), x);
        }

        switch (x)
        {
            case 0: return double.NegativeInfinity;
            case double.PositiveInfinity: return 0;
            case double.NaN or < 0: return double.NaN;
        }

        var (before, value) = x > HankelFrom ? (HankelOfSecondKind(0, x), HankelOfSecondKind(1, x)) : BesselYNearZero(x);
        if (n == 0)
        {
            return before;
        }

        for (var k = 1; k < n && double.IsFinite(value); k++)
        {
            (before, value) = (value, (2.0 * k / x * value) - before);
        }

        return value;
    }

    /// <summary>I(x) of real order, x ≥ 0.</summary>
    /// <remarks>
    /// Power series, for large x the expansion A&amp;S 9.7.1, and for large orders that of 9.7.7. NaN for x &lt; 0 unless the order is whole. Relative error 10⁻¹⁴,
    /// apart from the effect of an ulp of the arguments.
    /// </remarks>
    public static double BesselIOfRealOrder(double order, double x)
    {
        if (IsWholeOrder(order))
        {
            return BesselI((int)order, x);
        }

        return !(x >= 0) || !double.IsFinite(order) ? double.NaN
            : double.IsInfinity(x) ? x
            : IsAsymptotic(order, x) ? Math.Exp(0.5 * x) * (Math.Exp(0.5 * x) * ScaledAsymptotic(0, order, x))
            : order >= UniformFrom ? BesselIOfLargeOrder(order, x, scaled: false)
            : ModifiedSeries(order, x, 0);
    }

    /// <summary>dⁿ/dxⁿ e⁻ˣI(x) of real order, for x &gt; 0; for x &lt; 0 the derivative of e⁻|ˣ|I(x), and at 0 the mean of both.</summary>
    /// <remarks>
    /// Where the expansion for large x holds, its derivative; for less large x an integral; otherwise Σ C(n, j) (−1)ⁿ⁻ʲ of the derivatives of I, which follow
    /// from the neighbouring orders. Relative error 10⁻¹⁴ for n = 0, 2·10⁻¹⁴ for n = 1, 3·10⁻¹² for n = 2; for n = 1 and orders from 80 on, where that sum cancels
    /// most for x near ν²/12, 2·10⁻¹¹.
    /// </remarks>
    public static double BesselIScaled(int n, double order, double x)
    {
        if (!double.IsFinite(order) || double.IsNaN(x) || (x < 0 && !IsWholeOrder(order)))
        {
            return double.NaN;
        }

        if (x < 0)
        {
            return AlternatingSign(n) * AlternatingSign((int)order) * BesselIScaled(n, order, -x);
        }

        if (double.IsInfinity(x) || (x == 0 && IsWholeOrder(order) && int.IsOddInteger((int)order + n)))
        {
            return 0;
        }

        if (IsAsymptotic(order, x))
        {
            return ScaledAsymptotic(n, order, x);
        }

        if (n == 0 && order >= UniformFrom)
        {
            return BesselIOfLargeOrder(order, x, scaled: true);
        }

        if (x > HankelFrom && 12 * x > order * order)
        {
            return ScaledIntegral(n, order, x);
        }

        return ByNeighbours(n, order, x, static (order, shift, x) => order + shift is var neighbour && neighbour >= UniformFrom
            ? BesselIOfLargeOrder(neighbour, x, scaled: true)
            : ModifiedSeries(IsWholeOrder(neighbour) ? Math.Abs(neighbour) : neighbour, x, -x));
    }

    /// <summary>K(x) of real order.</summary>
    /// <remarks>0 ↦ +∞, +∞ ↦ 0; NaN below 0. Relative error 2·10⁻¹⁵, apart from the effect of half an ulp of the arguments.</remarks>
    public static double BesselK(double order, double x) => Math.Abs(order) >= UniformFrom && double.IsFinite(order) && x > 0 && double.IsFinite(x)
        ? BesselKOfLargeOrder(Math.Abs(order), x, scaled: false)
        : x is > 0 and <= 1 && double.IsFinite(order) ? BesselKNearZero(Math.Abs(order), 0, x)
        : Math.Exp(-0.5 * x) * (Math.Exp(-0.5 * x) * BesselKScaled(0, order, x));

    /// <summary>dⁿ/dxⁿ eˣK(x) of real order.</summary>
    /// <remarks>
    /// (−1)ⁿ ∫ (cosh t − 1)ⁿ e^(−x(cosh t − 1)) cosh νt dt from 0 to ∞ by the trapezoidal rule, whose terms all have one sign; for small x the sum
    /// of the neighbouring orders. 0 ↦ ±∞, +∞ ↦ 0; NaN below 0. Relative error 2·10⁻¹⁵ for n = 0, 10⁻¹⁴ for n ≤ 2, apart from the effect of half an ulp of the arguments.
    /// </remarks>
    public static double BesselKScaled(int n, double order, double x)
    {
        order = Math.Abs(order);
        if (!(x >= 0) || !double.IsFinite(order))
        {
            return double.NaN;
        }

        if (x == 0)
        {
            return AlternatingSign(n) * double.PositiveInfinity;
        }

        if (double.IsInfinity(x))
        {
            return 0;
        }

        if (n == 0 && order >= UniformFrom)
        {
            return BesselKOfLargeOrder(order, x, scaled: true);
        }

        // Below that the derivative of the highest order counts most, so the others cancel little of it.
        const double NearZero = 0.25;
        if (x <= (n == 0 ? 1 : NearZero))
        {
            return AlternatingSign(n) * Math.Exp(x) * ByNeighbours(n, order, x, BesselKNearZero);
        }

        // The integrand is smooth on the scale of its width at the largest term, and on the scale 1.
        var weight = order + n;
        var step = Math.Min(0.15, 0.6 / Math.Sqrt(double.Hypot(x, weight)));
        var peak = Math.Asinh(Math.Min(weight / x, double.MaxValue)) + step;
        var root = Math.Sqrt(x);

        var sum = n == 0 ? 0.5 : 0;
        for (var k = 1; k <= 20_000; k++)
        {
            var t = k * step;
            var half = Math.Sinh(0.5 * t);
            var rise = 2 * half * half;

            // The rise may overflow for the largest orders.
            var exponent = (order * t) - (2 * (root * half) * (root * half));
            var mean = 0.5 + (0.5 * Math.Exp(-2 * order * t));
            var term = exponent > 700 || rise > 1e30
                ? Math.Exp(exponent + (n * (Math.Log(2) + (2 * Math.Log(half))))) * mean
                : Math.Exp(exponent) * mean * Math.Pow(rise, n);
            sum += term;
            if (t > peak && (term <= 1e-18 * sum || double.IsInfinity(sum)))
            {
                break;
            }
        }

        return AlternatingSign(n) * step * sum;
    }

    /// <summary>
    /// dⁿ/dxⁿ e⁻ˣf(x), without the factor e⁻ˣ, where f′ of each order is the mean of its neighbours: Σ (−1)ⁿ⁻ʲ C(n, j) 2⁻ʲ Σ C(j, i) f of order ν + j − 2i. It is the
    /// derivative of eˣf(x) times (−1)ⁿ where f′ is minus that mean.
    /// </summary>
    private static double ByNeighbours(int n, double order, double x, Func<double, int, double, double> function)
    {
        // Near 0 the highest derivative of f is the largest: where it overflows, so do others of the other sign, which do not count.
        var result = 0.0;
        for (var j = n; j >= 0 && !double.IsInfinity(result); j--)
        {
            var sum = 0.0;
            for (var i = 0; i <= j; i++)
            {
                sum += BinomialOf(j, i) * function(order, j - (2 * i), x);
            }

            result += AlternatingSign(n - j) * BinomialOf(n, j) * Math.ScaleB(sum, -j);
        }

        return result;
    }

    /// <summary>
    /// K(x) of an order and a whole number beside it, for 0 &lt; x ≤ 1: for two orders by series (N. M. Temme, "On the numerical evaluation of the modified Bessel
    /// function of the third kind", 1975), then by the recurrence upwards, in which all is positive.
    /// </summary>
    private static double BesselKNearZero(double order, int shift, double x)
    {
        if (order + shift >= UniformFrom)
        {
            return BesselKOfLargeOrder(order + shift, x, scaled: false);
        }

        // The series give the functions of order μ and μ + 1, |μ| ≤ ½. The order is not added to the shift: its rounding counts log x times.
        var whole = Math.Ceiling(order - 0.5);
        var (mu, steps) = (order - whole, whole + shift);
        if (steps < 0)
        {
            (mu, steps) = (-mu, -steps);
        }

        // 1/Γ(1 ± μ) = even ± μ·odd.
        var (even, odd) = (0.0, 0.0);
        for (var k = s_reciprocalGamma.Length - 2; k >= 0; k -= 2)
        {
            even = (even * mu * mu) + s_reciprocalGamma[k];
            odd = (odd * mu * mu) + s_reciprocalGamma[k + 1];
        }

        var log = -LogOfHalf(x);
        var sigma = mu * log;
        var power = Math.Pow(x, -mu) * Math.Pow(2, mu);
        var cosh = 0.5 * (power + (1 / power));
        var sinhc = Math.Abs(sigma) > 1 ? 0.5 * (power - (1 / power)) / sigma : sigma == 0 ? 1 : Math.Sinh(sigma) / sigma;
        var reflection = mu == 0 ? 1 : Math.PI * mu / Math.Sin(Math.PI * mu);
        var f = reflection * ((sinhc * log * even) - (cosh * odd));
        var p = 0.5 * power / (even + (mu * odd));
        var q = 0.5 / power / (even - (mu * odd));
        var (ofMu, ofNext, factor) = (f, p, 1.0);
        for (var k = 1; k <= 20 && factor > 1e-18; k++)
        {
            f = ((k * f) + p + q) / ((k - mu) * (k + mu));
            p /= k - mu;
            q /= k + mu;
            factor *= 0.25 * x * x / k;
            ofMu += factor * f;
            ofNext += factor * (p - (k * f));
        }

        ofNext = 2 * (ofNext / x);
        for (var k = 1; k <= steps; k++)
        {
            (ofMu, ofNext) = (ofNext, (2 * (mu + k) / x * ofNext) + ofMu);
        }

        return ofMu;
    }

    private static bool IsWholeOrder(double order) => Math.Floor(order) == order && Math.Abs(order) <= 100_000;

    /// <summary>Whether the expansion for large x reaches double precision: the terms decrease from the first on, to less than e^(−2x).</summary>
    private static bool IsAsymptotic(double order, double x) => x > Math.Max(HankelFrom, order * order);

    /// <summary>The n-th derivative of 1/√(2πx) Σ (−1)ᵏ (4ν² − 1)(4ν² − 9)…(4ν² − (2k − 1)²)/(k! (8x)ᵏ).</summary>
    private static double ScaledAsymptotic(int n, double order, double x)
    {
        var (sum, term) = (0.0, 1.0);
        for (var k = 0; k <= MostExpansionTerms && Math.Abs(term) > 1e-17; k++)
        {
            if (k > 0)
            {
                term *= (((2.0 * k - 1) * (2.0 * k - 1)) - (4 * order * order)) / (8 * k * x);
            }

            // The derivative of x^(−k − ½).
            var derivative = term;
            for (var i = 0; i < n; i++)
            {
                derivative *= -(k + 0.5 + i);
            }

            sum += derivative;
        }

        return sum / Math.Sqrt(Math.Tau * x) / Math.Pow(x, n);
    }

    /// <summary>1/π ∫ (cos θ − 1)ⁿ e^(x(cos θ − 1)) cos νθ dθ from 0 to π by the trapezoidal rule, but for e⁻²ˣ, for x &gt; 25 and orders ν ≤ √12x.</summary>
    private static double ScaledIntegral(int n, double order, double x)
    {
        var step = 0.5 / Math.Sqrt(x);
        var sum = n == 0 ? 0.5 : 0;
        for (var k = 1; k * step < Math.PI && k < 30 + (2 * n); k++)
        {
            var sine = Math.Sin(0.5 * k * step);
            var fall = -2 * sine * sine;
            sum += Math.Pow(fall, n) * Math.Exp(x * fall) * Math.Cos(order * k * step);
        }

        return sum * step / Math.PI;
    }

    /// <summary>e^shift (x/2)^ν Σ (x²/4)ᵏ/(k! Γ(ν + k + 1)), ν not a negative whole number.</summary>
    private static double ModifiedSeries(double order, double x, double shift)
    {
        // The sum is kept in range by powers of 2, which are multiplied back together with parts of the exponential.
        const int Step = 900;
        var (sum, term, steps) = (1.0, 1.0, 0);
        for (var k = 1; k <= x + Math.Abs(order) + 30 && (k < -order || Math.Abs(term) > 1e-17 * Math.Abs(sum)); k++)
        {
            term *= 0.25 * x * x / (k * (k + order));
            sum += term;
            if (Math.Abs(sum) > 1e280)
            {
                (sum, term, steps) = (Math.ScaleB(sum, -Step), Math.ScaleB(term, -Step), steps + 1);
            }
        }

        // Half of the smallest numbers is rounded.
        var power = x < 1e-300 ? Math.Pow(x, order) * Math.Pow(0.5, order) : Math.Pow(0.5 * x, order);
        var first = power / Gamma(order + 1);
        if (!double.IsNormal(first) && x > 0)
        {
            first = Math.Exp((order * LogOfHalf(x)) - LogGamma(order + 1)) * (order < 0 ? Math.Sign(Gamma(order + 1)) : 1);
        }

        var part = Math.Exp(shift / (steps + 1));
        var value = first * part * sum;
        for (var i = 0; i < steps; i++)
        {
            value = Math.ScaleB(value * part, Step);
        }

        return value;
    }

    /// <summary>log(x/2), also where x/2 is rounded.</summary>
    private static double LogOfHalf(double x) => x < 1e-300 ? Math.Log(x) - Math.Log(2) : Math.Log(0.5 * x);

    /// <summary>Y₀ and Y₁ for x ≤ 25.</summary>
    private static (double Zero, double One) BesselYNearZero(double x)
    {
        const double Large = 1e200;
        var log = LogOfHalf(x) + Euler;
        if (x < 1e-4)
        {
            // Terms with x² log x count up to there.
            var square = 0.25 * x * x;
            return (
                2 / Math.PI * ((log * (1 - square)) + square),
                2 / Math.PI * ((0.5 * x * (log - 0.5)) - (1 / x)));
        }

        var (after, value, norm, zero, one, zeros, ones) = (0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (var k = (int)x + 40 + (6 * (int)Math.Sqrt(x)); k > 0; k--)
        {
            (after, value) = (value, (2.0 * k / x * value) - after);
            if (Math.Abs(value) > Large)
            {
                (after, value, norm, one, zeros, ones) = (after / Large, value / Large, norm / Large, one / Large, zeros / Large, ones / Large);
            }

            // The value now has order k − 1.
            var m = (k - 1) / 2;
            if (k == 1)
            {
                (zero, norm) = (value, norm + value);
            }
            else if (int.IsOddInteger(k))
            {
                norm += 2 * value;
                zeros += AlternatingSign(m) * value / m;
            }
            else if (m == 0)
            {
                one = value;
            }
            else
            {
                ones += AlternatingSign(m) * (((2.0 * m) + 1) / (m * (m + 1.0))) * value;
            }
        }

        return (
            2 / Math.PI * ((log * zero) - (2 * zeros)) / norm,
            2 / Math.PI * (((log - 1) * one) - ones - (zero / x)) / norm);
    }

    /// <summary>√(2/πx) (P sin χ + Q cos χ), χ = x − (n/2 + ¼)π, for n = 0 and 1.</summary>
    private static double HankelOfSecondKind(int n, double x)
    {
        var (p, q) = HankelSums(n, x);
        var (sin, cos) = Math.SinCos(x);
        return (n == 0 ? (p * (sin - cos)) + (q * (cos + sin)) : (q * (sin - cos)) - (p * (sin + cos))) / Math.Sqrt(Math.PI * x);
    }
}
