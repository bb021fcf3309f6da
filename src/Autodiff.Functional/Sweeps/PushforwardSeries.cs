// The series of primitives that state nothing but their pushforward.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

/// <summary>
/// y = f(x): from y′ = pushforward(x, y, x′), whose series is found as that of any graph, (k + 1)·yₖ₊₁ is its coefficient k. That reads
/// coefficients of y up to k only, so y may be read while it is being computed.
/// </summary>
/// <param name="node">The node, whose primitive states the pushforward.</param>
/// <param name="operands">The series of its operands, of which one at least moves.</param>
/// <param name="primal">Its value.</param>
/// <param name="table">The series that these belong to.</param>
internal sealed class PushforwardSeries(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) : PowerSeries(primal, table)
{
    private bool _isBegun;
    private PowerSeries? _slope;
    private Expr? _mask;

    protected override Expr? Mask()
    {
        Begin();
        return _mask;
    }

    protected override Expr? Next(int order)
    {
        Begin();
        return _slope?[order - 1] is { } slope ? order == 1 ? slope : (new Term(slope) / order).Expr : null;
    }

    /// <summary>Builds the graph of the pushforward over symbolic operands, and its series from those of the operands and their derivatives.</summary>
    private void Begin()
    {
        if (_isBegun)
        {
            return;
        }

        _isBegun = true;
        var known = new Dictionary<Expr, PowerSeries>(ReferenceEqualityComparer.Instance);
        Expr Parameter(PowerSeries series)
        {
            var parameter = Expr.Parameter(series.Primal.Shape);
            known.Add(parameter, series);
            return parameter;
        }

        var symbolic = node.Over(Array.ConvertAll(operands, Parameter));
        known.Add(symbolic, this);
        var tangents = Array.ConvertAll(operands, operand => operand.IsConstant
            ? (Sensitivity?)null
            : new(Parameter(new DerivativeSeries(operand)), operand.Live is { } live ? Parameter(new ConstantSeries(live)) : null));
        var flow = ((TensorPrimitive)node.Primitive!).Push(new Point(long.MaxValue, false), symbolic, tangents);
        _slope = flow is { } some ? new GraphSeries(some.Value, known, Table!) : null;
        _mask = flow is null ? Expr.Zeros(Primal.Shape) : flow is { Live: { } mask } ? new GraphSeries(mask, known, Table!).Primal : null;
    }
}

/// <summary>x′, of which coefficient k is (k + 1)·xₖ₊₁.</summary>
internal sealed class DerivativeSeries(PowerSeries x) : PowerSeries(x.Scaled(1) ?? Expr.Zeros(x.Primal.Shape), x.Table)
{
    protected override Expr? Mask() => x.Live;

    protected override Expr? Next(int order) => x.Scaled(order + 1);
}
