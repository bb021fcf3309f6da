// Dual numbers: a value and its derivative along one direction, computed together (W. K. Clifford, 1873; as forward mode: R. E. Wengert, 1964).

using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Autodiff.Functional.ForwardMode;

namespace Autodiff.Functional;

/// <summary>
/// A number with one tangent: p + tε with ε² = 0. A function of numbers that runs on it computes its value and, in the same pass, its
/// derivative along the direction that the tangents of the arguments give.
/// </summary>
/// <remarks>
/// <para>
/// It implements .NET's generic math, so that a function for any <c>T : IFloatingPointIeee754&lt;T&gt;</c> runs on it. The primal of a result is what
/// the function gives for plain numbers of type <typeparamref name="T"/>, to the last bit. Dual numbers nest: with <c>Dual&lt;Dual&lt;double&gt;&gt;</c> the
/// tangent of the tangent is a second derivative. Over <see cref="Expr"/>, primal and tangent are expressions, symbolic ones included. Nothing is allocated,
/// except by the arithmetic of <typeparamref name="T"/>.
/// </para>
/// <para>
/// <c>==</c>, <c>&lt;</c> and the like compare primals, so a branch goes where it goes for plain numbers. <see cref="Equals(Dual{T})"/> compares tangents too.
/// </para>
/// <para>
/// A tangent that is exactly 0 is that of a constant: functions and division keep it 0, even where their derivative is infinite. So √x of the
/// constant 0 has tangent 0. If such a 0 is not that of a constant, the true derivative may be another: ∛(x³) at 0 gets 0 instead of 1, where
/// <see cref="AD"/> gives NaN. A product is computed by the plain rule, (ab)˙ = ȧb + aḃ, so at an infinite a the tangent 0 of a constant b gives
/// 0·∞ = NaN: a test of every factor would cost more than the product.
/// The operators that take a plain number on one side do not compute this product.
/// </para>
/// <para>
/// To differentiate a function that itself differentiates, nest the types: <c>Forward.Diff(Forward.Diff&lt;Dual&lt;double&gt;&gt;(f))</c>. A number of
/// the outer derivative is then a constant of the inner one by its type. Two derivatives over the same type would mix up their tangents.
/// </para>
/// </remarks>
/// <typeparam name="T">The type of value and derivative: double, float, Half, <see cref="Expr"/>, a dual number, or any other real number type.</typeparam>
/// <param name="primal">The value.</param>
/// <param name="tangent">The derivative of the value along the direction.</param>
/// <example><code>
/// var x = Dual&lt;double&gt;.Variable(2);
/// var y = x * x * x;
/// Console.WriteLine(y.Tangent); // 12
/// </code></example>
public readonly partial struct Dual<T>(T primal, T tangent) : IFloatingPointIeee754<Dual<T>>, IMinMaxValue<Dual<T>>, IForwardNumber<Dual<T>, T>
    where T : IFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The value.</summary>
    public T Primal { get; } = primal;

    /// <summary>The derivative of the value along the direction.</summary>
    public T Tangent { get; } = tangent;

    bool IForwardNumber<Dual<T>, T>.IsConstant => TangentArithmetic.IsZero(Tangent);

    bool IChoice.IsOfExpressions => Kind<T>.IsOfExpressions;

    /// <summary>The number that a derivative is taken with respect to: tangent 1.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Variable(T value) => new(value, T.One);

    /// <summary>A number that does not move: tangent 0.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Constant(T value) => new(value, T.Zero);

    /// <summary>A plain number as a constant.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(Inline)]
    public static implicit operator Dual<T>(T value) => Constant(value);

    /// <summary>Value and derivative, to take apart as <c>var (value, derivative) = y</c>.</summary>
    /// <param name="primal">The value.</param>
    /// <param name="tangent">The derivative.</param>
    public void Deconstruct(out T primal, out T tangent) => (primal, tangent) = (Primal, Tangent);

    /// <summary>
    /// A function of this number whose value and derivative you know: the chain rule for functions that generic math does not have, or
    /// that have a better derivative than their own steps.
    /// </summary>
    /// <param name="value">The value of the function at <see cref="Primal"/>.</param>
    /// <param name="derivative">Its derivative there.</param>
    /// <example>The logistic function:
    /// <code>
    /// static Dual&lt;double&gt; Sigmoid(Dual&lt;double&gt; x)
    /// {
    ///     var y = 1 / (1 + Math.Exp(-x.Primal));
    ///     return x.Chain(y, y * (1 - y));
    /// }
    /// </code></example>
    [MethodImpl(Inline)]
    public Dual<T> Chain(T value, T derivative) => new(value, TangentArithmetic.Times(derivative, Tangent));

    [MethodImpl(Inline)]
    static Dual<T> IForwardNumber<Dual<T>, T>.Chain(T value, T partial, Dual<T> x) => x.Chain(value, partial);

    [MethodImpl(Inline)]
    static Dual<T> IForwardNumber<Dual<T>, T>.Chain(T value, T partialOfX, Dual<T> x, T partialOfY, Dual<T> y) =>
        new(value, TangentArithmetic.Sum(TangentArithmetic.Times(partialOfX, x.Tangent), TangentArithmetic.Times(partialOfY, y.Tangent)));

    /// <summary>x + y. Derivative ẋ + ẏ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator +(Dual<T> left, Dual<T> right) =>
        new(left.Primal + right.Primal, TangentArithmetic.Sum(left.Tangent, right.Tangent));

    /// <summary>x − y. Derivative ẋ − ẏ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator -(Dual<T> left, Dual<T> right) => new(
        left.Primal - right.Primal,
        typeof(T).IsValueType ? left.Tangent - right.Tangent : TangentArithmetic.Sum(left.Tangent, TangentArithmetic.Times(T.NegativeOne, right.Tangent)));

    /// <summary>xy. Derivative ẋy + xẏ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator *(Dual<T> left, Dual<T> right) => new(
        left.Primal * right.Primal,
        typeof(T).IsValueType
            ? (left.Tangent * right.Primal) + (left.Primal * right.Tangent)
            : TangentArithmetic.Sum(TangentArithmetic.Times(right.Primal, left.Tangent), TangentArithmetic.Times(left.Primal, right.Tangent)));

    /// <summary>x/y. Derivative (ẋ − (x/y)ẏ)/y.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator /(Dual<T> left, Dual<T> right)
    {
        var quotient = left.Primal / right.Primal;
        return new(quotient, TangentArithmetic.OfQuotient(quotient, left.Tangent, right.Primal, right.Tangent));
    }

    /// <summary>x + c with a plain number c. Derivative ẋ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">c.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator +(Dual<T> left, T right) => new(left.Primal + right, left.Tangent);

    /// <summary>c + x with a plain number c. Derivative ẋ.</summary>
    /// <param name="left">c.</param>
    /// <param name="right">x.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator +(T left, Dual<T> right) => new(left + right.Primal, right.Tangent);

    /// <summary>x − c with a plain number c. Derivative ẋ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">c.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator -(Dual<T> left, T right) => new(left.Primal - right, left.Tangent);

    /// <summary>c − x with a plain number c. Derivative −ẋ.</summary>
    /// <param name="left">c.</param>
    /// <param name="right">x.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator -(T left, Dual<T> right) => new(left - right.Primal, -right.Tangent);

    /// <summary>xc with a plain number c. Derivative ẋc.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">c.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator *(Dual<T> left, T right) => new(left.Primal * right, left.Tangent * right);

    /// <summary>cx with a plain number c. Derivative cẋ.</summary>
    /// <param name="left">c.</param>
    /// <param name="right">x.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator *(T left, Dual<T> right) => new(left * right.Primal, left * right.Tangent);

    /// <summary>x/c with a plain number c. Derivative ẋ/c.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">c.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator /(Dual<T> left, T right) => new(left.Primal / right, left.Tangent / right);

    /// <summary>c/x with a plain number c. Derivative −(c/x)ẋ/x.</summary>
    /// <param name="left">c.</param>
    /// <param name="right">x.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator /(T left, Dual<T> right)
    {
        var quotient = left / right.Primal;
        return new(quotient, -(quotient * right.Tangent) / right.Primal);
    }

    /// <summary>The remainder of x/y, with the sign of x. Derivative ẋ − nẏ, where n = x/y rounded towards 0.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    public static Dual<T> operator %(Dual<T> left, Dual<T> right) => ForwardRules<Dual<T>, T>.Remainder(left, right);

    /// <summary>−x. Derivative −ẋ.</summary>
    /// <param name="value">x.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator -(Dual<T> value) => new(-value.Primal, -value.Tangent);

    /// <summary>x.</summary>
    /// <param name="value">x.</param>
    [MethodImpl(Inline)]
    public static Dual<T> operator +(Dual<T> value) => value;

    /// <summary>Whether the primals are equal.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator ==(Dual<T> left, Dual<T> right) => left.Primal == right.Primal;

    /// <summary>Whether the primals are different.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator !=(Dual<T> left, Dual<T> right) => left.Primal != right.Primal;

    /// <summary>Whether the first primal is smaller.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator <(Dual<T> left, Dual<T> right) => left.Primal < right.Primal;

    /// <summary>Whether the first primal is larger.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator >(Dual<T> left, Dual<T> right) => left.Primal > right.Primal;

    /// <summary>Whether the first primal is smaller or equal.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator <=(Dual<T> left, Dual<T> right) => left.Primal <= right.Primal;

    /// <summary>Whether the first primal is larger or equal.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator >=(Dual<T> left, Dual<T> right) => left.Primal >= right.Primal;

    /// <summary>The order of the primals.</summary>
    /// <param name="other">A number.</param>
    public int CompareTo(Dual<T> other) => Primal.CompareTo(other.Primal);

    /// <summary>The order of the primals; null comes first.</summary>
    /// <param name="obj">A number of this type, or null.</param>
    /// <exception cref="AutodiffException">It is of another type.</exception>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Dual<T> other => CompareTo(other),
        _ => throw new AutodiffException($"CompareTo: a {obj.GetType()} is not a dual number of the same type, so neither is the larger."),
    };

    /// <summary>Whether primals and tangents are equal. <c>==</c> compares primals alone.</summary>
    /// <param name="other">A number.</param>
    [MethodImpl(Inline)]
    public bool Equals(Dual<T> other) => Primal.Equals(other.Primal) && Tangent.Equals(other.Tangent);

    /// <summary>Whether the other object is a number of this type with the same primal and tangent.</summary>
    /// <param name="obj">An object.</param>
    public override bool Equals(object? obj) => obj is Dual<T> other && Equals(other);

    /// <summary>A hash code of primal and tangent.</summary>
    public override int GetHashCode() => HashCode.Combine(Primal, Tangent);

    /// <summary>The number as p + tε.</summary>
    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);

    /// <summary>The number as p + tε.</summary>
    /// <param name="format">The format of primal and tangent.</param>
    /// <param name="formatProvider">The culture of primal and tangent.</param>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        ForwardText.Of(Primal, format, formatProvider) + ForwardText.Signed(ForwardText.Of(Tangent, format, formatProvider)) + "ε";

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        ForwardText.TryCopy(ToString(format.ToString(), provider), destination, out charsWritten);

    Dual<T> IChoice<Dual<T>>.Choose(Dual<T> a, Dual<T> b, Dual<T> less, Dual<T> equal, Dual<T> greater, Dual<T> unordered) => new(
        Order.Choose(a.Primal, b.Primal, less.Primal, equal.Primal, greater.Primal, unordered.Primal),
        Order.Choose(a.Primal, b.Primal, less.Tangent, equal.Tangent, greater.Tangent, unordered.Tangent));

    int IFloatingPoint<Dual<T>>.GetExponentByteCount() => Primal.GetExponentByteCount();

    int IFloatingPoint<Dual<T>>.GetExponentShortestBitLength() => Primal.GetExponentShortestBitLength();

    int IFloatingPoint<Dual<T>>.GetSignificandBitLength() => Primal.GetSignificandBitLength();

    int IFloatingPoint<Dual<T>>.GetSignificandByteCount() => Primal.GetSignificandByteCount();

    bool IFloatingPoint<Dual<T>>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) =>
        Primal.TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<T>>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) =>
        Primal.TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<T>>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) =>
        Primal.TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<T>>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) =>
        Primal.TryWriteSignificandLittleEndian(destination, out bytesWritten);
}
