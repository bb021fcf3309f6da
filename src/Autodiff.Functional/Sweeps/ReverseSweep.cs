// Reverse mode on expressions: cotangents are pulled from the results to the variables and are expressions themselves, so they can be
// differentiated again. If everything is numbers, NumericReverseSweep does the same without building expressions.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

internal static class ReverseSweep
{
    /// <summary>The cotangents of all nodes of the graph, by place, given those of the results; null for a node that no cotangent reaches.</summary>
    public static Sensitivity?[] Run(ActiveGraph graph, ReadOnlySpan<Sensitivity?> seeds, bool keepGraph)
    {
        var cotangents = new Sensitivity?[graph.Count];
        if (!graph.ReachesVariable)
        {
            return cotangents;
        }

        using var sweep = Maker.Current.Sweeps();
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

    /// <summary>Pulls a node's cotangent back to its operands.</summary>
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

    /// <summary>The cotangents that have reached one node so far.</summary>
    private struct Inflow
    {
        private Sensitivity? _whole;
        private List<(Selection Selection, Sensitivity Flow)>? _pieces;

        public void Add(Sensitivity flow) => _whole = _whole is { } whole ? whole.Plus(flow) : flow;

        /// <summary>
        /// Adds the cotangent of a selection. These are collected until all have arrived, so that they make one node, not one for each.
        /// </summary>
        public void Add(Selection selection, Sensitivity flow) => (_pieces ??= []).Add((selection, flow));

        public readonly Sensitivity? Total(Shape shape)
        {
            var gathered = _pieces is null ? null : Sensitivity.Gathered(shape, _pieces);
            return _whole is { } whole && gathered is { } other ? whole.Plus(other) : _whole ?? gathered;
        }
    }
}
