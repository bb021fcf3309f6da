// The normal distribution function Φ, its logarithm with all derivatives, and its inverse, each with full relative precision in the lower tail.

using MathNet.Numerics.Distributions;

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>For x below this, the factor e^(−x²/2) is split off, and the remaining factor is computed separately.</summary>
    private const double LowerTail = -1;

    /// <summary>For x below this, derivatives of log Φ of order 4 and more are computed as cumulants.</summary>
    private const double CumulantsBelow = -0.45;

    private const double SqrtOfTwoOverPi = 0.79788456080286535588;
    private const double SqrtHalf = 0.70710678118654752440;

    /// <summary>Φ(x) = 1/√2π ∫ e^(−t²/2) dt from −∞ to x.</summary>
    /// <remarks>−∞ ↦ 0, +∞ ↦ 1. Error 2 ulps.</remarks>
    public static double NormalCdf(double x) => Math.Abs(SqrtHalf * x) < Elementary.NearZero ? Elementary.NormalNearZero<Lanes1>(x).Value
        : x < 0 ? Elementary.NormalTail<Lanes1>(-x).Value
        : 1 - Elementary.NormalTail<Lanes1>(x).Value;

    /// <summary>dⁿ/dxⁿ e^(−ax²), n ≥ 0.</summary>
    /// <remarks>
    /// e^(−ax²) times the polynomial of Hermite's recurrence p₍ₖ₊₁₎ = −2a(x pₖ + k pₖ₋₁). A factor corrects the rounding error of x².
    /// The value is 0 if e^(−ax²) underflows to 0, also for ±∞. Relative error 10⁻¹⁵ for n ≤ 4, except near the zeros.
    /// </remarks>
    public static double Gaussian(int n, double a, double x)
    {
        var square = x * x;
        var gaussian = Math.Exp(-a * square);
        if (gaussian == 0)
        {
            return 0;
        }

        // p₋₁ is −0, so that the first step adds 0·p₋₁ = −0, which does not change the sign of x = ±0.
        var (before, polynomial) = (-0.0, 1.0);
        for (var k = 0; k < n; k++)
        {
            (before, polynomial) = (polynomial, -2 * a * Math.FusedMultiplyAdd(x, polynomial, k * before));
        }

        return polynomial * Math.FusedMultiplyAdd(-a * Math.FusedMultiplyAdd(x, x, -square), gaussian, gaussian);
    }

    /// <summary>log Φ(x).</summary>
    /// <remarks>−∞ ↦ −∞, +∞ ↦ −0. Error 4 ulps.</remarks>
    public static double LogNormalCdf(double x) => x switch
    {
        < LowerTail => Math.Log(0.5 * Erfcx(-x * SqrtHalf)) - (0.5 * x * x),
        < 0 => Math.Log(NormalCdf(x)),
        _ => LogP1(-NormalCdf(-x)),
    };

    /// <summary>dⁿ/dxⁿ log Φ(x), n ≥ 0. For n = 1 it is the inverse Mills ratio h(x) = Φ′(x)/Φ(x).</summary>
    /// <remarks>
    /// For x ≥ −1 the derivatives follow from h′ = −h(x + h). Below, x + h cancels, and log Φ(−t) = −t²/2 + log ∫₀^∞ e^(−y²/2 − ty) dy −
    /// ½ log 2π is used: the derivatives in x = −t of the logarithm of that integral are the cumulants of y under the density e^(−y²/2 − ty).
    /// For n ≥ 4 cumulants are used from −0.45 on, since they take longer but lose fewer digits. −∞ ↦ +∞, −1, 0, 0, …; +∞ ↦ 0. Apart from the effect
    /// of an error of half an ulp in x on e^(−x²/2), and except near the zeros right of −1, the relative error is 10⁻¹⁴ for n ≤ 3 and 2·10⁻¹² for n ≤ 20.
    /// </remarks>
    public static double LogNormalCdfDerivative(int n, double x) => x switch
    {
        _ when n == 0 => LogNormalCdf(x),
        _ when x < (n > 3 ? CumulantsBelow : LowerTail) => TailCumulant(n, -x) + (n == 1 ? -x : n == 2 ? -1 : 0),
        _ => InverseMillsDerivative(n - 1, x),
    };

    /// <summary>The x with Φ(x) = p.</summary>
    /// <remarks>0 ↦ −∞, 1 ↦ +∞; NaN outside of [0, 1]. Error 4 ulps.</remarks>
    public static double NormalQuantile(double p) => p switch
    {
        >= 0 and <= 1 => Normal.InvCDF(0, 1, p),
        _ => double.NaN,
    };

    /// <summary>The n-th derivative of h: h⁽ᵏ⁺¹⁾ = −x h⁽ᵏ⁾ − k h⁽ᵏ⁻¹⁾ − Σ C(k, j) h⁽ʲ⁾ h⁽ᵏ⁻ʲ⁾.</summary>
    private static double InverseMillsDerivative(int n, double x)
    {
        Span<double> h = stackalloc double[n + 1];
        h[0] = SqrtOfTwoOverPi / Erfcx(-x * SqrtHalf);
        if (h[0] == 0)
        {
            return 0;
        }

        for (var k = 0; k < n; k++)
        {
            var sum = (x * h[k]) + (k > 0 ? k * h[k - 1] : 0);
            var binomial = 1.0;
            for (var j = 0; j <= k; j++)
            {
                sum += binomial * h[j] * h[k - j];
                binomial *= (k - j) / (j + 1.0);
            }

            h[k + 1] = -sum;
        }

        return h[n];
    }

    /// <summary>The n-th cumulant, n ≥ 1, of the density proportional to e^(−y²/2 − ty), y &gt; 0, for t ≥ 0.45.</summary>
    /// <remarks>
    /// The ratios of successive moments are rₖ = k/(t + rₖ₊₁), which is Laplace's continued fraction. The cumulants follow from the moments by
    /// κₙ = μₙ − Σ C(n − 1, j − 1) κⱼ μₙ₋ⱼ; for large t they approach (n − 1)!/tⁿ.
    /// </remarks>
    private static double TailCumulant(int n, double t)
    {
        var terms = n + 20 + (int)(400 / (t * t));
        Span<double> moments = stackalloc double[n + 1];
        var ratio = 2.0 * terms / (t + Math.Sqrt((t * t) + (4.0 * terms)));
        for (var k = terms; k > 0; k--)
        {
            ratio = k / (t + ratio);
            if (k <= n)
            {
                moments[k] = ratio;
            }
        }

        moments[0] = 1;
        Span<double> cumulants = stackalloc double[n + 1];
        for (var k = 1; k <= n; k++)
        {
            moments[k] *= moments[k - 1];
            var (sum, binomial) = (moments[k], 1.0);
            for (var j = 1; j < k; j++)
            {
                sum -= binomial * cumulants[j] * moments[k - j];
                binomial *= (k - j) / (double)j;
            }

            cumulants[k] = sum;
        }

        return cumulants[n];
    }
}
