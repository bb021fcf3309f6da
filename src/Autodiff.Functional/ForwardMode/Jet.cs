// Numbers with several tangents, as the type of this name of the Ceres solver (S. Agarwal, K. Mierle and others): forward mode along up to 16
// directions at once. (Elsewhere a jet is a truncated Taylor series in one variable; here it is first order in several.)

using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Autodiff.Functional.ForwardMode;

namespace Autodiff.Functional;

/// <summary>
/// A number with 16 tangents, as many of them used as there are arguments: p + t₀ε₀ + t₁ε₁ + … with εᵢεⱼ = 0. A function of numbers that runs on jets computes its value and, in the same
/// pass, its derivatives by up to 16 arguments.
/// </summary>
/// <remarks>
/// <para>
/// It is to several arguments what <see cref="Dual{T}"/> is to one: it implements .NET's generic math, its primal is what plain numbers give, to the
/// last bit, <c>==</c> and <c>&lt;</c> compare primals, and a tangent that is exactly 0 is that of a constant. Here + − · / keep it 0 as well, beside an
/// infinite primal too, since most tangents of the first operations of a gradient are those of other arguments. Over float and double, all tangents
/// are computed at once by vector instructions. Nothing is allocated, except by the arithmetic of <typeparamref name="T"/>.
/// </para>
/// <para><see cref="Forward"/> makes gradients, Jacobians and Hessians of it, of any number of arguments.</para>
/// </remarks>
/// <typeparam name="T">The type of value and derivatives: double, float, Half, <see cref="Expr"/>, a dual number, or any other real number type.</typeparam>
/// <example><code>
/// var x = Jet&lt;double&gt;.Variable(3, 0);
/// var y = Jet&lt;double&gt;.Variable(4, 1);
/// Console.WriteLine(Jet&lt;double&gt;.Hypot(x, y)); // 5 + [0.6, 0.8]ε
/// </code></example>
public readonly partial struct Jet<T> : IFloatingPointIeee754<Jet<T>>, IMinMaxValue<Jet<T>>, IForwardNumber<Jet<T>, T>
    where T : IFloatingPointIeee754<T>
{
    /// <summary>The number of tangents, used or not: 16.</summary>
    public const int Count = TangentBuffer<T>.Length;

    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly TangentBuffer<T> _tangents;

    /// <summary>A number with the given tangents; the others are 0.</summary>
    /// <param name="primal">The value.</param>
    /// <param name="tangents">The derivatives of the value along the directions, 16 at most.</param>
    /// <exception cref="ShapeException">There are more than 16.</exception>
    public Jet(T primal, params ReadOnlySpan<T> tangents)
    {
        if (tangents.Length > Count)
        {
            throw new ShapeException($"Jet: {tangents.Length} tangents are given, and a jet has {Count}; compute them in several passes, as Forward does.");
        }

        (Primal, _tangents) = (primal, TangentBuffer<T>.Zero);
        tangents.CopyTo(_tangents);
    }

    /// <summary>A number with the given tangents; the others are 0.</summary>
    /// <param name="primal">The value.</param>
    /// <param name="tangents">The derivatives of the value along the directions, 16 at most.</param>
    /// <exception cref="ShapeException">There are more than 16.</exception>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public Jet(T primal, params T[] tangents)
        : this(primal, new ReadOnlySpan<T>(tangents ?? throw AutodiffException.Null("Jet", "the array of tangents")))
    {
    }

    /// <summary>A value that does not move.</summary>
    [MethodImpl(Inline)]
    private Jet(T primal) => (Primal, _tangents) = (primal, TangentBuffer<T>.Zero);

    /// <summary>A value with the tangents of x, times a partial derivative.</summary>
    [MethodImpl(Inline)]
    private Jet(T primal, T partial, in Jet<T> x)
    {
        Primal = primal;
        Unsafe.SkipInit(out _tangents);
        TangentBuffer<T>.Times(ref _tangents, partial, in x._tangents);
    }

    /// <summary>A value with the tangents of x and those of y, each times a partial derivative.</summary>
    [MethodImpl(Inline)]
    private Jet(T primal, T partialOfX, in Jet<T> x, T partialOfY, in Jet<T> y)
    {
        Primal = primal;
        Unsafe.SkipInit(out _tangents);
        TangentBuffer<T>.Combination(ref _tangents, partialOfX, in x._tangents, partialOfY, in y._tangents);
    }

    /// <summary>A value with the sums of the tangents of x and those of y.</summary>
    [MethodImpl(Inline)]
    private Jet(T primal, in Jet<T> x, in Jet<T> y)
    {
        Primal = primal;
        Unsafe.SkipInit(out _tangents);
        TangentBuffer<T>.Sum(ref _tangents, in x._tangents, in y._tangents);
    }

    /// <summary>The value.</summary>
    public T Primal { get; }

    /// <summary>The 16 tangents, in a new array.</summary>
    public T[] Tangents => ((ReadOnlySpan<T>)_tangents).ToArray();

    bool IForwardNumber<Jet<T>, T>.IsConstant => TangentBuffer<T>.CountUsed(in _tangents) == 0;

    bool IChoice.IsOfExpressions => Kind<T>.IsOfExpressions;

    /// <summary>One of the numbers that derivatives are taken with respect to: its own tangent is 1, the others are 0.</summary>
    /// <param name="value">The value.</param>
    /// <param name="index">Which one it is, 0 to 15.</param>
    /// <exception cref="ShapeException">There is no such tangent.</exception>
    public static Jet<T> Variable(T value, int index)
    {
        var tangents = TangentBuffer<T>.Zero;
        tangents[Checked("Variable", index)] = T.One;
        return new(value, (ReadOnlySpan<T>)tangents);
    }

    /// <summary>A number that does not move: all tangents are 0.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Constant(T value) => new(value);

    /// <summary>A plain number as a constant.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(Inline)]
    public static implicit operator Jet<T>(T value) => Constant(value);

    /// <summary>The derivative of the value along one direction.</summary>
    /// <param name="index">The number of the direction, 0 to 15.</param>
    /// <exception cref="ShapeException">There is no such direction.</exception>
    public T Tangent(int index) => _tangents[Checked("Tangent", index)];

    /// <summary>Writes the first tangents into memory of the caller, as many as it has room for.</summary>
    /// <param name="destination">Room for 16 numbers at most.</param>
    /// <exception cref="ShapeException">There is room for more.</exception>
    public void CopyTangentsTo(Span<T> destination)
    {
        if (destination.Length > Count)
        {
            throw new ShapeException($"CopyTangentsTo: a jet has {Count} tangents, but there is room for {destination.Length}; pass a slice.");
        }

        ((ReadOnlySpan<T>)_tangents)[..destination.Length].CopyTo(destination);
    }

    private static int Checked(string operation, int index) => index is >= 0 and < Count
        ? index
        : throw new ShapeException($"Jet.{operation}: there is no tangent {index}; a jet has {Count}, numbered from 0.");

    /// <summary>
    /// A function of this number whose value and derivative you know: the chain rule for functions that generic math does not have, or
    /// that have a better derivative than their own steps.
    /// </summary>
    /// <param name="value">The value of the function at <see cref="Primal"/>.</param>
    /// <param name="derivative">Its derivative there.</param>
    /// <example>The logistic function:
    /// <code>
    /// static Jet&lt;double&gt; Sigmoid(Jet&lt;double&gt; x)
    /// {
    ///     var y = 1 / (1 + Math.Exp(-x.Primal));
    ///     return x.Chain(y, y * (1 - y));
    /// }
    /// </code></example>
    [MethodImpl(Inline)]
    public Jet<T> Chain(T value, T derivative) => new(value, derivative, in this);

    [MethodImpl(Inline)]
    static Jet<T> IForwardNumber<Jet<T>, T>.Chain(T value, T partial, Jet<T> x) => new(value, partial, in x);

    [MethodImpl(Inline)]
    static Jet<T> IForwardNumber<Jet<T>, T>.Chain(T value, T partialOfX, Jet<T> x, T partialOfY, Jet<T> y) =>
        new(value, partialOfX, in x, partialOfY, in y);

    /// <summary>x + y. Derivative ẋ + ẏ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator +(Jet<T> left, Jet<T> right) => new(left.Primal + right.Primal, in left, in right);

    /// <summary>x − y. Derivative ẋ − ẏ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator -(Jet<T> left, Jet<T> right) => new(left.Primal - right.Primal, T.One, in left, T.NegativeOne, in right);

    /// <summary>xy. Derivative ẋy + xẏ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator *(Jet<T> left, Jet<T> right) => new(left.Primal * right.Primal, right.Primal, in left, left.Primal, in right);

    /// <summary>x/y. Derivative ẋ/y − (x/y)ẏ/y.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator /(Jet<T> left, Jet<T> right)
    {
        var quotient = left.Primal / right.Primal;
        return new(quotient, T.One / right.Primal, in left, -quotient / right.Primal, in right);
    }

    /// <summary>x + c with a plain number c. Derivative ẋ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">c.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator +(Jet<T> left, T right) => new(left.Primal + right, T.One, in left);

    /// <summary>c + x with a plain number c. Derivative ẋ.</summary>
    /// <param name="left">c.</param>
    /// <param name="right">x.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator +(T left, Jet<T> right) => new(left + right.Primal, T.One, in right);

    /// <summary>x − c with a plain number c. Derivative ẋ.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">c.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator -(Jet<T> left, T right) => new(left.Primal - right, T.One, in left);

    /// <summary>c − x with a plain number c. Derivative −ẋ.</summary>
    /// <param name="left">c.</param>
    /// <param name="right">x.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator -(T left, Jet<T> right) => new(left - right.Primal, T.NegativeOne, in right);

    /// <summary>xc with a plain number c. Derivative ẋc.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">c.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator *(Jet<T> left, T right) => new(left.Primal * right, right, in left);

    /// <summary>cx with a plain number c. Derivative cẋ.</summary>
    /// <param name="left">c.</param>
    /// <param name="right">x.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator *(T left, Jet<T> right) => new(left * right.Primal, left, in right);

    /// <summary>x/c with a plain number c. Derivative ẋ/c.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">c.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator /(Jet<T> left, T right) => new(left.Primal / right, T.One / right, in left);

    /// <summary>c/x with a plain number c. Derivative −(c/x)ẋ/x.</summary>
    /// <param name="left">c.</param>
    /// <param name="right">x.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator /(T left, Jet<T> right)
    {
        var quotient = left / right.Primal;
        return new(quotient, -quotient / right.Primal, in right);
    }

    /// <summary>The remainder of x/y, with the sign of x. Derivative ẋ − nẏ, where n = x/y rounded towards 0.</summary>
    /// <param name="left">x.</param>
    /// <param name="right">y.</param>
    public static Jet<T> operator %(Jet<T> left, Jet<T> right) => ForwardRules<Jet<T>, T>.Remainder(left, right);

    /// <summary>−x. Derivative −ẋ.</summary>
    /// <param name="value">x.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator -(Jet<T> value) => new(-value.Primal, T.NegativeOne, in value);

    /// <summary>x.</summary>
    /// <param name="value">x.</param>
    [MethodImpl(Inline)]
    public static Jet<T> operator +(Jet<T> value) => value;

    /// <summary>Whether the primals are equal.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator ==(Jet<T> left, Jet<T> right) => left.Primal == right.Primal;

    /// <summary>Whether the primals are different.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator !=(Jet<T> left, Jet<T> right) => left.Primal != right.Primal;

    /// <summary>Whether the first primal is smaller.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator <(Jet<T> left, Jet<T> right) => left.Primal < right.Primal;

    /// <summary>Whether the first primal is larger.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator >(Jet<T> left, Jet<T> right) => left.Primal > right.Primal;

    /// <summary>Whether the first primal is smaller or equal.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator <=(Jet<T> left, Jet<T> right) => left.Primal <= right.Primal;

    /// <summary>Whether the first primal is larger or equal.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    [MethodImpl(Inline)]
    public static bool operator >=(Jet<T> left, Jet<T> right) => left.Primal >= right.Primal;

    /// <summary>The order of the primals.</summary>
    /// <param name="other">A number.</param>
    public int CompareTo(Jet<T> other) => Primal.CompareTo(other.Primal);

    /// <summary>The order of the primals; null comes first.</summary>
    /// <param name="obj">A number of this type, or null.</param>
    /// <exception cref="AutodiffException">It is of another type.</exception>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Jet<T> other => CompareTo(other),
        _ => throw new AutodiffException($"CompareTo: a {obj.GetType()} is not a jet of the same type, so neither is the larger."),
    };

    /// <summary>Whether primals and tangents are equal. <c>==</c> compares primals alone.</summary>
    /// <param name="other">A number.</param>
    public bool Equals(Jet<T> other) => Primal.Equals(other.Primal) && ((ReadOnlySpan<T>)_tangents).SequenceEqual(other._tangents);

    /// <summary>Whether the other object is a number of this type with the same primal and tangents.</summary>
    /// <param name="obj">An object.</param>
    public override bool Equals(object? obj) => obj is Jet<T> other && Equals(other);

    /// <summary>A hash code of the primal.</summary>
    public override int GetHashCode() => Primal.GetHashCode();

    /// <summary>The number as p + [t₀, t₁, …]ε, up to the last tangent that is not 0.</summary>
    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);

    /// <summary>The number as p + [t₀, t₁, …]ε, up to the last tangent that is not 0; p alone if all are 0.</summary>
    /// <param name="format">The format of primal and tangents.</param>
    /// <param name="formatProvider">The culture of primal and tangents.</param>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        var used = Tangents[..TangentBuffer<T>.CountUsed(in _tangents)];
        var tangents = string.Join(", ", used.Select(tangent => tangent.ToString(format, formatProvider)));
        return used.Length == 0 ? Primal.ToString(format, formatProvider) : $"{ForwardText.Of(Primal, format, formatProvider)} + [{tangents}]ε";
    }

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        ForwardText.TryCopy(ToString(format.ToString(), provider), destination, out charsWritten);

    Jet<T> IChoice<Jet<T>>.Choose(Jet<T> a, Jet<T> b, Jet<T> less, Jet<T> equal, Jet<T> greater, Jet<T> unordered)
    {
        var tangents = TangentBuffer<T>.Zero;
        for (var i = 0; i < Count; i++)
        {
            tangents[i] = Order.Choose(a.Primal, b.Primal, less._tangents[i], equal._tangents[i], greater._tangents[i], unordered._tangents[i]);
        }

        return new(Order.Choose(a.Primal, b.Primal, less.Primal, equal.Primal, greater.Primal, unordered.Primal), (ReadOnlySpan<T>)tangents);
    }

    int IFloatingPoint<Jet<T>>.GetExponentByteCount() => Primal.GetExponentByteCount();

    int IFloatingPoint<Jet<T>>.GetExponentShortestBitLength() => Primal.GetExponentShortestBitLength();

    int IFloatingPoint<Jet<T>>.GetSignificandBitLength() => Primal.GetSignificandBitLength();

    int IFloatingPoint<Jet<T>>.GetSignificandByteCount() => Primal.GetSignificandByteCount();

    bool IFloatingPoint<Jet<T>>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) =>
        Primal.TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Jet<T>>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) =>
        Primal.TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Jet<T>>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) =>
        Primal.TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Jet<T>>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) =>
        Primal.TryWriteSignificandLittleEndian(destination, out bytesWritten);
}
