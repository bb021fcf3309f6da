// The methods of Expr that write a formula in another form of the same value.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Algebra;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    // Rounds of normalization after which a formula that still changes is taken as it is.
    private const int MostRounds = 6;

    // Expressions that Simplify returned: another round might write them in another way of the same length.
    private static readonly ConditionalWeakTable<Expr, Expr> s_simplified = [];

    /// <summary>
    /// The same function in fewer operations, or this expression if none are found: numbers added and multiplied exactly, like terms and like factors
    /// collected, powers merged, signs and reciprocals pulled out, identities of exponentials, roots, and trigonometric and hyperbolic functions
    /// applied, matrices multiplied in the cheapest order, and terms and factors put into an order of their own. It is never longer, with shared operations counted once or each time, and
    /// simplifying again changes nothing.
    /// </summary>
    /// <remarks>
    /// The value is the same at every point where this expression has a finite value in exact arithmetic. Rounding may differ, and at points where
    /// this expression is infinite or not defined, such as x/x at 0, the result may be finite.
    /// </remarks>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// Console.WriteLine((2 * x + (x + x)).Simplify()); // 4 * x
    /// </code></example>
    public Expr Simplify()
    {
        if (s_simplified.TryGetValue(this, out _))
        {
            return this;
        }

        var best = this;
        for (var round = 0; round < MostRounds; round++)
        {
            // A normal form that is no shorter is taken for its order, but no other form of the same length after it.
            var (operations, size) = (Operations(best), SizeOf(best));
            var next = best.Rewritten(computation => MatrixChains.Apply(Normalization.Apply(computation)));
            var (fewer, shorter) = (operations - Operations(next), size - SizeOf(next));
            if (fewer < 0 || shorter < 0 || (round > 0 && fewer == 0 && shorter == 0))
            {
                break;
            }

            best = next;
            if (fewer == 0 && shorter == 0)
            {
                break;
            }
        }

        best = (ReferenceEquals(best, this) ? Rewritten(Normalization.Order) : best).AsPrimal();
        s_simplified.AddOrUpdate(best, best);
        return best;
    }

    /// <summary>
    /// The same function with products and whole powers of sums multiplied out, and like terms collected. Equal polynomials become equal
    /// expressions.
    /// </summary>
    /// <exception cref="AutodiffException">A product of two sums would have more than 100,000 terms.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Pow(x + 1, 3).Expand()); // x^3 + 3 * x^2 + 3 * x + 1
    /// </code></example>
    public Expr Expand() => Rewritten(Normalization.Expand).AsPrimal();

    /// <summary>
    /// The same function as a sum of powers of a variable with coefficients that do not contain it as a factor, highest powers first.
    /// </summary>
    /// <param name="variable">The variable, made by <c>Variable</c>.</param>
    /// <exception cref="AutodiffException">It is null or no variable, or a product of two sums would have more than 100,000 terms.</exception>
    /// <example><code>
    /// Console.WriteLine((x * y + Expr.Pow(x, 2) + 3 * x).Collect(x)); // x^2 + (y + 3) * x
    /// </code></example>
    public Expr Collect(Expr variable)
    {
        if (variable is null)
        {
            throw AutodiffException.Null("Collect", "the variable");
        }

        if (variable.Op != Op.Variable)
        {
            throw new AutodiffException($"Collect: {variable.Op} is not a variable; only powers of what Variable(name) made can be collected.");
        }

        return OperandCount == 0 ? this : Normalization.Collect(AsComputation(), variable).AsPrimal();
    }

    /// <summary>The number of operations, those that are shared counted once.</summary>
    private static int Operations(Expr root) => root.Ancestry().Count(node => node.OperandCount > 0);

    /// <summary>The number of operations, each counted as often as a tree without sharing has it.</summary>
    private static long SizeOf(Expr root) => new FormWriter().SizeOf(root);

    private Expr Rewritten(Func<Computation, Computation> pass) => OperandCount == 0 ? this : pass(AsComputation()).Results[0];
}
