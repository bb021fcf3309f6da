// A pass that replaces calls of compiled functions, and of functions with a rule of their own, by the computations of these functions, so
// that a program made of many compiled functions is optimised as a whole.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Inlining
{
    // The most nodes that calls are expanded to. A function that calls another one twice, which calls a third one twice, and so on, would
    // become a computation of exponential size.
    private const int MostNodes = 100_000;

    /// <summary>Replaces the calls that may be replaced where only values are needed, but keeps those that limit what memory holds.</summary>
    public static Computation Expand(Computation computation) => Expand(computation, function => function.IsInlined);

    /// <summary>Replaces all calls.</summary>
    public static Computation ExpandAll(Computation computation) => Expand(computation, _ => true);

    private static Computation Expand(Computation computation, Func<Function, bool> replaces)
    {
        // The computation of a function may contain calls again.
        for (var before = (Computation?)null; computation.Uses(Op.Call) && !ReferenceEquals(before, computation);)
        {
            before = computation;
            var size = computation.Nodes.Length;
            computation = Rewriting.Apply(computation, node =>
            {
                if (node.Primitive is not Function function || !replaces(function) || size + function.Value.Nodes.Length > MostNodes)
                {
                    return node;
                }

                size += function.Value.Nodes.Length;
                return Packing.Pack(function.Value.Apply(node.Operands.ToArray()));
            });
        }

        return computation;
    }
}
