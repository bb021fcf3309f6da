// Finite-difference stencils of any order: where to look, and how to weigh what is seen there.

namespace Autodiff.Functional.Verification;

/// <summary>
/// Σₖ (−1)ⁿ⁻ᵏ C(n, k) f(x + tₖ) / hⁿ over n + 1 equally spaced nodes tₖ, a distance h apart; the outermost is a step away
/// from x, so that the stencils of all orders look equally far.
/// </summary>
internal sealed class Stencil
{
    // Twice the relative rounding error of one operation, for a function that is itself right to an ulp.
    private const double RoundingUnit = 2.220446049250313e-16;

    private readonly double[] _weights;
    private readonly double _spacing;
    private readonly bool _missesCenter;

    private Stencil(int order, double first, double last, double ratio)
    {
        (Order, Ratio, _spacing) = (order, ratio, (last - first) / order);
        Nodes = new double[order + 1];
        _weights = new double[order + 1];
        var binomial = 1.0;
        for (var k = 0; k <= order; k++)
        {
            Nodes[k] = ((first * (order - k)) + (last * k)) / order;
            _weights[k] = int.IsEvenInteger(order - k) ? binomial : -binomial;
            binomial = binomial * (order - k) / (k + 1);
        }

        _missesCenter = !Nodes.Contains(0.0);
    }

    /// <summary>n, the order of the derivative.</summary>
    public int Order { get; }

    /// <summary>By how much the leading error term falls when the step halves.</summary>
    public double Ratio { get; }

    /// <summary>The nodes, as multiples of the step.</summary>
    public double[] Nodes { get; }

    /// <summary>Nodes on both sides; the error is a series in even powers of the step.</summary>
    public static Stencil Central(int order) => new(order, -1, 1, 4);

    /// <summary>Nodes at the point and to one side (+1 or −1) of it; the error is a series in all powers of the step.</summary>
    public static Stencil OneSided(int order, int side) => new(order, 0, side, 2);

    /// <summary>
    /// The difference quotient of one element; what rounding may have done to it; and, for a stencil that does not look
    /// at the centre, how far the mean of its outermost values is from the value there.
    /// </summary>
    public (double Quotient, double Residual, double Noise) Apply(double[][] rows, double[] center, int element, double step)
    {
        var (difference, magnitude) = (0.0, 0.0);
        for (var k = 0; k < rows.Length; k++)
        {
            difference += _weights[k] * rows[k][element];
            magnitude += Math.Abs(_weights[k] * rows[k][element]);
        }

        var divisor = Math.Pow(_spacing * step, Order);
        var residual = _missesCenter ? (0.5 * (rows[0][element] + rows[^1][element])) - center[element] : 0;
        return (difference / divisor, residual, RoundingUnit * magnitude / Math.Abs(divisor));
    }
}
