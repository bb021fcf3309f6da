// The trace of a function: it is run once on fresh leaves, which gives the graph from its arguments to its results for sweeps.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

internal sealed class Trace : IDisposable
{
    private static readonly Comparer<(int Place, Expr Cotangent)> s_descending = Comparer<(int Place, Expr Cotangent)>.Create((a, b) => b.Place.CompareTo(a.Place));

    private readonly ActiveGraph _graph;

    /// <summary>Runs f on fresh leaves with the values of the arguments.</summary>
    public Trace(string operation, Expr[] arguments, Func<Expr[], Expr> f)
        : this(operation, arguments, leaves => new[] { f(leaves) })
    {
    }

    /// <summary>Runs a function of several results on fresh leaves with the values of the arguments.</summary>
    /// <param name="operation">The name of the operation, for errors.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="f">The function.</param>
    /// <param name="isClosed">Whether the function is part of a rule, which reads what it is meant to; one of the user's may read a leaf that has outlived its function.</param>
    public Trace(string operation, Expr[] arguments, Func<Expr[], Expr[]> f, bool isClosed = false)
    {
        var leaves = Array.ConvertAll(arguments, argument => argument is null
            ? throw AutodiffException.Null(operation, "the argument")
            : Expr.Leaf(null, argument));
        foreach (var leaf in leaves)
        {
            leaf.Begin(operation);
        }

        Expr[] results;
        try
        {
            results = f(leaves);
        }
        finally
        {
            foreach (var leaf in leaves)
            {
                leaf.End(operation);
            }
        }

        if (Array.IndexOf(results, null) >= 0)
        {
            throw AutodiffException.Null(operation, "the function's result");
        }

        _graph = new(results, leaves);
        foreach (var result in results)
        {
            if (!isClosed && result.OldestLeaf < _graph.OldestVariable && result.Outlived is { } fault)
            {
                throw new AutodiffException($"{operation}: the function reads an expression from outside that {fault}");
            }
        }
    }

    /// <summary>The fresh leaves.</summary>
    public Expr[] Leaves => _graph.Variables!;

    /// <summary>The results, as nodes over the fresh leaves.</summary>
    public Expr[] Results => _graph.Results;

    /// <summary>The first result; most functions have only one.</summary>
    public Expr Result => Results[0];

    /// <summary>
    /// Whether the derivatives are numbers: the results have values and depend on no variable or fresh leaf from outside the function.
    /// </summary>
    public bool IsNumeric => _graph.IsNumeric;

    /// <summary>The first result as the caller gets it: a plain number if it depends on no variable or fresh leaf from outside the function.</summary>
    public Expr Value => Values[0];

    /// <summary>The results as the caller gets them.</summary>
    public Expr[] Values => _graph.IsNumeric ? Array.ConvertAll(Results, result => result.Detached()) : Results;

    /// <summary>An expression that the function made in addition to its results, as the caller gets it.</summary>
    public Expr Settled(Expr x) => x.IsConcrete && x.OldestLeaf >= _graph.OldestVariable ? x.Detached() : x;

    /// <summary>
    /// The cotangents of the arguments, given those of the results (null for a structural zero); zeros for an argument that no result depends
    /// on.
    /// </summary>
    public Expr[] Pull(params Sensitivity?[] seeds)
    {
        if (_graph.IsNumeric && Array.TrueForAll(seeds, seed => seed is not { } flow || IsNumber(flow.Value)))
        {
            return InOrder(NumericReverseSweep.Run(_graph, seeds));
        }

        var cotangents = ReverseSweep.Run(_graph, seeds, keepGraph: false);
        return [.. _graph.VariablePlaces.Zip(Leaves, (place, leaf) => place >= 0 && cotangents[place] is { } cotangent ? cotangent.Value : Expr.Zeros(leaf.Shape))];
    }

    /// <summary>
    /// The tangent of the first result, given those of the arguments (null for a structural zero); zeros if the result does not depend on them.
    /// </summary>
    public Expr Push(params ReadOnlySpan<Sensitivity?> tangents) => PushAll(tangents)[0];

    /// <summary>
    /// The tangents of the results, given those of the arguments (null for a structural zero); zeros for a result that does not depend on them.
    /// </summary>
    public Expr[] PushAll(ReadOnlySpan<Sensitivity?> tangents) =>
        [.. ForwardSweep.Run(_graph, tangents).Zip(Results, (tangent, result) => tangent?.Value ?? Expr.Zeros(result.Shape))];

    /// <summary>The coefficients of each result, from order 0 to an order, along curves of the arguments.</summary>
    /// <param name="curves">The coefficients of each argument from order 1 on; null for one that is zero.</param>
    /// <param name="order">The highest order.</param>
    public Expr[][] Expand(Sensitivity?[][] curves, int order)
    {
        var table = new SeriesTable(order);
        PowerSeries[] variables = [.. Leaves.Zip(curves, (leaf, curve) => PowerSeries.Of(_graph.Point.Enter(leaf), curve, table))];
        return Array.ConvertAll(SeriesSweep.Run(_graph, variables, table), series => series.UpTo(order));
    }

    /// <summary>
    /// The sum over several directions of the coefficient of the first result at an order, where the argument moves on a line. Since the coefficient of a
    /// node is linear in those of its operands at the same order, only lower orders are computed for each direction; what each operation adds to the
    /// highest order is summed over the directions before it is pushed on (F. Dangel et al., Collapsing Taylor mode automatic differentiation, 2025).
    /// </summary>
    /// <param name="direction">A symbol for a direction, of the argument's shape, and the mask of its structural zeros.</param>
    /// <param name="order">The order, 2 or more.</param>
    /// <param name="sum">From tensors that depend on the direction to their sums over all directions.</param>
    public Expr Collapse(Sensitivity direction, int order, Func<Sensitivity?[], Sensitivity?[]> sum)
    {
        var table = new SeriesTable(order);
        var curve = new Sensitivity?[order];
        curve[0] = direction;
        var sources = SeriesSweep.Sources(_graph, [PowerSeries.Of(_graph.Point.Enter(Leaves[0]), curve, table)], table);
        return ForwardSweep.Run(_graph, [null], sum(sources))[0]?.Value ?? Expr.Zeros(Result.Shape);
    }

    /// <summary>The coefficients, from order 0 to an order, of arguments whose derivatives the results are.</summary>
    public Expr[][] Solve(int order)
    {
        var table = new SeriesTable(order);
        var solution = Array.ConvertAll(Leaves, leaf => new SolutionSeries(_graph.Point.Enter(leaf), table));
        SeriesSweep.Solve(_graph, solution, table);
        return Array.ConvertAll(solution, series => series.UpTo(order));
    }

    /// <summary>Returns the arrays of the active graph to their pool. The trace cannot be swept afterwards.</summary>
    public void Dispose() => _graph.Dispose();

    /// <summary>The cotangents of the arguments in order, from a list sorted by descending place.</summary>
    private Expr[] InOrder(List<(int Place, Expr Cotangent)> found)
    {
        // Leaves have ascending places in most cases, so the cotangent looked for is mostly the next one of the list.
        var cotangents = new Expr[Leaves.Length];
        var next = 0;
        for (var i = cotangents.Length - 1; i >= 0; i--)
        {
            var place = _graph.VariablePlaces[i];
            if (next >= found.Count || found[next].Place != place)
            {
                next = found.BinarySearch((place, Leaves[i]), s_descending);
            }

            cotangents[i] = next >= 0 ? found[next].Cotangent : Expr.Zeros(Leaves[i].Shape);
            next = Math.Max(next, ~next) + 1;
        }

        return cotangents;
    }

    private static bool IsNumber(Expr x) => x.IsConcrete && x.NewestLeaf == 0;
}
