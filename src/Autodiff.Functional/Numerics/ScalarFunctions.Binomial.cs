// Binomial coefficients of real numbers, with their derivatives.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>The largest of the smaller of k and n − k for which whole numbers are multiplied out.</summary>
    private const int MostFactors = 60;

    /// <summary>The largest whole k for which the factors of a real n are multiplied out.</summary>
    private const int FewFactors = 10;

    /// <summary>The larger of k and n − k from which on Γ(n + 1)/Γ(n − k + 1) for small k is a power of n but for a factor near 1.</summary>
    private const double LargeRest = 1e8;

    /// <summary>The derivative of Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)) of the given orders in n and k.</summary>
    /// <remarks>
    /// A beta function times a power series, whose coefficients are differences of polygamma functions or, for n &lt; −1 and k &gt; n + 1, products. NaN at
    /// n = −1, −2, …, where the limits differ. Whole numbers have exact values as far as doubles have.
    /// </remarks>
    public static double BinomialDerivative(int inN, int inK, double n, double k)
    {
        if (!double.IsFinite(n) || !double.IsFinite(k) || IsPole(n + 1))
        {
            return double.NaN;
        }

        var rest = n - k;
        if (inN + inK == 0)
        {
            return BinomialValue(n, k, rest);
        }

        var series = rest > -1 && n > -1 ? BinomialByLogarithm(inN, inK, n, k, rest) : BinomialByFactors(inN, inK, n, k, rest);
        return Factorial(inN) * Factorial(inK) * BinomialScale(n, k, rest) * series;
    }

    /// <summary>
    /// The coefficient of εⁱδʲ, i and j being the orders, of the binomial coefficient of n + ε and k + δ over <see cref="BinomialScale"/>, for n and n − k
    /// above −1: the exponential of a power series, in which functions of nearly the same arguments are subtracted as one; for k ≤ −1, by reflection,
    /// with sin(π(k + 1 + δ))/π.
    /// </summary>
    private static double BinomialByLogarithm(int inN, int inK, double n, double k, double rest)
    {
        var (columns, next) = (inK + 1, AfterRest(n, k, rest));
        Span<double> series = stackalloc double[(inN + 1) * columns];
        Span<double> exponent = stackalloc double[series.Length];
        for (var i = 0; i <= inN; i++)
        {
            for (var j = 0; j <= inK; j++)
            {
                var order = i + j - 1;
                exponent[(i * columns) + j] = order < 0 ? 0
                    : j == 0 ? (k < 0 ? PolygammaDifference(order, n + 1, -k) : -PolygammaDifference(order, next, k)) / Factorial(i)
                    : i > 0 ? -AlternatingSign(j) * Polygamma(order, next) / (Factorial(i) * Factorial(j))
                    : k <= -1 ? AlternatingSign(j) * PolygammaDifference(order, -k, n + 1) / Factorial(j)
                    : int.IsOddInteger(j) ? -PolygammaDifference(order, k + 1, rest - k) / Factorial(j)
                    : -(Polygamma(order, k + 1) + Polygamma(order, next)) / Factorial(j);
            }
        }

        ExponentialSeries(exponent, columns, series);
        if (k > -1)
        {
            return series[^1];
        }

        Span<double> sine = stackalloc double[columns];
        SineSeries(k + 1, sine);
        var sum = 0.0;
        for (var j = 0; j <= inK; j++)
        {
            sum += series[(inN * columns) + j] * sine[inK - j];
        }

        return sum;
    }

    /// <summary>The same for any n and k, as a product of power series of Γ and 1/Γ.</summary>
    private static double BinomialByFactors(int inN, int inK, double n, double k, double rest)
    {
        Span<double> ofN = stackalloc double[inN + 1];
        Span<double> ofK = stackalloc double[inK + 1];
        Span<double> ofRest = stackalloc double[inN + inK + 1];
        GammaSeries(n + 1, ofN);
        InverseGammaSeries(k + 1, ofK);
        InverseGammaSeries(rest + 1, ofRest);

        // 1/Γ(n − k + 1 + ε − δ) has the binomial coefficients of (ε − δ)ᵐ.
        var sum = 0.0;
        for (var i = 0; i <= inN; i++)
        {
            for (var j = 0; j <= inK; j++)
            {
                sum += ofN[inN - i] * ofK[inK - j] * ofRest[i + j] * BinomialOf(i + j, j) * AlternatingSign(j);
            }
        }

        return sum;
    }

    private static double BinomialValue(double n, double k, double rest)
    {
        var smaller = Math.Min(k, rest);
        if (Math.Floor(k) == k && Math.Floor(n) == n && n >= 0 && smaller <= MostFactors)
        {
            var product = smaller < 0 ? 0.0 : 1.0;
            for (var i = 1; i <= smaller; i++)
            {
                // The product is divided first, so that nothing exceeds the result.
                if (double.IsInfinity(product))
                {
                    return product;
                }

                var quotient = Math.Floor(product / i);
                product = (quotient * (n - smaller + i)) + ((product - (quotient * i)) * (n - smaller + i) / i);
            }

            return product;
        }

        if (Math.Floor(k) == k && k is >= 0 and <= FewFactors)
        {
            var product = 1.0;
            for (var i = 1; i <= k; i++)
            {
                product = product * (n - (k - i)) / i;
            }

            return product;
        }

        return BinomialScale(n, k, rest) * (k > -1 ? 1 : double.SinPi(k + 1) / Math.PI) * (rest > -1 ? 1 : double.SinPi(rest + 1) / Math.PI);
    }

    /// <summary>
    /// Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)), in which 1/Γ(x) for x ≤ 0 is replaced by Γ(1 − x): by reflection it is that, multiplied by sin(πx)/π. The three
    /// functions together are a beta function, since each of them overflows long before the result does.
    /// </summary>
    private static double BinomialScale(double n, double k, double rest)
    {
        switch (k > -1, rest > -1)
        {
            case (true, true): return BinomialOfBoth(n, k, rest);
            case (true, false) when n > -1: return Beta(n + 1, -rest);
            case (false, true) when n > -1: return Beta(n + 1, -k);
            case (true, false): return Math.PI / double.SinPi(n + 1) / (-rest * Beta(-n, k + 1));
            case (false, true): return Math.PI / double.SinPi(n + 1) / (-k * Beta(-n, rest + 1));
            default: return Math.PI / double.SinPi(n + 1) * Beta(-k, -rest);
        }
    }

    /// <summary>n − k + 1, without the rounding of n − k where n is near −1.</summary>
    private static double AfterRest(double n, double k, double rest) => n < -0.5 ? n + 1 - k : rest + 1;

    /// <summary>Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)) for k and n − k above −1.</summary>
    private static double BinomialOfBoth(double n, double k, double rest)
    {
        var (smaller, larger) = (Math.Min(k, rest), Math.Max(k, rest));
        if (smaller < AsymptoticFrom && larger >= LargeRest)
        {
            return Math.Pow(n, smaller)
                * (Math.Exp(StirlingCorrection(n) - StirlingCorrection(larger) - smaller + ((larger + 0.5) * LogP1(smaller / larger))) / Gamma(smaller + 1));
        }

        var beta = Beta(AfterRest(n, k, rest), k + 1);
        return double.IsNormal(beta) || n <= 0 ? 1 / ((n + 1) * beta) : Math.Exp(-LogBeta(rest + 1, k + 1) - Math.Log(n + 1));
    }

    /// <summary>The coefficients of Γ(x + ε)/Γ(x), x not a pole.</summary>
    private static void GammaSeries(double x, Span<double> series)
    {
        Span<double> logarithm = stackalloc double[series.Length];
        logarithm[0] = 0;
        for (var i = 1; i < series.Length; i++)
        {
            logarithm[i] = Polygamma(i - 1, x) / Factorial(i);
        }

        ExponentialSeries(logarithm, series);
    }

    /// <summary>The coefficients of Γ(x)/Γ(x + ε); for x ≤ 0 of 1/(Γ(1 − x)Γ(x + ε)), by reflection, which is smooth at the poles of Γ.</summary>
    private static void InverseGammaSeries(double x, Span<double> series)
    {
        Span<double> factor = stackalloc double[series.Length];
        Span<double> logarithm = stackalloc double[series.Length];
        logarithm[0] = 0;
        for (var i = 1; i < series.Length; i++)
        {
            logarithm[i] = (x > 0 ? -Polygamma(i - 1, x) : AlternatingSign(i) * Polygamma(i - 1, 1 - x)) / Factorial(i);
        }

        if (x > 0)
        {
            ExponentialSeries(logarithm, series);
            return;
        }

        Span<double> sine = stackalloc double[series.Length];
        SineSeries(x, sine);
        ExponentialSeries(logarithm, factor);
        series.Clear();
        AddProduct(sine, factor, 1, series);
    }

    /// <summary>The coefficients of sin(π(x + ε))/π.</summary>
    private static void SineSeries(double x, Span<double> series)
    {
        var (sine, cosine) = double.SinCosPi(x);
        for (var i = 0; i < series.Length; i++)
        {
            series[i] = (i % 4) switch { 0 => sine, 1 => cosine, 2 => -sine, _ => -cosine } * Math.Pow(Math.PI, i - 1) / Factorial(i);
        }
    }
}
