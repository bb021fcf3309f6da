// Double-doubles as text: parsed and written by whole numbers, so that no digit is lost.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Autodiff.Functional;

public readonly partial struct DoubleDouble
{
    /// <summary>The number of digits that are written: all that the type has in general.</summary>
    private const int Digits = 32;

    /// <summary>The largest magnitude of an exponent that is parsed as such; beyond it, every number is 0 or infinite.</summary>
    private const int LargestExponent = 5000;

    /// <summary>The number that a text such as <c>0.1</c> or <c>-1.5e-20</c> denotes, to all digits of this type.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">The culture; null for the current one.</param>
    /// <exception cref="AutodiffException">The text is not a number.</exception>
    public static DoubleDouble Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var result) ? result : throw NoNumber(s);

    /// <summary>The number that a text denotes; false if it denotes none.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">The culture; null for the current one.</param>
    /// <param name="result">The number.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DoubleDouble result) =>
        TryParse(s.AsSpan(), NumberStyles.Float | NumberStyles.AllowThousands, provider, out result) && s is not null;

    static DoubleDouble ISpanParsable<DoubleDouble>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider, out var result) ? result : throw NoNumber(s.ToString());

    static bool ISpanParsable<DoubleDouble>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out DoubleDouble result) =>
        TryParse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider, out result);

    static DoubleDouble INumberBase<DoubleDouble>.Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) =>
        TryParse(s, style, provider, out var result) ? result : throw NoNumber(s.ToString());

    static DoubleDouble INumberBase<DoubleDouble>.Parse(string s, NumberStyles style, IFormatProvider? provider) =>
        TryParse(s, style, provider, out var result) ? result : throw NoNumber(s);

    static bool INumberBase<DoubleDouble>.TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, out DoubleDouble result) =>
        TryParse(s.AsSpan(), style, provider, out result) && s is not null;

    static bool INumberBase<DoubleDouble>.TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out DoubleDouble result) =>
        TryParse(s, style, provider, out result);

    /// <summary>The number with 32 significant digits.</summary>
    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);

    /// <summary>The number with 32 significant digits, or as many as a format such as <c>G10</c> or <c>E10</c> asks for; another format is that of <see cref="Hi"/>.</summary>
    /// <param name="format">The format.</param>
    /// <param name="formatProvider">The culture; null for the current one.</param>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        var isGeneral = string.IsNullOrEmpty(format) || format[0] is 'G' or 'g' or 'R' or 'r';
        if (!IsFinite(this) || Hi == 0 || !(isGeneral || format![0] is 'E' or 'e'))
        {
            return Hi.ToString(format, formatProvider);
        }

        var asked = format?.Length > 1 ? int.Parse(format.AsSpan(1), CultureInfo.InvariantCulture) : isGeneral ? 0 : 6;
        var count = isGeneral ? asked == 0 ? Digits : asked : asked + 1;
        var (digits, exponent) = Decimal(count);
        var information = NumberFormatInfo.GetInstance(formatProvider);
        var sign = IsNegative(this) ? information.NegativeSign : "";
        if (!isGeneral)
        {
            return $"{sign}{digits[0]}{(count > 1 ? information.NumberDecimalSeparator : "")}{digits[1..]}{format![0]}{(exponent < 0 ? information.NegativeSign : information.PositiveSign)}{Math.Abs(exponent):000}";
        }

        digits = digits.TrimEnd('0');
        if (exponent is >= -5 and < Digits)
        {
            digits = exponent < 0 ? new string('0', -exponent) + digits : digits.PadRight(exponent + 1, '0');
            var whole = Math.Max(exponent, 0) + 1;
            return sign + digits[..whole] + (digits.Length > whole ? information.NumberDecimalSeparator + digits[whole..] : "");
        }

        return $"{sign}{digits[0]}{(digits.Length > 1 ? information.NumberDecimalSeparator : "")}{digits[1..]}E{(exponent < 0 ? information.NegativeSign : information.PositiveSign)}{Math.Abs(exponent):00}";
    }

    /// <summary>Writes what <see cref="ToString(string?, IFormatProvider?)"/> returns.</summary>
    /// <param name="destination">Where it is written.</param>
    /// <param name="charsWritten">The number of characters.</param>
    /// <param name="format">The format.</param>
    /// <param name="provider">The culture; null for the current one.</param>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = ToString(format.ToString(), provider);
        var fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }

    private static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out DoubleDouble result)
    {
        var isNumber = double.TryParse(s, style, provider, out var high);
        result = high;
        if (!isNumber || !double.IsFinite(high))
        {
            return isNumber;
        }

        // The digits as a whole number, and the power of 10 that it is multiplied by.
        var information = NumberFormatInfo.GetInstance(provider);
        var text = s.ToString();
        var mark = text.IndexOfAny(['e', 'E']);
        var exponent = mark < 0 ? 0 : Math.Clamp(double.Parse(text.AsSpan(mark + 1), NumberStyles.Float, provider), -LargestExponent, LargestExponent);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf(information.NumberDecimalSeparator, StringComparison.Ordinal);
        var places = point < 0 ? 0 : mantissa[(point + information.NumberDecimalSeparator.Length)..].Count(char.IsAsciiDigit);
        var digits = string.Concat(mantissa.Where(char.IsAsciiDigit));
        if (digits.Length == 0 || digits.Length > LargestExponent)
        {
            return true;
        }

        var whole = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        var power = (int)exponent - places;
        var (numerator, denominator) = power < 0 ? (whole, BigInteger.Pow(10, -power)) : (whole * BigInteger.Pow(10, power), BigInteger.One);
        var (ownNumerator, ownDenominator) = Fraction(Math.Abs(high));
        var low = Quotient((numerator * ownDenominator) - (ownNumerator * denominator), denominator * ownDenominator);
        result = new(high, double.IsNegative(high) ? -low : low);
        return true;
    }

    private static AutodiffException NoNumber(string? text) => new($"Parse: \"{text}\" is not a number; numbers are written as 1.5, -2 or 6.02e23.");

    /// <summary>A double as a quotient of whole numbers.</summary>
    private static (BigInteger Numerator, BigInteger Denominator) Fraction(double x)
    {
        if (x == 0)
        {
            return (BigInteger.Zero, BigInteger.One);
        }

        var shift = Math.Max(Math.ILogB(x), -1022) - 52;
        var whole = new BigInteger(shift < -1000 ? Math.ScaleB(Math.ScaleB(x, 900), -shift - 900) : Math.ScaleB(x, -shift));
        return shift < 0 ? (whole, BigInteger.One << -shift) : (whole << shift, BigInteger.One);
    }

    /// <summary>A quotient of whole numbers as a double: its first 61 or 62 bits, rounded.</summary>
    private static double Quotient(BigInteger numerator, BigInteger denominator)
    {
        var shift = (int)(denominator.GetBitLength() - BigInteger.Abs(numerator).GetBitLength()) + 61;
        var quotient = shift < 0 ? numerator / (denominator << -shift) : (numerator << shift) / denominator;
        return Math.ScaleB((long)quotient, -shift);
    }

    /// <summary>The first digits of the magnitude, rounded, and the exponent of 10 of the first.</summary>
    private (string Digits, int Exponent) Decimal(int count)
    {
        var (highNumerator, highDenominator) = Fraction(Math.Abs(Hi));
        var (lowNumerator, lowDenominator) = Fraction(Math.Abs(Lo));
        lowNumerator = double.IsNegative(Lo) == double.IsNegative(Hi) ? lowNumerator : -lowNumerator;
        var (numerator, denominator) = ((highNumerator * lowDenominator) + (lowNumerator * highDenominator), highDenominator * lowDenominator);
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(Hi)));
        while (true)
        {
            var power = count - 1 - exponent;
            var (scaled, unit) = power < 0 ? (numerator, denominator * BigInteger.Pow(10, -power)) : (numerator * BigInteger.Pow(10, power), denominator);
            var digits = (((2 * scaled) + unit) / (2 * unit)).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == count)
            {
                return (digits, exponent);
            }

            exponent += digits.Length - count;
        }
    }
}
