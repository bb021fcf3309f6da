// What .NET's generic math asks of a number type and nobody calls by name; text and conversions.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Autodiff.Functional;

public readonly partial struct Interval
{
    static int INumberBase<Interval>.Radix => 2;

    static Interval IAdditiveIdentity<Interval, Interval>.AdditiveIdentity => Zero;

    static Interval IMultiplicativeIdentity<Interval, Interval>.MultiplicativeIdentity => One;

    /// <summary>An interval from text such as <c>[1, 2]</c>, or a number from text such as <c>1.5</c>; bounds are the nearest doubles.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">The culture of the numbers; null for the current one.</param>
    /// <exception cref="FormatException">The text is no interval.</exception>
    public static Interval Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), NumberStyles.Float, provider);

    /// <summary>An interval from text, if it is one.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">The culture of the numbers; null for the current one.</param>
    /// <param name="result">The interval.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Interval result) => TryParse(s.AsSpan(), NumberStyles.Float, provider, out result);

    /// <summary>The bounds in brackets.</summary>
    /// <param name="format">The format of the bounds.</param>
    /// <param name="formatProvider">The culture of the bounds; null for the current one.</param>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        IsEmpty ? "[]" : $"[{Low.ToString(format, formatProvider)}, {High.ToString(format, formatProvider)}]";

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = ToString(format.ToString(), provider);
        charsWritten = text.TryCopyTo(destination) ? text.Length : 0;
        return charsWritten > 0;
    }

    static Interval INumberBase<Interval>.Parse(string s, NumberStyles style, IFormatProvider? provider) => Parse(s.AsSpan(), style, provider);

    static Interval INumberBase<Interval>.Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => Parse(s, style, provider);

    static Interval ISpanParsable<Interval>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s, NumberStyles.Float, provider);

    static bool INumberBase<Interval>.TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, out Interval result) => TryParse(s.AsSpan(), style, provider, out result);

    static bool INumberBase<Interval>.TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out Interval result) => TryParse(s, style, provider, out result);

    static bool ISpanParsable<Interval>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Interval result) => TryParse(s, NumberStyles.Float, provider, out result);

    static bool INumberBase<Interval>.IsCanonical(Interval value) => true;

    static bool INumberBase<Interval>.IsComplexNumber(Interval value) => false;

    static bool INumberBase<Interval>.IsEvenInteger(Interval value) => value.IsPoint && double.IsEvenInteger(value.Low);

    static bool INumberBase<Interval>.IsFinite(Interval value) => double.IsFinite(value.Low) && double.IsFinite(value.High);

    static bool INumberBase<Interval>.IsImaginaryNumber(Interval value) => false;

    static bool INumberBase<Interval>.IsInfinity(Interval value) => false;

    static bool INumberBase<Interval>.IsInteger(Interval value) => value.IsPoint && double.IsInteger(value.Low);

    static bool INumberBase<Interval>.IsNaN(Interval value) => value.IsEmpty;

    static bool INumberBase<Interval>.IsNegative(Interval value) => value.High < 0;

    static bool INumberBase<Interval>.IsNegativeInfinity(Interval value) => false;

    static bool INumberBase<Interval>.IsNormal(Interval value) => double.IsNormal(value.Low) && double.IsNormal(value.High);

    static bool INumberBase<Interval>.IsOddInteger(Interval value) => value.IsPoint && double.IsOddInteger(value.Low);

    static bool INumberBase<Interval>.IsPositive(Interval value) => value.Low >= 0;

    static bool INumberBase<Interval>.IsPositiveInfinity(Interval value) => false;

    static bool INumberBase<Interval>.IsRealNumber(Interval value) => !value.IsEmpty;

    static bool INumberBase<Interval>.IsSubnormal(Interval value) => double.IsSubnormal(value.Low) && double.IsSubnormal(value.High);

    static bool INumberBase<Interval>.IsZero(Interval value) => value.Low == 0 && value.High == 0;

    // The number of larger (or smaller) magnitude; both where this is undecided.
    static Interval INumberBase<Interval>.MaxMagnitude(Interval x, Interval y) => LargerMagnitude(x, y);

    static Interval INumberBase<Interval>.MaxMagnitudeNumber(Interval x, Interval y) => x.IsEmpty ? y : y.IsEmpty ? x : LargerMagnitude(x, y);

    static Interval INumberBase<Interval>.MinMagnitude(Interval x, Interval y) => SmallerMagnitude(x, y);

    static Interval INumberBase<Interval>.MinMagnitudeNumber(Interval x, Interval y) => x.IsEmpty ? y : y.IsEmpty ? x : SmallerMagnitude(x, y);

    static bool INumberBase<Interval>.TryConvertFromChecked<TOther>(TOther value, out Interval result) => From(value, out result);

    static bool INumberBase<Interval>.TryConvertFromSaturating<TOther>(TOther value, out Interval result) => From(value, out result);

    static bool INumberBase<Interval>.TryConvertFromTruncating<TOther>(TOther value, out Interval result) => From(value, out result);

    static bool INumberBase<Interval>.TryConvertToChecked<TOther>(Interval value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateChecked(value.Midpoint);
        return true;
    }

    static bool INumberBase<Interval>.TryConvertToSaturating<TOther>(Interval value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateSaturating(value.Midpoint);
        return true;
    }

    static bool INumberBase<Interval>.TryConvertToTruncating<TOther>(Interval value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateTruncating(value.Midpoint);
        return true;
    }

    private static Interval LargerMagnitude(Interval x, Interval y) =>
        x.IsEmpty || y.IsEmpty ? Empty : x.Mignitude > y.Magnitude ? x : y.Mignitude > x.Magnitude ? y : x.Hull(y);

    private static Interval SmallerMagnitude(Interval x, Interval y) =>
        x.IsEmpty || y.IsEmpty ? Empty : x.Magnitude < y.Mignitude ? x : y.Magnitude < x.Mignitude ? y : x.Hull(y);

    /// <summary>A number of another type: the double that it is, or the doubles around it.</summary>
    private static bool From<TOther>(TOther value, out Interval result)
        where TOther : INumberBase<TOther>
    {
        if (value is Interval interval)
        {
            result = interval;
            return true;
        }

        var rounded = double.CreateSaturating(value);
        var isExact = value is double or float or Half or byte or sbyte or short or ushort or int or uint;
        result = isExact || !double.IsFinite(rounded) ? rounded : new Interval(Math.BitDecrement(rounded), Math.BitIncrement(rounded));
        return true;
    }

    private static Interval Parse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider) => TryParse(text, style, provider, out var result)
        ? result
        : throw new FormatException($"'{text}' is no interval; write [1, 2], [] or a number.");

    private static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out Interval result)
    {
        text = text.Trim();
        var isBracketed = text.Length >= 2 && text[0] == '[' && text[^1] == ']';
        var inside = isBracketed ? text[1..^1].Trim() : text;
        if (isBracketed && inside.IsEmpty)
        {
            result = Empty;
            return true;
        }

        var comma = isBracketed ? inside.LastIndexOf(", ") : -1;
        if (double.TryParse(comma < 0 ? inside : inside[..comma], style, provider, out var low)
            && double.TryParse(comma < 0 ? inside : inside[(comma + 1)..], style, provider, out var high)
            && low <= high && low < double.PositiveInfinity && high > double.NegativeInfinity)
        {
            result = new(low, high);
            return true;
        }

        result = Empty;
        return false;
    }
}
