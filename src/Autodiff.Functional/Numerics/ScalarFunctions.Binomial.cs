// Binomial coefficients of real numbers, with their derivatives.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>The largest of the smaller of k and n − k for which whole numbers are multiplied out.</summary>
    private const int MostFactors = 60;

    /// <summary>The largest whole k for which the factors of a real n are multiplied out.</summary>
    private const int FewFactors = 10;

    /// <summary>The derivative of Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)) of the given orders in n and k.</summary>
    /// <remarks>
    /// Within −1 &lt; k &lt; n + 1 the value times a power series, whose coefficients are differences of polygamma functions; outside, where the value is 0 at whole
    /// numbers, a product of power series of Γ and 1/Γ. NaN at n = −1, −2, …, where the limits differ. Whole numbers have exact values as far as doubles have.
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

        var columns = inK + 1;
        Span<double> series = stackalloc double[(inN + 1) * columns];
        double scale;
        if (k > -1 && rest > -1)
        {
            Span<double> exponent = stackalloc double[series.Length];
            for (var i = 0; i <= inN; i++)
            {
                for (var j = 0; j <= inK; j++)
                {
                    var order = i + j - 1;
                    exponent[(i * columns) + j] = order < 0 ? 0
                        : j == 0 ? -PolygammaDifference(order, rest + 1, k) / Factorial(i)
                        : i == 0 ? -(Polygamma(order, k + 1) + (AlternatingSign(j) * Polygamma(order, rest + 1))) / Factorial(j)
                        : -AlternatingSign(j) * Polygamma(order, rest + 1) / (Factorial(i) * Factorial(j));
                }
            }

            ExponentialSeries(exponent, columns, series);
            scale = BinomialValue(n, k, rest);
        }
        else
        {
            Span<double> ofN = stackalloc double[inN + 1];
            Span<double> ofK = stackalloc double[inK + 1];
            Span<double> ofRest = stackalloc double[inN + inK + 1];
            InverseGammaSeries(k + 1, ofK);
            InverseGammaSeries(rest + 1, ofRest);
            for (var i = 0; i <= inN; i++)
            {
                ofN[i] = GammaDerivative(i, n + 1) / Factorial(i);
            }

            // Row i holds the coefficients of εⁱ; 1/Γ(n − k + 1 + ε − δ) has the binomial coefficients of (ε − δ)ᵐ.
            for (var i = 0; i <= inN; i++)
            {
                for (var j = 0; j <= inK; j++)
                {
                    var sum = 0.0;
                    for (var r = 0; r <= i; r++)
                    {
                        for (var c = 0; c <= j; c++)
                        {
                            sum += ofN[i - r] * ofK[j - c] * ofRest[r + c] * BinomialOf(r + c, c) * AlternatingSign(c);
                        }
                    }

                    series[(i * columns) + j] = sum;
                }
            }

            scale = 1;
        }

        return Factorial(inN) * Factorial(inK) * scale * series[^1];
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

        if (k > -1 && rest > -1 && n > 0)
        {
            return 1 / ((n + 1) * Beta(rest + 1, k + 1));
        }

        Span<double> ofK = stackalloc double[1];
        Span<double> ofRest = stackalloc double[1];
        InverseGammaSeries(k + 1, ofK);
        InverseGammaSeries(rest + 1, ofRest);
        return Gamma(n + 1) * ofK[0] * ofRest[0];
    }

    /// <summary>The coefficients of 1/Γ(x + ε); for x ≤ 0 by the reflection Γ(1 − x) sin(πx)/π, which is smooth at the poles of Γ.</summary>
    private static void InverseGammaSeries(double x, Span<double> series)
    {
        Span<double> factor = stackalloc double[series.Length];
        Span<double> logarithm = stackalloc double[series.Length];
        logarithm.Clear();
        if (x > 0)
        {
            for (var i = 1; i < series.Length; i++)
            {
                logarithm[i] = -Polygamma(i - 1, x) / Factorial(i);
            }

            ExponentialSeries(logarithm, series);
            Scale(series, 1 / Gamma(x));
            return;
        }

        Span<double> sine = stackalloc double[series.Length];
        for (var i = 0; i < series.Length; i++)
        {
            sine[i] = (i % 4) switch { 0 => double.SinPi(x), 1 => double.CosPi(x), 2 => -double.SinPi(x), _ => -double.CosPi(x) } * Math.Pow(Math.PI, i - 1) / Factorial(i);
            logarithm[i] = i == 0 ? 0 : AlternatingSign(i) * Polygamma(i - 1, 1 - x) / Factorial(i);
        }

        ExponentialSeries(logarithm, factor);
        series.Clear();
        AddProduct(sine, factor, Gamma(1 - x), series);
    }

    private static void Scale(Span<double> series, double factor)
    {
        for (var i = 0; i < series.Length; i++)
        {
            series[i] *= factor;
        }
    }
}
