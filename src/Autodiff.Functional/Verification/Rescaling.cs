// What rounding does to a derivative: the same one by other numbers.

namespace Autodiff.Functional.Verification;

/// <summary>
/// t·f(s·v) at v = x/s has the derivatives of f at x, times t·sᵏ at order k. At a point next to x it has nearly the same ones. The
/// factors are no powers of 2, so every product and sum on the way, forward and back, rounds differently: how far the results are
/// apart is what rounding does to them, wherever it happens.
/// </summary>
internal static class Rescaling
{
    // Where hardly anything differs it is worth looking for longer.
    private const int Few = 24;
    private const int Many = 1000;
    private const double Doubtful = 1e-12;

    // How far x is moved beside, relative to max(1, |x|): hundreds of units of rounding, and far less than a derivative changes over.
    private const double Nearby = 1e-13;

    /// <summary>
    /// How many samples to explain a difference by: first few, and where it is as small as rounding alone, then many, which show rounding
    /// that is as rare as one in so many results.
    /// </summary>
    public static ReadOnlySpan<int> Samples(double difference) => difference < Doubtful ? [Few, Many] : [Few];

    /// <summary>v ↦ t·f(s·v), which is f itself if both are 1.</summary>
    public static Func<Expr, Expr> Of(Func<Expr, Expr> f, double s, double t) => s == 1 && t == 1 ? f : v => t * f(s * v);

    /// <summary>The width of each element among results that would be the same without rounding; those that are not finite do not count.</summary>
    /// <param name="x">The point.</param>
    /// <param name="count">How many results.</param>
    /// <param name="scaledBack">From s, t and a point next to x, over s, to the result, divided by what they multiply it by.</param>
    public static double[] Spread(Expr x, int count, Func<double, double, Expr, Expr> scaledBack)
    {
        var unit = Nearby * Expr.Max(1, Expr.Abs(x));
        var samples = new double[count][];
        for (var k = 0; k < samples.Length; k++)
        {
            // Multiples of the golden ratio and of √2, modulo 1, fall into no pattern. Every other sample is not scaled: the products with
            // the factors may take away what the function itself does.
            var (a, b) = ((k + 1) * 0.6180339887498949 % 1, (k + 1) * 0.4142135623730951 % 1);
            var (s, t) = k % 2 == 0 ? (1 + a, 1 + b) : (1, 1);
            samples[k] = scaledBack(s, t, (x + (b * unit)) / s).ToArray();
        }

        // Each kind by itself, so that a function which is told apart by what it is given explains nothing.
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
