// Choices by one mask, of which derivatives make many: within what a mask chooses, the same mask is known to hold, and what is
// computed from choices by one mask is one choice.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Masks
{
    public static Computation Merge(Computation body) => body.Uses(Op.Where) ? Rewriting.Apply(body, Merged) : body;

    private static Expr Merged(Expr node, Rewriting rewriting) =>
        (node.Op == Op.Where ? Within(node, rewriting)
            : node.Op is Op.Add or Op.Subtract or Op.Multiply or Op.Divide or Op.Negate ? Outwards(node, rewriting)
            : null) is { } merged ? Expr.BroadcastTo(merged, node.Shape) : node;

    /// <summary>A choice whose sides are computed from what the same mask has chosen.</summary>
    private static Expr? Within(Expr node, Rewriting rewriting)
    {
        var (mask, taken, otherwise) = (node.Operand(0), node.Operand(1), node.Operand(2));
        var (sure, other) = (Chosen(taken, mask, 1, rewriting), Chosen(otherwise, mask, 2, rewriting));
        return ReferenceEquals(sure, taken) && ReferenceEquals(other, otherwise) ? null : Expr.Where(mask, sure, other);
    }

    /// <summary>A side of a choice, given what the mask is there.</summary>
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

    /// <summary>Arithmetic with choices by one mask between something and a number, as a choice between the results.</summary>
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
