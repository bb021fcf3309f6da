// Finite-difference stencils of any order: at which points the function is evaluated, and with which weights the values are summed.

namespace Autodiff.Functional.Verification;

/// <summary>The result of a stencil at one step.</summary>
/// <param name="Value">The difference quotient.</param>
/// <param name="Scale">The sum of the magnitudes of its terms: the size of the quotient if nothing cancelled.</param>
/// <param name="Noise">The error that rounding of the function's values may have caused in the quotient.</param>
/// <param name="Residual">The mean of the outermost values minus the value at the centre, to which it tends.</param>
/// <param name="Tolerance">The largest extrapolated residual with which the steps count as resolving the function.</param>
internal readonly record struct Quotient(double Value, double Scale, double Noise, double Residual, double Tolerance);

/// <summary>
/// Σₖ (−1)ⁿ⁻ᵏ C(n, k) f(x + tₖ) / hⁿ over n + 1 nodes tₖ, a distance h apart. The outermost node is one step away from x, so that
/// the stencils of all orders reach equally far.
/// </summary>
internal sealed class Stencil
{
    // The relative spacing of doubles: the error of a function that is accurate to one unit in the last place.
    private const double Ulp = 2.220446049250313e-16;

    // The relative accuracy to which values must extrapolate to the value at the centre. Agreement to six digits is no accident.
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

    /// <summary>The ratio of the leading error term at one step to that at the next.</summary>
    public double Ratio { get; }

    /// <summary>The nodes, as multiples of the step.</summary>
    public double[] Nodes { get; }

    /// <summary>A stencil with nodes on both sides of the point; its error is a series in even powers of the step.</summary>
    public static Stencil Central(int order) => new(order, -1, 1, FiniteDifferences.Shrink * FiniteDifferences.Shrink);

    /// <summary>A stencil with nodes at the point and to one side (+1 or −1) of it; its error is a series in all powers of the step.</summary>
    public static Stencil OneSided(int order, int side) => new(order, 0, side, FiniteDifferences.Shrink);

    /// <summary>The quotient of one element of the result.</summary>
    /// <param name="values">The function's values at the nodes.</param>
    /// <param name="center">Its value at the point.</param>
    /// <param name="element">The element.</param>
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

            // The value is rounded, and so is the argument, which moves the value along the secant from the centre. Intermediate values of the function
            // may have been larger than its value: only the measured noise shows that.
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
