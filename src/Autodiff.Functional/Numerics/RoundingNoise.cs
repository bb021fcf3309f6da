// The rounding noise of a function, estimated from its values: J. J. Moré and S. M. Wild, "Estimating computational noise", SIAM Journal on
// Scientific Computing 33 (2011) 1292–1314.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// The noise in the values of a function at equally spaced points that are so close together that the function is nearly a polynomial of
/// degree 2 on them. The third differences of the polynomial vanish; those of independent errors of one size are 20^½ times that size. Where third
/// differences show the function's own shape, higher ones are taken: those of order n of independent errors are C(2n, n)^½ times their size.
/// </summary>
internal static class RoundingNoise
{
    // The relative distances between the points. The first is far larger than the spacing of doubles, so that errors are independent. If
    // intermediate values are much larger than the result, the result changes in steps, which only the larger distances resolve; there are three of
    // these, since one may be close to a multiple of the steps. None is a power of 2, which would leave the lowest bits unchanged.
    private static readonly double[] s_spacings = [1.2345679e-11, 3.1415927e-7, 5.0672913e-7, 7.3890561e-7];

    // The orders of differences.
    private const int First = 3;
    private const int Last = 6;

    // The number of points at each distance.
    private const int Points = 8;

    // The smallest number of sign changes of differences that shows noise; a single step in the values causes this many.
    private const int LeastChanges = 1;

    /// <summary>
    /// The relative offsets of the points, one spacing after the other. All are on the same side, so that a kink at the point itself does not
    /// count as noise.
    /// </summary>
    public static double[] Offsets { get; } = [.. s_spacings.SelectMany(spacing => Enumerable.Range(1, Points).Select(k => k * spacing))];

    /// <summary>
    /// The size of the noise in the values at the offsets: the largest over the spacings. A spacing counts as 0 if the values are not all
    /// finite, or if their differences of each order keep their sign, as those of a smooth function do; those of noise change it at nearly every step.
    /// </summary>
    public static double Of(double[] values)
    {
        var largest = 0.0;
        for (var start = 0; start < values.Length; start += Points)
        {
            largest = Math.Max(largest, OfSpaced(values.AsSpan(start, Points)));
        }

        return largest;
    }

    private static double OfSpaced(ReadOnlySpan<double> values)
    {
        var differences = values.ToArray();
        var amplification = 1.0;
        for (var order = 1; order <= Last; order++)
        {
            var (largest, last, changes) = (0.0, 0, 0);
            amplification *= Math.Sqrt(((4.0 * order) - 2) / order);
            for (var k = differences.Length - 1; k >= order; k--)
            {
                differences[k] -= differences[k - 1];
                if (!double.IsFinite(differences[k]))
                {
                    return 0;
                }

                var sign = Math.Sign(differences[k]);
                (largest, changes, last) = (Math.Max(largest, Math.Abs(differences[k])), sign * last < 0 ? changes + 1 : changes, sign != 0 ? sign : last);
            }

            if (order >= First && changes >= LeastChanges)
            {
                return largest / amplification;
            }
        }

        return 0;
    }
}
