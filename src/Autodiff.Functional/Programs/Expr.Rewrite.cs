// Rewriting of trees by rules.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// This expression with a rule applied to its nodes, operands first, until the rule changes no node any more. A node that is used several times
    /// is rewritten once, and its replacement is shared again. The cost of one walk is linear in the number of nodes.
    /// </summary>
    /// <remarks>
    /// The rule is given a node over operands that have been rewritten, and returns the node itself to leave it as it is. What is inside a loop, a branch or
    /// another program is not visited.
    /// </remarks>
    /// <param name="rule">From a node to what replaces it, of the same shape.</param>
    /// <exception cref="ShapeException">A replacement has another shape than its node.</exception>
    /// <exception cref="AutodiffException">The rule, or what it returns, is null; or the rule changes its own results without end (1000 times at one node, or
    /// in 1000 walks).</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var y = Expr.Sin(Expr.Log(x)) + Expr.Log(x);
    /// Console.WriteLine(y.Rewrite(node =&gt; node.Op == Op.Log ? Expr.LogP1(node.Operands[0] - 1) : node));
    /// </code></example>
    public Expr Rewrite(Func<Expr, Expr> rule)
    {
        if (rule is null)
        {
            throw AutodiffException.Null("Rewrite", "the rule");
        }

        var root = this;
        for (var walks = 0; ; walks++)
        {
            var before = root;
            root = root.RewrittenOnce(rule);
            if (ReferenceEquals(before, root))
            {
                return ReferenceEquals(root, this) ? this : root.AsPrimal();
            }

            if (walks == Rewriting.MostRewrites)
            {
                throw new AutodiffException($"Rewrite: the rule still changes the expression after {Rewriting.MostRewrites} walks; a rule must return the node itself where nothing is left to change.");
            }
        }
    }

    /// <summary>
    /// This expression with rules applied to its nodes, operands first, until none applies any more. At each node the first rule that matches is taken.
    /// </summary>
    /// <param name="rules">The rules.</param>
    /// <exception cref="AutodiffException">A rule is null; or the rules go on without end: see <see cref="Rewrite(Func{Expr, Expr})"/>.</exception>
    /// <example><code>
    /// var double_angle = Rule.Of(a =&gt; Expr.Sin(a) * Expr.Cos(a), a =&gt; Expr.Sin(2 * a) / 2);
    /// Console.WriteLine((Expr.Cos(x) * Expr.Sin(x)).Rewrite(double_angle)); // sin(2 * x) / 2
    /// </code></example>
    public Expr Rewrite(params IReadOnlyList<Rule> rules)
    {
        if (rules is null || rules.Contains(null!))
        {
            throw AutodiffException.Null("Rewrite", rules is null ? "the list of rules" : "a rule");
        }

        return Rewrite(node =>
        {
            foreach (var rule in rules)
            {
                if (rule.Apply(node).Case is Expr replaced)
                {
                    return replaced;
                }
            }

            return node;
        });
    }

    /// <summary>This expression as a function of its variables that are not computed from others.</summary>
    internal Computation AsComputation()
    {
        var nodes = Ancestry();
        return Computation.Over([.. nodes.Where(node => node.Op == Op.Variable && node.OperandCount == 0)], [this], nodes.Count);
    }

    private Expr RewrittenOnce(Func<Expr, Expr> rule)
    {
        // Computations treat variables without operands as parameters and keep constants inside nodes, so these are rewritten first.
        var replaced = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        foreach (var leaf in Ancestry())
        {
            if (leaf.OperandCount == 0 && Checked(leaf) is var replacement && !ReferenceEquals(replacement, leaf))
            {
                replaced.Add(leaf, replacement);
            }
        }

        var root = replaced.Count > 0 ? Replacing(replaced) : this;
        return root.OperandCount == 0 ? root : Rewriting.Apply(root.AsComputation(), Checked).Results[0];

        Expr Checked(Expr node)
        {
            var replacement = rule(node) ?? throw AutodiffException.Null("Rewrite", $"what the rule returned for {node.Op}");
            return replacement.Shape == node.Shape ? replacement
                : throw new ShapeException($"Rewrite: the rule replaced {node.Op} of shape {node.Shape} by {replacement.Op} of shape {replacement.Shape}; they must be equal.");
        }
    }
}
