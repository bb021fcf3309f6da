// Equal computations once, and equal constants.

namespace Autodiff.Functional.Programs;

internal static class CommonSubexpressions
{
    public static Computation Merge(Computation body)
    {
        var distinct = new DistinctNodes(body.Nodes.Length);
        return Rewriting.Apply(body, node => node.Op == Op.Constant ? node : distinct.FirstLike(WithFirstConstants(node, distinct)));
    }

    /// <summary>A node of the first of equal tensors. Equal numbers need not be one object to be one.</summary>
    private static Expr WithFirstConstants(Expr node, DistinctNodes distinct)
    {
        for (var i = 0; i < node.OperandCount; i++)
        {
            if (node.Operand(i) is { Op: Op.Constant, IsScalar: false } constant && !ReferenceEquals(distinct.FirstLike(constant), constant))
            {
                return node.WithOperands([.. node.Operands.Select(operand => operand is { Op: Op.Constant, IsScalar: false } ? distinct.FirstLike(operand) : operand)]);
            }
        }

        return node;
    }
}
