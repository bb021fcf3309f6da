// Power series as a number type for derivative rules: the line of a primitive in the table of derivatives, read in this type, is the recurrence
// for the coefficients of the primitive.

using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Primitives;

/// <summary>A power series as a number of a derivative rule.</summary>
internal readonly record struct SeriesTerm(PowerSeries Series) : IElementary<SeriesTerm>
{
    public static implicit operator SeriesTerm(double value) => new(new ConstantSeries(value));

    public static SeriesTerm operator +(SeriesTerm a, SeriesTerm b) => Apply(Op.Add, a, b);

    public static SeriesTerm operator -(SeriesTerm a, SeriesTerm b) => Apply(Op.Subtract, a, b);

    public static SeriesTerm operator *(SeriesTerm a, SeriesTerm b) => Apply(Op.Multiply, a, b);

    public static SeriesTerm operator /(SeriesTerm a, SeriesTerm b) => Apply(Op.Divide, a, b);

    public static SeriesTerm operator -(SeriesTerm x) => Apply(Op.Negate, x);

    public static SeriesTerm Both(SeriesTerm mask, SeriesTerm other) => Term.Both(new(mask.Series.Primal), new(other.Series.Primal)).Expr is var primal
        && mask.Series.IsConstant && other.Series.IsConstant ? new(new ConstantSeries(primal)) : new(new ProductSeries(primal, mask.Series, other.Series));

    public static SeriesTerm Apply(Op op, SeriesTerm x) => new(ElementwiseSeries.Of(op, [x.Series]));

    public static SeriesTerm Apply(Op op, SeriesTerm a, SeriesTerm b) => new(ElementwiseSeries.Of(op, [a.Series, b.Series]));

    public static SeriesTerm Apply(Op op, SeriesTerm a, SeriesTerm b, SeriesTerm c) => new(ElementwiseSeries.Of(op, [a.Series, b.Series, c.Series]));
}

/// <summary>a + sign · b.</summary>
internal sealed class SumSeries(Expr primal, PowerSeries a, PowerSeries b, int sign) : PowerSeries(primal, a.Table ?? b.Table)
{
    protected override Expr? Mask() => Either(a, b);

    protected override Expr? Next(int order) => (a[order], b[order]) switch
    {
        (null, null) => null,
        (var x, null) => x,
        (null, { } y) => sign < 0 ? (-new Term(y)).Expr : y,
        ({ } x, { } y) => sign < 0 ? (new Term(x) - new Term(y)).Expr : (new Term(x) + new Term(y)).Expr,
    };
}

/// <summary>a · b: Σ aⱼ bₖ₋ⱼ.</summary>
internal sealed class ProductSeries(Expr primal, PowerSeries a, PowerSeries b) : PowerSeries(primal, a.Table ?? b.Table)
{
    /// <summary>The series that is multiplied by a number; null if neither factor is that number.</summary>
    public PowerSeries? Over(double number) => a.Number == number ? b : b.Number == number ? a : null;

    protected override Expr? Mask() => Either(a, b);

    protected override Expr? Next(int order)
    {
        var sum = Sum(Selected(Product(a[order], b.Primal), a.Live), Selected(Product(a.Primal, b[order]), b.Live));
        Expr? inner = null;
        for (var j = 1; j < order; j++)
        {
            inner = Sum(inner, Product(a[j], b[order - j]));
        }

        return Sum(sum, inner);
    }
}

/// <summary>a / b: (aₖ − Σ bⱼ qₖ₋ⱼ)/b₀.</summary>
internal sealed class QuotientSeries(Expr primal, PowerSeries a, PowerSeries b) : PowerSeries(primal, a.Table ?? b.Table)
{
    protected override Expr? Mask() => Either(a, b);

    protected override Expr? Next(int order)
    {
        var own = Over(a[order], a.Live);
        Expr? others = null;
        for (var j = order; j >= 1; j--)
        {
            others = Sum(others, Product(b[j], this[order - j]));
        }

        return Over(others, b.Live) is not { } less ? own : own is null ? (-new Term(less)).Expr : (new Term(own) - new Term(less)).Expr;
    }

    private Expr? Over(Expr? x, Expr? live) => x is null ? null : Selected((new Term(x) / new Term(b.Primal)).Expr, live);
}
