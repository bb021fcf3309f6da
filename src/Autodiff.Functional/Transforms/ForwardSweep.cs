// Forward mode: tangents flow from the variables to the results, along the recorded graph. They are expressions, so they
// can be differentiated again; where everything is numbers they fold to numbers.

using Autodiff.Functional.Rules;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Transforms;

internal static class ForwardSweep
{
    /// <summary>The tangents of the results, given those of the variables in order; null where one does not move.</summary>
    public static Sensitivity?[] Run(Schedule schedule, ReadOnlySpan<Sensitivity?> tangents)
    {
        var point = new Linearization(schedule, keepGraph: false);
        var flows = new Sensitivity?[schedule.Count];
        for (var place = 0; place < schedule.Count; place++)
        {
            if (schedule.Node(place) is { } node)
            {
                var variable = schedule.VariableIndex(node);
                flows[place] = variable >= 0 ? tangents[variable] : Push(schedule, point, place, node, flows);
            }
        }

        return Array.ConvertAll(schedule.ResultPlaces, place => place < 0 ? null : flows[place]);
    }

    private static Sensitivity? Push(Schedule schedule, Linearization point, int place, Expr node, Sensitivity?[] flows)
    {
        if (node.Op is Op.Concat or Op.Stack or Op.Scatter)
        {
            return PushJoin(schedule, place, node, flows);
        }

        if (node.Op.IsProgram())
        {
            var tangents = new Sensitivity?[node.OperandCount];
            for (var operand = 0; operand < tangents.Length; operand++)
            {
                tangents[operand] = schedule.OperandPlace(place, operand) is var source and >= 0 ? flows[source] : null;
            }

            return Array.TrueForAll(tangents, tangent => tangent is null) ? null : point.PushProgram(node, tangents);
        }

        Sensitivity? sum = null;
        for (var operand = 0; operand < node.OperandCount; operand++)
        {
            var source = schedule.OperandPlace(place, operand);
            if (source >= 0 && flows[source] is { } tangent && point.Push(node, operand, tangent) is { } flow)
            {
                sum = sum is { } already ? already.Plus(flow) : flow;
            }
        }

        return sum;
    }

    /// <summary>Operands side by side: those that do not move are structural zeros.</summary>
    private static Sensitivity? PushJoin(Schedule schedule, int place, Expr node, Sensitivity?[] flows)
    {
        var values = new Expr[node.OperandCount];
        var live = new Expr[node.OperandCount];
        for (var operand = 0; operand < values.Length; operand++)
        {
            var source = schedule.OperandPlace(place, operand);
            var shape = node.Operand(operand).Shape;
            (values[operand], live[operand]) = source >= 0 && flows[source] is { } tangent
                ? (tangent.Value, tangent.Live ?? Ones(shape))
                : (Zeros(shape), Zeros(shape));
        }

        return Sensitivity.Of(
            Make(node.Op, node.Attribute, node.Shape, values), Make(node.Op, node.Attribute, node.Shape, live) > 0);
    }
}
