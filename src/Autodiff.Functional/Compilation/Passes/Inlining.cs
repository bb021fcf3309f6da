// Calls of compiled functions, and of functions with a rule of their own, as what the functions do: so that a program of many
// compiled functions is optimised as one.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Inlining
{
    // A function that calls another twice, which calls a third twice, and so on, would become a body of exponential size.
    private const int MostNodes = 100_000;

    public static Computation Expand(Computation body)
    {
        // What a function does may be calls again.
        for (var before = (Computation?)null; body.Uses(Op.Call) && !ReferenceEquals(before, body);)
        {
            before = body;
            var size = body.Nodes.Length;
            body = Rewriting.Apply(body, node =>
            {
                if (node.Primitive is not Function { IsInlined: true } function || size + function.Value.Nodes.Length > MostNodes)
                {
                    return node;
                }

                size += function.Value.Nodes.Length;
                return Packing.Pack(function.Value.Apply(node.Operands.ToArray()));
            });
        }

        return body;
    }
}
