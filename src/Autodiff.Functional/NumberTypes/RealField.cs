// The elementwise primitives on the floating-point types of .NET.

using System.Numerics;
using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.NumberTypes;

/// <summary>The primitives of double, float and Half: those of double, rounded to the type.</summary>
internal sealed class RealField<T> : NumberField<T>
    where T : IFloatingPointIeee754<T>
{
    public override bool IsRounded => true;

    public override double Approximate(T x) => double.CreateSaturating(x);

    public override T Constant(double value) => T.CreateSaturating(value);

    public override T Scaled(T x, int n) => T.ScaleB(x, n);

    protected override T Function(Op op, T x) => Constant(ElementwiseTable.Value(op, Approximate(x)));

    protected override T Function(Op op, T a, T b) => Constant(ElementwiseTable.Value(op, Approximate(a), Approximate(b)));

    protected override T Function(Op op, T a, T b, T c) => Constant(ElementwiseTable.Value(op, Approximate(a), Approximate(b), Approximate(c)));

    protected override T Function(Op op, int n, T x) => Constant(ElementwiseTable.Value(op, n, Approximate(x)));

    protected override T Function(Op op, int n, T a, T x) => Constant(ElementwiseTable.Value(op, n, Approximate(a), Approximate(x)));
}
