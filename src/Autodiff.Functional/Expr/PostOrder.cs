// A walk through a graph in post-order, operands first. It uses an explicit stack, so that no graph is too deep.

namespace Autodiff.Functional;

internal static class PostOrder
{
    /// <summary>Visits the nodes under a root that are entered, operands first.</summary>
    /// <param name="root">Where to start.</param>
    /// <param name="enters">Whether to enter a node. It is called each time the node is met, so it must return false for nodes entered before.</param>
    /// <param name="visit">Called with each node after its operands.</param>
    /// <param name="instead">The node that stands in place of an operand; by default the operand.</param>
    public static void Walk(Expr root, Func<Expr, bool> enters, Action<Expr> visit, Func<Expr, Expr>? instead = null)
    {
        Expr Operand(Expr node, int place) => instead is null ? node.Operand(place) : instead(node.Operand(place));


        if (!enters(root))
        {
            return;
        }

        var path = new Stack<(Expr Node, int Next)>();
        path.Push((root, 0));
        while (path.TryPop(out var step))
        {
            var (node, next) = step;
            while (next < node.OperandCount && !enters(Operand(node, next)))
            {
                next++;
            }

            if (next < node.OperandCount)
            {
                path.Push((node, next + 1));
                path.Push((Operand(node, next), 0));
            }
            else
            {
                visit(node);
            }
        }
    }
}
