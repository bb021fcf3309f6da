// The zeta functions of Riemann and Hurwitz, with their derivatives in s. Each way to the value is run on truncated power series in s.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>(−1)ᵏγₖ/k!, γₖ being the constants of Stieltjes: the coefficients of ζ(s) − 1/(s − 1) about 1.</summary>
    private static readonly double[] s_stieltjes =
    [
        0.5772156649015328606065121, 0.07281584548367672486058638, -0.004845181596436159242265193, -0.0003423057367172243110266744,
        0.00009689041939447083572784042, -0.000006611031810842189181277791, -0.0000003316240908752772359339192, 0.0000001046209458447918742210511,
        -8.733218100273797361162008e-9, 9.478277782762358955554074e-11, 5.658421927608707966372418e-11, -6.768689863513696655866755e-12,
        3.492115936672031854455216e-13, 4.41042474175775338023724e-15, -2.399786221770999175505056e-15, 2.167731220072682854963893e-16,
        -9.544466076366965173424991e-18, -7.387676660538636497815578e-20, 4.800850782488065227617663e-20, -4.139956737713305641269482e-21,
        1.91682015939912339496482e-22, -2.044154312226216607727586e-24, -4.818498501107353443929218e-25, 4.811857051512566479461107e-26,
        -2.56026331031881493660913e-27, 6.927840895304667123880126e-29,
    ];

    /// <summary>∂ⁿ/∂sⁿ ζ(s, q), ζ(s, q) = Σ (q + k)⁻ˢ, k = 0, 1, …; for q = 1 it is Riemann's function, which is continued to s &lt; 1.</summary>
    /// <remarks>
    /// For q = 1 and |s − 1| ≤ 1.3 Laurent's series; for s less than that the reflection ζ(s) = 2ˢπˢ⁻¹ sin(πs/2) Γ(1 − s) ζ(1 − s); otherwise the formula of
    /// Euler and Maclaurin. The pole at s = 1 is +∞ (±∞ for derivatives, from the right). NaN for s &lt; 1 unless q = 1, and for q &lt; 0; +∞ at q = 0. Relative
    /// error, apart from the effect of half an ulp of the arguments: 2·10⁻¹⁵ for n = 0, 10⁻¹⁴ for n ≤ 2.
    /// </remarks>
    public static double HurwitzZeta(int n, double s, double q)
    {
        if (double.IsNaN(s + q) || q < 0 || (s < 1 && q != 1) || double.IsNegativeInfinity(s))
        {
            return double.NaN;
        }

        if (s == 1 || q == 0)
        {
            return AlternatingSign(n) * double.PositiveInfinity;
        }

        if (double.IsInfinity(s) || double.IsInfinity(q))
        {
            return n == 0 && q == 1 ? 1 : q >= 1 ? 0 : AlternatingSign(n) * -Math.Log(q) * double.PositiveInfinity;
        }

        Span<double> series = stackalloc double[n + 1];
        switch (q == 1, s)
        {
            case (true, >= -0.3 and <= 2.3): ZetaNearOne(s - 1, series); break;
            case (true, < 0): ZetaReflected(s, series); break;
            default: ZetaBySum(s, q, series); break;
        }

        return Factorial(n) * series[n];
    }

    /// <summary>The coefficients of ζ(1 + z + ε).</summary>
    private static void ZetaNearOne(double z, Span<double> series)
    {
        for (var n = 0; n < series.Length; n++)
        {
            var sum = 0.0;
            for (var k = s_stieltjes.Length - 1; k >= n; k--)
            {
                sum = (sum * z) + (s_stieltjes[k] * BinomialOf(k, n));
            }

            series[n] = (AlternatingSign(n) / Math.Pow(z, n + 1)) + sum;
        }
    }

    /// <summary>The coefficients of 2ˢπˢ⁻¹ sin(πs/2) Γ(1 − s) ζ(1 − s) at s + ε, s &lt; 0.</summary>
    private static void ZetaReflected(double s, Span<double> series)
    {
        // One factor after the other: ζ, the sine, and the gamma function together with the power of 2π.
        var length = series.Length;
        Span<double> factor = stackalloc double[length];
        Span<double> product = stackalloc double[length];
        Span<double> logarithm = stackalloc double[length];
        var z = 1 - s;
        if (z <= 2.3)
        {
            ZetaNearOne(-s, series);
        }
        else
        {
            ZetaBySum(z, 1, series);
        }

        for (var k = 0; k < length; k++)
        {
            series[k] *= AlternatingSign(k);
            factor[k] = (k % 4) switch { 0 => double.SinPi(0.5 * s), 1 => double.CosPi(0.5 * s), 2 => -double.SinPi(0.5 * s), _ => -double.CosPi(0.5 * s) }
                * Math.Pow(0.5 * Math.PI, k) / Factorial(k);
        }

        AddProduct(series, factor, 1, product);
        for (var k = 1; k < length; k++)
        {
            logarithm[k] = (AlternatingSign(k) * Polygamma(k - 1, z) / Factorial(k)) + (k == 1 ? Math.Log(Math.Tau) : 0);
        }

        ExponentialSeries(logarithm, factor);
        var scale = (z <= 170 ? Math.Pow(Math.Tau, s) * Gamma(z) : Math.Exp(LogGamma(z) + (s * Math.Log(Math.Tau)))) / Math.PI;
        series.Clear();
        AddProduct(product, factor, scale, series);
    }

    /// <summary>
    /// The coefficients of Σ (q + k)⁻ˢ + y¹⁻ˢ(1/(s − 1) + 1/(2y) + Σ B₂ⱼ/(2j)! s(s + 1)…(s + 2j − 2) y⁻²ʲ) at s + ε, y = q + the number of terms of the first sum.
    /// </summary>
    private static void ZetaBySum(double s, double q, Span<double> series)
    {
        Span<double> power = stackalloc double[series.Length];
        Span<double> factor = stackalloc double[series.Length];
        series.Clear();
        var y = q;
        for (var from = 10 + (0.5 * s); y < from; y++)
        {
            PowerOf(y, -s, power);
            var isNegligible = true;
            for (var k = 0; k < series.Length; k++)
            {
                series[k] += power[k];
                isNegligible &= Math.Abs(power[k]) <= 1e-19 * Math.Abs(series[k]);
            }

            // The powers decrease faster than y⁻² if s is so large, so what is left is less than y times the last.
            if (isNegligible && y > 3)
            {
                return;
            }
        }

        // The power of what is left is y¹⁻ˢ, since y⁻ˢ underflows earlier.
        PowerOf(y, 1 - s, power);
        for (var k = 0; k < factor.Length; k++)
        {
            factor[k] = (AlternatingSign(k) / Math.Pow(s - 1, k + 1)) + (k == 0 ? 0.5 / y : 0);
        }

        // What the power is multiplied by is summed first, since the power may be near the smallest numbers.
        Span<double> term = stackalloc double[series.Length];
        term.Clear();
        term[0] = s / y / y;
        if (term.Length > 1)
        {
            term[1] = 1 / y / y;
        }

        for (var j = 1; j <= Bernoulli.Length; j++)
        {
            for (var k = 0; k < factor.Length; k++)
            {
                factor[k] += Bernoulli[j - 1] / Factorial(2 * j) * term[k];
            }

            Raise(term, s + (2 * j) - 1, y);
            Raise(term, s + (2 * j), y);
        }

        AddProduct(power, factor, 1, series);

        static void PowerOf(double x, double exponent, Span<double> coefficients)
        {
            var log = Math.Log(x);
            coefficients[0] = Math.Pow(x, exponent);
            for (var k = 1; k < coefficients.Length; k++)
            {
                coefficients[k] = coefficients[k - 1] * -log / k;
            }
        }

        // Times (by + ε)/y.
        static void Raise(Span<double> coefficients, double by, double y)
        {
            for (var k = coefficients.Length - 1; k >= 0; k--)
            {
                coefficients[k] = ((coefficients[k] * by) + (k > 0 ? coefficients[k - 1] : 0)) / y;
            }
        }
    }
}
