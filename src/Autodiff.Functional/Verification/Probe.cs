// A function along a line through a point, sampled at steps that are halved: what tells a wrong slope, a kink and a jump from a right one.

namespace Autodiff.Functional.Verification;

/// <summary>Looks at a function along a line through the point. What it has evaluated serves all elements of the result.</summary>
/// <param name="differences">The function near the point.</param>
/// <param name="line">The line.</param>
/// <param name="largest">The size of its intermediate values.</param>
/// <param name="spread">For each element, the width of values that would be equal without rounding.</param>
internal sealed class Probe(FiniteDifferences differences, Line line, Lazy<double> largest, Lazy<double[]> spread)
{
    // Halvings of the step, from the first one, at which the function is looked at; and, where the argument is much smaller than the first step, from
    // the argument's size on. Between the two the step shrinks by Leap at a time.
    private const int Halvings = 44;
    private const double Leap = 256;

    // At 0 a step may be far below the rounding of 1. There the function is looked at only to see whether quotients go on to change: those of x^1.09 log x do.
    private const double LeapAtZero = 1L << 32;

    // The part of the argument's size over which rounding is measured for steps that are as short.
    private const double Near = 1e-6;

    // A quotient that stays the same for this many halvings has converged to a limit other than 0.
    private const int Steady = 3;

    // The relative error below which the slope on one side counts as known.
    private const double Converged = 1e-4;

    private readonly double[] _center = differences.Value.ToArray();
    private readonly Lazy<double[]> _noise = new(() => differences.Noise(line));
    private readonly Lazy<double[]> _nearNoise = new(() => differences.Noise(line, Near * differences.Range(line).Own));
    private readonly Lazy<(double Step, double[] Below, double[] Above)[]> _values = new(() => Sampled(differences, line, Steps(differences.Range(line))));
    private readonly Lazy<(double Step, double[] Below, double[] Above)[]> _valuesAtZero = new(() => Sampled(differences, line, differences.IsAtZero(line) ? StepsAtZero(differences.Range(line).Last) : []));
    private readonly Lazy<Estimate[]> _right = new(() => differences.OnOneSide(line, 1, 1));
    private readonly Lazy<Estimate[]> _left = new(() => differences.OnOneSide(line, 1, -1));

    /// <summary>The step along the line that moves one of the elements by its own size.</summary>
    public double Own { get; } = differences.Range(line).Own;

    /// <summary>The size of the intermediate values of the function at the point.</summary>
    public double Largest => largest.Value;

    /// <summary>The change of the function that the rounding of its intermediate values may hide.</summary>
    public double Hidden => 1e-15 * Largest;

    /// <summary>
    /// Whether the remainder of the Taylor expansion with a given slope shrinks at the order of the step alone: then the slope is wrong, and what the
    /// remainder divided by the step tends to is the difference. With the right slope it shrinks at a higher order, down to rounding. An infinite slope is
    /// wrong if the quotients converge. What a wrong slope would change over the argument's own size must be more than rounding: a function may have its
    /// shape there, such as that of √x at 10⁻³⁰⁰.
    /// </summary>
    public bool Refutes(int element, double slope)
    {
        // Elements are made of the same intermediate values, so the rounding of the largest may be in all.
        var noise = NoiseOf(element) + (2e-16 * _center.Max(Math.Abs));
        var (before, lastChange, isDrifting, drift, run, difference) = (double.NaN, double.NaN, false, 0, 0, 0.0);
        var (values, own) = (_values.Value, Own);
        for (var k = 0; k < values.Length; k++)
        {
            var (step, below, above) = values[k];
            var quotient = Quotient(element, step, below[element], above[element]);
            if (!double.IsFinite(quotient) || IsHidden(slope * step, below[element], _center[element], above[element]))
            {
                continue;
            }

            // The quotients must converge: those of √x and x log x near 0 do not, or not in the steps that there are. Where rounding hides their
            // changes, it counts whether they converged before.
            var (rest, change) = (Math.Abs(quotient - slope), quotient - before);
            var (changed, previous) = (Math.Abs(change), Math.Abs(lastChange));
            var isVisible = changed > (10 * noise / step) + (1e-6 * Math.Abs(quotient));
            isDrifting = isVisible ? !(changed <= 0.75 * previous) : isDrifting;
            var converges = !isDrifting && !double.IsNaN(changed);
            drift = isVisible && isDrifting && changed <= 1.5 * previous && change * lastChange > 0 ? drift + 1 : 0;
            run = k < Halvings && converges && changed <= 0.1 * rest && rest * Math.Min(step, own) > 10 * noise ? run + 1 : 0;
            (before, lastChange) = (quotient, change);

            // What smaller steps find counts for more: at large ones sin(1/x) and the floor of x look the same by chance, and the quotients of
            // x(1 − x)^1.01 at 1 seem to converge until they go on to 0, which they do so slowly that no step is small enough.
            difference = run >= Steady ? rest : IsOther(step, rest) || drift > Steady ? 0 : difference;
        }

        return difference > 0 && !Array.Exists(_valuesAtZero.Value, sample => IsOther(sample.Step, Math.Abs(Quotient(element, sample.Step, sample.Below[element], sample.Above[element]) - slope)));

        bool IsOther(double step, double rest) => difference > 0
            && 10 * Math.Min(noise, Math.Min(spread.Value[element], _nearNoise.Value[element])) / step < 0.25 * difference && rest < 0.5 * difference;
    }

    /// <summary>What an element of the function is like at the point.</summary>
    public Smoothness Classify(int element)
    {
        var values = _values.Value;
        if (values.Length < 8)
        {
            return new Smoothness.Smooth();
        }

        // A continuous function comes closer to its value in the last quarter of the halvings, even if its slope is infinite.
        var (center, noise) = (_center[element], NoiseOf(element));
        var ((coarse, coarseBelow, coarseAbove), (fine, fineBelow, fineAbove)) = (values[(values.Length - 1) / 2], values[^1]);
        var (_, nextBelow, nextAbove) = values[(values.Length - 1) * 3 / 4];
        var (farBelow, farAbove, below, above) = (coarseBelow[element], coarseAbove[element], fineBelow[element], fineAbove[element]);
        bool Stays(double far, double near) => double.IsFinite(far) && double.IsFinite(near) && Math.Abs(near) > 1000 * noise && Math.Abs(near) > 0.5 * Math.Abs(far);
        if (Stays(nextAbove[element] - nextBelow[element], above - below) || Stays(nextAbove[element] - center, above - center) || Stays(nextBelow[element] - center, below - center))
        {
            return new Smoothness.Jump(below, center, above);
        }

        var (right, left) = (_right.Value[element], _left.Value[element]);
        var (steepest, error) = (Math.Max(Math.Abs(right.Value), Math.Abs(left.Value)), right.Error + left.Error);
        var gap = Math.Abs(right.Value - left.Value);

        // A slope must also follow from the smallest two steps at which rounding is small beside the gap.
        var smallest = Array.FindLastIndex(values, sample => 100 * noise <= gap * sample.Step);
        bool Persists(int side, double slope)
        {
            if (smallest < 1)
            {
                return true;
            }

            double QuotientAt(int k) => side * ((side > 0 ? values[k].Above : values[k].Below)[element] - center) / values[k].Step;
            var (before, quotient) = (QuotientAt(smallest - 1), QuotientAt(smallest));
            var extrapolated = quotient + ((quotient - before) * values[smallest].Step / (values[smallest - 1].Step - values[smallest].Step));
            return !(Math.Abs(extrapolated - slope) > (0.1 * gap) + (30 * noise / values[smallest].Step));
        }

        if (error <= Converged * steepest && gap > (10 * error) + (1e-9 * steepest) && Persists(1, right.Value) && Persists(-1, left.Value))
        {
            return new Smoothness.Kink(left.Value, right.Value, error);
        }

        foreach (var (far, near) in new[] { (farAbove - center, above - center), (center - farBelow, center - below) })
        {
            var (first, last) = (far / coarse, near / fine);
            if (double.IsFinite(first) && double.IsFinite(last) && Math.Abs(near) > 100 * noise && Math.Abs(last) > 1.5 * Math.Abs(first) && Math.Sign(first) == Math.Sign(last))
            {
                return new Smoothness.Vertical(Math.Sign(last));
            }
        }

        return new Smoothness.Smooth();
    }

    /// <summary>The noise of rounding in an element of the function near the point.</summary>
    public double NoiseOf(int element) => _noise.Value[element] + (4 * double.Epsilon) + (Math.Abs(_center[element]) * 2e-16);

    /// <summary>
    /// Whether the function does not change over a step, and would not with the slope either, since rounding of intermediate values hides so small a
    /// change: tanh x − 1 is 0 at all large x.
    /// </summary>
    private bool IsHidden(double change, double below, double center, double above) =>
        !(Math.Abs(below - center) > 0) && !(Math.Abs(above - center) > 0) && Math.Abs(change) <= Hidden;

    private static (double Step, double[] Below, double[] Above)[] Sampled(FiniteDifferences differences, Line line, IEnumerable<double> steps) =>
        [.. steps.Select(step => (step, differences.At(line, -step), differences.At(line, step)))];

    private static IEnumerable<double> Steps((double First, double Own, double Last) range)
    {
        var taken = 0;
        for (var step = range.First; step > range.Last; step /= taken < Halvings || step <= range.Own ? 2 : Math.Min(Leap, 2 * step / range.Own))
        {
            yield return step;
            taken++;
        }
    }

    private static IEnumerable<double> StepsAtZero(double last)
    {
        for (var step = last; step > double.Epsilon * LeapAtZero; step /= LeapAtZero)
        {
            yield return step;
        }
    }

    private double Quotient(int element, double step, double below, double above) =>
        double.IsFinite(below) && double.IsFinite(above) ? (above - below) / (2 * step)
        : double.IsFinite(above) ? (above - _center[element]) / step
        : (_center[element] - below) / step;
}
