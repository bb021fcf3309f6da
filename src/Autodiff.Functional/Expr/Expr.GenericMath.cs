// .NET's generic math, so that a function written once for any T : IFloatingPointIeee754<T> (or an interface that this one extends) runs on
// double and, with Expr, can be differentiated. The operators and public functions in the other files are most of the implementation; the
// rest is here, as explicit implementations, since only generic code needs it.
//
// A result that generic code expects as a number is an expression and carries derivatives. A result that it expects as a bool or an int
// (x == y, x < y, IsNaN, Sign …) is computed from the value, so it needs a concrete scalar: a symbolic one throws NotConcreteException, a
// tensor ShapeException. Outside generic code == compares nodes (Expr.Equality.cs) and < gives a mask.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Autodiff.Functional.NumberTypes;

namespace Autodiff.Functional;

public sealed partial class Expr : IFloatingPointIeee754<Expr>, IMinMaxValue<Expr>, IComparisonOperators<Expr, Expr, Expr>, INumberField<Expr>
{
    NumberField<Expr> INumberField<Expr>.Field => ExprField.Instance;

    // Constants.
    static Expr INumberBase<Expr>.Zero => 0;

    static Expr INumberBase<Expr>.One => 1;

    static int INumberBase<Expr>.Radix => 2;

    static Expr ISignedNumber<Expr>.NegativeOne => -1;

    static Expr IAdditiveIdentity<Expr, Expr>.AdditiveIdentity => 0;

    static Expr IMultiplicativeIdentity<Expr, Expr>.MultiplicativeIdentity => 1;

    static Expr IFloatingPointConstants<Expr>.E => Math.E;

    static Expr IFloatingPointConstants<Expr>.Pi => Math.PI;

    static Expr IFloatingPointConstants<Expr>.Tau => Math.Tau;

    static Expr IFloatingPointIeee754<Expr>.Epsilon => double.Epsilon;

    static Expr IFloatingPointIeee754<Expr>.NaN => double.NaN;

    static Expr IFloatingPointIeee754<Expr>.NegativeInfinity => double.NegativeInfinity;

    static Expr IFloatingPointIeee754<Expr>.NegativeZero => double.NegativeZero;

    static Expr IFloatingPointIeee754<Expr>.PositiveInfinity => double.PositiveInfinity;

    static Expr IMinMaxValue<Expr>.MaxValue => double.MaxValue;

    static Expr IMinMaxValue<Expr>.MinValue => double.MinValue;

    // Conversions from and to other numbers, through double.
    static bool INumberBase<Expr>.TryConvertFromChecked<TOther>(TOther value, out Expr result)
    {
        result = double.CreateChecked(value);
        return true;
    }

    static bool INumberBase<Expr>.TryConvertFromSaturating<TOther>(TOther value, out Expr result)
    {
        result = double.CreateSaturating(value);
        return true;
    }

    static bool INumberBase<Expr>.TryConvertFromTruncating<TOther>(TOther value, out Expr result)
    {
        result = double.CreateTruncating(value);
        return true;
    }

    static bool INumberBase<Expr>.TryConvertToChecked<TOther>(Expr value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateChecked(value.Value);
        return true;
    }

    static bool INumberBase<Expr>.TryConvertToSaturating<TOther>(Expr value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateSaturating(value.Value);
        return true;
    }

    static bool INumberBase<Expr>.TryConvertToTruncating<TOther>(Expr value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateTruncating(value.Value);
        return true;
    }

    // Conversions from text: a constant is parsed like a double. (Those to text are in Display/Expr.ToString.cs.)
    static Expr IParsable<Expr>.Parse(string s, IFormatProvider? provider) => double.Parse(s, provider);

    static Expr ISpanParsable<Expr>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => double.Parse(s, provider);

    static Expr INumberBase<Expr>.Parse(string s, NumberStyles style, IFormatProvider? provider) => double.Parse(s, style, provider);

    static Expr INumberBase<Expr>.Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => double.Parse(s, style, provider);

    static bool IParsable<Expr>.TryParse(string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Expr result) =>
        Parsed(double.TryParse(s, provider, out var value), value, out result);

    static bool ISpanParsable<Expr>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Expr result) =>
        Parsed(double.TryParse(s, provider, out var value), value, out result);

    static bool INumberBase<Expr>.TryParse(string? s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Expr result) =>
        Parsed(double.TryParse(s, style, provider, out var value), value, out result);

    static bool INumberBase<Expr>.TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Expr result) =>
        Parsed(double.TryParse(s, style, provider, out var value), value, out result);

    // Predicates on the value.
    static bool INumberBase<Expr>.IsCanonical(Expr value) => true;

    static bool INumberBase<Expr>.IsComplexNumber(Expr value) => false;

    static bool INumberBase<Expr>.IsImaginaryNumber(Expr value) => false;

    static bool INumberBase<Expr>.IsEvenInteger(Expr value) => double.IsEvenInteger(value.Value);

    static bool INumberBase<Expr>.IsFinite(Expr value) => double.IsFinite(value.Value);

    static bool INumberBase<Expr>.IsInfinity(Expr value) => double.IsInfinity(value.Value);

    static bool INumberBase<Expr>.IsInteger(Expr value) => double.IsInteger(value.Value);

    static bool INumberBase<Expr>.IsNaN(Expr value) => double.IsNaN(value.Value);

    static bool INumberBase<Expr>.IsNegative(Expr value) => double.IsNegative(value.Value);

    static bool INumberBase<Expr>.IsNegativeInfinity(Expr value) => double.IsNegativeInfinity(value.Value);

    static bool INumberBase<Expr>.IsNormal(Expr value) => double.IsNormal(value.Value);

    static bool INumberBase<Expr>.IsOddInteger(Expr value) => double.IsOddInteger(value.Value);

    static bool INumberBase<Expr>.IsPositive(Expr value) => double.IsPositive(value.Value);

    static bool INumberBase<Expr>.IsPositiveInfinity(Expr value) => double.IsPositiveInfinity(value.Value);

    static bool INumberBase<Expr>.IsRealNumber(Expr value) => double.IsRealNumber(value.Value);

    static bool INumberBase<Expr>.IsSubnormal(Expr value) => double.IsSubnormal(value.Value);

    static bool INumberBase<Expr>.IsZero(Expr value) => value.Value == 0;

    static int INumber<Expr>.Sign(Expr value) => double.Sign(value.Value);

    static int IFloatingPointIeee754<Expr>.ILogB(Expr x) => double.ILogB(x.Value);

    int IFloatingPoint<Expr>.GetExponentByteCount() => ((IFloatingPoint<double>)Value).GetExponentByteCount();

    int IFloatingPoint<Expr>.GetExponentShortestBitLength() => ((IFloatingPoint<double>)Value).GetExponentShortestBitLength();

    int IFloatingPoint<Expr>.GetSignificandBitLength() => ((IFloatingPoint<double>)Value).GetSignificandBitLength();

    int IFloatingPoint<Expr>.GetSignificandByteCount() => ((IFloatingPoint<double>)Value).GetSignificandByteCount();

    bool IFloatingPoint<Expr>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) =>
        ((IFloatingPoint<double>)Value).TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Expr>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) =>
        ((IFloatingPoint<double>)Value).TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Expr>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) =>
        ((IFloatingPoint<double>)Value).TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Expr>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) =>
        ((IFloatingPoint<double>)Value).TryWriteSignificandLittleEndian(destination, out bytesWritten);

    // Comparisons: a bool compares values, an expression is a mask, and equality in collections (IEquatable) is that of nodes.
    static bool IEqualityOperators<Expr, Expr, bool>.operator ==(Expr? left, Expr? right) =>
        left is null || right is null ? ReferenceEquals(left, right) : left.Value == right.Value;

    static bool IEqualityOperators<Expr, Expr, bool>.operator !=(Expr? left, Expr? right) =>
        left is null || right is null ? !ReferenceEquals(left, right) : left.Value != right.Value;

    static bool IComparisonOperators<Expr, Expr, bool>.operator <(Expr left, Expr right) => left.Value < right.Value;

    static bool IComparisonOperators<Expr, Expr, bool>.operator <=(Expr left, Expr right) => left.Value <= right.Value;

    static bool IComparisonOperators<Expr, Expr, bool>.operator >(Expr left, Expr right) => left.Value > right.Value;

    static bool IComparisonOperators<Expr, Expr, bool>.operator >=(Expr left, Expr right) => left.Value >= right.Value;

    static Expr IEqualityOperators<Expr, Expr, Expr>.operator ==(Expr? left, Expr? right) => Eq(left!, right!);

    static Expr IEqualityOperators<Expr, Expr, Expr>.operator !=(Expr? left, Expr? right) => !Eq(left!, right!);

    bool IEquatable<Expr>.Equals(Expr? other) => AreEqual(this, other);

    int IComparable<Expr>.CompareTo(Expr? other) => other is null ? 1 : Value.CompareTo(other.Value);

    int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        Expr other => Value.CompareTo(other.Value),
        _ => throw new AutodiffException($"CompareTo: a {obj.GetType()} is not an expression, so neither is the larger."),
    };

    // Arithmetic other than + − · / %. The IEEE remainder is rounded twice, in the product and in the difference.
    static Expr IIncrementOperators<Expr>.operator ++(Expr value) => value + 1;

    static Expr IDecrementOperators<Expr>.operator --(Expr value) => value - 1;

    static Expr IFloatingPointIeee754<Expr>.Ieee754Remainder(Expr left, Expr right) => left - (right * Round(left / right));

    static Expr IFloatingPointIeee754<Expr>.FusedMultiplyAdd(Expr left, Expr right, Expr addend) => (left * right) + addend;

    static Expr IFloatingPointIeee754<Expr>.ScaleB(Expr x, int n) => x * double.ScaleB(1, n / 2) * double.ScaleB(1, n - (n / 2));

    // The neighbour of an infinity is the largest number, which is no finite distance away.
    static Expr IFloatingPointIeee754<Expr>.BitIncrement(Expr x) =>
        double.IsInfinity(x.Value) ? double.BitIncrement(x.Value) : x + (double.BitIncrement(x.Value) - x.Value);

    static Expr IFloatingPointIeee754<Expr>.BitDecrement(Expr x) =>
        double.IsInfinity(x.Value) ? double.BitDecrement(x.Value) : x + (double.BitDecrement(x.Value) - x.Value);

    // Rounding functions: they are constant almost everywhere, so their derivatives are 0.
    static Expr IFloatingPoint<Expr>.Round(Expr x, int digits, MidpointRounding mode) => digits is < 0 or > 15
        ? throw new AutodiffException($"Round: {digits} digits are asked for; a double has 0 to 15.")
        : Rounded(x * Math.Pow(10, digits), mode) / Math.Pow(10, digits);

    // Maximum and minimum. If only one argument is NaN, the functions whose names end in Number return the other.
    static Expr INumber<Expr>.MaxNative(Expr x, Expr y) => Max(x, y);

    static Expr INumber<Expr>.MinNative(Expr x, Expr y) => Min(x, y);

    static Expr INumber<Expr>.ClampNative(Expr value, Expr min, Expr max) => Clamp(value, min, max);

    static Expr INumber<Expr>.MaxNumber(Expr x, Expr y) => IfNumbers(x, y, Max(x, y));

    static Expr INumber<Expr>.MinNumber(Expr x, Expr y) => IfNumbers(x, y, Min(x, y));

    static Expr INumberBase<Expr>.MaxMagnitude(Expr x, Expr y) => MaxMagnitude(x, y);

    static Expr INumberBase<Expr>.MaxMagnitudeNumber(Expr x, Expr y) => IfNumbers(x, y, MaxMagnitude(x, y));

    static Expr INumberBase<Expr>.MinMagnitude(Expr x, Expr y) => MinMagnitude(x, y);

    static Expr INumberBase<Expr>.MinMagnitudeNumber(Expr x, Expr y) => IfNumbers(x, y, MinMagnitude(x, y));

    // Exponentials and logarithms: 2ˣ − 1 and 10ˣ − 1 are computed by ExpM1 where the subtraction would cancel.
    static Expr IExponentialFunctions<Expr>.Exp10(Expr x) => Pow(10, x);

    static Expr IExponentialFunctions<Expr>.Exp2M1(Expr x) => Where(Abs(x) < 1, ExpM1(x * Math.Log(2)), Exp2(x) - 1);

    static Expr IExponentialFunctions<Expr>.Exp10M1(Expr x) => Where(Abs(x) < 1, ExpM1(x * Math.Log(10)), Pow(10, x) - 1);

    static Expr ILogarithmicFunctions<Expr>.Log(Expr x, Expr newBase) => Log(x) / Log(newBase);

    static Expr ILogarithmicFunctions<Expr>.Log2P1(Expr x) => LogP1(x) / Math.Log(2);

    static Expr ILogarithmicFunctions<Expr>.Log10P1(Expr x) => LogP1(x) / Math.Log(10);

    // Roots: odd roots of negative numbers are real.
    static Expr IRootFunctions<Expr>.RootN(Expr x, int n) => n switch
    {
        0 => x * double.NaN,
        1 => +x,
        2 => Sqrt(x),
        3 => Cbrt(x),
        _ when int.IsEvenInteger(n) => Pow(x, 1.0 / n),
        _ => Where(x < 0, -Pow(-x, 1.0 / n), Pow(x, 1.0 / n)),
    };

    // Trigonometric functions of x in half turns. Whole quarter turns are subtracted from x exactly before it is multiplied by π.
    static (Expr Sin, Expr Cos) ITrigonometricFunctions<Expr>.SinCos(Expr x) => (Sin(x), Cos(x));

    static (Expr SinPi, Expr CosPi) ITrigonometricFunctions<Expr>.SinCosPi(Expr x) => SinCosPi(x);

    static Expr ITrigonometricFunctions<Expr>.SinPi(Expr x) => SinCosPi(x).Sin;

    static Expr ITrigonometricFunctions<Expr>.CosPi(Expr x) => SinCosPi(x).Cos;

    static Expr ITrigonometricFunctions<Expr>.TanPi(Expr x) => SinCosPi(x) is var (sin, cos) ? sin / cos : default!;

    static Expr ITrigonometricFunctions<Expr>.AsinPi(Expr x) => Asin(x) / Math.PI;

    static Expr ITrigonometricFunctions<Expr>.AcosPi(Expr x) => Acos(x) / Math.PI;

    static Expr ITrigonometricFunctions<Expr>.AtanPi(Expr x) => Atan(x) / Math.PI;

    static Expr IFloatingPointIeee754<Expr>.Atan2Pi(Expr y, Expr x) => Atan2(y, x) / Math.PI;

    private static (Expr Sin, Expr Cos) SinCosPi(Expr x)
    {
        var quarters = Round(2 * x);
        var rest = Math.PI * (x - (quarters / 2));
        var quadrant = quarters - (4 * Floor(quarters / 4));
        var isOdd = Eq(quadrant, 1) | Eq(quadrant, 3);
        var (sin, cos) = (Where(isOdd, Cos(rest), Sin(rest)), Where(isOdd, Sin(rest), Cos(rest)));
        return (Where(quadrant > 1, -sin, sin), Where(Eq(quadrant, 1) | Eq(quadrant, 2), -cos, cos));
    }

    private static Expr Rounded(Expr x, MidpointRounding mode) => mode switch
    {
        MidpointRounding.ToEven => Round(x),
        MidpointRounding.AwayFromZero => Truncate(x) + (Sign(x) * (Abs(x - Truncate(x)) >= 0.5)),
        MidpointRounding.ToZero => Truncate(x),
        MidpointRounding.ToNegativeInfinity => Floor(x),
        MidpointRounding.ToPositiveInfinity => Ceiling(x),
        _ => throw new AutodiffException($"Round: {mode} is not a way of rounding."),
    };

    private static Expr MaxMagnitude(Expr x, Expr y) => Where(Abs(x) > Abs(y), x, Where(Abs(x) < Abs(y), y, Max(x, y)));

    private static Expr MinMagnitude(Expr x, Expr y) => Where(Abs(x) < Abs(y), x, Where(Abs(x) > Abs(y), y, Min(x, y)));

    private static Expr IfNumbers(Expr x, Expr y, Expr both) => Where(IsNaN(x), y, Where(IsNaN(y), x, both));

    private static bool Parsed(bool success, double value, [MaybeNullWhen(false)] out Expr result)
    {
        result = success ? Number(value) : null;
        return success;
    }
}
