// Derivatives from values of a function's expression in double-double: differences of them have no rounding to speak of and need no choice of a step.

namespace Autodiff.Functional.Verification;

/// <summary>
/// The expressions of a function and of its derivatives, made once for each shape of the argument, with values and differences in double-double.
/// There are none where the function cannot be run on a variable without a value, or uses an operation that has no form in double-double.
/// </summary>
internal sealed class TreeOracle(Func<Expr, Expr> f)
{
    /// <summary>The relative difference that is allowed between a derivative and differences, both in double-double.</summary>
    public const double Tolerance = 1e-14;

    // The step, relative to the size of the argument: its sixth power is far below the rounding of doubles, and so is the rounding of double-double
    // divided by it.
    private const double Step = 1.0 / (1 << 20);

    // The steps of the stencils on both sides are up to this many; and the rounding of a difference in double-double, relative to the values.
    private const int Farthest = 3;
    private const double RoundingOfDifferences = 1e-28;

    // Neighbours at which rounding in double-double is measured, and their relative distance: a few hundred units of its rounding.
    private const int Neighbours = 6;
    private const double Distance = 1e-29;

    // The part of the largest intermediate value, divided by the size of the argument, below which an error counts as none.
    private const double Negligible = 1e-18;

    // Larger expressions would take longer than the finite differences that they replace.
    private const int MostNodes = 20_000;

    // Weights of f(kh) in 60h f′: of the stencils of order 6 and of a lower one, on both sides and on one.
    private static readonly (int K, double Weight, double Coarse)[] s_central = [(-3, -1, 0), (-2, 9, 5), (-1, -45, -40), (1, 45, 40), (2, -9, -5), (3, 1, 0)];
    private static readonly (int K, double Weight, double Coarse)[] s_oneSided =
        [(0, -147, -137), (1, 360, 300), (2, -450, -300), (3, 400, 200), (4, -225, -75), (5, 72, 12), (6, -10, 0)];

    private readonly Dictionary<(int Order, Shape Shape), (Expr Variable, Expr Tree)?> _trees = [];

    /// <summary>The derivative along a line of each element of the derivative of an order; null if it is not to be had.</summary>
    /// <param name="order">The order, 0 for the function itself.</param>
    /// <param name="x">The point.</param>
    /// <param name="line">The line; it must be straight, which those are whose tangents are exact.</param>
    /// <param name="largest">The size of the intermediate values of the derivative of that order.</param>
    public Estimate[]? Along(int order, Expr x, Line line, Lazy<double> largest)
    {
        if (TreeOf(order, x.Shape) is not var (variable, tree) || !Array.TrueForAll(line.Tangent, part => part == Math.Round(8 * part) / 8))
        {
            return null;
        }

        var center = x.ToArray();
        var size = Enumerable.Range(0, center.Length).Where(i => line.Tangent[i] != 0).Select(i => Math.Max(1, Math.Abs(center[i])) / Math.Abs(line.Tangent[i])).DefaultIfEmpty(1).Min();

        // Where the domain ends, all steps are to the other side.
        var isAtEdge = Math.Min(-line.Below, line.Above) < Step * Step * size;
        var room = isAtEdge ? Math.Max(-line.Below, line.Above) / 2 : Math.Min(-line.Below, line.Above);
        var step = Math.ScaleB(1, Math.ILogB(Math.Min(Step * size, room / 4)));
        if (!(step > 0))
        {
            return null;
        }

        step = isAtEdge && line.Above < -line.Below ? -step : step;
        var derivative = DerivativeCheck.Nestings(order)[0].Derivative;
        var (fine, coarse, scale) = (new DoubleDouble[tree.Shape.Size], new DoubleDouble[tree.Shape.Size], new double[tree.Shape.Size]);
        foreach (var (k, weight, coarseWeight) in isAtEdge ? s_oneSided : s_central)
        {
            if (Values(variable, tree, At(k * step)) is not { } values)
            {
                return null;
            }

            for (var i = 0; i < fine.Length; i++)
            {
                fine[i] += weight * values[i];
                coarse[i] += coarseWeight * values[i];
                scale[i] = Math.Max(scale[i], Math.Abs((double)values[i] / step));
            }
        }

        // Rounding is relative to the intermediate values, which may be larger there than at the point.
        var farthest = Intermediates.Largest(derivative(f), Expr.Constant([.. At(Farthest * step).Select(element => (double)element)], x.Shape));
        var estimates = new Estimate[fine.Length];
        for (var i = 0; i < estimates.Length; i++)
        {
            // The two stencils differ by the error of the coarser one, and by what rounding in double-double leaves; numbers near 0 have a spacing of their own.
            var value = (double)(fine[i] / (60 * step));
            var error = Math.Abs((double)((fine[i] - coarse[i]) / (60 * step))) + (RoundingOfDifferences * Math.Max(scale[i], farthest / Math.Abs(step))) + (scale[i] > 0 ? 4 * double.Epsilon / Math.Abs(step) : 0);
            var isPrecise = error <= Tolerance * Math.Abs(value) || error <= Negligible * scale[i] * Math.Abs(step) / size;
            if (!double.IsFinite(value) || !(isPrecise || error <= Negligible * largest.Value / size))
            {
                return null;
            }

            // Where values cancel down to rounding, the derivative is known to be about 0, but not its digits.
            estimates[i] = new(value, error, isPrecise ? Math.Abs(value) : largest.Value / size, error);
        }

        return estimates;

        DoubleDouble[] At(double length) => [.. center.Zip(line.Tangent, (element, part) => (DoubleDouble)element + (length * part))];
    }

    /// <summary>The rounding of intermediate values of a size, in differences of double-doubles at a point.</summary>
    public static double Rounding(double largest, Expr x) => 1e-31 * largest / (Step * Math.Max(1, x.ToArray().Select(Math.Abs).DefaultIfEmpty(0).Max()));

    /// <summary>A derivative computed in double-double; null if it is not to be had.</summary>
    public PreciseDerivative? At(int order, Expr x) => At(order, x.Shape, Precise(x));

    /// <summary>
    /// The width of a derivative along a line, each element by itself, at points so close that it would be equal without rounding in double-double.
    /// </summary>
    public double[] Widths(int order, Expr x, Line line)
    {
        var center = Precise(x);
        double[][] samples =
        [
            .. from k in Enumerable.Range(0, Neighbours)
               let neighbour = Array.ConvertAll(center, element => element * (1 + ((DoubleDouble)Distance * (k - (Neighbours / 2) + (1.0 / 3)))))
               let derivative = At(order, x.Shape, neighbour)
               where derivative is not null
               select derivative.Along(line),
        ];
        return samples.Length == 0 ? [] : [.. samples[0].Select((_, i) => samples.Max(sample => sample[i]) - samples.Min(sample => sample[i]))];
    }

    private PreciseDerivative? At(int order, Shape shape, DoubleDouble[] elements) =>
        TreeOf(order, shape) is var (variable, tree) && Values(variable, tree, elements) is { } values ? new(tree.Shape, values) : null;

    private static DoubleDouble[] Precise(Expr x) => [.. x.ToArray().Select(element => (DoubleDouble)element)];

    private static DoubleDouble[]? Values(Expr variable, Expr tree, DoubleDouble[] elements)
    {
        try
        {
            return tree.EvaluateElements((variable, elements));
        }
        catch (AutodiffException)
        {
            // An operation without a form in double-double, or one that is not defined at these numbers.
            return null;
        }
    }

    private (Expr Variable, Expr Tree)? TreeOf(int order, Shape shape)
    {
        if (!_trees.TryGetValue((order, shape), out var tree))
        {
            tree = _trees[(order, shape)] = Traced(order, shape);
        }

        return tree;
    }

    private (Expr Variable, Expr Tree)? Traced(int order, Shape shape)
    {
        try
        {
            var variable = Expr.Variable("x", shape);
            var tree = DerivativeCheck.Nestings(order)[0].Derivative(f)(variable);
            return HasAtMost(MostNodes, tree) ? (variable, tree) : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The function asks its argument for a value, or is not meant for expressions without one.
            return null;
        }
    }

    /// <summary>Whether an expression has no more nodes than a number.</summary>
    private static bool HasAtMost(int most, Expr root)
    {
        var nodes = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        PostOrder.Walk(root, node => nodes.Count <= most && nodes.Add(node), _ => { });
        return nodes.Count <= most;
    }
}

/// <summary>A derivative in double-double.</summary>
/// <param name="Shape">Its shape, that of the result and then that of the argument, once for each order.</param>
/// <param name="Elements">Its elements.</param>
internal sealed record PreciseDerivative(Shape Shape, DoubleDouble[] Elements)
{
    /// <summary>The derivative rounded to doubles.</summary>
    public Expr Rounded => Expr.Constant(Array.ConvertAll(Elements, element => (double)element), Shape);

    /// <summary>The derivative of each element of the derivative of the order below along a line, summed before it is rounded.</summary>
    public double[] Along(Line line) => Array.ConvertAll(Derivative.Along(Elements, line), value => (double)value);
}
