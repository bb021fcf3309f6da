// The primal values at which a graph is differentiated.

namespace Autodiff.Functional.Primitives;

/// <summary>
/// The primal values that the rule of a primitive (its pushforward or pullback) uses: the operands and the result of a node, as
/// <see cref="Enter"/> returns them. A node that has a value and depends on no leaf older than the variables of the derivative is used as a
/// constant, so a derivative at numbers consists of numbers. Any other node is used as it is, so an outer derivative can differentiate it. If
/// the derivative is to be an expression, a node whose value <see cref="Expr.Substitute(ReadOnlySpan{ValueTuple{Expr, Expr}})"/> could change is also used as it is.
/// </summary>
/// <param name="oldest">The number of the oldest leaf among the variables of the derivative.</param>
/// <param name="isNumeric">Whether the derivative is to consist of numbers, not of expressions.</param>
internal readonly struct Point(long oldest, bool isNumeric)
{
    /// <summary>A node as rules use it: its value as a constant, or the node itself.</summary>
    public Expr Enter(Expr node) => node.OldestLeaf >= oldest && (node.IsFixed || (isNumeric && node.IsConcrete)) ? node.Detached() : node;

    /// <summary>All operands of a node as rules use them.</summary>
    public Expr[] EnterOperands(Expr node)
    {
        var operands = new Expr[node.OperandCount];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = Enter(node.Operand(i));
        }

        return operands;
    }
}
