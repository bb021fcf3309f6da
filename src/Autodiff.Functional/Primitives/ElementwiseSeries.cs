// The series of elementwise primitives, from their lines in the table of derivatives.

using Autodiff.Functional.Elementwise;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// y = f(a, b, c): from y′ = Σ p·x′, with the partial derivatives p as series themselves, k·yₖ = Σ Σ j·xⱼ·pₖ₋ⱼ. The partial derivatives
/// are made when the first coefficient is read, and their own partial derivatives when theirs are, so a family whose derivative is its next
/// member has as many members as there are orders.
/// </summary>
internal sealed class ElementwiseSeries : PowerSeries
{
    private readonly Op _op;
    private readonly PowerSeries[] _operands;
    private readonly bool _isNode;
    private PartialDerivative<SeriesTerm>[]? _partials;
    private (bool IsKnown, CurveFormula? Formula) _alongCurve;

    private ElementwiseSeries(Op op, PowerSeries[] operands, Expr primal, bool isNode, SeriesTable table)
        : base(primal, table)
    {
        (_op, _operands, _isNode) = (op, operands, isNode);
    }

    private PartialDerivative<SeriesTerm>[] Partials => _partials ??= [.. Enumerable.Range(0, _operands.Length).Select(Partial)];

    /// <summary>The series of a primitive of series: the same one if it has been made of the same operands before.</summary>
    /// <param name="op">The primitive.</param>
    /// <param name="operands">The operands.</param>
    /// <param name="node">The value; null if it is to be computed.</param>
    public static PowerSeries Of(Op op, PowerSeries[] operands, Expr? node = null)
    {
        var moving = Enumerable.Range(0, operands.Length).FirstOrDefault(operand => Moves(op, operands, operand), -1);
        if (moving < 0 || op.StopsDerivatives())
        {
            return new ConstantSeries(node ?? Value(op, operands));
        }

        // Half of 2x is x: the derivatives of tanh x are those of the logistic density at 2x, whose derivatives are those of tanh at half its argument.
        if (node is null && op == Op.Multiply && operands[0].Number is { } factor && (operands[1] as ProductSeries)?.Over(1 / factor) is { } whole)
        {
            return whole;
        }

        var table = operands[moving].Table!;
        return table.Find(op, operands, () => op switch
        {
            Op.Add => new SumSeries(node ?? Value(op, operands), operands[0], operands[1], 1),
            Op.Subtract => new SumSeries(node ?? Value(op, operands), operands[0], operands[1], -1),
            Op.Multiply => new ProductSeries(node ?? Value(op, operands), operands[0], operands[1]),
            Op.Divide => new QuotientSeries(node ?? Value(op, operands), operands[0], operands[1]),
            _ => new ElementwiseSeries(op, operands, node ?? Value(op, operands), node is not null, table),
        });
    }

    /// <summary>Its series by another formula than that of its derivative, where that is better along a curve; null if there is none.</summary>
    private CurveFormula? AlongCurve
    {
        get
        {
            _alongCurve = _alongCurve.IsKnown ? _alongCurve : (true, CurveFormula.Of(_op, _operands, Primal, _isNode));
            return _alongCurve.Formula;
        }
    }

    protected override Expr? Next(int order)
    {
        if (Table!.Order <= CurveFormula.PreciseOrders || !CurveFormula.Covers(_op) || IsLine(order) || AlongCurve is not { } formula || Sensitivity.Of(Primal, formula.Holds) is not { } held)
        {
            return ByDerivative(order);
        }

        var coefficient = Selected(formula.Series[order], Live);
        return held.Live is null ? coefficient : Where(held.Live, coefficient ?? 0, ByDerivative(order) ?? 0);
    }

    /// <summary>Whether the operands move along a line, as far as coefficients up to an order tell.</summary>
    private bool IsLine(int order) => Array.TrueForAll(_operands, operand => Enumerable.Range(2, order - 1).All(j => operand[j] is null));

    private Expr? ByDerivative(int order)
    {
        // What a constant partial derivative contributes is not multiplied and divided by the order.
        Expr? linear = null;
        Expr? slope = null;
        for (var operand = 0; operand < _operands.Length; operand++)
        {
            if (!Moves(_op, _operands, operand) || Partials[operand].IsZero)
            {
                continue;
            }

            var (x, partial) = (_operands[operand], Partials[operand].Factor.Series);
            if (partial.IsConstant)
            {
                linear = Sum(linear, Selected(Product(x[order], partial.Primal), MaskOf(operand)));
                continue;
            }

            // The coefficient of the partial derivative that is known last comes last, so a processor can add the others before it is there.
            Expr? flow = null;
            for (var j = order; j >= 1; j--)
            {
                flow = Sum(flow, Product(x.Scaled(j), partial[order - j]));
            }

            slope = Sum(slope, Selected(flow, MaskOf(operand)));
        }

        return Sum(linear, slope is null || order == 1 ? slope : (new Term(slope) / order).Expr);
    }

    private static bool Moves(Op op, PowerSeries[] operands, int operand) => !operands[operand].IsConstant && !(operand == 0 && op.ChoosesByFirst());

    private static Expr Value(Op op, PowerSeries[] operands) => operands switch
    {
        [var x] => Term.Apply(op, new(x.Primal)).Expr,
        [var a, var b] => Term.Apply(op, new(a.Primal), new(b.Primal)).Expr,
        _ => Term.Apply(op, new(operands[0].Primal), new(operands[1].Primal), new(operands[2].Primal)).Expr,
    };

    private PartialDerivative<SeriesTerm> Partial(int operand) => !Moves(_op, _operands, operand) ? PartialDerivative<SeriesTerm>.Zero : _operands switch
    {
        [var x] => ElementwiseTable.UnaryDerivative<SeriesTerm>(_op, new(x), new(this)),
        [var a, var b] => ElementwiseTable.BinaryDerivative<SeriesTerm>(_op, operand, new(a), new(b), new(this)),
        _ => ElementwiseTable.TernaryDerivative<SeriesTerm>(_op, operand, new(_operands[0]), new(_operands[1]), new(_operands[2])),
    };

    /// <summary>Where the result depends on t through an operand; null if everywhere.</summary>
    private Expr? MaskOf(int operand)
    {
        var own = Partials[operand].IsMasked ? Partials[operand].Live.Series.Primal : null;
        return _operands[operand].Live is not { } live ? own : own is null ? live : live * own;
    }

    protected override Expr? Mask()
    {
        Expr? either = null;
        for (var operand = 0; operand < _operands.Length; operand++)
        {
            if (Moves(_op, _operands, operand) && !Partials[operand].IsZero)
            {
                if (MaskOf(operand) is not { } mask)
                {
                    return null;
                }

                mask = BroadcastTo(mask, Primal.Shape);
                either = either is null ? mask : Max(either, mask);
            }
        }

        return either ?? Zeros(Primal.Shape);
    }
}
