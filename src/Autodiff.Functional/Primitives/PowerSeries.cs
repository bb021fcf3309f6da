// Truncated power series, the coefficients of a node along a curve: Taylor mode.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// The series x₀ + x₁t + x₂t² + … of a node whose operands move along a curve. Coefficients are expressions of the node's shape, computed
/// in order when they are first read, and then kept. A series reads only lower or equal coefficients of its operands, so a series may read
/// its own lower coefficients, directly or through others: this is how y′ = p(x, y)·x′ becomes a recurrence.
/// </summary>
/// <param name="primal">The value of the node, x₀.</param>
/// <param name="table">The series that belong together; null for a constant.</param>
internal abstract class PowerSeries(Expr primal, SeriesTable? table)
{
    private readonly List<Expr?> _higher = [];
    private readonly List<Expr?> _scaled = [];
    private (bool IsKnown, Expr? Mask) _live;

    /// <summary>x₀, the value of the node.</summary>
    public Expr Primal { get; } = primal;

    /// <summary>The series that this one belongs to; null for a constant.</summary>
    public SeriesTable? Table => table;

    /// <summary>Whether the node does not depend on t at all: all coefficients but the first are structural zeros.</summary>
    public virtual bool IsConstant => false;

    /// <summary>The number that the node is, if it is a constant number; otherwise null.</summary>
    public double? Number => IsConstant && Primal is { Op: Op.Constant, Shape.IsScalar: true } ? Primal.Scalar : null;

    /// <summary>The mask of the elements that depend on t, which is 0 at structural zeros; null if all may depend on t.</summary>
    /// <remarks>It is found when it is first read: the mask of a function is part of its derivative, which may be one of endlessly many members of a family.</remarks>
    public Expr? Live
    {
        get
        {
            _live = _live.IsKnown ? _live : (true, Mask() is { } mask ? BroadcastTo(mask, Primal.Shape) : null);
            return _live.Mask;
        }
    }

    /// <summary>A coefficient; null if it is zero in all elements, whatever it is multiplied by.</summary>
    public Expr? this[int order]
    {
        get
        {
            if (order == 0 || IsConstant)
            {
                return order == 0 ? Primal : null;
            }

            while (_higher.Count < order)
            {
                _higher.Add(Next(_higher.Count + 1) is { } x ? x.Shape == Primal.Shape ? x : BroadcastTo(x, Primal.Shape) : null);
            }

            return _higher[order - 1];
        }
    }

    /// <summary>The number of coefficients from order 1 on that have been computed.</summary>
    public int Known => _higher.Count;

    /// <summary>The coefficient of the derivative's series, order · x at an order of 1 or more; null if it is zero.</summary>
    public Expr? Scaled(int order)
    {
        while (_scaled.Count < order)
        {
            var next = _scaled.Count + 1;
            _scaled.Add(this[next] is { } x ? next == 1 ? x : (new Term(next) * new Term(x)).Expr : null);
        }

        return _scaled[order - 1];
    }

    /// <summary>A coefficient as a tangent of the node, with the mask; null if it is zero.</summary>
    public Sensitivity? Flow(int order) => this[order] is { } x ? new(x, Live) : null;

    /// <summary>The coefficients from order 0 to an order, with zeros.</summary>
    public Expr[] UpTo(int order) => [.. Enumerable.Range(0, order + 1).Select(k => this[k] ?? Zeros(Primal.Shape))];

    /// <summary>The coefficients from order 1 up to an order as tangents of the node, each with the mask; null for those that are zero.</summary>
    public Sensitivity?[] FlowsTo(int order) => [.. Enumerable.Range(1, order).Select(Flow)];

    /// <summary>The series with the given coefficients, whose mask is that of the elements that are live in any of them.</summary>
    /// <param name="primal">The value.</param>
    /// <param name="flows">The coefficients from order 1 on.</param>
    /// <param name="table">The series that it belongs to.</param>
    public static PowerSeries Of(Expr primal, Sensitivity?[] flows, SeriesTable table) => new GivenSeries(primal, Array.ConvertAll(flows, flow => flow?.Value), table, LiveIn(flows));

    /// <summary>Computes a coefficient of order 1 or more, after all lower ones; its shape may be one that broadcasts to that of the node.</summary>
    protected abstract Expr? Next(int order);

    /// <summary>Finds <see cref="Live"/>; its shape may be one that broadcasts to that of the node.</summary>
    protected abstract Expr? Mask();

    /// <summary>The sum of two coefficients, of which either may be zero.</summary>
    protected static Expr? Sum(Expr? a, Expr? b) => a is null ? b : b is null ? a : (new Term(a) + new Term(b)).Expr;

    /// <summary>The product of two coefficients, of which either may be zero.</summary>
    protected static Expr? Product(Expr? a, Expr? b) => a is null || b is null ? null : (new Term(a) * new Term(b)).Expr;

    /// <summary>Sets the structural zeros of a coefficient to 0; null if nothing is left.</summary>
    protected static Expr? Selected(Expr? x, Expr? live) => x is null || live is null ? x : Sensitivity.Selected(Covering(x, live), live)?.Value;

    /// <summary>The mask of the elements that are live in any coefficient; null if all may be.</summary>
    public static Expr? LiveIn(Sensitivity?[] flows)
    {
        Expr? any = null;
        foreach (var flow in flows)
        {
            if (flow is { } some)
            {
                if (some.Live is null)
                {
                    return null;
                }

                any = any is null || ReferenceEquals(any, some.Live) ? some.Live : Max(any, some.Live);
            }
        }

        return any;
    }

    /// <summary>The mask of what depends on t where either of two series does.</summary>
    protected static Expr? Either(PowerSeries a, PowerSeries b) =>
        a.IsConstant ? b.Live : b.IsConstant ? a.Live : a.Live is { } x && b.Live is { } y ? Max(x, y) : null;

    private static Expr Covering(Expr x, Expr live) => x.Shape == live.Shape ? x : BroadcastTo(x, Shape.Broadcast(x.Shape, live.Shape, "series")!);
}

/// <summary>A node that does not depend on t.</summary>
internal sealed class ConstantSeries(Expr value) : PowerSeries(value, null)
{
    public override bool IsConstant => true;

    protected override Expr? Mask() => null;

    protected override Expr? Next(int order) => null;
}

/// <summary>A curve whose coefficients are given.</summary>
/// <param name="primal">Its value at t = 0.</param>
/// <param name="higher">The coefficients from order 1 on; null, and all behind the last, are zero.</param>
/// <param name="table">The series that it belongs to.</param>
/// <param name="live">The mask of the elements that move; null if all may.</param>
internal sealed class GivenSeries(Expr primal, IReadOnlyList<Expr?> higher, SeriesTable table, Expr? live = null) : PowerSeries(primal, table)
{
    protected override Expr? Mask() => live;

    protected override Expr? Next(int order) => order <= higher.Count ? higher[order - 1] : null;
}

/// <summary>
/// A series whose coefficients are found together, from those of the operands: as many at once as the operands have. So a node that holds a
/// program runs once for all orders, unless its operands depend on its own coefficients.
/// </summary>
/// <param name="primal">The value of the node.</param>
/// <param name="operands">The series of the operands.</param>
/// <param name="table">The series that these belong to.</param>
/// <param name="expand">From the coefficients of each operand, order 1 first, to those of the result, as many; null for those that are zero.</param>
internal sealed class JointSeries(Expr primal, PowerSeries[] operands, SeriesTable table, Func<Sensitivity?[][], Sensitivity?[]> expand) : PowerSeries(primal, table)
{
    private Sensitivity?[] _found = [];

    protected override Expr? Mask() => LiveIn(Found(1));

    protected override Expr? Next(int order) => Found(order)[order - 1]?.Value;

    private Sensitivity?[] Found(int order)
    {
        if (_found.Length < order)
        {
            var count = Table!.Order;
            foreach (var operand in operands)
            {
                _ = operand[order];
                count = operand.IsConstant ? count : Math.Min(count, operand.Known);
            }

            _found = expand(Array.ConvertAll(operands, operand => operand.FlowsTo(count)));
        }

        return _found;
    }
}

/// <summary>
/// The elementwise series along one curve, each made once: sin x and cos x are each other's derivatives, and so two series rather than two for
/// each order.
/// </summary>
/// <param name="order">The highest order that is wanted.</param>
internal sealed class SeriesTable(int order)
{
    private readonly Dictionary<(Op Op, object A, object? B, object? C), PowerSeries> _made = [];

    /// <summary>The highest order that is wanted.</summary>
    public int Order => order;

    /// <summary>The series of a primitive of operands: the one that has been made before, or a new one.</summary>
    public PowerSeries Find(Op op, PowerSeries[] operands, Func<PowerSeries> make)
    {
        var key = (op, Key(operands[0]), operands.Length > 1 ? Key(operands[1]) : null, operands.Length > 2 ? Key(operands[2]) : null);
        if (!_made.TryGetValue(key, out var series))
        {
            _made.Add(key, series = make());
        }

        return series;
    }

    /// <summary>Constants that are numbers are told apart by value, all other series by identity.</summary>
    private static object Key(PowerSeries series) =>
        series.Number is { } number ? BitConverter.DoubleToInt64Bits(number) : series;
}
