// Measures the effect of rounding on a derivative: the same derivative is computed with other numbers.

namespace Autodiff.Functional.Verification;

/// <summary>
/// t·f(s·v) at v = x/s has the derivatives of f at x, times t·sᵏ at order k; at a point next to x it has nearly the same ones. The
/// factors are not powers of 2, so every product and sum on the way, forward and back, rounds differently. The width of the
/// results is therefore the effect of rounding on them, wherever it happens.
/// </summary>
/// <param name="point">The point with its surroundings.</param>
/// <param name="shape">The shape of the argument.</param>
/// <param name="scale">The least size of an element that distances are relative to.</param>
/// <param name="scaledBack">From s, t and a point next to x, divided by s, to the derivative, divided by the factor that s and t give it.</param>
internal sealed class Rescaling(Neighbourhood point, Shape shape, double scale, Func<double, double, Expr, Expr> scaledBack)
{
    /// <summary>The usual number of samples.</summary>
    public const int Few = 24;

    // Rounding may have moved a derivative by this many times the width of its samples.
    private const double Factor = 8;

    // The number of samples if Few do not explain a difference that is no larger than Doubtful.
    private const int Many = 1000;
    private const double Doubtful = 1e-12;

    // How far a point next to x is from it, relative to the size of x: hundreds of units of rounding, but far less than derivatives change over.
    private const double Nearby = 1e-13;

    private readonly List<(int Number, double[] Result)>[] _samples = [[], []];
    private int _taken;

    /// <summary>
    /// Pairs (s, t) of factors without end, from 1 to 2: multiples of the golden ratio and of √2, modulo 1, which form no pattern.
    /// </summary>
    public static IEnumerable<(double S, double T)> Factors => Enumerable.Range(1, int.MaxValue).Select(k => (1 + (k * 0.6180339887498949 % 1), 1 + (k * 0.4142135623730951 % 1)));

    /// <summary>
    /// What rounding explains of a difference: 8 times the width of the samples; few of them, and if the difference is as small as rounding
    /// alone, then many, which find rounding errors that only one in about so many results has.
    /// </summary>
    /// <param name="difference">The difference.</param>
    /// <param name="allowed">What is allowed of it anyway.</param>
    /// <param name="width">From a number of samples to their width.</param>
    /// <returns>What is allowed in all.</returns>
    public static double Explained(double difference, double allowed, Func<int, double> width)
    {
        var all = allowed;
        foreach (var samples in difference < Doubtful ? [Few, Many] : (ReadOnlySpan<int>)[Few])
        {
            if (!(difference > all))
            {
                break;
            }

            all = allowed + Explaining(width(samples));
        }

        return all;
    }

    /// <summary>What a width of samples explains of a difference.</summary>
    public static double Explaining(double width) => Factor * width;

    /// <summary>v ↦ t·f(s·v), which is f itself if s and t are 1.</summary>
    public static Func<Expr, Expr> Of(Func<Expr, Expr> f, double s, double t) => s == 1 && t == 1 ? f : v => t * f(s * v);

    /// <summary>
    /// For each element the width of results that would be equal without rounding; results that are not finite do not count. Samples are taken once, however
    /// often widths are asked for.
    /// </summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="part">What is of interest in a sample, such as its product with a direction; the sample itself if omitted.</param>
    public double[] Widths(int count = Few, Func<double[], double[]>? part = null)
    {
        foreach (var (k, factors) in Factors.Take(count).Index().Skip(_taken))
        {
            // Every other sample is not scaled: the multiplications by the factors may hide rounding that the function itself does.
            var (s, t) = k % 2 == 0 ? factors : (1, 1);
            if (Defined.At(() => scaledBack(s, t, Expr.Constant(point.Nearby((factors.T - 1) * Nearby, scale), shape) / s).ToArray()) is { } sample)
            {
                _samples[k % 2].Add((k, sample));
            }
        }

        _taken = Math.Max(_taken, count);

        // The width of scaled and of unscaled samples, each by itself: a function whose results depend on which kind it is given must not gain by that.
        double[][][] kinds = [.. _samples.Select(kind => kind.Where(sample => sample.Number < count).Select(sample => part is null ? sample.Result : part(sample.Result)).ToArray())];
        var size = kinds.SelectMany(kind => kind.Select(sample => sample.Length)).DefaultIfEmpty(0).Max();
        return [.. Enumerable.Range(0, size).Select(i => kinds.Max(kind => Width(kind, i)))];
    }

    private static double Width(double[][] samples, int element)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in samples.Select(sample => sample[element]).Where(double.IsFinite))
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        return most >= least ? most - least : 0;
    }
}
