// The size of a function's intermediate values, which its rounding is relative to.

namespace Autodiff.Functional.Verification;

/// <summary>The values on the way to a function's result.</summary>
internal static class Intermediates
{
    /// <summary>The largest magnitude among the values at a point that are computed from its argument; infinities do not count.</summary>
    public static double Largest(Func<Expr, Expr> f, Expr x)
    {
        var leaf = Expr.Variable("x", x);
        var (seen, largest) = (new HashSet<Expr>(ReferenceEqualityComparer.Instance), 0.0);
        PostOrder.Walk(f(leaf), seen.Add, node =>
        {
            if (node.OperandCount > 0)
            {
                largest = node.ToArray().Select(Math.Abs).Where(double.IsFinite).Append(largest).Max();
            }
        });
        return largest;
    }
}
