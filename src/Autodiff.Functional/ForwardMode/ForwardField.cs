// The elementwise primitives on numbers with tangents.

using System.Numerics;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.NumberTypes;

namespace Autodiff.Functional.ForwardMode;

/// <summary>Every primitive by the chain rule: its value in the field of the primals, and the derivatives that <see cref="ElementwiseTable"/> states.</summary>
internal sealed class ForwardField<TSelf, T> : NumberField<TSelf>
    where TSelf : struct, IForwardNumber<TSelf, T>
    where T : IFloatingPointIeee754<T>
{
    private static NumberField<T> Primals => NumberField<T>.Of;

    public static ForwardField<TSelf, T> Instance { get; } = new();

    public override double Approximate(TSelf x) => Primals.Approximate(x.Primal);

    public override TSelf Constant(double value) => TSelf.Constant(Primals.Constant(value));

    // The table holds log 2, log 10 and 1/3 as doubles; the functions of the type compute them with all its digits.
    protected override TSelf Function(Op op, TSelf x) => op switch
    {
        Op.Exp2 => TSelf.Exp2(x),
        Op.Log2 => TSelf.Log2(x),
        Op.Log10 => TSelf.Log10(x),
        Op.Cbrt => TSelf.Cbrt(x),
        _ => Chain(op, x),
    };

    protected override TSelf Function(Op op, TSelf a, TSelf b)
    {
        var value = Primals.Apply(op, a.Primal, b.Primal);
        T Partial(int operand, TSelf x) => x.IsConstant ? T.Zero
            : Factor(ElementwiseTable.BinaryDerivative<FieldNumber<T>>(op, operand, new(a.Primal), new(b.Primal), new(value)));
        return TSelf.Chain(value, Partial(0, a), a, Partial(1, b), b);
    }

    protected override TSelf Function(Op op, TSelf a, TSelf b, TSelf c)
    {
        var value = Primals.Apply(op, a.Primal, b.Primal, c.Primal);
        T Partial(int operand, TSelf x) => x.IsConstant ? T.Zero
            : Factor(ElementwiseTable.TernaryDerivative<FieldNumber<T>>(op, operand, new(a.Primal), new(b.Primal), new(c.Primal)));
        return TSelf.Chain(value, T.One, TSelf.Chain(value, Partial(0, a), a, Partial(1, b), b), Partial(2, c), c);
    }

    protected override TSelf Function(Op op, int n, TSelf x)
    {
        var order = Primals.Constant(n);
        var value = Primals.Apply(op, order, x.Primal);
        return x.IsConstant ? TSelf.Constant(value)
            : TSelf.Chain(value, Factor(ElementwiseTable.BinaryDerivative<FieldNumber<T>>(op, 1, new(order), new(x.Primal), new(value))), x);
    }

    protected override TSelf Function(Op op, int n, TSelf a, TSelf x)
    {
        var order = Primals.Constant(n);
        T Partial(int operand, TSelf number) => number.IsConstant ? T.Zero
            : Factor(ElementwiseTable.TernaryDerivative<FieldNumber<T>>(op, operand, new(order), new(a.Primal), new(x.Primal)));
        return TSelf.Chain(Primals.Apply(op, order, a.Primal, x.Primal), Partial(1, a), a, Partial(2, x), x);
    }

    public override TSelf Apply(INumericFunction function, TSelf[] x)
    {
        var primals = Array.ConvertAll(x, number => number.Primal);
        var value = Primals.Apply(function, primals);
        var result = TSelf.Constant(value);
        for (var argument = 0; argument < x.Length; argument++)
        {
            result = x[argument].IsConstant ? result : TSelf.Chain(value, T.One, result, function.Partial(argument, primals), x[argument]);
        }

        return result;
    }

    private static TSelf Chain(Op op, TSelf x)
    {
        var value = Primals.Apply(op, x.Primal);
        return x.IsConstant ? TSelf.Constant(value)
            : TSelf.Chain(value, Factor(ElementwiseTable.UnaryDerivative<FieldNumber<T>>(op, new(x.Primal), new(value))), x);
    }

    private static T Factor(PartialDerivative<FieldNumber<T>> partial) => partial.IsZero ? T.Zero : partial.Selected.Value;
}
