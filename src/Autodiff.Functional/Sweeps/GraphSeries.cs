// The series of a graph over parameters whose series are known: how a primitive states its series by other primitives.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

/// <summary>The series of the result of a graph.</summary>
internal sealed class GraphSeries : PowerSeries
{
    private readonly PowerSeries _result;

    // The series of all nodes, operands first: read in this order, no coefficient waits for a long chain of others.
    private readonly List<PowerSeries> _nodes;

    /// <param name="result">The result of the graph, which reads nothing but the parameters.</param>
    /// <param name="known">The series of the parameters; those of all other nodes are added.</param>
    /// <param name="table">The series that these belong to.</param>
    public GraphSeries(Expr result, Dictionary<Expr, PowerSeries> known, SeriesTable table)
        : this(Expand(result, known, table), table)
    {
    }

    private GraphSeries((PowerSeries Result, List<PowerSeries> Nodes) graph, SeriesTable table)
        : base(graph.Result.Primal, table)
    {
        (_result, _nodes) = graph;
    }

    public override bool IsConstant => _result.IsConstant;

    /// <summary>The series of a function of a series. The function is called with a symbolic argument, so it must not read values.</summary>
    public static PowerSeries Of(Func<Expr, Expr> f, PowerSeries x, SeriesTable table)
    {
        var parameter = Expr.Parameter(x.Primal.Shape);
        return new GraphSeries(f(parameter), new(ReferenceEqualityComparer.Instance) { [parameter] = x }, table);
    }

    protected override Expr? Mask()
    {
        foreach (var node in _nodes)
        {
            _ = node.Live;
        }

        return _result.Live;
    }

    protected override Expr? Next(int order)
    {
        foreach (var node in _nodes)
        {
            _ = node[order];
        }

        return _result[order];
    }

    private static (PowerSeries Result, List<PowerSeries> Nodes) Expand(Expr result, Dictionary<Expr, PowerSeries> known, SeriesTable table)
    {
        var nodes = new List<PowerSeries>();
        var entered = new System.Collections.Generic.HashSet<Expr>(ReferenceEqualityComparer.Instance);
        PowerSeries Of(Expr node) => node.Op == Op.Constant ? new ConstantSeries(node) : known[node];
        PostOrder.Walk(
            result,
            node => node.Op != Op.Constant && !known.ContainsKey(node) && entered.Add(node),
            node =>
            {
                var operands = Array.ConvertAll(node.Operands.ToArray(), Of);
                known[node] = SeriesSweep.Expanded(node, operands, node.WithOperands(Array.ConvertAll(operands, operand => operand.Primal)), table);
                nodes.Add(known[node]);
            });
        return (Of(result), nodes);
    }
}
