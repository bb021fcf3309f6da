// A loop with power series of some operands: Taylor mode through a loop of n steps is one loop of n steps, whatever the order.

using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>
/// The loop that carries coefficients of power series along with its state, and the operands of that loop. Its states are those of the loop
/// without series, followed by all coefficients of those that depend on t; items, captured values and outputs are followed by their coefficients
/// that are not zero.
/// </summary>
internal sealed class LoopSeries
{
    private readonly Loop _still;
    private readonly Loop _moving;
    private readonly Expr[] _operands;
    private readonly int _order;

    // For each part of the value of the loop without series its coefficients in one step; null for those that are zero.
    private readonly Sensitivity?[][] _results;

    /// <param name="loop">The loop without series.</param>
    /// <param name="operands">Its operands.</param>
    /// <param name="curves">The coefficients of the operands, order 1 first; null for those that are zero.</param>
    public LoopSeries(Loop loop, Expr[] operands, Sensitivity?[][] curves)
    {
        (_still, _order) = (loop, curves[0].Length);
        Sensitivity?[][] moving = [.. curves];
        Sensitivity?[][] leaves;
        bool settled;
        for (var state = 0; state < loop.States; state++)
        {
            moving[state] = Moves(curves[state]) ? Complete(curves[state], operands[state]) : curves[state];
        }

        // Which states depend on t is found by repeating the step until no further state does.
        do
        {
            leaves = loop.Step.LeavesFor(moving);
            _results = loop.Step.Expand(leaves, _order);
            settled = true;
            for (var state = 0; state < loop.States; state++)
            {
                if (Moves(_results[state]) && !Moves(moving[state]))
                {
                    (settled, moving[state]) = (false, Complete(moving[state], operands[state]));
                }
            }
        }
        while (!settled);

        for (var state = 0; state < loop.States; state++)
        {
            // A state that depends on t at first keeps its coefficients (zeros), even if the step replaces the state by a value that does not.
            _results[state] = Moves(moving[state]) ? Complete(_results[state], operands[state]) : _results[state];
        }

        var (scans, captures) = (loop.States, loop.States + loop.Items);
        var (states, items, captured) = (..scans, scans..captures, captures..);
        Expr[] carried = [.. loop.Step.Parameters[states], .. Some(leaves[states])];
        Expr[] scanned = [.. loop.Step.Parameters[items], .. Some(leaves[items])];
        Expr[] read = [.. loop.Step.Parameters[captured], .. Some(leaves[captured])];
        var results = loop.Step.Results;
        _moving = loop.Over(
            Computation.Over([.. carried, .. scanned, .. read], [.. results[states], .. Some(_results[states]), .. results[scans..], .. Some(_results[scans..])]),
            loop.Rebound(carried, read),
            carried.Length,
            scanned.Length);
        _operands =
        [
            .. operands[states], .. Some(moving[states]), .. operands[items], .. Some(moving[items]), .. operands[captured], .. Some(moving[captured]),
        ];
    }

    /// <summary>The coefficients of the value of the loop.</summary>
    public Sensitivity?[] Coefficients()
    {
        var value = _moving.Node(_operands);
        var parts = new Expr[_order, _still.Layout.Count];
        var next = _still.States;
        for (var part = 0; part < _still.Layout.Count; part++)
        {
            next += part == _still.States ? _still.Outputs : 0;
            for (var k = 0; k < _order; k++)
            {
                parts[k, part] = _results[part][k] is null ? Zeros(_still.Layout.ShapeOf(part)) : _moving.Layout.Part(value, next++);
            }
        }

        return [.. Enumerable.Range(0, _order).Select(k =>
            (Sensitivity?)new Sensitivity(Packing.Pack([.. Enumerable.Range(0, _still.Layout.Count).Select(part => parts[k, part])]), null))];
    }

    private static bool Moves(Sensitivity?[] curve) => Array.Exists(curve, flow => flow is not null);

    /// <summary>A series with zeros for the coefficients that are missing.</summary>
    private static Sensitivity?[] Complete(Sensitivity?[] curve, Expr primal) => Array.ConvertAll(curve, flow => (Sensitivity?)(flow ?? new Sensitivity(Zeros(primal.Shape), null)));

    private static Expr[] Some(Sensitivity?[][] curves) => [.. curves.SelectMany(curve => curve).OfType<Sensitivity>().Select(flow => flow.Value)];
}
