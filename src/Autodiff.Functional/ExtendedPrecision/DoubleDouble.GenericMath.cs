// What .NET's generic math asks of a number type and nobody calls by name.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Autodiff.Functional;

public readonly partial struct DoubleDouble
{
    /// <summary>The number of bits of the significand.</summary>
    private const int Bits = 106;

    static int INumberBase<DoubleDouble>.Radix => 2;

    static DoubleDouble ISignedNumber<DoubleDouble>.NegativeOne => -One;

    static DoubleDouble IAdditiveIdentity<DoubleDouble, DoubleDouble>.AdditiveIdentity => Zero;

    static DoubleDouble IMultiplicativeIdentity<DoubleDouble, DoubleDouble>.MultiplicativeIdentity => One;

    static DoubleDouble IFloatingPointIeee754<DoubleDouble>.Epsilon => double.Epsilon;

    static DoubleDouble IFloatingPointIeee754<DoubleDouble>.NegativeZero => double.NegativeZero;

    static DoubleDouble IMinMaxValue<DoubleDouble>.MaxValue => Exactly(double.MaxValue, Math.BitDecrement(Math.ScaleB(1, 970)));

    static DoubleDouble IMinMaxValue<DoubleDouble>.MinValue => Exactly(double.MinValue, -Math.BitDecrement(Math.ScaleB(1, 970)));

    static bool INumberBase<DoubleDouble>.IsCanonical(DoubleDouble value) => true;

    static bool INumberBase<DoubleDouble>.IsComplexNumber(DoubleDouble value) => false;

    static bool INumberBase<DoubleDouble>.IsImaginaryNumber(DoubleDouble value) => false;

    static bool INumberBase<DoubleDouble>.IsNegativeInfinity(DoubleDouble value) => double.IsNegativeInfinity(value.Hi);

    static bool INumberBase<DoubleDouble>.IsNormal(DoubleDouble value) => double.IsNormal(value.Hi);

    static bool INumberBase<DoubleDouble>.IsPositive(DoubleDouble value) => double.IsPositive(value.Hi);

    static bool INumberBase<DoubleDouble>.IsPositiveInfinity(DoubleDouble value) => double.IsPositiveInfinity(value.Hi);

    static bool INumberBase<DoubleDouble>.IsRealNumber(DoubleDouble value) => !IsNaN(value);

    static bool INumberBase<DoubleDouble>.IsSubnormal(DoubleDouble value) => double.IsSubnormal(value.Hi);

    static bool INumberBase<DoubleDouble>.IsZero(DoubleDouble value) => value.Hi == 0;

    static DoubleDouble INumberBase<DoubleDouble>.MaxMagnitude(DoubleDouble x, DoubleDouble y) =>
        IsNaN(x) || Abs(x) > Abs(y) ? x : Abs(x) == Abs(y) ? Max(x, y) : y;

    static DoubleDouble INumberBase<DoubleDouble>.MaxMagnitudeNumber(DoubleDouble x, DoubleDouble y) =>
        IsNaN(y) || Abs(x) > Abs(y) ? x : Abs(x) == Abs(y) ? Max(x, y) : y;

    static DoubleDouble INumberBase<DoubleDouble>.MinMagnitude(DoubleDouble x, DoubleDouble y) =>
        IsNaN(x) || Abs(x) < Abs(y) ? x : Abs(x) == Abs(y) ? Min(x, y) : y;

    static DoubleDouble INumberBase<DoubleDouble>.MinMagnitudeNumber(DoubleDouble x, DoubleDouble y) =>
        IsNaN(y) || Abs(x) < Abs(y) ? x : Abs(x) == Abs(y) ? Min(x, y) : y;

    static DoubleDouble IFloatingPointIeee754<DoubleDouble>.BitIncrement(DoubleDouble x) => Next(x, 1);

    static DoubleDouble IFloatingPointIeee754<DoubleDouble>.BitDecrement(DoubleDouble x) => Next(x, -1);

    static DoubleDouble IFloatingPointIeee754<DoubleDouble>.Ieee754Remainder(DoubleDouble left, DoubleDouble right) => left - (Round(left / right) * right);

    static int IFloatingPointIeee754<DoubleDouble>.ILogB(DoubleDouble x) => Math.ILogB(x.Hi) - (IsPowerOfTwo(x.Hi) && x.Lo != 0 && double.IsNegative(x.Lo) != double.IsNegative(x.Hi) ? 1 : 0);

    // Conversions.
    static bool INumberBase<DoubleDouble>.TryConvertFromChecked<TOther>(TOther value, out DoubleDouble result) => From(value, out result);

    static bool INumberBase<DoubleDouble>.TryConvertFromSaturating<TOther>(TOther value, out DoubleDouble result) => From(value, out result);

    static bool INumberBase<DoubleDouble>.TryConvertFromTruncating<TOther>(TOther value, out DoubleDouble result) => From(value, out result);

    static bool INumberBase<DoubleDouble>.TryConvertToChecked<TOther>(DoubleDouble value, [MaybeNullWhen(false)] out TOther result)
    {
        result = IsDecimal<TOther>(value) ? (TOther)(object)ToDecimal(value) : IsInexact<TOther>() ? TOther.CreateChecked(value.Hi) + TOther.CreateChecked(value.Lo) : TOther.CreateChecked(WholePart(value));
        return true;
    }

    static bool INumberBase<DoubleDouble>.TryConvertToSaturating<TOther>(DoubleDouble value, [MaybeNullWhen(false)] out TOther result)
    {
        result = IsDecimal<TOther>(value) ? (TOther)(object)ToDecimal(value) : IsInexact<TOther>() ? TOther.CreateSaturating(value.Hi) + TOther.CreateSaturating(value.Lo)
            : IsFinite(value) ? TOther.CreateSaturating(WholePart(value)) : TOther.CreateSaturating(value.Hi);
        return true;
    }

    static bool INumberBase<DoubleDouble>.TryConvertToTruncating<TOther>(DoubleDouble value, [MaybeNullWhen(false)] out TOther result)
    {
        result = IsDecimal<TOther>(value) ? (TOther)(object)ToDecimal(value) : IsInexact<TOther>() ? TOther.CreateTruncating(value.Hi) + TOther.CreateTruncating(value.Lo)
            : IsFinite(value) ? TOther.CreateTruncating(WholePart(value)) : TOther.CreateTruncating(value.Hi);
        return true;
    }

    // The parts as bytes: those of Hi, then those of Lo.
    int IFloatingPoint<DoubleDouble>.GetExponentByteCount() => sizeof(short);

    int IFloatingPoint<DoubleDouble>.GetExponentShortestBitLength() => ((IFloatingPoint<double>)Hi).GetExponentShortestBitLength();

    int IFloatingPoint<DoubleDouble>.GetSignificandBitLength() => Bits;

    int IFloatingPoint<DoubleDouble>.GetSignificandByteCount() => 2 * sizeof(ulong);

    bool IFloatingPoint<DoubleDouble>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) =>
        ((IFloatingPoint<double>)Hi).TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<DoubleDouble>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) =>
        ((IFloatingPoint<double>)Hi).TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<DoubleDouble>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) =>
        TryWrite(Significand(), destination, isUnsigned: true, isBigEndian: true, out bytesWritten);

    bool IFloatingPoint<DoubleDouble>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) =>
        TryWrite(Significand(), destination, isUnsigned: true, isBigEndian: false, out bytesWritten);

    private static bool TryWrite(BigInteger number, Span<byte> destination, bool isUnsigned, bool isBigEndian, out int bytesWritten)
    {
        bytesWritten = 0;
        if (destination.Length < 2 * sizeof(ulong))
        {
            return false;
        }

        var bytes = number.ToByteArray(isUnsigned, isBigEndian);
        destination[..(2 * sizeof(ulong))].Clear();
        bytes.CopyTo(isBigEndian ? destination[((2 * sizeof(ulong)) - bytes.Length)..] : destination);
        bytesWritten = 2 * sizeof(ulong);
        return true;
    }

    private static bool From<TOther>(TOther value, out DoubleDouble result)
        where TOther : INumberBase<TOther>
    {
        if (typeof(TOther) == typeof(DoubleDouble))
        {
            result = (DoubleDouble)(object)value;
            return true;
        }

        if (value is decimal exact)
        {
            result = Parse(exact.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            return true;
        }

        // What the conversion to a double has rounded off is converted too: long integers have more digits than a double.
        var high = double.CreateSaturating(value);
        var isLong = double.IsFinite(high) && typeof(TOther) != typeof(double) && typeof(TOther) != typeof(float) && typeof(TOther) != typeof(Half);
        result = isLong ? new DoubleDouble(high, Rest(value, high)) : high;
        return true;
    }

    private static double Rest<TOther>(TOther value, double high)
        where TOther : INumberBase<TOther> => value switch
        {
            long or ulong or Int128 or UInt128 or BigInteger or nint or nuint => (double)(BigInteger.CreateChecked(value) - new BigInteger(high)),
            _ => 0,
        };

    /// <summary>Whether a number is to become a decimal and is in the range of these, so that it keeps 28 digits.</summary>
    private static bool IsDecimal<TOther>(DoubleDouble value) => typeof(TOther) == typeof(decimal) && Math.Abs(value.Hi) < 7.9e28;

    private static decimal ToDecimal(DoubleDouble value) => decimal.Parse(value.ToString("G29", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool IsInexact<TOther>()
        where TOther : INumberBase<TOther> => !TOther.IsZero(TOther.CreateTruncating(0.5));

    private static BigInteger WholePart(DoubleDouble value)
    {
        var whole = Truncate(value);
        return new BigInteger(whole.Hi) + new BigInteger(whole.Lo);
    }

    private static bool IsPowerOfTwo(double x) => double.IsFinite(x) && x != 0 && (BitConverter.DoubleToInt64Bits(x) & ((1L << 52) - 1)) == 0;

    private static DoubleDouble Next(DoubleDouble x, int sign) =>
        IsNaN(x) || (IsInfinity(x) && double.IsNegative(x.Hi) != (sign > 0)) ? x
        : IsInfinity(x) ? sign > 0 ? Exactly(double.MinValue, 0) : Exactly(double.MaxValue, 0)
        : x.Hi == 0 ? Exactly(sign * double.Epsilon, 0)
        : x + Math.Max(Math.ScaleB(1, Math.ILogB(x.Hi) - Bits + 1), double.Epsilon) * sign;

    private BigInteger Significand()
    {
        if (Hi == 0 || !IsFinite(this))
        {
            return BigInteger.Zero;
        }

        var scaled = ScaleB(Abs(this), Bits - 1 - Math.ILogB(Hi));
        return WholePart(scaled);
    }
}
