// The nodes of a tree as a list, and its measures.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// This node and every node under it, operands before the nodes that use them, each once however often it is used. What is inside a loop, a branch
    /// or another program is not among them: such a program is one node.
    /// </summary>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var names = string.Join(" ", (Expr.Sin(x) * x).Nodes().Select(node =&gt; node.Op)); // Variable Sin Multiply
    /// </code></example>
    public IReadOnlyList<Expr> Nodes() => Ancestry();

    /// <summary>The largest number of operations from a leaf to this node: 0 for a variable without operands and for a constant.</summary>
    public int Depth
    {
        get
        {
            var depths = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
            foreach (var node in Ancestry())
            {
                var deepest = -1;
                foreach (var operand in node.Operands)
                {
                    deepest = Math.Max(deepest, depths[operand]);
                }

                depths.Add(node, deepest + 1);
            }

            return depths[this];
        }
    }

    /// <summary>How many nodes have a given primitive, each node counted once.</summary>
    /// <param name="op">The primitive.</param>
    /// <example><c>(Sin(x) * Sin(y)).Count(Op.Sin)</c> is 2.</example>
    public int Count(Op op) => Ancestry().Count(node => node.Op == op);
}
