// Reverse mode on expressions: cotangents flow from the results to the variables and are expressions themselves, so they
// can be differentiated again. Where everything is numbers, NumericReverseSweep does the same without building any.

using Autodiff.Functional.Rules;

namespace Autodiff.Functional.Transforms;

internal static class ReverseSweep
{
    /// <summary>The cotangents of all scheduled nodes, by place, given those of the results; null where nothing flows.</summary>
    public static Sensitivity?[] Run(Schedule schedule, ReadOnlySpan<Sensitivity?> seeds, bool keepGraph)
    {
        var cotangents = new Sensitivity?[schedule.Count];
        if (!schedule.ReachesVariable)
        {
            return cotangents;
        }

        var point = new Linearization(schedule, keepGraph);
        var inflows = new Inflow[schedule.Count];
        for (var result = 0; result < seeds.Length; result++)
        {
            if (schedule.ResultPlaces[result] is var target and >= 0 && seeds[result] is { } seed)
            {
                inflows[target].Add(seed);
            }
        }

        for (var place = schedule.Count - 1; place >= 0; place--)
        {
            if (schedule.Node(place) is { } node && inflows[place].Total(node.Shape) is { } cotangent)
            {
                (cotangents[place], inflows[place]) = (cotangent, default);
                PullBack(schedule, point, inflows, place, node, cotangent);
            }
        }

        return cotangents;
    }

    /// <summary>Hands a node's cotangent on to its operands.</summary>
    private static void PullBack(Schedule schedule, Linearization point, Inflow[] inflows, int place, Expr node, Sensitivity cotangent)
    {
        if (node.Op.IsProgram())
        {
            var flows = point.PullProgram(node, schedule.Wanted(place, node), cotangent);
            for (var operand = 0; operand < flows.Length; operand++)
            {
                if (flows[operand] is { } flow)
                {
                    inflows[schedule.OperandPlace(place, operand)].Add(flow);
                }
            }

            return;
        }

        for (var operand = 0; operand < node.OperandCount; operand++)
        {
            var target = schedule.OperandPlace(place, operand);
            if (target < 0)
            {
                continue;
            }

            if (node.Op is Op.Slice or Op.Take)
            {
                inflows[target].Add((Selection)node.Attribute!, cotangent);
            }
            else if (point.Pull(node, operand, cotangent) is { } flow)
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
