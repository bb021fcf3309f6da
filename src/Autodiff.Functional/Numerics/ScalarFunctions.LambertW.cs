// Lambert's W, the inverse of w ↦ w eʷ.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>e minus the nearest double, for computing e·x + 1 where it cancels.</summary>
    private const double RestOfE = 1.4456468917292502e-16;

    /// <summary>The principal branch W(x) ≥ −1, x ≥ −1/e.</summary>
    /// <remarks>
    /// Fritsch's iteration (F. N. Fritsch, R. E. Shafer and W. P. Crowley, CACM 16 (1973)), and Newton's for 1 + W near −1/e,
    /// where W leaves −1 like a square root. Error 3 ulps. The double nearest to −1/e ↦ −1, below ↦ NaN, ±0 ↦ ±0, +∞ ↦ +∞.
    /// </remarks>
    public static double LambertW(double x) => x switch
    {
        0 or double.PositiveInfinity => x,
        < -0.36787944117144233 => double.NaN,
        < -0.25 => LambertWNearBranch(x),
        _ => LambertWByFritsch(x),
    };

    private static double LambertWByFritsch(double x)
    {
        // The initial value is from R. Iacono and J. P. Boyd, Adv. Comput. Math. 43 (2017).
        var logarithm = LogP1(x);
        var w = logarithm * (1 - (LogP1(logarithm) / (2 + logarithm)));
        for (var step = 0; step < 3; step++)
        {
            var z = Math.Log(x / w) - w;
            var q = 2 * (1 + w) * (1 + w + (2 * z / 3));
            w *= 1 + (z / (1 + w) * (q - z) / (q - (2 * z)));
        }

        return w;
    }

    /// <summary>W = v − 1, where 1 + (v − 1)eᵛ = e·x + 1.</summary>
    private static double LambertWNearBranch(double x)
    {
        var target = Math.FusedMultiplyAdd(x, Math.E, 1) + (x * RestOfE);
        if (!(target > 0))
        {
            return -1;
        }

        var v = Math.Sqrt(2 * target);
        v *= 1 - (v / 3) + (11 * v * v / 72);
        for (var step = 0; step < 4; step++)
        {
            v -= (v + ((v - 1) * ExpM1(v)) - target) / (v * Math.Exp(v));
        }

        return v - 1;
    }
}
