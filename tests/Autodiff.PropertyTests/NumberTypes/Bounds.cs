// An interval without outward rounding: a number type whose comparisons may be undecided.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Autodiff.PropertyTests.NumberTypes;

public readonly record struct Bounds(double Low, double High) : INumberBase<Bounds>, INumberFunctions<Bounds>
{
    public static Bounds One => new(1, 1);

    public static Bounds Zero => new(0, 0);

    public static int Radix => 2;

    public static Bounds AdditiveIdentity => Zero;

    public static Bounds MultiplicativeIdentity => One;

    public static bool IsEnclosure => true;

    public static Bounds operator +(Bounds value) => value;

    public static Bounds operator -(Bounds value) => new(-value.High, -value.Low);

    public static Bounds operator +(Bounds left, Bounds right) => new(left.Low + right.Low, left.High + right.High);

    public static Bounds operator -(Bounds left, Bounds right) => left + -right;

    public static Bounds operator ++(Bounds value) => value + One;

    public static Bounds operator --(Bounds value) => value - One;

    public static Bounds operator *(Bounds left, Bounds right)
    {
        double[] products = [left.Low * right.Low, left.Low * right.High, left.High * right.Low, left.High * right.High];
        return new(products.Min(), products.Max());
    }

    public static Bounds operator /(Bounds left, Bounds right) => right.Low > 0 || right.High < 0
        ? left * new Bounds(1 / right.High, 1 / right.Low)
        : new(double.NegativeInfinity, double.PositiveInfinity);

    public static double Approximate(Bounds x) => (x.Low + x.High) / 2;

    public static Bounds Exp(Bounds x) => new(Math.Exp(x.Low), Math.Exp(x.High));

    public static Bounds Less(Bounds x, Bounds y) => x.High < y.Low ? One : x.Low >= y.High ? Zero : new(0, 1);

    public static Bounds Choose(Bounds mask, Bounds x, Bounds y) => mask.Low > 0 ? x : mask.High == 0 ? y : new(Math.Min(x.Low, y.Low), Math.Max(x.High, y.High));

    public static Bounds Max(Bounds x, Bounds y) => new(Math.Max(x.Low, y.Low), Math.Max(x.High, y.High));

    public static bool? Decide(Bounds mask) => mask.Low > 0 ? true : mask.High == 0 ? false : null;

    public static Bounds Abs(Bounds value) => value.Low >= 0 ? value : value.High <= 0 ? -value : new(0, Math.Max(-value.Low, value.High));

    public static bool IsCanonical(Bounds value) => true;

    public static bool IsComplexNumber(Bounds value) => false;

    public static bool IsEvenInteger(Bounds value) => false;

    public static bool IsFinite(Bounds value) => double.IsFinite(value.Low) && double.IsFinite(value.High);

    public static bool IsImaginaryNumber(Bounds value) => false;

    public static bool IsInfinity(Bounds value) => false;

    public static bool IsInteger(Bounds value) => false;

    public static bool IsNaN(Bounds value) => double.IsNaN(value.Low);

    public static bool IsNegative(Bounds value) => value.High < 0;

    public static bool IsNegativeInfinity(Bounds value) => false;

    public static bool IsNormal(Bounds value) => true;

    public static bool IsOddInteger(Bounds value) => false;

    public static bool IsPositive(Bounds value) => value.Low >= 0;

    public static bool IsPositiveInfinity(Bounds value) => false;

    public static bool IsRealNumber(Bounds value) => true;

    public static bool IsSubnormal(Bounds value) => false;

    public static bool IsZero(Bounds value) => value == Zero;

    public static Bounds MaxMagnitude(Bounds x, Bounds y) => Max(Abs(x), Abs(y));

    public static Bounds MaxMagnitudeNumber(Bounds x, Bounds y) => MaxMagnitude(x, y);

    public static Bounds MinMagnitude(Bounds x, Bounds y) => -Max(-Abs(x), -Abs(y));

    public static Bounds MinMagnitudeNumber(Bounds x, Bounds y) => MinMagnitude(x, y);

    public static Bounds Parse(string s, IFormatProvider? provider) => Of(double.Parse(s, provider));

    public static Bounds Parse(string s, NumberStyles style, IFormatProvider? provider) => Of(double.Parse(s, style, provider));

    public static Bounds Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Of(double.Parse(s, provider));

    public static Bounds Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => Of(double.Parse(s, style, provider));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Bounds result) => Parsed(double.TryParse(s, provider, out var x), x, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, out Bounds result) =>
        Parsed(double.TryParse(s, style, provider, out var x), x, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Bounds result) => Parsed(double.TryParse(s, provider, out var x), x, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out Bounds result) =>
        Parsed(double.TryParse(s, style, provider, out var x), x, out result);

    public string ToString(string? format, IFormatProvider? formatProvider) => $"[{Low.ToString(format, formatProvider)}, {High.ToString(format, formatProvider)}]";

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = 0;
        return false;
    }

    static bool INumberBase<Bounds>.TryConvertFromChecked<TOther>(TOther value, out Bounds result) => Parsed(true, double.CreateChecked(value), out result);

    static bool INumberBase<Bounds>.TryConvertFromSaturating<TOther>(TOther value, out Bounds result) => Parsed(true, double.CreateSaturating(value), out result);

    static bool INumberBase<Bounds>.TryConvertFromTruncating<TOther>(TOther value, out Bounds result) => Parsed(true, double.CreateTruncating(value), out result);

    static bool INumberBase<Bounds>.TryConvertToChecked<TOther>(Bounds value, [MaybeNullWhen(false)] out TOther result) => (result = default) is not null;

    static bool INumberBase<Bounds>.TryConvertToSaturating<TOther>(Bounds value, [MaybeNullWhen(false)] out TOther result) => (result = default) is not null;

    static bool INumberBase<Bounds>.TryConvertToTruncating<TOther>(Bounds value, [MaybeNullWhen(false)] out TOther result) => (result = default) is not null;

    private static Bounds Of(double x) => new(x, x);

    private static bool Parsed(bool success, double x, out Bounds result)
    {
        result = Of(x);
        return success;
    }
}
