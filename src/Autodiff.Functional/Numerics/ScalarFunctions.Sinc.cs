// sin x / x and its derivatives. Computed as they are written, these quotients would be 0/0 at 0 and inaccurate near it.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>sin x / x.</summary>
    /// <remarks>0 ↦ 1, ±∞ ↦ 0.</remarks>
    public static double Sinc(double x) => SincDerivative(0, x);

    /// <summary>Sₙ(x) = dⁿ/dxⁿ sin x / x, n ≥ 0.</summary>
    /// <remarks>
    /// Differentiating x·S₀ = sin x gives x Sₙ + n Sₙ₋₁ = sin(x + nπ/2), which is stable upwards for |x| &gt; n and downwards for
    /// |x| ≤ n. ±∞ ↦ 0. Error 2·10⁻¹⁶.
    /// </remarks>
    public static double SincDerivative(int n, double x)
    {
        if (double.IsInfinity(x))
        {
            return 0;
        }

        var (sin, cos) = Math.SinCos(x);
        double value;
        if (Math.Abs(x) > n)
        {
            value = sin / x;
            for (var k = 1; k <= n; k++)
            {
                value = (Turned(k) - (k * value)) / x;
            }

            return value;
        }

        // The recurrence downwards may start from 0, because |Sₖ| ≤ 1/(k + 1) and the factors x/k make the initial error negligible. Two more
        // steps give relative precision to the odd orders near 0. As |x| ≤ n, this takes at most n + 2·√40n + 40 steps.
        var start = n + 2;
        for (var size = 1.0; size > 1e-18; size *= Math.Abs(x) / start)
        {
            start++;
        }

        value = 0;
        for (var k = start; k > n; k--)
        {
            value = (Turned(k) - (x * value)) / k;
        }

        return value;

        // sin(x + kπ/2)
        double Turned(int k) => (k % 4) switch { 0 => sin, 1 => cos, 2 => -sin, _ => -cos };
    }
}
