// Estimates of the rounding errors of a function of one number, as part of its computation.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>
/// Rounding errors are followed through a computation to first order (J. H. Wilkinson's running error analysis): each operation on numbers rounds, and
/// passes on the errors of its operands. The parameters are exact, and so are results of other operations, apart from their own rounding.
/// </summary>
internal static class RoundingErrors
{
    /// <summary>The result of a computation and, beside it, the size of its rounding error in units of 2⁻⁵³.</summary>
    public static Computation Of(Computation computation)
    {
        // For each slot the size of its error; null for what is exact.
        var sizes = new Expr?[computation.Parameters.Length + computation.Nodes.Length];
        for (var place = 0; place < computation.Nodes.Length; place++)
        {
            var node = computation.Nodes[place];
            sizes[computation.Parameters.Length + place] = node.IsScalar ? SizeOf(node, computation.OperandSlots[place], sizes) : null;
        }

        var (result, slot) = (computation.Results[0], computation.ResultSlots[0]);
        var size = slot >= 0 && sizes[slot] is { } estimated ? Max(estimated, Abs(result)) : Abs(result);
        return CommonSubexpressions.Merge(Computation.Over(computation.Parameters, [result, size]));
    }

    private static Expr SizeOf(Expr node, ReadOnlySpan<int> slots, Expr?[] sizes)
    {
        var size = Abs(node);
        for (var operand = 0; operand < slots.Length && node.IsOnNumbers; operand++)
        {
            if (slots[operand] >= 0 && sizes[slots[operand]] is { } own && SlopeOf(node, operand) is { } slope)
            {
                size += Where(own > 0, Abs(slope) * own, 0);
            }
        }

        return size;
    }

    /// <summary>
    /// The derivative of an elementwise node in an operand; null where it is 0, as for the order of special functions, which has no
    /// derivative rule.
    /// </summary>
    private static Expr? SlopeOf(Expr node, int operand)
    {
        var op = node.Op;
        if (op == Op.StopGradient)
        {
            return 1;
        }

        if (operand == 0 && op.HasOrder())
        {
            return null;
        }

        Term Operand(int i) => new(node.Operand(i));
        var slope = node.OperandCount switch
        {
            1 => ElementwiseTable.UnaryDerivative<Term>(op, Operand(0), new(node)),
            2 => ElementwiseTable.BinaryDerivative<Term>(op, operand, Operand(0), Operand(1), new(node)),
            _ => ElementwiseTable.TernaryDerivative<Term>(op, operand, Operand(0), Operand(1), Operand(2)),
        };
        return slope.IsZero ? null : slope.IsMasked ? Where(slope.Live.Expr > 0, slope.Factor.Expr, 0) : slope.Factor.Expr;
    }
}
