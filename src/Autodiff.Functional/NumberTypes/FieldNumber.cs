// Numbers of any type as a number type for derivative rules.

using System.Numerics;
using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.NumberTypes;

/// <summary>A number on which the derivative rules of <see cref="ElementwiseTable"/> run, in the field of its type.</summary>
internal readonly record struct FieldNumber<T>(T Value) : IElementary<FieldNumber<T>>
    where T : INumberBase<T>
{
    private static NumberField<T> Field => NumberField<T>.Of;

    public static implicit operator FieldNumber<T>(double value) => new(Field.Constant(value));

    public static FieldNumber<T> operator +(FieldNumber<T> a, FieldNumber<T> b) => new(a.Value + b.Value);

    public static FieldNumber<T> operator -(FieldNumber<T> a, FieldNumber<T> b) => new(a.Value - b.Value);

    public static FieldNumber<T> operator *(FieldNumber<T> a, FieldNumber<T> b) => new(a.Value * b.Value);

    public static FieldNumber<T> operator /(FieldNumber<T> a, FieldNumber<T> b) => new(a.Value / b.Value);

    public static FieldNumber<T> operator -(FieldNumber<T> x) => new(-x.Value);

    public static FieldNumber<T> Both(FieldNumber<T> mask, FieldNumber<T> other) => new(Field.Apply(Op.Where, mask.Value, other.Value, T.Zero));

    public static FieldNumber<T> Apply(Op op, FieldNumber<T> x) => new(Field.Apply(op, x.Value));

    public static FieldNumber<T> Apply(Op op, FieldNumber<T> a, FieldNumber<T> b) => new(Field.Apply(op, a.Value, b.Value));

    public static FieldNumber<T> Apply(Op op, FieldNumber<T> a, FieldNumber<T> b, FieldNumber<T> c) => new(Field.Apply(op, a.Value, b.Value, c.Value));
}
