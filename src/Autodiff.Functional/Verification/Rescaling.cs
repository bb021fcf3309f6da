// Measures the effect of rounding on a derivative: the same derivative is computed with other numbers.

namespace Autodiff.Functional.Verification;

/// <summary>
/// t·f(s·v) at v = x/s has the derivatives of f at x, times t·sᵏ at order k; at a point next to x it has nearly the same ones. The
/// factors are not powers of 2, so every product and sum on the way, forward and back, rounds differently. The width of the
/// results is therefore the effect of rounding on them, wherever it happens.
/// </summary>
internal static class Rescaling
{
    // The number of samples. Where the difference is no larger than Doubtful, Many are taken if Few do not explain it.
    private const int Few = 24;
    private const int Many = 1000;
    private const double Doubtful = 1e-12;

    // How far a point next to x is from it, relative to max(1, |x|): hundreds of units of rounding, but far less than derivatives change over.
    private const double Nearby = 1e-13;

    /// <summary>
    /// The numbers of samples to try in turn to explain a difference: few; and if the difference is as small as rounding alone, then many, which
    /// find rounding errors that only one in about so many results has.
    /// </summary>
    public static ReadOnlySpan<int> Samples(double difference) => difference < Doubtful ? [Few, Many] : [Few];

    /// <summary>v ↦ t·f(s·v), which is f itself if s and t are 1.</summary>
    public static Func<Expr, Expr> Of(Func<Expr, Expr> f, double s, double t) => s == 1 && t == 1 ? f : v => t * f(s * v);

    /// <summary>For each element the width of results that would be equal without rounding; results that are not finite do not count.</summary>
    /// <param name="x">The point.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="scaledBack">From s, t and a point next to x, divided by s, to the derivative, divided by the factor that s and t give it.</param>
    public static double[] Spread(Expr x, int count, Func<double, double, Expr, Expr> scaledBack)
    {
        var unit = Nearby * Expr.Max(1, Expr.Abs(x));
        var samples = new double[count][];
        for (var k = 0; k < samples.Length; k++)
        {
            // Multiples of the golden ratio and of √2, modulo 1, form no pattern. Every other sample is not scaled: the multiplications by
            // the factors may hide rounding that the function itself does.
            var (a, b) = ((k + 1) * 0.6180339887498949 % 1, (k + 1) * 0.4142135623730951 % 1);
            var (s, t) = k % 2 == 0 ? (1 + a, 1 + b) : (1, 1);
            samples[k] = scaledBack(s, t, (x + (b * unit)) / s).ToArray();
        }

        // The width of scaled and of unscaled samples, each by itself: a function whose results depend on which kind it is given must not gain by that.
        return [.. Enumerable.Range(0, samples[0].Length).Select(i => Math.Max(Width(0, i), Width(1, i)))];

        double Width(int kind, int element)
        {
            var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var k = kind; k < count; k += 2)
            {
                var value = samples[k][element];
                (least, most) = double.IsFinite(value) ? (Math.Min(least, value), Math.Max(most, value)) : (least, most);
            }

            return most >= least ? most - least : 0;
        }
    }
}
