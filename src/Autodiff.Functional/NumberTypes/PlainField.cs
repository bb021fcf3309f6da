// The elementwise primitives on number types of which only arithmetic and order are known.

using System.Numerics;

namespace Autodiff.Functional.NumberTypes;

/// <summary>A type with the four operations: it has powers with whole exponents, and comparisons if its values can be compared.</summary>
internal class PlainField<T> : NumberField<T>
    where T : INumberBase<T>
{
    public override double Approximate(T x) => double.CreateSaturating(x);

    protected override T Function(Op op, T x) => op switch
    {
        Op.Abs => T.Abs(x),
        Op.Sign => Composed.Sign(this, x),
        Op.Relu => Composed.Relu(this, x),
        _ => throw Undefined(op.Name()),
    };

    protected override T Function(Op op, T a, T b) => op switch
    {
        Op.Pow when Composed.WholePower(this, b) is { } exponent => Composed.IntegerPower(a, exponent),
        Op.Min => Composed.Min(this, a, b),
        Op.Max => Composed.Max(this, a, b),
        Op.Less => Composed.Less(this, a, b),
        Op.LessOrEqual => Composed.LessOrEqual(this, a, b),
        Op.Greater => Composed.Less(this, b, a),
        Op.GreaterOrEqual => Composed.LessOrEqual(this, b, a),
        Op.Equal => Composed.Equal(this, a, b),
        _ => throw Undefined(op.Name()),
    };

    protected override T Function(Op op, T a, T b, T c) => op switch
    {
        Op.Clamp => Composed.Clamp(this, a, b, c),
        Op.Where => Composed.Choose(this, a, b, c),
        _ => throw Undefined(op.Name()),
    };

    protected override T Function(Op op, int n, T x) => throw Undefined(op.Name());

    protected override T Function(Op op, int n, T a, T x) => throw Undefined(op.Name());
}

/// <summary>The primitives of decimal numbers: arithmetic, order and rounding.</summary>
internal sealed class DecimalField : PlainField<decimal>
{
    protected override decimal Function(Op op, decimal x) => op switch
    {
        Op.Floor => decimal.Floor(x),
        Op.Ceiling => decimal.Ceiling(x),
        Op.Round => decimal.Round(x),
        _ => base.Function(op, x),
    };

    protected override decimal Function(Op op, decimal a, decimal b) => op switch
    {
        Op.Remainder => a % b,
        Op.Mod => Composed.Mod(this, a, b),
        _ => base.Function(op, a, b),
    };
}
