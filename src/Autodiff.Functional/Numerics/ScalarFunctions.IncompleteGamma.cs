// The regularized incomplete gamma functions and the density that is their derivative. The smaller of P and Q is computed,
// the other is 1 minus it, so that both tails keep their relative precision.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>The a above which Temme's expansion is used for x within 30 % of a.</summary>
    private const double TemmeFrom = 30;

    /// <summary>
    /// Taylor coefficients of f(η) = η/μ, where η²/2 = μ − log(1 + μ); f satisfies f − ηf′ = f³ + ηf². They are 1, −1/3, 1/12, −2/135, ….
    /// </summary>
    private static readonly double[] TemmeCoefficients = MakeTemmeCoefficients(27);

    /// <summary>
    /// A bound on the number of terms, above what any series or fraction of this file needs where it is used. The series of P has ratios
    /// x/(a + k) with x ≤ a ≤ 30 or x ≤ 0.7a, and needs at most 130 terms; that for x ≤ 1.1 needs 20; the fraction needs 90 at x = 1.1 and a = 0,
    /// and 60 if x is close to a = 30.
    /// </summary>
    private const int MostTerms = 300;

    /// <summary>P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt, a, x ≥ 0.</summary>
    /// <remarks>
    /// Error 2·10⁻¹⁵, and relative to P or Q 3·10⁻¹⁴ down to 10⁻¹⁰⁰. P(a, 0) = 0, P(a, ∞) = 1, P(0, x) = 1; NaN below 0, at (0, 0) and at
    /// (∞, ∞).
    /// </remarks>
    public static double GammaP(double a, double x) => IncompleteGamma(a, x).Lower;

    /// <summary>Q(a, x) = 1 − P(a, x).</summary>
    /// <remarks>Q(a, 0) = 1, Q(a, ∞) = 0, Q(0, x) = 0; NaN below 0, at (0, 0) and at (∞, ∞).</remarks>
    public static double GammaQ(double a, double x) => IncompleteGamma(a, x).Upper;

    /// <summary>A derivative of xᵃ⁻¹e⁻ˣ/Γ(a), the density of the gamma distribution, a, x ≥ 0.</summary>
    /// <remarks>
    /// Leibniz's rule for small x; it starts at the first power of x whose coefficient is not 0, so that x = 0 needs no special case. For
    /// larger x the recurrence that follows from x f′ = (a − 1 − x) f. x = ∞ ↦ 0; below 0 ↦ NaN. Relative error 10⁻¹³ for up to 4 derivatives in x,
    /// except near zeros.
    /// </remarks>
    /// <param name="orders">The number of derivatives in x, and <see cref="OrderInA"/> times that in a.</param>
    /// <param name="a">The parameter.</param>
    /// <param name="x">The argument.</param>
    public static double GammaDensity(int orders, double a, double x) => (a, x) switch
    {
        _ when !(a >= 0 && x >= 0) => double.NaN,
        _ when double.IsInfinity(a) || double.IsInfinity(x) => 0,
        _ when orders >= OrderInA => GammaDensityInParameter(orders / OrderInA, orders % OrderInA, a, x),
        _ when a == 0 => 0,
        _ when x < Math.Max(1, orders) && a < 170 => GammaDensityByLeibniz(orders, a, x) / Gamma(a),
        _ => GammaDensityByRecurrence(orders, a, x),
    };

    private static (double Lower, double Upper) IncompleteGamma(double a, double x)
    {
        return (a, x) switch
        {
            _ when !(a >= 0 && x >= 0) || (a == 0 && x == 0) || (double.IsInfinity(a) && double.IsInfinity(x)) => (double.NaN, double.NaN),
            _ when x == 0 || double.IsInfinity(a) => (0, 1),
            _ when a == 0 || double.IsInfinity(x) => (1, 0),
            _ when a > TemmeFrom && Math.Abs(x - a) < 0.3 * a => ByTemme(a, x),
            _ when x <= a && !(x < 0.5) => FromLower(LowerSeries(a, x)),
            _ when x > 1.1 => FromUpper(UpperFraction(a, x)),
            _ when a > (x < 0.5 ? -0.4 / Math.Log(x) : 1.1 * x) => FromLower(LowerSeries(a, x)),
            _ => FromUpper(UpperSeries(a, x)),
        };

        static (double Lower, double Upper) FromLower(double lower) => (lower, 1 - lower);

        static (double Lower, double Upper) FromUpper(double upper) => (1 - upper, upper);
    }

    /// <summary>P = w (1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …) (A&amp;S 6.5.29), w = xᵃe⁻ˣ/Γ(a + 1).</summary>
    private static double LowerSeries(double a, double x)
    {
        var weight = PoissonWeight(a, x);
        if (weight == 0)
        {
            return 0;
        }

        var (sum, term) = (1.0, 1.0);
        for (var k = 1; k <= MostTerms && term > 1e-17 * sum; k++)
        {
            term *= x / (a + k);
            sum += term;
        }

        return weight * sum;
    }

    /// <summary>Q = 1 − xᵃ/Γ(a + 1) − a xᵃ/Γ(a + 1) · Σ (−x)ᵏ/(k! (a + k)), k = 1, 2, …, for x ≤ 1.1, with relative precision for small a.</summary>
    private static double UpperSeries(double a, double x)
    {
        var (sum, power) = (0.0, 1.0);
        for (var k = 1; k <= MostTerms && Math.Abs(power) > 1e-18; k++)
        {
            power *= -x / k;
            sum += power / (a + k);
        }

        var logarithm = (a * Math.Log(x)) - (a <= 0.5 ? LogGammaNearTwo(a) - LogP1(a) : LogGamma(1 + a));
        return -ExpM1(logarithm) - (a * Math.Exp(logarithm) * sum);
    }

    /// <summary>Q = a w / (x + 1 − a − 1(1 − a)/(x + 3 − a − 2(2 − a)/(x + 5 − a − …))) (A&amp;S 6.5.31), for x &gt; a, by Lentz's algorithm.</summary>
    private static double UpperFraction(double a, double x)
    {
        // If the weight underflows to 0, so does Q. Otherwise x and a are less than 30,000, so the denominators neither overflow nor vanish.
        var weight = a * PoissonWeight(a, x);
        if (weight == 0)
        {
            return 0;
        }

        var denominator = x + 1 - a;
        var (c, d) = (double.PositiveInfinity, 1 / denominator);
        var (fraction, change) = (d, 0.0);
        for (var k = 1; k <= MostTerms && Math.Abs(change - 1) > 4e-16; k++)
        {
            var numerator = -k * (k - a);
            denominator += 2;
            c = denominator + (numerator / c);
            d = 1 / (denominator + (numerator * d));
            change = c * d;
            fraction *= change;
        }

        return weight * fraction;
    }

    /// <summary>
    /// ½ erfc(±√D) ± e^(−D) S/√(2πa), D = aη²/2 (N. M. Temme, SIAM J. Math. Anal. 10 (1979); the sum S as in A. Gil, J. Segura
    /// and N. M. Temme, SIAM J. Sci. Comput. 34 (2012)), for large a and x near a.
    /// </summary>
    private static (double Lower, double Upper) ByTemme(double a, double x)
    {
        var deviance = Deviance(a, x);
        var eta = Math.Sign(x - a) * Math.Sqrt(2 * deviance / a);
        var f = TemmeCoefficients;
        Span<double> b = stackalloc double[f.Length - 1];
        for (var m = b.Length - 1; m >= 0; m--)
        {
            b[m] = f[m + 1] + (m + 2 < b.Length ? (m + 2) * b[m + 2] / a : 0);
        }

        var sum = 0.0;
        for (var m = b.Length - 1; m >= 0; m--)
        {
            sum = (sum * eta) + b[m];
        }

        var correction = sum / (1 + (b[1] / a)) / (SqrtTau * Math.Sqrt(a));
        var scaled = 0.5 * Erfcx(Math.Sqrt(deviance));
        var smaller = Math.Exp(-deviance) * (x > a ? scaled + correction : scaled - correction);
        return x > a ? (1 - smaller, smaller) : (smaller, 1 - smaller);
    }

    private static double[] MakeTemmeCoefficients(int count)
    {
        var f = new double[count];
        f[0] = 1;
        for (var n = 1; n < count; n++)
        {
            // The coefficient of ηⁿ in f³ + ηf², without the three terms that contain f[n] itself, which is still 0.
            var sum = 0.0;
            for (var i = 0; i <= n; i++)
            {
                for (var j = 0; i + j <= n; j++)
                {
                    sum += f[i] * f[j] * (f[n - i - j] + (i + j == n - 1 ? 1 : 0));
                }
            }

            f[n] = -sum / (n + 2);
        }

        return f;
    }

    /// <summary>xᵃe⁻ˣ/Γ(a + 1); for a ≥ 10 by the saddle-point form (C. Loader, 2000), in which no large numbers are subtracted.</summary>
    private static double PoissonWeight(double a, double x) => a switch
    {
        >= AsymptoticFrom => Math.Exp(-StirlingCorrection(a) - Deviance(a, x)) / (SqrtTau * Math.Sqrt(a)),
        _ when x > 2000 => 0,
        _ => Math.Pow(x, a) * Math.Exp(-0.5 * x) * (Math.Exp(-0.5 * x) / Gamma(a + 1)),
    };

    /// <summary>a log(a/x) + x − a, which is ≥ 0, with relative precision where x is near a (C. Loader, 2000).</summary>
    /// <remarks>
    /// a and x are halved, since a + x may overflow although the result does not. The terms decrease at least by a factor of 4, so 30 are
    /// enough.
    /// </remarks>
    private static double Deviance(double a, double x)
    {
        var mean = (0.5 * a) + (0.5 * x);
        if (Math.Abs(a - x) >= mean)
        {
            return (a * Math.Log(a / x)) + (x - a);
        }

        var v = 0.5 * (a - x) / mean;
        var (sum, term) = ((a - x) * v, a * (2 * v));
        for (var j = 3; j <= 60 && Math.Abs(term) > 1e-18 * sum; j += 2)
        {
            term *= v * v;
            sum += term / j;
        }

        return sum;
    }

    /// <summary>dⁿ/dxⁿ xᵇe⁻ˣ = e⁻ˣ Σ (−1)ᵏ C(n, k) b(b − 1)…(b − n + k + 1) xᵇ⁻ⁿ⁺ᵏ, b = a − 1.</summary>
    private static double GammaDensityByLeibniz(int n, double a, double x)
    {
        var b = a - 1;

        // If b is a whole number less than n, the terms with negative powers have the coefficient 0 and are skipped.
        var first = b >= 0 && b < n && Math.Floor(b) == b ? n - (int)b : 0;
        var coefficient = 1.0;
        for (var i = 0; i < n - first; i++)
        {
            coefficient *= (b - i) * (n - i) / (i + 1);
        }

        var (sum, power) = (0.0, AlternatingSign(first) * 1.0);
        for (var k = first; k <= n; k++)
        {
            sum += coefficient * power;
            power *= -x;
            coefficient *= (n - k) / ((k + 1.0) * (b - (n - k - 1)));
        }

        return PowerBelow(x, a, n + 1 - first) * Math.Exp(-x) * sum;
    }

    /// <summary>xᵃ⁻ᵏ, in which the rounding of a − k, which log x would magnify, does not count.</summary>
    private static double PowerBelow(double x, double a, int k)
    {
        var exponent = a - k;
        var rounding = a > k ? a - exponent - k : a - (exponent + k);
        var power = Math.Pow(x, exponent);
        return rounding == 0 || x == 0 || !double.IsFinite(power) ? power : power * (1 + (rounding * Math.Log(x)));
    }

    /// <summary>x f⁽ᵏ⁺¹⁾ = (a − 1 − x − k) f⁽ᵏ⁾ − k f⁽ᵏ⁻¹⁾, upwards from f = xᵃ⁻¹e⁻ˣ/Γ(a).</summary>
    private static double GammaDensityByRecurrence(int n, double a, double x)
    {
        var (before, value) = (0.0, x == 0 ? 0 : PoissonWeight(a, x) * (a / x));
        if (value == 0)
        {
            return 0;
        }

        for (var k = 0; k < n; k++)
        {
            (before, value) = (value, (((a - 1 - x - k) * value) - (k * before)) / x);
        }

        return value;
    }

    /// <summary>The derivative with at least one order in a: both ways to that in x, with truncated power series in a.</summary>
    private static double GammaDensityInParameter(int inA, int inX, double a, double x)
    {
        Span<double> parameter = stackalloc double[inA + 1];
        Span<double> series = stackalloc double[inA + 1];
        ParameterSeries(a, parameter);
        var logarithm = LogOverMean(a, x);
        if (x < Math.Max(1, inX) && a < 170)
        {
            var result = 0.0;
            for (var k = 0; k <= inX; k++)
            {
                PowerSeriesOf(a - 1, k, logarithm, x == 0 ? a - 1 - k : 1, series);
                var sum = 0.0;
                for (var i = 0; i <= inA; i++)
                {
                    sum += series[i] == 0 || parameter[inA - i] == 0 ? 0 : parameter[inA - i] * series[i];
                }

                result += sum == 0 ? 0 : AlternatingSign(inX - k) * BinomialOf(inX, k) * PowerBelow(x, a, k + 1) * sum;
            }

            return Factorial(inA) * result * Math.Exp(-x) / Gamma(a + 1);
        }

        var weight = PoissonWeight(a, x) / x;
        if (weight == 0 || x == 0)
        {
            return 0;
        }

        Span<double> before = stackalloc double[inA + 1];
        Span<double> next = stackalloc double[inA + 1];
        PowerSeriesOf(0, 0, logarithm, 1, next);
        series.Clear();
        before.Clear();
        AddProduct(parameter, next, weight, series);
        for (var k = 0; k < inX; k++)
        {
            for (var j = 0; j <= inA; j++)
            {
                next[j] = (((a - 1 - x - k) * series[j]) + (j > 0 ? series[j - 1] : 0) - (k * before[j])) / x;
            }

            series.CopyTo(before);
            next.CopyTo(series);
        }

        return Factorial(inA) * series[inA];
    }
}
