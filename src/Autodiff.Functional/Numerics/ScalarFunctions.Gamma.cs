// The gamma function, the beta function, and the differences of polygamma functions in its derivatives. For large arguments B is not computed as
// Γ(a)Γ(b)/Γ(a + b), nor its derivative as ψ(a) − ψ(a + b), since large numbers would cancel.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>Γ(x).</summary>
    /// <remarks>
    /// Between −½ and 10 the recurrence Γ(x + 1) = xΓ(x) leads to 1.5 ≤ x ≤ 2.5; above, Stirling's formula is used, with xˣ as a square so that it
    /// does not overflow before the result does; below −½, the reflection Γ(x)Γ(−x) = −π / (x sin πx). ±0 ↦ ±∞; the
    /// one-sided limits at −1, −2, … differ, so these and −∞ ↦ NaN; +∞ ↦ +∞. (n − 1)! is exact up to n = 23. Error 5 ulps.
    /// </remarks>
    public static double Gamma(double x) => x switch
    {
        0 => 1 / x,
        _ when IsPole(x) => double.NaN,
        <= 171 and >= 1 when Math.Floor(x) == x => Factorial((int)x - 1),
        > 172 => double.PositiveInfinity,
        < -190 => 0,
        < -170 => Gamma(x + 1) / x,
        < -0.5 => -Math.PI / (x * double.SinPi(x) * Gamma(-x)),
        < 0.5 => Math.Exp(LogGammaNearTwo(x)) / Math.FusedMultiplyAdd(x, x, x),
        < 1.5 => Math.Exp(LogGammaNearTwo(x - 1)) / x,
        < AsymptoticFrom => GammaByRecurrence(x),
        _ => GammaByStirling(x),
    };

    /// <summary>dⁿ/dxⁿ Γ(x), n ≥ 0.</summary>
    /// <remarks>
    /// Γ times the ratios rₙ = Γ⁽ⁿ⁾/Γ, which follow from Γ′ = ψΓ by Leibniz's rule: r₍ₖ₊₁₎ = Σ C(k, j) ψ⁽ʲ⁾ rₖ₋ⱼ. +∞ ↦ +∞ is a special case,
    /// since the derivatives of ψ tend to 0 and products of Γ with them would be NaN.
    /// </remarks>
    public static double GammaDerivative(int n, double x)
    {
        var gamma = Gamma(x);
        if (n == 0 || double.IsPositiveInfinity(x))
        {
            return gamma;
        }

        Span<double> polygamma = stackalloc double[n];
        Span<double> ratios = stackalloc double[n + 1];
        ratios[0] = 1;
        for (var k = 0; k < n; k++)
        {
            polygamma[k] = Polygamma(k, x);
            var (sum, binomial) = (0.0, 1.0);
            for (var j = 0; j <= k; j++)
            {
                sum += binomial * polygamma[j] * ratios[k - j];
                binomial *= (k - j) / (j + 1.0);
            }

            ratios[k + 1] = sum;
        }

        return gamma * ratios[n];
    }

    /// <summary>log B(a, b), a, b ≥ 0.</summary>
    /// <remarks>
    /// From 10 on the large parts of Stirling's formula are combined into logarithms of 1 + a/b and 1 + b/a. +∞ if a or b is 0, otherwise
    /// −∞ if one is ∞; NaN below 0. Error 2·10⁻¹⁵ · max(1, |value|).
    /// </remarks>
    public static double LogBeta(double a, double b)
    {
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        return a switch
        {
            double.NaN or < 0 => double.NaN,
            0 => double.PositiveInfinity,
            _ when double.IsInfinity(b) => double.NegativeInfinity,
            _ when b < AsymptoticFrom => LogGamma(a) + LogGamma(b) - LogGamma(a + b),
            < AsymptoticFrom => LogGamma(a) + LogGammaRatio(a, b),
            _ => BetaCorrection(a, b) + LogSqrtTau - (0.5 * Math.Log(b)) - ((a - 0.5) * LogP1(b / a)) - (b * LogP1(a / b)),
        };
    }

    /// <summary>B(a, b) = Γ(a)Γ(b) / Γ(a + b), a, b ≥ 0.</summary>
    /// <remarks>
    /// 1/a + 1/b where the next term of the expansion, −ζ(2)(a + b), is a rounding error; from 10 on Stirling's formula, with its large powers combined into powers of a/(a + b) and b/(a + b). +∞ if a or b is 0, otherwise 0
    /// if one is ∞; NaN below 0. Relative error 6·10⁻¹⁵.
    /// </remarks>
    public static double Beta(double a, double b)
    {
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        return a switch
        {
            double.NaN or < 0 => double.NaN,
            0 => double.PositiveInfinity,
            _ when double.IsInfinity(a + b) => 0,
            _ when b < 1e-8 => (1 / a) + (1 / b),
            _ when b < AsymptoticFrom => BetaOfGammas(a, b),
            < 1 => Gamma(a) * Math.Exp(LogGammaRatio(a, b)),
            < AsymptoticFrom => Gamma(a) * PowerOfShare(b, a) * Math.Sqrt((a + b) / b) * PowerOfSum(a, b) * Math.Exp(a) * Math.Exp(StirlingCorrection(b) - StirlingCorrection(a + b)),
            _ => PowerOfShare(a, b) * PowerOfShare(b, a) * Math.Sqrt(Math.Tau / a * ((a + b) / b)) * Math.Exp(BetaCorrection(a, b)),
        };
    }

    /// <summary>ψ⁽ⁿ⁾(a) − ψ⁽ⁿ⁾(a + b), n ≥ 0, with full relative precision for a and a + b ≥ 0, however small b is compared with a.</summary>
    /// <remarks>
    /// For a ≥ 0, b &gt; 0, or else with a and a + b exchanged, both are expanded as in <see cref="Polygamma"/>, into powers x⁻ᵐ and log x, and subtracted term by
    /// term: x⁻ᵐ − (x + b)⁻ᵐ = −x⁻ᵐ(e^(−m log(1 + b/x)) − 1). Relative error 10⁻¹⁵. Otherwise the two values are subtracted.
    /// </remarks>
    public static double PolygammaDifference(int n, double a, double b)
    {
        if (b < 0 && a + b >= 0)
        {
            return -PolygammaDifference(n, a + b, -b);
        }

        if (!(a >= 0 && b > 0))
        {
            return Polygamma(n, a) - Polygamma(n, a + b);
        }

        // −0 becomes +0, since a quotient by −0 would have the wrong sign.
        a += 0;
        var factorial = Factorial(n);
        var sum = 0.0;
        for (; a < AsymptoticFrom + n; a++)
        {
            sum += factorial * PowerDifference(a, b, n + 1);
        }

        sum += n == 0 ? LogP1(b / a) : factorial / n * PowerDifference(a, b, n);
        sum += factorial / 2 * PowerDifference(a, b, n + 1);
        var coefficient = factorial;
        for (var k = 1; k <= Bernoulli.Length; k++)
        {
            coefficient *= (n + 2.0 * k - 2) / (2 * k - 1) * (n + 2.0 * k - 1) / (2 * k);
            sum += Bernoulli[k - 1] * (n == 0 ? 1.0 / (2 * k) : coefficient / n) * PowerDifference(a, b, n + (2 * k));
        }

        return -AlternatingSign(n) * sum;
    }

    /// <summary>x⁻ᵐ − (x + b)⁻ᵐ.</summary>
    private static double PowerDifference(double x, double b, int m) => -ExpM1(-m * LogP1(b / x)) * Math.Pow(x, -m);

    /// <summary>Γ(x) = (x − 1)(x − 2)…(x − k) Γ(x − k) with 1.5 ≤ x − k ≤ 2.5, for x ≥ 1.5.</summary>
    private static double GammaByRecurrence(double x)
    {
        // The product with the sum of its rounding errors; the factors are exact.
        var (product, error) = (1.0, 0.0);
        while (x > 2.5)
        {
            x--;
            var next = product * x;
            error = (error * x) + Math.FusedMultiplyAdd(product, x, -next);
            product = next;
        }

        return (product + error) * Math.Exp(LogGammaNearTwo(x - 2));
    }

    /// <summary>√2π x^(x − ½) e⁻ˣ times the correction, for 10 ≤ x ≤ 172.</summary>
    private static double GammaByStirling(double x)
    {
        var root = Math.Pow(x, (0.5 * x) - 0.25);
        return root * (root * Math.Exp(-x)) * (SqrtTau * Math.Exp(StirlingCorrection(x)));
    }

    private static double BetaCorrection(double a, double b) => StirlingCorrection(a) + StirlingCorrection(b) - StirlingCorrection(a + b);

    /// <summary>log Γ(b)/Γ(a + b) for a ≤ b, b ≥ 10.</summary>
    private static double LogGammaRatio(double a, double b) =>
        (StirlingCorrection(b) - StirlingCorrection(a + b)) + a - (a * Math.Log(a + b)) - ((b - 0.5) * LogP1(a / b));

    /// <summary>Γ(a)Γ(b)/Γ(a + b) for a ≤ b. The rounding error d of the sum s changes Γ(s) by the factor 1 + ψ(s)d, and ψ(s) ≈ log(s + 1) − 1/(2(s + 1)) − 1/s.</summary>
    private static double BetaOfGammas(double a, double b)
    {
        var sum = a + b;
        var slope = Math.Log(sum + 1) - (0.5 / (sum + 1)) - (1 / sum);
        return Gamma(a) / Gamma(sum) * Gamma(b) * (1 - (slope * (a - (sum - b))));
    }

    /// <summary>(a + b)⁻ᵃ for a ≤ b, corrected for the rounding error of the sum.</summary>
    private static double PowerOfSum(double a, double b)
    {
        var sum = a + b;
        return Math.Pow(sum, -a) * (1 - (a * ((a - (sum - b)) / sum)));
    }

    /// <summary>(a / (a + b))ᵃ. The power would magnify the rounding errors of a + b and of the quotient, so a factor corrects them.</summary>
    private static double PowerOfShare(double a, double b)
    {
        var sum = a + b;
        var share = a / sum;
        var sumError = a > b ? b - (sum - a) : a - (sum - b);
        var power = Math.Pow(share, a);
        return power == 0 ? 0 : power * Math.Exp(Math.FusedMultiplyAdd(-share, sum, a) - (share * sumError));
    }
}
