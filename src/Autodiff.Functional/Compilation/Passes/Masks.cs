// A pass that merges choices by the same mask, of which derivatives have many: within a side of a choice, the mask is known, and a result
// computed from several choices by one mask becomes one choice.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Masks
{
    public static Computation Merge(Computation computation) => computation.Uses(Op.Where) ? Rewriting.Apply(computation, Merged) : computation;

    private static Expr Merged(Expr node, Rewriting rewriting) =>
        (node.Op == Op.Where ? Within(node, rewriting)
            : node.Op is Op.Add or Op.Subtract or Op.Multiply or Op.Divide or Op.Negate ? Outwards(node, rewriting)
            : null) is { } merged ? Expr.BroadcastTo(merged, node.Shape) : node;

    /// <summary>A choice whose sides are computed from choices by the same mask, without these inner choices; null if there are none.</summary>
    private static Expr? Within(Expr node, Rewriting rewriting)
    {
        var (mask, taken, otherwise) = (node.Operand(0), node.Operand(1), node.Operand(2));
        var (sure, other) = (Chosen(taken, mask, 1, rewriting), Chosen(otherwise, mask, 2, rewriting));
        return ReferenceEquals(sure, taken) && ReferenceEquals(other, otherwise) ? null : Expr.Where(mask, sure, other);
    }

    /// <summary>One side of a choice, where every choice by the same mask within it is replaced by the side that the mask takes there.</summary>
    private static Expr Chosen(Expr side, Expr mask, int operand, Rewriting rewriting)
    {
        if (IsChoiceBy(mask, side))
        {
            return side.Operand(operand);
        }

        if (!side.Op.IsElementwise() || !rewriting.IsReadOnce(side) || !side.Operands.Any(x => IsChoiceBy(mask, x)))
        {
            return side;
        }

        return side.WithOperands([.. side.Operands.Select(x => IsChoiceBy(mask, x) ? x.Operand(operand) : x)]);
    }

    /// <summary>Arithmetic on choices by one mask, each between an expression and a number, as one choice between the results; null if it is not that.</summary>
    private static Expr? Outwards(Expr node, Rewriting rewriting)
    {
        var first = node.Operands.FirstOrDefault(x => x.Op == Op.Where && x.Operand(2) is { Op: Op.Constant, IsScalar: true } && rewriting.IsReadOnce(x));
        if (first is null)
        {
            return null;
        }

        var mask = first.Operand(0);
        bool IsChoice(Expr x) => IsChoiceBy(mask, x) && x.Operand(2) is { Op: Op.Constant, IsScalar: true };
        return node.Operands.All(x => IsChoice(x) || x is { Op: Op.Constant, IsScalar: true })
            ? Expr.Where(mask, node.WithOperands([.. node.Operands.Select(x => IsChoice(x) ? x.Operand(1) : x)]), node.WithOperands([.. node.Operands.Select(x => IsChoice(x) ? x.Operand(2) : x)]))
            : null;
    }

    private static bool IsChoiceBy(Expr mask, Expr x) => x.Op == Op.Where && ReferenceEquals(x.Operand(0), mask);
}
