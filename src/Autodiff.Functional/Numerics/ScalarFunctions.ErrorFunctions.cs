// Relatives of the error function: its inverses, the scaled complement and Dawson's integral with their derivatives, and the normal density at a quantile.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>√π/2.</summary>
    private const double HalfSqrtPi = 0.88622692545275801365;

    /// <summary>√(π/2).</summary>
    private const double SqrtHalfPi = 1.2533141373155002512;

    /// <summary>The x from which derivatives of erfcx are computed by ratios; below, the recurrence loses little.</summary>
    private const double RatiosFrom = 0.5;

    /// <summary>The x from which the asymptotic series of Dawson's integral reaches double precision.</summary>
    private const double DawsonAsymptoticFrom = 6.5;

    /// <summary>The step of the sum of Gaussians that is Dawson's integral but for a relative error e^(−(π/2h)²).</summary>
    private const double DawsonStep = 0.25;

    /// <summary>The y with erf y = x.</summary>
    /// <remarks>±0 ↦ ±0, ±1 ↦ ±∞, NaN beyond. Error 2 ulps.</remarks>
    public static double ErfInv(double x) => Math.Abs(x) switch
    {
        < 1e-8 => HalfSqrtPi * x,
        <= 0.5 => ErfInvNearZero(x),
        <= 1 => Math.CopySign(ErfcInvOfSmall(1 - Math.Abs(x)), x),
        _ => double.NaN,
    };

    /// <summary>The y with erfc y = p.</summary>
    /// <remarks>0 ↦ +∞, 1 ↦ 0, 2 ↦ −∞; NaN outside of [0, 2]. Error 2 ulps.</remarks>
    public static double ErfcInv(double p) => p switch
    {
        >= 0 and < 0.5 => ErfcInvOfSmall(p),
        >= 0.5 and <= 1.5 => ErfInv(1 - p),
        > 1.5 and <= 2 => -ErfcInvOfSmall(2 - p),
        _ => double.NaN,
    };

    /// <summary>φ(Φ⁻¹(p)), the density of the normal distribution at the quantile of p, 0 ≤ p ≤ 1.</summary>
    /// <remarks>p/φ is Mills' ratio, which changes slowly, so no exponential of a square is needed. 0 and 1 ↦ 0. Error 4 ulps.</remarks>
    public static double NormalDensityQuantile(double p) => p switch
    {
        > 0.5 => NormalDensityQuantile(1 - p),
        > 0 => p / (SqrtHalfPi * Erfcx(-SqrtHalf * NormalQuantile(p))),
        0 => 0,
        _ => double.NaN,
    };

    /// <summary>e^(x²) erfc x.</summary>
    /// <remarks>From 10 on the expansion A&amp;S 7.1.23 is used. −∞ ↦ +∞, +∞ ↦ 0. Error 3 ulps.</remarks>
    public static double Erfcx(double x)
    {
        if (x < Elementary.NearZero)
        {
            var square = x * x;
            var exponential = Math.Exp(square);
            return double.IsInfinity(exponential) ? exponential : Erfc(x) * Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(x, x, -square), exponential, exponential);
        }

        if (!(x >= 10))
        {
            return Elementary.ScaledErfc<Lanes1>(x).Value;
        }

        // For x ≥ 10 term k is less than (k/100)ᵏ, so ten terms are enough.
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; k <= 10 && Math.Abs(term) > 1e-17; k++)
        {
            term *= -(2 * k - 1) / (2 * x * x);
            sum += term;
        }

        return sum / (x * Math.Sqrt(Math.PI));
    }

    /// <summary>dⁿ/dxⁿ e^(x²) erfc x, n ≥ 0.</summary>
    /// <remarks>
    /// For x ≥ ½ it is (−2)ⁿ · 2/√π ∫₀^∞ sⁿe^(−s² − 2xs) ds; the ratios of successive integrals are rₖ = (k/2)/(x + rₖ₊₁). Below, the recurrence upwards from
    /// f′ = 2x f − 2/√π. +∞ ↦ 0, −∞ ↦ ±∞. Relative error 10⁻¹⁴ for n ≤ 4.
    /// </remarks>
    public static double ErfcxDerivative(int n, double x)
    {
        var value = Erfcx(x);
        if (n == 0 || !double.IsFinite(value) || value == 0)
        {
            return double.IsInfinity(value) && int.IsOddInteger(n) ? -value : value;
        }

        if (x < RatiosFrom)
        {
            var (before, derivative) = (value, Math.FusedMultiplyAdd(2 * x, value, -1 / HalfSqrtPi));
            for (var k = 1; k < n; k++)
            {
                (before, derivative) = (derivative, 2 * Math.FusedMultiplyAdd(x, derivative, k * before));
            }

            return derivative;
        }

        var terms = n + 20 + (int)(200 / (x * x));
        var ratio = terms / (x + Math.Sqrt((x * x) + (2.0 * terms)));
        for (var k = terms; k > 0; k--)
        {
            ratio = 0.5 * k / (x + ratio);
            value *= k <= n ? -2 * ratio : 1;
        }

        return value;
    }

    /// <summary>Dawson's integral e^(−x²) ∫₀ˣ e^(t²) dt.</summary>
    /// <remarks>
    /// Its series up to 1; the sum of Gaussians 1/√π Σ e^(−(x − kh)²)/k over odd k (G. B. Rybicki, 1989); the asymptotic series from 6.5 on. ±0 ↦ ±0,
    /// ±∞ ↦ ±0. Error 4 ulps.
    /// </remarks>
    public static double Dawson(double x)
    {
        var size = Math.Abs(x);
        if (size >= DawsonAsymptoticFrom)
        {
            return DawsonAsymptotic(0, x);
        }

        if (size <= 1)
        {
            // Σ (−2x²)ᵏ x/(1·3·…·(2k + 1)).
            var (series, term) = (x, x);
            for (var k = 1; k <= 40 && Math.Abs(term) > 1e-18 * size; k++)
            {
                term *= -2 * x * x / ((2 * k) + 1);
                series += term;
            }

            return series;
        }

        var nearest = 2 * (int)Math.Round(size / (2 * DawsonStep));
        var sum = 0.0;
        for (var k = 25; k > 0; k -= 2)
        {
            var (above, below) = (size - ((nearest + k) * DawsonStep), size - ((nearest - k) * DawsonStep));
            sum += (Math.Exp(-above * above) / (nearest + k)) + (Math.Exp(-below * below) / (nearest - k));
        }

        return Math.CopySign(sum / Math.Sqrt(Math.PI), x);
    }

    /// <summary>dⁿ/dxⁿ of Dawson's integral, n ≥ 0.</summary>
    /// <remarks>
    /// Up to |x| = 1 its series, from 6.5 on the asymptotic series, between them the recurrence upwards from f′ = 1 − 2x f, which loses some digits: relative
    /// error 10⁻¹⁴ for n = 1, 10⁻¹² for n = 2. ±∞ ↦ 0.
    /// </remarks>
    public static double DawsonDerivative(int n, double x)
    {
        if (n == 0)
        {
            return Dawson(x);
        }

        if (Math.Abs(x) >= DawsonAsymptoticFrom + (0.2 * n))
        {
            return DawsonAsymptotic(n, x);
        }

        if (Math.Abs(x) <= 1)
        {
            // The terms x²ᵏ⁺¹⁻ⁿ of the series. Their ratios tend to 0 from k = n on.
            var (first, sum) = (n / 2, 0.0);
            var coefficient = 1.0;
            for (var k = 0; k <= n + 40; k++)
            {
                coefficient *= k == 0 ? 1 : -2.0 / ((2 * k) + 1);
                if (k < first)
                {
                    continue;
                }

                var term = coefficient * Math.Pow(x, (2 * k) + 1 - n);
                for (var j = 0; j < n; j++)
                {
                    term *= (2 * k) + 1 - j;
                }

                sum += term;
            }

            return sum;
        }

        var value = Dawson(x);
        var (before, derivative) = (value, Math.FusedMultiplyAdd(-2 * x, value, 1));
        for (var k = 1; k < n; k++)
        {
            (before, derivative) = (derivative, -2 * Math.FusedMultiplyAdd(x, derivative, k * before));
        }

        return derivative;
    }

    /// <summary>The derivative of 1/(2x) Σ (1·3·…·(2k − 1))/(2x²)ᵏ, up to the smallest term.</summary>
    private static double DawsonAsymptotic(int n, double x)
    {
        var power = 0.5 / x;
        for (var k = 1; k <= n; k++)
        {
            power *= -k / x;
        }

        var (sum, term) = (1.0, 1.0);
        for (var k = 1; k <= 60 && term > 1e-17 * sum; k++)
        {
            var ratio = (2 * k - 1) / (2 * x * x) * (((2.0 * k) + n) * ((2.0 * k) + n - 1) / ((2.0 * k) * (2.0 * k - 1)));
            if (ratio >= 1)
            {
                break;
            }

            term *= ratio;
            sum += term;
        }

        return power * sum;
    }

    /// <summary>The inverse for |x| ≤ ½, by two steps of Halley's iteration from S. Winitzki's approximation, whose error is 2·10⁻³.</summary>
    private static double ErfInvNearZero(double x)
    {
        var log = LogP1(-x * x);
        var half = 4.3307467508 + (0.5 * log);
        var y = Math.CopySign(Math.Sqrt(Math.Sqrt((half * half) - (6.8027210884 * log)) - half), x);
        for (var step = 0; step < 2; step++)
        {
            var change = (Erf(y) - x) * HalfSqrtPi * Math.Exp(y * y);
            y -= change / (1 + (change * y));
        }

        return y;
    }

    /// <summary>
    /// The inverse of erfc for 0 ≤ p ≤ ½: from A&amp;S 26.2.23, whose error is 4.5·10⁻⁴, by steps of Halley's iteration for log erfc, in which no exponential of
    /// a square is needed.
    /// </summary>
    private static double ErfcInvOfSmall(double p)
    {
        if (p == 0)
        {
            return double.PositiveInfinity;
        }

        var log = Math.Log(p);
        var t = Math.Sqrt(-2 * (log - Math.Log(2)));
        var y = SqrtHalf * (t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308))))))));
        for (var step = 0; step < 3; step++)
        {
            // The excess of log erfc y, and its first two derivatives −r and r(2y − r).
            var scaled = Erfcx(y);
            var square = y * y;
            var excess = Math.Log(scaled) - Math.FusedMultiplyAdd(y, y, -square) - square - log;
            var r = 1 / (HalfSqrtPi * scaled);
            y += excess / (r + (0.5 * excess * ((2 * y) - r)));
        }

        return y;
    }
}
