// Common subexpression elimination: equal nodes become one node, and equal constants one constant.

namespace Autodiff.Functional.Programs;

internal static class CommonSubexpressions
{
    public static Computation Merge(Computation computation)
    {
        var distinct = new DistinctNodes(computation.Nodes.Length);
        return Rewriting.Apply(computation, node => node.Op == Op.Constant ? node : distinct.FirstLike(WithFirstConstants(node, distinct)));
    }

    /// <summary>
    /// The node with each constant tensor replaced by the first one equal to it. Scalar constants stay: nodes over equal scalars are recognized
    /// as equal anyway.
    /// </summary>
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
