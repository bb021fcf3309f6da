// The arithmetic a derivative rule is written in. One line of the table in ElementwiseTable serves every
// number system that implements this: plain numbers, blocks of a tensor, and expressions.

namespace Autodiff.Functional.Elementwise;

/// <summary>A number system with the field operations and every elementwise primitive.</summary>
internal interface IElementary<T>
    where T : struct, IElementary<T>
{
    static abstract implicit operator T(double value);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator -(T x);

    /// <summary>The product of two masks, without computing one where the other decides.</summary>
    static abstract T Both(T mask, T other);

    static abstract T Apply(Op op, T x);

    static abstract T Apply(Op op, T a, T b);

    static abstract T Apply(Op op, T a, T b, T c);
}

/// <summary>A plain double.</summary>
internal readonly record struct Real(double Value) : IElementary<Real>
{
    public static implicit operator Real(double value) => new(value);

    public static Real operator +(Real a, Real b) => new(a.Value + b.Value);

    public static Real operator -(Real a, Real b) => new(a.Value - b.Value);

    public static Real operator *(Real a, Real b) => new(a.Value * b.Value);

    public static Real operator /(Real a, Real b) => new(a.Value / b.Value);

    public static Real operator -(Real x) => new(-x.Value);

    public static Real Both(Real mask, Real other) => mask * other;

    public static Real Apply(Op op, Real x) => new(ElementwiseTable.Value(op, x.Value));

    public static Real Apply(Op op, Real a, Real b) => new(ElementwiseTable.Value(op, a.Value, b.Value));

    public static Real Apply(Op op, Real a, Real b, Real c) => new(ElementwiseTable.Value(op, a.Value, b.Value, c.Value));
}
