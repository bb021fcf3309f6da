// The size of a function's intermediate values, which its rounding is relative to, and those of them that are not finite.

using MathNet.Numerics;

namespace Autodiff.Functional.Verification;

/// <summary>The values on the way to a function's result.</summary>
internal static class Intermediates
{
    // Products and quotients of two numbers up to this one, and down to its inverse, are finite.
    private const double Ordinary = 1e100;

    // Steps of 1 are resolved up to this distance from 0: rounding is measured over distances of nearly 1e-5 of the argument.
    private const double Resolved = 1e4;

    /// <summary>The largest magnitude among the values at a point that are computed from its argument; infinities do not count.</summary>
    public static double Largest(Func<Expr, Expr> f, Expr x) =>
        Computed(f, x).SelectMany(node => node.ToArray()).Select(Math.Abs).Where(double.IsFinite).DefaultIfEmpty(0).Max();

    /// <summary>The largest magnitude among the derivatives of the orders 1 to n of these values, along the fixed direction; 0 if they have no power series.</summary>
    public static double LargestAlong(Func<Expr, Expr> f, Expr x, int n)
    {
        try
        {
            var coefficients = AD.TaylorAlong(v => Expr.Concat([.. f(v).Nodes().Where(node => node.OperandCount > 0).Select(node => Expr.Reshape(node, node.Shape.Size))]), n)(x, Directions.Of(x.Shape));
            return coefficients.SelectMany((coefficient, order) => coefficient.ToArray().Select(element => order == 0 ? 0 : Math.Abs(element) * SpecialFunctions.Factorial(order))).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        }
        catch (AutodiffException)
        {
            return 0;
        }
    }

    /// <summary>Whether an operation on the way overflows: its result is not finite, though its operands are, and these are very large or very small.</summary>
    public static bool Overflow(Func<Expr, Expr> f, Expr x) => Computed(f, x).Any(node =>
    {
        if (Array.TrueForAll(node.ToArray(), double.IsFinite))
        {
            return false;
        }

        double[] operands = [.. Enumerable.Range(0, node.OperandCount).SelectMany(i => node.Operand(i).ToArray()).Select(Math.Abs)];
        return Array.TrueForAll(operands, double.IsFinite) && Array.Exists(operands, operand => operand > Ordinary || (operand > 0 && operand < 1 / Ordinary));
    });

    /// <summary>An operation on the way whose result is ±∞; null if there is none.</summary>
    public static Expr? Infinite(Func<Expr, Expr> f, Expr x) => Computed(f, x).FirstOrDefault(node => Array.Exists(node.ToArray(), double.IsInfinity));

    /// <summary>A rounding to whole numbers whose operand is so large that differences do not resolve its steps; null if there is none.</summary>
    public static Expr? Staircase(Func<Expr, Expr> f, Expr x) =>
        Computed(f, x).FirstOrDefault(node => node.Op is Op.Floor or Op.Ceiling or Op.Round && Array.Exists(node.Operand(0).ToArray(), operand => Math.Abs(operand) > Resolved));

    private static IEnumerable<Expr> Computed(Func<Expr, Expr> f, Expr x) => f(Expr.Variable("x", x)).Nodes().Where(node => node.OperandCount > 0);
}
