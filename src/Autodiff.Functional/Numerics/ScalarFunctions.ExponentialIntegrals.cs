// The exponential integrals E₁ and Ei.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>The x from which the asymptotic series of Ei reaches double precision: its smallest term is about e⁻ˣ.</summary>
    private const double ExpIntegralAsymptoticFrom = 40;

    /// <summary>The zero of Ei, and what is missing in its double.</summary>
    private const double ExpIntegralZero = 0.37250741078136663;

    private const double ExpIntegralZeroLow = 1.3140183414386029e-17;

    /// <summary>E₁(x) = ∫ e⁻ᵗ/t dt from x to ∞.</summary>
    /// <remarks>Its series up to 1, then its continued fraction (A&amp;S 5.1.22). 0 ↦ +∞, +∞ ↦ 0; NaN below 0. Error 4 ulps.</remarks>
    public static double ExpIntegralE1(double x) => x switch
    {
        0 => double.PositiveInfinity,
        > 750 => 0,
        > 1 => Math.Exp(-x) * ExpIntegralFraction(x),
        > 0 => ExpIntegralSeries(-x) - (Math.Log(x) + Euler),
        _ => double.NaN,
    };

    /// <summary>Ei(x) = ∫ eᵗ/t dt from −∞ to x, the principal value for x &gt; 0; −E₁(−x) for x &lt; 0.</summary>
    /// <remarks>
    /// Its series, near its zero 0.3725… that about the zero, from 40 on the asymptotic series. 0 ↦ −∞, +∞ ↦ +∞, −∞ ↦ −0. Error 4 ulps.
    /// </remarks>
    public static double ExpIntegralEi(double x) => x switch
    {
        0 => double.NegativeInfinity,
        < 0 => -ExpIntegralE1(-x),
        double.PositiveInfinity => x,
        > 0.3 and < 0.45 => ExpIntegralNearZero(x - ExpIntegralZero - ExpIntegralZeroLow),
        < ExpIntegralAsymptoticFrom => Euler + Math.Log(x) + ExpIntegralSeries(x),
        _ when double.IsNaN(x) => x,
        _ => Math.Exp(0.5 * x) * (Math.Exp(0.5 * x) / x * ExpIntegralAsymptotic(x)),
    };

    /// <summary>Σ xᵏ/(k k!), k = 1, 2, …; with −x for x the sign is turned.</summary>
    private static double ExpIntegralSeries(double x)
    {
        var (sum, power) = (0.0, 1.0);
        for (var k = 1; k <= 200 && (k <= Math.Abs(x) || Math.Abs(power) > 1e-18 * Math.Abs(sum)); k++)
        {
            power *= x / k;
            sum += power / k;
        }

        return x < 0 ? -sum : sum;
    }

    /// <summary>1/(x + 1 − 1/(x + 3 − 4/(x + 5 − …))), from a depth of which the rest does not count.</summary>
    private static double ExpIntegralFraction(double x)
    {
        var rest = 0.0;
        for (var k = 20 + (int)(100 / x); k > 0; k--)
        {
            rest = (double)k * k / (x + (2 * k) + 1 - rest);
        }

        return 1 / (x + 1 - rest);
    }

    /// <summary>Ei at a small distance d from its zero z: by Taylor's series, in which eᵗ/t has the coefficients cₖ = (eᶻ/k! − cₖ₋₁)/z.</summary>
    private static double ExpIntegralNearZero(double d)
    {
        var exponential = Math.Exp(ExpIntegralZero);
        var (coefficient, power, sum) = (exponential / ExpIntegralZero, d, d * (exponential / ExpIntegralZero));
        for (var k = 1; k <= 40; k++)
        {
            exponential /= k;
            coefficient = (exponential - coefficient) / ExpIntegralZero;
            power *= d;
            sum += coefficient * power / (k + 1);
        }

        return sum;
    }

    /// <summary>Σ k!/xᵏ, up to the smallest term.</summary>
    private static double ExpIntegralAsymptotic(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; k < x && term > 1e-17; k++)
        {
            term *= k / x;
            sum += term;
        }

        return sum;
    }
}
