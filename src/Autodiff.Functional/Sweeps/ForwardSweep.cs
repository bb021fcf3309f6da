// Forward mode: tangents are pushed from the variables to the results, along the recorded graph. They are expressions, so they can be
// differentiated again; if all operands are numbers, they fold to numbers.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

internal static class ForwardSweep
{
    /// <summary>The tangents of the results, given those of the variables in order; null stands for a tangent that is structurally zero.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="tangents">The tangents of the variables.</param>
    /// <param name="sources">For each place of the graph a tangent that is added to that of the node; empty if there are none.</param>
    public static Sensitivity?[] Run(ActiveGraph graph, ReadOnlySpan<Sensitivity?> tangents, ReadOnlySpan<Sensitivity?> sources = default)
    {
        using var sweep = Maker.Current.Sweeps();
        var derivatives = LocalDerivatives.Of(graph, keepGraph: false);
        var flows = new Sensitivity?[graph.Count];
        for (var place = 0; place < graph.Count; place++)
        {
            if (graph.Node(place) is { } node)
            {
                var variable = graph.VariableIndex(node);
                var flow = variable >= 0 ? tangents[variable] : Push(graph, derivatives, place, node, flows);
                flows[place] = sources.IsEmpty || sources[place] is not { } source ? flow : flow?.Plus(source) ?? source;
            }
        }

        return Array.ConvertAll(graph.ResultPlaces, place => place < 0 ? null : flows[place]);
    }

    private static Sensitivity? Push(ActiveGraph graph, LocalDerivatives derivatives, int place, Expr node, Sensitivity?[] flows)
    {
        if (node.Primitive is TensorPrimitive primitive and not OperandwisePrimitive)
        {
            var tangents = new Sensitivity?[node.OperandCount];
            for (var operand = 0; operand < tangents.Length; operand++)
            {
                tangents[operand] = graph.OperandPlace(place, operand) is var source and >= 0 ? flows[source] : null;
            }

            return Array.TrueForAll(tangents, tangent => tangent is null) ? null : derivatives.Push(node, primitive, tangents);
        }

        Sensitivity? sum = null;
        for (var operand = 0; operand < node.OperandCount; operand++)
        {
            var source = graph.OperandPlace(place, operand);
            if (source >= 0 && flows[source] is { } tangent && derivatives.Push(node, operand, tangent) is { } flow)
            {
                sum = sum is { } already ? already.Plus(flow) : flow;
            }
        }

        return sum;
    }
}
