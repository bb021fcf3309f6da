// What numbers with tangents have in common: with a few members of its own, a type has .NET's generic math. A function that gives a number is in
// ForwardRules; the types make those public that are called by name, and generic code reaches the others through the implementations here.
//
// A bool or an int (x == y, IsNaN, Sign …) is that of the primal. If the primal is an expression, it needs a value.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Autodiff.Functional.NumberTypes;

namespace Autodiff.Functional.ForwardMode;

/// <summary>A primal with one or several tangents.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <typeparam name="T">The type of the primal and of the tangents.</typeparam>
internal interface IForwardNumber<TSelf, T> : IFloatingPointIeee754<TSelf>, IMinMaxValue<TSelf>, IChoice<TSelf>, INumberField<TSelf>
    where TSelf : struct, IForwardNumber<TSelf, T>
    where T : IFloatingPointIeee754<T>
{
    NumberField<TSelf> INumberField<TSelf>.Field => ForwardField<TSelf, T>.Instance;

    /// <summary>The value.</summary>
    T Primal { get; }

    /// <summary>Whether all tangents are exactly 0.</summary>
    bool IsConstant { get; }

    /// <summary>A number with the tangents 0.</summary>
    static abstract TSelf Constant(T value);

    /// <summary>A value that moves with x: its tangents are the partial derivative times those of x, by <see cref="TangentArithmetic.Times"/>.</summary>
    static abstract TSelf Chain(T value, T partial, TSelf x);

    /// <summary>A value that moves with two numbers.</summary>
    static abstract TSelf Chain(T value, T partialOfX, TSelf x, T partialOfY, TSelf y);

    // Constants.
    static TSelf INumberBase<TSelf>.Zero => TSelf.Constant(T.Zero);

    static TSelf INumberBase<TSelf>.One => TSelf.Constant(T.One);

    static int INumberBase<TSelf>.Radix => T.Radix;

    static TSelf ISignedNumber<TSelf>.NegativeOne => TSelf.Constant(T.NegativeOne);

    static TSelf IAdditiveIdentity<TSelf, TSelf>.AdditiveIdentity => TSelf.Constant(T.AdditiveIdentity);

    static TSelf IMultiplicativeIdentity<TSelf, TSelf>.MultiplicativeIdentity => TSelf.Constant(T.MultiplicativeIdentity);

    static TSelf IFloatingPointConstants<TSelf>.E => TSelf.Constant(T.E);

    static TSelf IFloatingPointConstants<TSelf>.Pi => TSelf.Constant(T.Pi);

    static TSelf IFloatingPointConstants<TSelf>.Tau => TSelf.Constant(T.Tau);

    static TSelf IFloatingPointIeee754<TSelf>.Epsilon => TSelf.Constant(T.Epsilon);

    static TSelf IFloatingPointIeee754<TSelf>.NaN => TSelf.Constant(T.NaN);

    static TSelf IFloatingPointIeee754<TSelf>.NegativeInfinity => TSelf.Constant(T.NegativeInfinity);

    static TSelf IFloatingPointIeee754<TSelf>.NegativeZero => TSelf.Constant(T.NegativeZero);

    static TSelf IFloatingPointIeee754<TSelf>.PositiveInfinity => TSelf.Constant(T.PositiveInfinity);

    static TSelf IMinMaxValue<TSelf>.MaxValue => TSelf.Constant(T.BitDecrement(T.PositiveInfinity));

    static TSelf IMinMaxValue<TSelf>.MinValue => TSelf.Constant(T.BitIncrement(T.NegativeInfinity));

    // Conversions. A number of type T or of another type without tangents becomes a constant; to another type, the primal is converted. Create…
    // would work without being stated here, but the compiler would not see through it that the tangents are 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TSelf INumberBase<TSelf>.CreateChecked<TOther>(TOther value) =>
        typeof(TOther) == typeof(TSelf) ? (TSelf)(object)value : TSelf.Constant(T.CreateChecked(WithoutTangents(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TSelf INumberBase<TSelf>.CreateSaturating<TOther>(TOther value) =>
        typeof(TOther) == typeof(TSelf) ? (TSelf)(object)value : TSelf.Constant(T.CreateSaturating(WithoutTangents(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TSelf INumberBase<TSelf>.CreateTruncating<TOther>(TOther value) =>
        typeof(TOther) == typeof(TSelf) ? (TSelf)(object)value : TSelf.Constant(T.CreateTruncating(WithoutTangents(value)));

    static bool INumberBase<TSelf>.TryConvertFromChecked<TOther>(TOther value, out TSelf result)
    {
        result = TSelf.CreateChecked(value);
        return true;
    }

    static bool INumberBase<TSelf>.TryConvertFromSaturating<TOther>(TOther value, out TSelf result)
    {
        result = TSelf.CreateSaturating(value);
        return true;
    }

    static bool INumberBase<TSelf>.TryConvertFromTruncating<TOther>(TOther value, out TSelf result)
    {
        result = TSelf.CreateTruncating(value);
        return true;
    }

    static bool INumberBase<TSelf>.TryConvertToChecked<TOther>(TSelf value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateChecked(value.Primal);
        return true;
    }

    static bool INumberBase<TSelf>.TryConvertToSaturating<TOther>(TSelf value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateSaturating(value.Primal);
        return true;
    }

    static bool INumberBase<TSelf>.TryConvertToTruncating<TOther>(TSelf value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateTruncating(value.Primal);
        return true;
    }

    // Text: a constant is parsed like its primal.
    static TSelf IParsable<TSelf>.Parse(string s, IFormatProvider? provider) => TSelf.Constant(T.Parse(s, provider));

    static TSelf ISpanParsable<TSelf>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => TSelf.Constant(T.Parse(s, provider));

    static TSelf INumberBase<TSelf>.Parse(string s, NumberStyles style, IFormatProvider? provider) => TSelf.Constant(T.Parse(s, style, provider));

    static TSelf INumberBase<TSelf>.Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => TSelf.Constant(T.Parse(s, style, provider));

    static bool IParsable<TSelf>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TSelf result) =>
        Parsed(T.TryParse(s, provider, out var value), value, out result);

    static bool ISpanParsable<TSelf>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out TSelf result) =>
        Parsed(T.TryParse(s, provider, out var value), value, out result);

    static bool INumberBase<TSelf>.TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, out TSelf result) =>
        Parsed(T.TryParse(s, style, provider, out var value), value, out result);

    static bool INumberBase<TSelf>.TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out TSelf result) =>
        Parsed(T.TryParse(s, style, provider, out var value), value, out result);

    // Predicates of the primal.
    static bool INumberBase<TSelf>.IsCanonical(TSelf value) => T.IsCanonical(value.Primal);

    static bool INumberBase<TSelf>.IsComplexNumber(TSelf value) => T.IsComplexNumber(value.Primal);

    static bool INumberBase<TSelf>.IsEvenInteger(TSelf value) => T.IsEvenInteger(value.Primal);

    static bool INumberBase<TSelf>.IsFinite(TSelf value) => T.IsFinite(value.Primal);

    static bool INumberBase<TSelf>.IsImaginaryNumber(TSelf value) => T.IsImaginaryNumber(value.Primal);

    static bool INumberBase<TSelf>.IsInfinity(TSelf value) => T.IsInfinity(value.Primal);

    static bool INumberBase<TSelf>.IsInteger(TSelf value) => T.IsInteger(value.Primal);

    static bool INumberBase<TSelf>.IsNaN(TSelf value) => T.IsNaN(value.Primal);

    static bool INumberBase<TSelf>.IsNegative(TSelf value) => T.IsNegative(value.Primal);

    static bool INumberBase<TSelf>.IsNegativeInfinity(TSelf value) => T.IsNegativeInfinity(value.Primal);

    static bool INumberBase<TSelf>.IsNormal(TSelf value) => T.IsNormal(value.Primal);

    static bool INumberBase<TSelf>.IsOddInteger(TSelf value) => T.IsOddInteger(value.Primal);

    static bool INumberBase<TSelf>.IsPositive(TSelf value) => T.IsPositive(value.Primal);

    static bool INumberBase<TSelf>.IsPositiveInfinity(TSelf value) => T.IsPositiveInfinity(value.Primal);

    static bool INumberBase<TSelf>.IsRealNumber(TSelf value) => T.IsRealNumber(value.Primal);

    static bool INumberBase<TSelf>.IsSubnormal(TSelf value) => T.IsSubnormal(value.Primal);

    static bool INumberBase<TSelf>.IsZero(TSelf value) => T.IsZero(value.Primal);

    static int INumber<TSelf>.Sign(TSelf value) => T.Sign(value.Primal);

    static int IFloatingPointIeee754<TSelf>.ILogB(TSelf x) => T.ILogB(x.Primal);

    // Arithmetic.
    static TSelf IIncrementOperators<TSelf>.operator ++(TSelf value) => value + TSelf.One;

    static TSelf IDecrementOperators<TSelf>.operator --(TSelf value) => value - TSelf.One;

    static TSelf INumberBase<TSelf>.MultiplyAddEstimate(TSelf left, TSelf right, TSelf addend) => ForwardRules<TSelf, T>.MultiplyAddEstimate(left, right, addend);

    static TSelf IFloatingPointIeee754<TSelf>.Ieee754Remainder(TSelf left, TSelf right) => ForwardRules<TSelf, T>.Ieee754Remainder(left, right);

    static TSelf IFloatingPointIeee754<TSelf>.Lerp(TSelf value1, TSelf value2, TSelf amount) =>
        ForwardRules<TSelf, T>.MultiplyAddEstimate(value1, TSelf.One - amount, value2 * amount);

    static TSelf IFloatingPointIeee754<TSelf>.ScaleB(TSelf x, int n) => ForwardRules<TSelf, T>.ScaleB(x, n);

    static TSelf IFloatingPointIeee754<TSelf>.BitIncrement(TSelf x) => TSelf.Chain(T.BitIncrement(x.Primal), T.One, x);

    static TSelf IFloatingPointIeee754<TSelf>.BitDecrement(TSelf x) => TSelf.Chain(T.BitDecrement(x.Primal), T.One, x);

    // Rounding functions: they are constant almost everywhere.
    static TSelf IFloatingPoint<TSelf>.Ceiling(TSelf x) => TSelf.Constant(T.Ceiling(x.Primal));

    static TSelf IFloatingPoint<TSelf>.Floor(TSelf x) => TSelf.Constant(T.Floor(x.Primal));

    static TSelf IFloatingPoint<TSelf>.Truncate(TSelf x) => TSelf.Constant(T.Truncate(x.Primal));

    static TSelf IFloatingPoint<TSelf>.Round(TSelf x, int digits, MidpointRounding mode) => TSelf.Constant(T.Round(x.Primal, digits, mode));

    // Maximum and minimum.
    static TSelf INumber<TSelf>.MaxNative(TSelf x, TSelf y) =>
        TSelf.Chain(T.MaxNative(x.Primal, y.Primal), T.One, ForwardRules<TSelf, T>.Max(x, y));

    static TSelf INumber<TSelf>.MinNative(TSelf x, TSelf y) =>
        TSelf.Chain(T.MinNative(x.Primal, y.Primal), T.One, ForwardRules<TSelf, T>.Min(x, y));

    static TSelf INumber<TSelf>.ClampNative(TSelf value, TSelf min, TSelf max) => ForwardRules<TSelf, T>.ClampNative(value, min, max);

    static TSelf INumber<TSelf>.MaxNumber(TSelf x, TSelf y) =>
        ForwardRules<TSelf, T>.OfNumbers(T.MaxNumber(x.Primal, y.Primal), x, y, ForwardRules<TSelf, T>.Max(x, y));

    static TSelf INumber<TSelf>.MinNumber(TSelf x, TSelf y) =>
        ForwardRules<TSelf, T>.OfNumbers(T.MinNumber(x.Primal, y.Primal), x, y, ForwardRules<TSelf, T>.Min(x, y));

    static TSelf INumberBase<TSelf>.MaxMagnitudeNumber(TSelf x, TSelf y) =>
        ForwardRules<TSelf, T>.OfNumbers(T.MaxMagnitudeNumber(x.Primal, y.Primal), x, y, ForwardRules<TSelf, T>.MaxMagnitude(x, y));

    static TSelf INumberBase<TSelf>.MinMagnitudeNumber(TSelf x, TSelf y) =>
        ForwardRules<TSelf, T>.OfNumbers(T.MinMagnitudeNumber(x.Primal, y.Primal), x, y, ForwardRules<TSelf, T>.MinMagnitude(x, y));

    /// <summary>An error for a number that has tangents, unless it is of type T: its tangents have no place in one that is to be a constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TOther WithoutTangents<TOther>(TOther value) => Kind<TOther>.HasTangents && typeof(TOther) != typeof(T) && !Kind<T>.HasTangents
        ? throw new AutodiffException(
            $"Conversion: a {Name(typeof(TOther))} has tangents, which {Name(typeof(TSelf))} cannot take over; convert its Primal to make a constant.")
        : value;

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    private static bool Parsed(bool success, T? value, out TSelf result)
    {
        result = success ? TSelf.Constant(value!) : default;
        return success;
    }
}
