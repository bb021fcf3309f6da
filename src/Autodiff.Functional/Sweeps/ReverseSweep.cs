// Reverse mode on expressions: cotangents flow from the results to the variables and are expressions themselves, so they
// can be differentiated again. Where everything is numbers, NumericReverseSweep does the same without building any.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

internal static class ReverseSweep
{
    /// <summary>The cotangents of all graphd nodes, by place, given those of the results; null where nothing flows.</summary>
    public static Sensitivity?[] Run(ActiveGraph graph, ReadOnlySpan<Sensitivity?> seeds, bool keepGraph)
    {
        var cotangents = new Sensitivity?[graph.Count];
        if (!graph.ReachesVariable)
        {
            return cotangents;
        }

        var derivatives = LocalDerivatives.Of(graph, keepGraph);
        var inflows = new Inflow[graph.Count];
        for (var result = 0; result < seeds.Length; result++)
        {
            if (graph.ResultPlaces[result] is var target and >= 0 && seeds[result] is { } seed)
            {
                inflows[target].Add(seed);
            }
        }

        for (var place = graph.Count - 1; place >= 0; place--)
        {
            if (graph.Node(place) is { } node && inflows[place].Total(node.Shape) is { } cotangent)
            {
                (cotangents[place], inflows[place]) = (cotangent, default);
                PullBack(graph, derivatives, inflows, place, node, cotangent);
            }
        }

        return cotangents;
    }

    /// <summary>Hands a node's cotangent on to its operands.</summary>
    private static void PullBack(ActiveGraph graph, LocalDerivatives derivatives, Inflow[] inflows, int place, Expr node, Sensitivity cotangent)
    {
        if (node.Primitive is TensorPrimitive primitive and not OperandwisePrimitive)
        {
            var flows = derivatives.Pull(node, primitive, graph.Wanted(place, node), cotangent);
            for (var operand = 0; operand < flows.Length; operand++)
            {
                if (flows[operand] is { } flow)
                {
                    inflows[graph.OperandPlace(place, operand)].Add(flow);
                }
            }

            return;
        }

        for (var operand = 0; operand < node.OperandCount; operand++)
        {
            var target = graph.OperandPlace(place, operand);
            if (target < 0)
            {
                continue;
            }

            if (node.Primitive is SelectionPrimitive part)
            {
                inflows[target].Add(part.Selection, cotangent);
            }
            else if (derivatives.Pull(node, operand, cotangent) is { } flow)
            {
                inflows[target].Add(flow);
            }
        }
    }

    /// <summary>What has flowed into one node so far.</summary>
    private struct Inflow
    {
        private Sensitivity? _whole;
        private List<(Selection Selection, Sensitivity Flow)>? _pieces;

        public void Add(Sensitivity flow) => _whole = _whole is { } whole ? whole.Plus(flow) : flow;

        /// <summary>Pieces of a tensor are kept until all are there: then they make one node, not one for each.</summary>
        public void Add(Selection selection, Sensitivity flow) => (_pieces ??= []).Add((selection, flow));

        public readonly Sensitivity? Total(Shape shape)
        {
            var gathered = _pieces is null ? null : Sensitivity.Gathered(shape, _pieces);
            return _whole is { } whole && gathered is { } other ? whole.Plus(other) : _whole ?? gathered;
        }
    }
}
