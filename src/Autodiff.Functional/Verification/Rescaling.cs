// What rounding does to a derivative: the same one by other numbers.

namespace Autodiff.Functional.Verification;

/// <summary>
/// t·f(s·v) at v = x/s has the derivatives of f at x, times t·sᵏ at order k, and all but those next to x. Neither factor is a power of 2, so every product and sum on the
/// way, forward and back, rounds differently: how far the results are apart is what rounding does to them, wherever it happens.
/// </summary>
internal static class Rescaling
{
    private const int Samples = 24;

    // How far x is moved beside, relative to max(1, |x|): hundreds of units of rounding, and far less than a derivative changes over.
    private const double Nearby = 1e-13;

    /// <summary>v ↦ t·f(s·v).</summary>
    public static Func<Expr, Expr> Of(Func<Expr, Expr> f, double s, double t) => v => t * f(s * v);

    /// <summary>The width of each element among results that would be the same without rounding; those that are not finite do not count.</summary>
    /// <param name="x">The point.</param>
    /// <param name="scaledBack">From s, t and a point next to x, over s, to the result, divided by what they multiply it by.</param>
    public static double[] Spread(Expr x, Func<double, double, Expr, Expr> scaledBack)
    {
        var unit = Nearby * Expr.Max(1, Expr.Abs(x));
        var samples = new double[Samples][];
        for (var k = 0; k < Samples; k++)
        {
            // Multiples of the golden ratio and of √2, modulo 1: numbers between 1 and 2 that fall into no pattern.
            var (s, t) = (1 + ((k + 1) * 0.6180339887498949 % 1), 1 + ((k + 1) * 0.4142135623730951 % 1));
            samples[k] = scaledBack(s, t, (x + ((t - 1) * unit)) / s).ToArray();
        }

        return [.. Enumerable.Range(0, samples[0].Length).Select(i =>
        {
            var finite = samples.Select(sample => sample[i]).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
            return finite.Max() - finite.Min();
        })];
    }
}
