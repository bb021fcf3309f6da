// The arithmetic in which derivative rules are written. A rule in ElementwiseTable works for every number type that implements it: doubles,
// blocks of a tensor, and expressions.

namespace Autodiff.Functional.Elementwise;

/// <summary>A number type with the four operations of arithmetic and every elementwise primitive.</summary>
internal interface IElementary<T>
    where T : struct, IElementary<T>
{
    static abstract implicit operator T(double value);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator -(T x);

    /// <summary>The product of a mask with a mask or factor; no product is computed if either is known to be 0 everywhere.</summary>
    static abstract T Both(T mask, T other);

    static abstract T Apply(Op op, T x);

    static abstract T Apply(Op op, T a, T b);

    static abstract T Apply(Op op, T a, T b, T c);
}

/// <summary>A double as a number type for derivative rules.</summary>
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
