// A pass that computes before stretching. An elementwise primitive stretches its operands by itself, so it takes them as they were before they
// were stretched; where all of them lack an axis, it is computed without that axis and the result is stretched.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Broadcasts
{
    public static Computation Sink(Computation computation) => Rewriting.Apply(computation, node => node.Op.IsElementwise() && !node.IsScalar ? Sunk(node) : node);

    private static Expr Sunk(Expr node)
    {
        for (var i = 0; i < node.OperandCount; i++)
        {
            if (!ReferenceEquals(BeforeStretching(node.Operand(i)), node.Operand(i)))
            {
                return Expr.BroadcastTo(node.WithOperands([.. node.Operands.Select(BeforeStretching)]), node.Shape);
            }
        }

        return node;
    }

    private static Expr BeforeStretching(Expr x) =>
        x.Primitive is BroadcastPrimitive ? x.Operand(0)
        : x is { Op: Op.Constant, IsScalar: false } && Numbers.Single(x.Storage) is { } single ? single
        : x;
}
