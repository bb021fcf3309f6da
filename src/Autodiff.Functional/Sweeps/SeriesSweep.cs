// Taylor mode: the power series of results along a curve, from those of the variables, node by node.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

internal static class SeriesSweep
{
    /// <summary>The series of the results of a graph, given those of its variables in order.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="variables">The series of the variables.</param>
    /// <param name="table">The series that all of these belong to.</param>
    public static PowerSeries[] Run(ActiveGraph graph, PowerSeries[] variables, SeriesTable table)
    {
        using var sweep = Maker.Current.Sweeps();
        var series = Of(graph, variables, table);
        foreach (var own in series)
        {
            // In this order no coefficient waits for a long chain of others.
            _ = own?[table.Order];
        }

        return Results(graph, series);
    }

    /// <summary>Finds the series of variables whose derivatives the results of a graph are, order by order.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="solution">The series of the variables, in order.</param>
    /// <param name="table">The series that all of these belong to.</param>
    public static void Solve(ActiveGraph graph, SolutionSeries[] solution, SeriesTable table)
    {
        using var sweep = Maker.Current.Sweeps();
        var series = Of(graph, solution, table);
        foreach (var (own, derivative) in solution.Zip(Results(graph, series)))
        {
            own.Derivative = derivative;
        }

        for (var order = 0; order < table.Order; order++)
        {
            foreach (var own in series)
            {
                _ = own?[order];
            }
        }
    }

    /// <summary>
    /// The part of the highest coefficient of each node that its operation adds: what the coefficient is if those of the operands are zero. The
    /// coefficient is this and the tangent of the node for the highest coefficients of its operands as tangents.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="variables">The series of the variables, whose highest coefficients are zero.</param>
    /// <param name="table">The series that these belong to.</param>
    /// <returns>The part of the node at each place; null where it is zero.</returns>
    public static Sensitivity?[] Sources(ActiveGraph graph, PowerSeries[] variables, SeriesTable table)
    {
        using var sweep = Maker.Current.Sweeps();
        var sources = new Sensitivity?[graph.Count];
        _ = Of(graph, variables, table, (place, series) =>
        {
            sources[place] = series.Flow(table.Order);
            return new LowerSeries(series);
        });
        return sources;
    }

    private static PowerSeries?[] Of(ActiveGraph graph, PowerSeries[] variables, SeriesTable table, Func<int, PowerSeries, PowerSeries>? seen = null)
    {
        var point = graph.Point;
        var series = new PowerSeries?[graph.Count];
        for (var place = 0; place < graph.Count; place++)
        {
            if (graph.Node(place) is { } node)
            {
                var variable = graph.VariableIndex(node);
                var own = variable >= 0 ? variables[variable] : Expanded(node, Operands(graph, point, place, node, series), point.Enter(node), table);
                series[place] = seen is null || own.IsConstant ? own : seen(place, own);
            }
        }

        return series;
    }

    private static PowerSeries[] Results(ActiveGraph graph, PowerSeries?[] series) =>
        [.. graph.ResultPlaces.Zip(graph.Results, (place, result) => place < 0 ? new ConstantSeries(graph.Point.Enter(result)) : series[place]!)];

    /// <summary>The series of a node, given those of its operands.</summary>
    /// <param name="node">The node.</param>
    /// <param name="operands">The series of the operands.</param>
    /// <param name="primal">The value of the node.</param>
    /// <param name="table">The series that these belong to.</param>
    public static PowerSeries Expanded(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table)
    {
        if (node.Op.ChoosesByFirst() && !operands[0].IsConstant)
        {
            operands = [new ConstantSeries(operands[0].Primal), .. operands[1..]];
        }

        return Array.TrueForAll(operands, operand => operand.IsConstant) ? new ConstantSeries(primal)
            : node.Op.IsElementwise() ? ElementwiseSeries.Of(node.Op, operands, primal)
            : node.Op == Op.Variable ? operands[0]
            : ((TensorPrimitive)node.Primitive!).Expand(node, operands, primal, table) ?? new PushforwardSeries(node, operands, primal, table);
    }

    private static PowerSeries[] Operands(ActiveGraph graph, Point point, int place, Expr node, PowerSeries?[] series)
    {
        var operands = new PowerSeries[node.OperandCount];
        for (var operand = 0; operand < operands.Length; operand++)
        {
            operands[operand] = graph.OperandPlace(place, operand) is var source and >= 0 ? series[source]! : new ConstantSeries(point.Enter(node.Operand(operand)));
        }

        return operands;
    }

    /// <summary>A series without its highest coefficient.</summary>
    private sealed class LowerSeries : PowerSeries
    {
        private readonly PowerSeries _series;

        public LowerSeries(PowerSeries series)
            : base(series.Primal, series.Table)
        {
            _series = series;
            _ = this[Table!.Order];
        }

        protected override Expr? Mask() => _series.Live;

        protected override Expr? Next(int order) => order < Table!.Order ? _series[order] : null;
    }
}
