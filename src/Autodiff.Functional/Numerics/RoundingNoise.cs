// What rounding does to a function, from its values: J. J. Moré and S. M. Wild, "Estimating computational noise", SIAM Journal on
// Scientific Computing 33 (2011) 1292–1314.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// The noise in values of a function at equally spaced points so close together that the function is all but a polynomial of degree 2
/// between them. Third differences of the polynomial vanish; of independent errors of one size they are 20^½ times that size.
/// </summary>
internal static class RoundingNoise
{
    // The first is far more than the spacing of numbers, so that errors are independent. Where numbers are larger on the way than in the
    // result, that climbs in steps, which only the others see; three of them, since one may be nearly a multiple of the steps. None is a multiple of
    // a power of 2 that would leave low bits as they are.
    private static readonly double[] s_spacings = [1.2345679e-11, 3.1415927e-7, 5.0672913e-7, 7.3890561e-7];

    // √20, the root of the sum of the squares of the weights 1, −3, 3, −1.
    private const double Amplification = 4.47213595499958;

    private const int Points = 8;

    // One step of a staircase makes this many.
    private const int LeastChanges = 1;

    /// <summary>
    /// Where to look, as parts of what moves, at one spacing after the other. All are on one side, so that a kink at the point is no noise.
    /// </summary>
    public static double[] Offsets { get; } = [.. s_spacings.SelectMany(spacing => Enumerable.Range(1, Points).Select(k => k * spacing))];

    /// <summary>
    /// The size of the noise in values at the offsets; 0 if they are not all finite, or if third differences keep their sign:
    /// those of noise do at nearly every step, and those of a function that is not smooth at this spacing do not.
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
        var (largest, last, changes) = (0.0, 0, 0);
        for (var k = 3; k < values.Length; k++)
        {
            var difference = values[k] - (3 * values[k - 1]) + (3 * values[k - 2]) - values[k - 3];
            if (!double.IsFinite(difference))
            {
                return 0;
            }

            var sign = Math.Sign(difference);
            (largest, changes, last) = (Math.Max(largest, Math.Abs(difference)), sign * last < 0 ? changes + 1 : changes, sign != 0 ? sign : last);
        }

        return changes >= LeastChanges ? largest / Amplification : 0;
    }
}
