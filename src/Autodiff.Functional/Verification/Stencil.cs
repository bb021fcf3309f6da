// Finite-difference stencils of any order: where to look, and how to weigh what is seen there.

namespace Autodiff.Functional.Verification;

/// <summary>What a stencil sees at one step.</summary>
/// <param name="Value">The difference quotient.</param>
/// <param name="Scale">The same sum of magnitudes: the quotient if nothing cancelled.</param>
/// <param name="Noise">What rounding of the function's values may have done to it.</param>
/// <param name="Residual">How far the mean of the outermost values is from the value at the centre, which it tends to.</param>
/// <param name="Tolerance">How small the extrapolated residual is where the steps resolve the function.</param>
internal readonly record struct Quotient(double Value, double Scale, double Noise, double Residual, double Tolerance);

/// <summary>
/// Σₖ (−1)ⁿ⁻ᵏ C(n, k) f(x + tₖ) / hⁿ over n + 1 nodes tₖ, a distance h apart; the outermost is a step away from x, so that
/// the stencils of all orders look equally far.
/// </summary>
internal sealed class Stencil
{
    // The relative spacing of doubles: what a function that is right to an ulp may be off by.
    private const double Ulp = 2.220446049250313e-16;

    // Values that extrapolate to the one at the centre to six digits have not done so by accident.
    private const double Resolution = 1e-6;

    private readonly double[] _weights;

    private Stencil(int order, double first, double last, double ratio)
    {
        (Order, Ratio) = (order, ratio);
        Nodes = new double[order + 1];
        _weights = new double[order + 1];
        var coefficient = Math.Pow(-order / (last - first), order);
        for (var k = 0; k <= order; k++)
        {
            Nodes[k] = ((first * (order - k)) + (last * k)) / order;
            _weights[k] = coefficient;
            coefficient *= -(order - k) / (k + 1.0);
        }
    }

    /// <summary>n, the order of the derivative.</summary>
    public int Order { get; }

    /// <summary>By how much the leading error term falls from one step to the next.</summary>
    public double Ratio { get; }

    /// <summary>The nodes, as multiples of the step.</summary>
    public double[] Nodes { get; }

    /// <summary>Nodes on both sides; the error is a series in even powers of the step.</summary>
    public static Stencil Central(int order) => new(order, -1, 1, FiniteDifferences.Shrink * FiniteDifferences.Shrink);

    /// <summary>Nodes at the point and to one side (+1 or −1) of it; the error is a series in all powers of the step.</summary>
    public static Stencil OneSided(int order, int side) => new(order, 0, side, FiniteDifferences.Shrink);

    /// <summary>The quotient of one element.</summary>
    /// <param name="values">The function's values at the nodes.</param>
    /// <param name="center">Its value at the point.</param>
    /// <param name="element">Which element of them.</param>
    /// <param name="step">The step.</param>
    /// <param name="reach">The largest ratio of an argument to what a step of 1 adds to it.</param>
    /// <param name="measured">The noise measured in this element of the function.</param>
    public Quotient Apply(double[][] values, double[] center, int element, double step, double reach, double measured)
    {
        var (difference, magnitude, noise, atCenter) = (0.0, 0.0, 0.0, center[element]);
        for (var k = 0; k < values.Length; k++)
        {
            var value = values[k][element];
            difference += _weights[k] * value;
            magnitude += Math.Abs(_weights[k] * value);

            // The value is rounded, and so is the argument: it moves the value along the secant from the centre. What went into the value
            // may have been larger than it is: that shows in the noise alone.
            var rounding = Ulp * (Math.Abs(value) + (Nodes[k] == 0 ? 0 : Math.Abs((value - atCenter) / (Nodes[k] * step)) * reach));
            noise += Math.Abs(_weights[k]) * (rounding + measured);
        }

        var unit = Math.Pow(step, Order);
        var (first, last) = (values[0][element], values[^1][element]);
        return new(
            difference / unit,
            magnitude / unit,
            noise / unit,
            (0.5 * (first + last)) - atCenter,
            (Resolution * Math.Abs(atCenter)) + (16 * ((Ulp * Math.Max(Math.Abs(first), Math.Abs(last))) + measured)));
    }
}
