// Derivatives of the incomplete gamma function in its parameter, and the incomplete beta function with derivatives of every order. Derivatives
// in a parameter are integrals of the density times a polynomial in logarithms, whose coefficients are those of a truncated power series in the
// parameter; the integrals are sums over the nodes of a double-exponential rule.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>What each derivative in a adds to the order of <see cref="GammaDensity"/>; each in x adds 1.</summary>
    public const int OrderInA = 1000;

    /// <summary>The step of the rule in v, where u = s·exp(v − e⁻ᵛ) runs from 0 to ∞. The error of a step h is about e^(−2πd/h), d ≥ 0.7.</summary>
    private const double NodeStep = 0.11;

    /// <summary>The v of the first node, where the weight is less than 10⁻¹⁷.</summary>
    private const double FirstNode = -3.7;

    /// <summary>From this u on a node adds nothing to any integral.</summary>
    private const double LastNode = 709;

    /// <summary>The nodes u/s, and their weights.</summary>
    private static readonly (double[] Points, double[] Weights) s_nodes = MakeNodes();

    /// <summary>∂ⁿ/∂aⁿ P(a, x), n ≥ 0, a, x ≥ 0.</summary>
    /// <remarks>
    /// The integral of ∂ⁿ/∂aⁿ tᵃ⁻¹e⁻ᵗ/Γ(a) from 0 to x, or minus that from x to ∞: the one over which the first derivative has one sign. 0 for x = 0,
    /// x = ∞ and a = ∞; NaN below 0, at (0, 0) and at (∞, ∞). Relative error, apart from the effect of half an ulp of a and x: 10⁻¹⁴ for n = 1.
    /// </remarks>
    public static double GammaPDerivative(int n, double a, double x)
    {
        if (n == 0)
        {
            return GammaP(a, x);
        }

        if (!(a >= 0 && x >= 0) || (a == 0 && x == 0) || (double.IsInfinity(a) && double.IsInfinity(x)))
        {
            return double.NaN;
        }

        var weight = double.IsInfinity(a) || double.IsInfinity(x) ? 0 : PoissonWeight(a, x);
        if (x == 0 || weight == 0)
        {
            return 0;
        }

        var logarithm = LogOverMean(a, x);
        Span<double> polynomial = stackalloc double[n + 1];
        if (x < 1e-17)
        {
            // P(a, x) = xᵃ/Γ(a + 1) there.
            LogarithmSeries(a, logarithm, polynomial);
            return Factorial(n) * weight * polynomial[n];
        }

        ParameterSeries(a, polynomial);
        polynomial.Reverse();
        Divide(polynomial);
        var isLower = a * logarithm < -1;
        var scale = Math.Min(1, 1 / (isLower ? a : x));
        var (points, weights) = s_nodes;
        var (sum, last) = (0.0, 1.0);
        for (var i = 0; i < points.Length; i++)
        {
            var u = scale * points[i];
            var growth = isLower ? -u : LogP1(u);
            var exponent = isLower ? (a * growth) - (x * ExpM1(growth)) : ((a - 1) * growth) - (x * u);
            var term = exponent < -LastNode ? 0 : weights[i] * Math.Exp(exponent) * Horner(polynomial, logarithm + growth);
            sum += term;
            if (IsLast(points[i], ref last, term, sum))
            {
                break;
            }
        }

        return Factorial(n) * weight * (isLower ? scale * sum : -scale * sum);
    }

    /// <summary>I(a, b; x), the regularized incomplete beta function, a, b ≥ 0, 0 ≤ x ≤ 1.</summary>
    /// <remarks>
    /// 1 if a = 0, 0 if b = 0, NaN outside of the domain and where the limits differ. Relative error 4·10⁻¹⁵, apart from the effect of half an ulp of the
    /// arguments.
    /// </remarks>
    public static double BetaInc(double a, double b, double x) => BetaIncDerivative(0, 0, 0, a, b, x);

    /// <summary>The derivative of I(a, b; x) of the given orders in a, b and x.</summary>
    /// <remarks>
    /// Without a derivative in x it is the integral over the derivative of the density from 0 to x, or minus that from x to 1, whichever side has one
    /// sign; otherwise Leibniz's rule for the density. 0 for the derivatives in a and b at x = 0 and 1.
    /// </remarks>
    public static double BetaIncDerivative(int inA, int inB, int inX, double a, double b, double x)
    {
        if (!(a >= 0 && b >= 0 && x >= 0 && x <= 1) || (a == 0 && (b == 0 || x == 0)) || (b == 0 && x == 1))
        {
            return double.NaN;
        }

        var isValue = inA + inB + inX == 0;
        if (double.IsInfinity(a) || double.IsInfinity(b) || (inX == 0 && x is 0 or 1) || (isValue && (a == 0 || b == 0)))
        {
            return !isValue ? 0
                : double.IsInfinity(a) && double.IsInfinity(b) ? double.NaN
                : x == 1 || a == 0 || (x > 0 && double.IsInfinity(b)) ? 1 : 0;
        }

        if (inX > 0)
        {
            return BetaDensity(inA, inB, inX - 1, a, b, x, 1 - x);
        }

        // The side on which the first derivative has one sign; for the value the one that is smaller than about ½.
        var y = 1 - x;
        var isLower = (inA, inB) switch
        {
            ( > 0, 0) => LogOverMean(a, b, x, y) * a * ((a + b) / b) < -1,
            (0, > 0) => LogOverMean(b, a, y, x) * b * ((a + b) / a) > -1,
            _ => x * (a + b) < a,
        };
        return isLower ? BetaIntegral(inA, inB, a, b, x, y)
            : isValue ? 1 - BetaIntegral(0, 0, b, a, y, x)
            : -BetaIntegral(inB, inA, b, a, y, x);
    }

    /// <summary>The derivative of the integral from 0 to x = 1 − y, in which t = xe⁻ᵘ.</summary>
    private static double BetaIntegral(int inA, int inB, double a, double b, double x, double y)
    {
        var weight = BetaWeight(a, b, x, y, 0, 1);
        if (weight == 0)
        {
            return 0;
        }

        Span<double> polynomial = stackalloc double[(inA + 1) * (inB + 1)];
        ParameterSeries(a, b, inA, inB, polynomial);
        polynomial.Reverse();
        var columns = inB + 1;
        for (var i = 0; i <= inA; i++)
        {
            for (var j = 0; j <= inB; j++)
            {
                polynomial[(i * columns) + j] /= Factorial(i) * Factorial(j);
            }
        }

        var (ofX, ofY) = (LogOverMean(a, b, x, y), LogOverMean(b, a, y, x));
        var odds = x / y;
        var scale = Math.Min(1, 1 / Math.Max(a, odds));
        var (points, weights) = s_nodes;
        var (sum, last) = (0.0, 1.0);
        for (var i = 0; i < points.Length; i++)
        {
            var u = scale * points[i];
            var rest = LogP1(-odds * ExpM1(-u));
            var exponent = ((b - 1) * rest) - (a * u);
            var term = 0.0;
            if (exponent >= -LastNode)
            {
                var value = 0.0;
                for (var row = inA; row >= 0; row--)
                {
                    value = (value * (ofX - u)) + Horner(polynomial.Slice(row * columns, columns), ofY + rest);
                }

                term = weights[i] * Math.Exp(exponent) * value;
            }

            sum += term;
            if (IsLast(points[i], ref last, term, sum))
            {
                break;
            }
        }

        return Factorial(inA) * Factorial(inB) * weight * (scale * sum);
    }

    /// <summary>The derivative of xᵃ⁻¹yᵇ⁻¹/B(a, b), y = 1 − x, of the given orders in a, b and x, by Leibniz's rule.</summary>
    private static double BetaDensity(int inA, int inB, int inX, double a, double b, double x, double y)
    {
        var columns = inB + 1;
        Span<double> parameters = stackalloc double[(inA + 1) * columns];
        ParameterSeries(a, b, inA, inB, parameters);
        Span<double> ofX = stackalloc double[inA + 1];
        Span<double> ofY = stackalloc double[inB + 1];
        var (logX, logY) = (LogOverMean(a, b, x, y), LogOverMean(b, a, y, x));
        var result = 0.0;
        for (var k = 0; k <= inX; k++)
        {
            PowerSeriesOf(a - 1, k, logX, x == 0 ? a - 1 - k : 1, ofX);
            PowerSeriesOf(b - 1, inX - k, logY, y == 0 ? b - 1 - (inX - k) : 1, ofY);
            var sum = 0.0;
            for (var i = 0; i <= inA; i++)
            {
                for (var j = 0; j <= inB; j++)
                {
                    var factor = parameters[((inA - i) * columns) + inB - j];
                    sum += factor == 0 || ofX[i] == 0 || ofY[j] == 0 ? 0 : factor * ofX[i] * ofY[j];
                }
            }

            if (sum != 0)
            {
                result += AlternatingSign(inX - k) * BinomialOf(inX, k) * sum * BetaWeight(a, b, x, y, k + 1, inX - k + 1);
            }
        }

        return Factorial(inA) * Factorial(inB) * result;
    }

    /// <summary>The coefficients of (p + ε)(p − 1 + ε)…(p − k + 1 + ε)·e^(εl): dᵏ/dxᵏ xᵖ⁺ᵋ over xᵖ⁻ᵏ.</summary>
    /// <param name="p">The power.</param>
    /// <param name="k">The order of the derivative.</param>
    /// <param name="l">The logarithm of x; −∞ for x = 0, where terms with it do not count if the power of x that is left is positive.</param>
    /// <param name="power">The power that is left if x = 0, otherwise any positive number.</param>
    /// <param name="series">The coefficients.</param>
    private static void PowerSeriesOf(double p, int k, double l, double power, Span<double> series)
    {
        series.Clear();
        series[0] = 1;
        for (var i = 0; i < k; i++)
        {
            for (var j = series.Length - 1; j >= 0; j--)
            {
                series[j] = (series[j] * (p - i)) + (j > 0 ? series[j - 1] : 0);
            }
        }

        for (var j = series.Length - 1; j >= 0; j--)
        {
            var (sum, factor) = (0.0, 1.0);
            for (var i = 0; i <= j; i++)
            {
                sum += series[j - i] == 0 || (double.IsInfinity(factor) && power > 0) ? 0 : series[j - i] * factor;
                factor *= l / (i + 1);
            }

            series[j] = sum;
        }
    }

    /// <summary>xᵃ⁻ᵖ yᵇ⁻ᵠ Γ(a + b + 1)/(Γ(a + 1)Γ(b + 1)), y = 1 − x; for large a and b by the saddle-point form, in which no large numbers are subtracted.</summary>
    private static double BetaWeight(double a, double b, double x, double y, int p, int q)
    {
        var sum = a + b;
        if (a > b)
        {
            return BetaWeight(b, a, y, x, q, p);
        }

        if (b < AsymptoticFrom)
        {
            return PowerBelow(x, a, p) * PowerOfRest(b, q, x, y) * (Gamma(sum + 1) / (Gamma(a + 1) * Gamma(b + 1)));
        }

        if (a < AsymptoticFrom)
        {
            // Γ(a + b + 1)/Γ(b + 1), of which the power of a + b is taken together with that of x.
            var rest = PowerOfRest(b, q, x, y);
            return rest == 0 ? 0
                : (double.IsNormal(x * sum) || x == 0 ? PowerBelow(x * sum, a, p) : PowerBelow(x, a, p) * PowerBelow(sum, a, p)) * (Math.Pow(sum, p) * rest)
                    * (Math.Exp(StirlingCorrection(sum) - StirlingCorrection(b) - a + ((b + 0.5) * LogP1(a / b))) / Gamma(a + 1));
        }

        var exponent = StirlingCorrection(sum) - StirlingCorrection(a) - StirlingCorrection(b) - Deviance(a, sum * x) - Deviance(b, sum * y);
        var weight = Math.Exp(exponent) * Math.Sqrt(sum / b / a / Math.Tau);
        return weight == 0 ? 0 : weight * Math.Pow(x, -p) * Math.Pow(y, -q);
    }

    /// <summary>yᵇ⁻ᵠ, y = 1 − x, in which the rounding of y does not count if x is small.</summary>
    private static double PowerOfRest(double b, int q, double x, double y) => x < 0.5 ? Math.Exp((b - q) * LogP1(-x)) : PowerBelow(y, b, q);

    /// <summary>log x − ψ(a + 1), with absolute precision of its size where x is near a.</summary>
    private static double LogOverMean(double a, double x) => a < AsymptoticFrom ? Math.Log(x) - Digamma(a + 1) : Math.Log(x / a) - DigammaOverLog(a);

    /// <summary>log x − ψ(a + 1) + ψ(a + b + 1), y = 1 − x, with absolute precision of its size where x is near a/(a + b).</summary>
    private static double LogOverMean(double a, double b, double x, double y) => x > 0.5 ? LogP1(-y) - PolygammaDifference(0, a + 1, b)
        : a < AsymptoticFrom ? Math.Log(x) - PolygammaDifference(0, a + 1, b)
        : Math.Log(x * ((a + b) / a)) - (DigammaOverLog(a) - DigammaOverLog(a + b));

    /// <summary>ψ(x + 1) − log x = 1/(2x) − Σ B₂ₖ/(2k x²ᵏ), x ≥ 10.</summary>
    private static double DigammaOverLog(double x)
    {
        var (sum, power) = (0.5 / x, 1.0);
        for (var k = 1; k <= Bernoulli.Length; k++)
        {
            power /= x * x;
            sum -= Bernoulli[k - 1] / (2 * k) * power;
        }

        return sum;
    }

    /// <summary>The coefficients in ε of Γ(a + 1)e^(ε(l + ψ(a + 1)))/Γ(a + 1 + ε).</summary>
    private static void LogarithmSeries(double a, double l, Span<double> series)
    {
        Span<double> exponent = stackalloc double[series.Length];
        exponent[0] = 0;
        for (var k = 1; k < series.Length; k++)
        {
            exponent[k] = k == 1 ? l : -Polygamma(k - 1, a + 1) / Factorial(k);
        }

        ExponentialSeries(exponent, series);
    }

    /// <summary>The coefficients in ε of Γ(a + 1)e^(εψ(a + 1))/Γ(a + ε).</summary>
    private static void ParameterSeries(double a, Span<double> series)
    {
        LogarithmSeries(a, 0, series);
        for (var k = series.Length - 1; k >= 0; k--)
        {
            series[k] = (a * series[k]) + (k > 0 ? series[k - 1] : 0);
        }
    }

    /// <summary>
    /// The coefficients in ε and δ, row by row, of 1/B(a + ε, b + δ) over Γ(a + b + 1)/(Γ(a + 1)Γ(b + 1))·e^(ε(ψ(a + b + 1) − ψ(a + 1)) + δ(ψ(a + b + 1) − ψ(b + 1))).
    /// </summary>
    private static void ParameterSeries(double a, double b, int inA, int inB, Span<double> series)
    {
        var columns = inB + 1;
        Span<double> exponent = stackalloc double[series.Length];
        for (var i = 0; i <= inA; i++)
        {
            for (var j = 0; j <= inB; j++)
            {
                var order = i + j - 1;
                exponent[(i * columns) + j] = order < 1 ? 0
                    : j == 0 ? -PolygammaDifference(order, a + 1, b) / Factorial(i)
                    : i == 0 ? -PolygammaDifference(order, b + 1, a) / Factorial(j)
                    : Polygamma(order, a + b + 1) / (Factorial(i) * Factorial(j));
            }
        }

        ExponentialSeries(exponent, columns, series);

        // The factor (a + ε)(b + δ)/(a + b + ε + δ).
        Span<double> factor = stackalloc double[series.Length];
        var sum = a + b;
        for (var i = 0; i <= inA; i++)
        {
            for (var j = 0; j <= inB; j++)
            {
                // 1/(s + ε + δ) by the binomial theorem, times (a + ε)(b + δ); in the first row and column this is b − b²/(s + ε) and a − a²/(s + δ).
                double Inverse(int k, int l) => k < 0 || l < 0 ? 0 : AlternatingSign(k + l) * BinomialOf(k + l, k) / Math.Pow(sum, k + l + 1);
                factor[(i * columns) + j] = (i, j) switch
                {
                    (0, 0) => a * (b / sum),
                    (_, 0) => AlternatingSign(i + 1) * b * (b / sum) / Math.Pow(sum, i),
                    (0, _) => AlternatingSign(j + 1) * a * (a / sum) / Math.Pow(sum, j),
                    _ => (a * b * Inverse(i, j)) + (b * Inverse(i - 1, j)) + (a * Inverse(i, j - 1)) + Inverse(i - 1, j - 1),
                };
            }
        }

        Span<double> copy = stackalloc double[series.Length];
        series.CopyTo(copy);
        series.Clear();
        for (var i = 0; i <= inA; i++)
        {
            for (var k = 0; k <= i; k++)
            {
                AddProduct(factor.Slice(k * columns, columns), copy.Slice((i - k) * columns, columns), 1, series.Slice(i * columns, columns));
            }
        }
    }

    /// <summary>Adds a multiple of the product of two truncated power series.</summary>
    private static void AddProduct(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double factor, Span<double> result)
    {
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; i + j < result.Length; j++)
            {
                result[i + j] += factor * a[i] * b[j];
            }
        }
    }

    /// <summary>The exponential of a truncated power series that starts with 0.</summary>
    private static void ExponentialSeries(ReadOnlySpan<double> exponent, Span<double> series)
    {
        series[0] = 1;
        for (var k = 1; k < series.Length; k++)
        {
            var sum = 0.0;
            for (var j = 1; j <= k; j++)
            {
                sum += j * exponent[j] * series[k - j];
            }

            series[k] = sum / k;
        }
    }

    /// <summary>The same of a series in two variables, row by row. Each row is a series in the second one, and k eₖ = Σ j xⱼ eₖ₋ⱼ.</summary>
    private static void ExponentialSeries(ReadOnlySpan<double> exponent, int columns, Span<double> series)
    {
        series.Clear();
        ExponentialSeries(exponent[..columns], series[..columns]);
        for (var i = 1; i < series.Length / columns; i++)
        {
            for (var k = 1; k <= i; k++)
            {
                AddProduct(exponent.Slice(k * columns, columns), series.Slice((i - k) * columns, columns), (double)k / i, series.Slice(i * columns, columns));
            }
        }
    }

    /// <summary>Divides coefficient k by k!.</summary>
    private static void Divide(Span<double> series)
    {
        for (var k = 2; k < series.Length; k++)
        {
            series[k] /= Factorial(k);
        }
    }

    private static double Horner(ReadOnlySpan<double> polynomial, double x)
    {
        var value = 0.0;
        for (var k = polynomial.Length - 1; k >= 0; k--)
        {
            value = (value * x) + polynomial[k];
        }

        return value;
    }

    private static double BinomialOf(int n, int k)
    {
        var value = 1.0;
        for (var i = 1; i <= k; i++)
        {
            value *= (n - k + i) / (double)i;
        }

        return value;
    }

    /// <summary>Whether the sum is complete: two terms in succession are negligible, since one may be near a zero of the polynomial.</summary>
    private static bool IsLast(double point, ref double last, double term, double sum)
    {
        var isNegligible = point > 1 && Math.Abs(term) <= 1e-18 * Math.Abs(sum) && Math.Abs(last) <= 1e-18 * Math.Abs(sum);
        last = term;
        return isNegligible;
    }

    private static (double[] Points, double[] Weights) MakeNodes()
    {
        var count = (int)((LastNode - FirstNode) / NodeStep);
        var (points, weights) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var v = FirstNode + (i * NodeStep);
            points[i] = Math.Exp(v - Math.Exp(-v));
            weights[i] = NodeStep * points[i] * (1 + Math.Exp(-v));
        }

        return (points, weights);
    }
}
