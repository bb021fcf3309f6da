// The primal values at which a graph is differentiated.

namespace Autodiff.Functional.Primitives;

/// <summary>
/// How nodes enter a derivative. One that depends on nothing older than the variables enters as its value, if it has one, so a derivative at
/// numbers is numbers; any other enters as itself. Where the derivative will be an expression, a value that <see cref="Expr.Substitute"/>
/// could change does not enter as a number.
/// </summary>
/// <param name="oldest">The number of the oldest leaf that is differentiated in.</param>
/// <param name="isNumeric">Whether the derivative is numbers.</param>
internal readonly struct Point(long oldest, bool isNumeric)
{
    /// <summary>A node as it enters the derivative.</summary>
    public Expr Enter(Expr node) => node.OldestLeaf >= oldest && (node.IsFixed || (isNumeric && node.IsConcrete)) ? node.Detached() : node;

    /// <summary>All operands of a node as they enter the derivative.</summary>
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
