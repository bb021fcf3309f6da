// Modified Bessel functions of large order, by expansions that hold for every argument.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>The order from which on the expansions reach double precision.</summary>
    private const double UniformFrom = 80;

    private const int UniformTerms = 12;

    // The coefficient of t^(k + 2j) in uₖ(t) is at [k][j].
    private static readonly double[][] s_uniform = UniformCoefficients();

    /// <summary>I(x), or e⁻ˣI(x), of an order ν ≥ 80 for finite x ≥ 0.</summary>
    /// <remarks>A&amp;S 9.7.7: with s = √(ν² + x²), exp(s − ν asinh(ν/x))/√(2πs) Σ uₖ(ν/s)/νᵏ.</remarks>
    private static double BesselIOfLargeOrder(double order, double x, bool scaled)
    {
        var root = double.Hypot(order, x);
        var exponent = (scaled ? order / (root + x) * order : root) - (order * Math.Asinh(order / x));
        return Math.Exp(0.5 * exponent) * (Math.Exp(0.5 * exponent) / Math.Sqrt(Math.Tau * root)) * UniformSum(order, order / root);
    }

    /// <summary>K(x), or eˣK(x), of an order ν ≥ 80 for finite x ≥ 0.</summary>
    /// <remarks>A&amp;S 9.7.8: with s = √(ν² + x²), exp(ν asinh(ν/x) − s) √(π/2s) Σ (−1)ᵏ uₖ(ν/s)/νᵏ.</remarks>
    private static double BesselKOfLargeOrder(double order, double x, bool scaled)
    {
        var root = double.Hypot(order, x);
        var exponent = (order * Math.Asinh(order / x)) - (scaled ? order / (root + x) * order : root);
        return Math.Exp(0.5 * exponent) * (Math.Exp(0.5 * exponent) * Math.Sqrt(0.5 * Math.PI / root)) * UniformSum(-order, order / root);
    }

    /// <summary>Σ uₖ(t)/νᵏ.</summary>
    private static double UniformSum(double order, double t)
    {
        var (sum, power) = (1.0, t / order);
        for (var k = 1; k < UniformTerms; k++)
        {
            var value = 0.0;
            for (var j = k; j >= 0; j--)
            {
                value = (value * t * t) + s_uniform[k][j];
            }

            sum += power * value;
            power *= t / order;
        }

        return sum;
    }

    /// <summary>The coefficients of uₖ₊₁ = ½t²(1 − t²) uₖ′ + ⅛ ∫ (1 − 5t²) uₖ dt, u₀ = 1 (A&amp;S 9.3.10).</summary>
    private static double[][] UniformCoefficients()
    {
        var all = new double[UniformTerms][];
        all[0] = [1];
        for (var k = 0; k + 1 < UniformTerms; k++)
        {
            var next = all[k + 1] = new double[k + 2];
            for (var j = 0; j <= k; j++)
            {
                var power = k + (2 * j);
                next[j] += all[k][j] * ((0.5 * power) + (0.125 / (power + 1)));
                next[j + 1] -= all[k][j] * ((0.5 * power) + (0.625 / (power + 3)));
            }
        }

        return all;
    }
}
