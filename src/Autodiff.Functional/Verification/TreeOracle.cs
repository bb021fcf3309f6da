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

    // Larger expressions would take longer than the finite differences that they replace.
    private const int MostNodes = 20_000;

    // Weights of f(kh) − f(−kh), k = 1, 2, 3, in 60h f′: of the stencils of order 6 and 4.
    private static readonly double[] s_sixth = [45, -9, 1];
    private static readonly double[] s_fourth = [40, -5, 0];

    private readonly Dictionary<(int Order, Shape Shape), (Expr Variable, Expr Tree)?> _trees = [];

    /// <summary>The derivative along a line of each element of the derivative of an order; null if it is not to be had.</summary>
    /// <param name="order">The order, 0 for the function itself.</param>
    /// <param name="x">The point.</param>
    /// <param name="line">The line; it must be straight, which those are whose tangents are exact.</param>
    public Estimate[]? Along(int order, Expr x, Line line)
    {
        if (TreeOf(order, x.Shape) is not var (variable, tree) || !Array.TrueForAll(line.Tangent, part => part == Math.Round(8 * part) / 8))
        {
            return null;
        }

        var center = x.ToArray();
        var size = Enumerable.Range(0, center.Length).Where(i => line.Tangent[i] != 0).Select(i => Math.Max(1, Math.Abs(center[i])) / Math.Abs(line.Tangent[i])).DefaultIfEmpty(1).Min();
        var step = Math.ScaleB(1, Math.ILogB(Math.Min(Step * size, Math.Min(-line.Below, line.Above) / 4)));
        if (!(step > 0))
        {
            return null;
        }

        var (sixth, fourth, scale) = (new DoubleDouble[tree.Shape.Size], new DoubleDouble[tree.Shape.Size], new double[tree.Shape.Size]);
        for (var k = 1; k <= s_sixth.Length; k++)
        {
            if (Values(variable, tree, At(k * step)) is not { } above || Values(variable, tree, At(-k * step)) is not { } below)
            {
                return null;
            }

            for (var i = 0; i < sixth.Length; i++)
            {
                var difference = above[i] - below[i];
                sixth[i] += s_sixth[k - 1] * difference;
                fourth[i] += s_fourth[k - 1] * difference;
                scale[i] = Math.Max(scale[i], Math.Abs((double)above[i]) / step);
            }
        }

        var estimates = new Estimate[sixth.Length];
        for (var i = 0; i < estimates.Length; i++)
        {
            // The two stencils differ by the error of the coarser one, and by what rounding in double-double leaves.
            var (value, error) = ((double)(sixth[i] / (60 * step)), Math.Abs((double)((sixth[i] - fourth[i]) / (60 * step))) + (1e-28 * scale[i]));
            if (!double.IsFinite(value) || !(error <= Tolerance * Math.Abs(value) || error <= 1e-18 * scale[i] * step))
            {
                return null;
            }

            estimates[i] = new(value, error, Math.Abs(value), error);
        }

        return estimates;

        DoubleDouble[] At(double length) => [.. center.Zip(line.Tangent, (element, part) => (DoubleDouble)element + (length * part))];
    }

    /// <summary>The elements of a derivative, computed in double-double; null if they are not to be had.</summary>
    public DoubleDouble[]? Elements(int order, Expr x) =>
        TreeOf(order, x.Shape) is var (variable, tree) ? Values(variable, tree, [.. x.ToArray().Select(element => (DoubleDouble)element)]) : null;

    public Shape ShapeOf(int order, Expr x) => TreeOf(order, x.Shape)!.Value.Tree.Shape;

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
            return new DistinctNodeCount(tree).IsAtMost(MostNodes) ? (variable, tree) : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The function asks its argument for a value, or is not meant for expressions without one.
            return null;
        }
    }
}

/// <summary>The number of nodes of an expression.</summary>
internal readonly struct DistinctNodeCount(Expr root)
{
    public bool IsAtMost(int most)
    {
        var nodes = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        PostOrder.Walk(root, node => nodes.Count <= most && nodes.Add(node), _ => { });
        return nodes.Count <= most;
    }
}
