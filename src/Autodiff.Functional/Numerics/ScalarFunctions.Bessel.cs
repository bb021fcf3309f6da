// Bessel functions of integer order. The public ones have order 0 and 1; their derivatives need all orders.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>The x from which Hankel's expansions of orders 0 and 1 reach double precision.</summary>
    private const double HankelFrom = 25;

    /// <summary>
    /// The largest number of terms of an expansion for x ≥ 25. The terms decrease until k = 2x ≥ 50, and the smallest is less than e^(−2x), so
    /// fewer are taken in practice.
    /// </summary>
    private const int MostExpansionTerms = 50;

    /// <summary>Jₙ(x), n any whole number.</summary>
    /// <remarks>
    /// The power series if no term exceeds the first; for large x Hankel's expansion (A&amp;S 9.2.5) of orders 0 and 1 and the recurrence
    /// (A&amp;S 9.1.27) upwards; otherwise the recurrence downwards (J. C. P. Miller). ±∞ ↦ 0. Error 4·10⁻¹⁶.
    /// </remarks>
    public static double BesselJ(int n, double x) => x switch
    {
        _ when n < 0 => AlternatingSign(n) * BesselJ(-Math.Max(n, -int.MaxValue), x),
        < 0 => AlternatingSign(n) * BesselJ(n, -x),
        double.PositiveInfinity => 0,
        _ when x * x < 4 * (n + 1.0) => BesselSeries(n, x, -1),
        _ when x > HankelFrom && x > n => BesselUpwards(n, x),
        _ => BesselDownwards(n, x),
    };

    /// <summary>Iₙ(x), n any whole number.</summary>
    /// <remarks>
    /// The power series, all of whose terms have one sign; for large x the expansion A&amp;S 9.7.1, and for large n that of 9.7.7. +∞ ↦ +∞, −∞ ↦ ±∞.
    /// Relative error 2·10⁻¹⁵ for n &lt; 80, beyond that apart from the effect of an ulp of x.
    /// </remarks>
    public static double BesselI(int n, double x) => x switch
    {
        _ when n < 0 => BesselI(-Math.Max(n, -int.MaxValue), x),
        < 0 => AlternatingSign(n) * BesselI(n, -x),
        double.PositiveInfinity or double.NaN => x,
        _ when IsAsymptotic(n, x) => BesselIOfLarge(n, x),
        _ when n >= UniformFrom => BesselIOfLargeOrder(n, x, scaled: false),
        _ => BesselSeries(n, x, 1),
    };

    /// <summary>(x/2)ⁿ Σ (±x²/4)ᵏ / (k! (n + k)!) (A&amp;S 9.1.10 and 9.6.10).</summary>
    /// <remarks>From k = x on each term is less than a quarter of the one before, so 30 more terms are enough.</remarks>
    private static double BesselSeries(int n, double x, int sign)
    {
        var term = 1.0;
        for (var k = 1; k <= n && term != 0; k++)
        {
            term *= 0.5 * x / k;
        }

        var sum = term;
        for (var k = 1; k <= x + 30 && Math.Abs(term) > 1e-17 * Math.Abs(sum); k++)
        {
            term *= sign * (0.25 * x * x) / (k * (k + (double)n));
            sum += term;
        }

        return sum;
    }

    private static double BesselUpwards(int n, double x)
    {
        var (before, value) = (Hankel(0, x), Hankel(1, x));
        if (n == 0)
        {
            return before;
        }

        for (var k = 1; k < n; k++)
        {
            (before, value) = (value, (2.0 * k / x * value) - before);
        }

        return value;
    }

    /// <summary>
    /// √(2/πx) (P cos χ − Q sin χ), χ = x − (n/2 + ¼)π, for n = 0 and 1. cos χ and sin χ are computed from cos x and sin x, so that no
    /// rounded multiple of π is subtracted.
    /// </summary>
    private static double Hankel(int n, double x)
    {
        var (p, q) = HankelSums(n, x);
        var (sin, cos) = Math.SinCos(x);
        return (n == 0 ? (p * (cos + sin)) + (q * (cos - sin)) : (p * (sin - cos)) + (q * (sin + cos))) / Math.Sqrt(Math.PI * x);
    }

    /// <summary>P and Q of Hankel's expansion.</summary>
    private static (double P, double Q) HankelSums(int n, double x)
    {
        var (p, q, term) = (1.0, 0.0, 1.0);
        for (var k = 1; k <= MostExpansionTerms && Math.Abs(term) > 1e-18; k++)
        {
            term *= ((4.0 * n) - ((2.0 * k - 1) * (2.0 * k - 1))) / (8 * k * x);
            switch (k % 4)
            {
                case 0: p += term; break;
                case 1: q += term; break;
                case 2: p -= term; break;
                default: q -= term; break;
            }
        }

        return (p, q);
    }

    /// <summary>
    /// The recurrence downwards from an order k where Jₖ is negligible compared with Jₙ, scaled so that J₀ + 2J₂ + 2J₄ + … = 1 (A&amp;S
    /// 9.1.46).
    /// </summary>
    private static double BesselDownwards(int n, double x)
    {
        const double Large = 1e200;
        var top = Math.Max(n, (int)x);
        var (after, value, sum, result) = (0.0, 1.0, 0.0, 0.0);
        for (var k = top + 40 + (6 * (int)Math.Sqrt(top)); k > 0; k--)
        {
            (after, value) = (value, (2.0 * k / x * value) - after);
            if (Math.Abs(value) > Large)
            {
                (after, value, sum, result) = (after / Large, value / Large, sum / Large, result / Large);
            }

            // The value now has order k − 1.
            result = k - 1 == n ? value : result;
            sum += k == 1 ? value : int.IsOddInteger(k) ? 2 * value : 0;
        }

        return result / sum;
    }

    /// <summary>eˣ/√(2πx) Σ (−1)ᵏ (4n² − 1)(4n² − 9)…(4n² − (2k − 1)²) / (k! (8x)ᵏ).</summary>
    private static double BesselIOfLarge(int n, double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; k <= MostExpansionTerms && Math.Abs(term) > 1e-17; k++)
        {
            term *= (((2.0 * k - 1) * (2.0 * k - 1)) - (4.0 * n * n)) / (8 * k * x);
            sum += term;
        }

        // e^(x/2) is multiplied twice, since eˣ may overflow before the quotient does.
        return Math.Exp(0.5 * x) * (Math.Exp(0.5 * x) / Math.Sqrt(Math.Tau * x) * sum);
    }
}
