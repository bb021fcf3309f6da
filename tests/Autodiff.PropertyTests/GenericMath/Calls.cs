// Every member of .NET's generic math as a function of two numbers of any type, so that one call can be compared with another.

using System.Globalization;
using System.Numerics;

namespace Autodiff.PropertyTests.GenericMath;

internal static class Calls<T>
    where T : IFloatingPointIeee754<T>, IMinMaxValue<T>
{
    /// <summary>Members that give numbers.</summary>
    public static readonly IReadOnlyDictionary<string, Func<T, T, T>> Numbers = new Dictionary<string, Func<T, T, T>>
    {
        ["Zero"] = (_, _) => T.Zero,
        ["One"] = (_, _) => T.One,
        ["NegativeOne"] = (_, _) => T.NegativeOne,
        ["AdditiveIdentity"] = (_, _) => T.AdditiveIdentity,
        ["MultiplicativeIdentity"] = (_, _) => T.MultiplicativeIdentity,
        ["E"] = (_, _) => T.E,
        ["Pi"] = (_, _) => T.Pi,
        ["Tau"] = (_, _) => T.Tau,
        ["Epsilon"] = (_, _) => T.Epsilon,
        ["NaN"] = (_, _) => T.NaN,
        ["NegativeInfinity"] = (_, _) => T.NegativeInfinity,
        ["NegativeZero"] = (_, _) => T.One / T.NegativeZero,
        ["PositiveInfinity"] = (_, _) => T.PositiveInfinity,
        ["MaxValue"] = (_, _) => T.MaxValue,
        ["MinValue"] = (_, _) => T.MinValue,

        ["op_Addition"] = (x, y) => x + y,
        ["op_Subtraction"] = (x, y) => x - y,
        ["op_Multiply"] = (x, y) => x * y,
        ["op_Division"] = (x, y) => x / y,
        ["op_Modulus"] = (x, y) => x % y,
        ["op_UnaryNegation"] = (x, _) => -x,
        ["op_UnaryPlus"] = (x, _) => +x,
        ["op_Increment"] = (x, _) => ++x,
        ["op_Decrement"] = (x, _) => --x,
        ["op_CheckedAddition"] = (x, y) => checked(x + y),
        ["op_CheckedSubtraction"] = (x, y) => checked(x - y),
        ["op_CheckedMultiply"] = (x, y) => checked(x * y),
        ["op_CheckedDivision"] = (x, y) => checked(x / y),
        ["op_CheckedUnaryNegation"] = (x, _) => checked(-x),
        ["op_CheckedIncrement"] = (x, _) => checked(++x),
        ["op_CheckedDecrement"] = (x, _) => checked(--x),

        ["Abs"] = (x, _) => T.Abs(x),
        ["Clamp"] = (x, y) => T.Clamp(x, -T.Abs(y), T.Abs(y)),
        ["ClampNative"] = (x, y) => T.ClampNative(x, -T.Abs(y), T.Abs(y)),
        ["CopySign"] = (x, y) => T.CopySign(x, y) + T.CopySign(x, T.NegativeZero),
        ["Max"] = (x, y) => T.Max(x, y),
        ["MaxNative"] = (x, y) => T.MaxNative(x, y),
        ["MaxNumber"] = (x, y) => T.MaxNumber(x, y) + T.MaxNumber(x, T.NaN) + T.MaxNumber(T.NaN, y),
        ["MaxMagnitude"] = (x, y) => T.MaxMagnitude(x, y) + T.MaxMagnitude(x, -x),
        ["MaxMagnitudeNumber"] = (x, y) => T.MaxMagnitudeNumber(x, y) + T.MaxMagnitudeNumber(x, T.NaN) + T.MaxMagnitudeNumber(T.NaN, y),
        ["Min"] = (x, y) => T.Min(x, y),
        ["MinNative"] = (x, y) => T.MinNative(x, y),
        ["MinNumber"] = (x, y) => T.MinNumber(x, y) + T.MinNumber(x, T.NaN) + T.MinNumber(T.NaN, y),
        ["MinMagnitude"] = (x, y) => T.MinMagnitude(x, y) + T.MinMagnitude(y, y + T.One),
        ["MinMagnitudeNumber"] = (x, y) => T.MinMagnitudeNumber(x, y) + T.MinMagnitudeNumber(x, T.NaN) + T.MinMagnitudeNumber(T.NaN, y),
        ["MultiplyAddEstimate"] = (x, y) => T.MultiplyAddEstimate(x, y, T.One),
        ["FusedMultiplyAdd"] = (x, y) => T.FusedMultiplyAdd(x, y, T.One),
        ["Lerp"] = (x, y) => T.Lerp(x, y, x / y),
        ["ReciprocalEstimate"] = (x, _) => Whole(T.ReciprocalEstimate(x), T.One / x),
        ["ReciprocalSqrtEstimate"] = (x, _) => Whole(T.ReciprocalSqrtEstimate(x), T.One / T.Sqrt(x)),
        ["ScaleB"] = (x, _) => T.ScaleB(x, 5) + T.ScaleB(x, -7) + T.ScaleB(T.Epsilon, 1100),
        ["BitIncrement"] = (x, _) => T.BitIncrement(x),
        ["BitDecrement"] = (x, _) => T.BitDecrement(x),
        ["Ieee754Remainder"] = (x, y) => T.Ieee754Remainder(x, y),

        ["Ceiling"] = (x, _) => T.Ceiling(x),
        ["Floor"] = (x, _) => T.Floor(x),
        ["Truncate"] = (x, _) => T.Truncate(x),
        ["Round"] = (x, y) => T.Round(x) + (Number(10) * T.Round(y, 1)) + (Number(100) * Modes(x * Number(5))) + T.Round(y, 2, MidpointRounding.ToZero),

        ["Exp"] = (x, _) => T.Exp(x),
        ["ExpM1"] = (x, _) => Whole(T.ExpM1(x), T.Exp(x) - T.One),
        ["Exp2"] = (x, _) => T.Exp2(x),
        ["Exp2M1"] = (x, _) => T.Exp2M1(x),
        ["Exp10"] = (x, _) => T.Exp10(x),
        ["Exp10M1"] = (x, _) => T.Exp10M1(x),
        ["Log"] = (x, y) => T.Log(x) + T.Log(x, y),
        ["LogP1"] = (x, _) => T.LogP1(x),
        ["Log2"] = (x, _) => T.Log2(x),
        ["Log2P1"] = (x, _) => T.Log2P1(x),
        ["Log10"] = (x, _) => T.Log10(x),
        ["Log10P1"] = (x, _) => T.Log10P1(x),
        ["Pow"] = (x, y) => T.Pow(x, y),
        ["Sqrt"] = (x, _) => T.Sqrt(x),
        ["Cbrt"] = (x, _) => T.Cbrt(x),
        ["Hypot"] = (x, y) => T.Hypot(x, y),
        ["RootN"] = (x, _) => T.RootN(x, 1) + T.RootN(x, 3) + T.RootN(x, 5) + T.RootN(x, -7) + T.RootN(T.Abs(x), 2) + T.RootN(T.Abs(x), 4),

        ["Sin"] = (x, _) => T.Sin(x),
        ["Cos"] = (x, _) => T.Cos(x),
        ["Tan"] = (x, _) => T.Tan(x),
        ["SinCos"] = (x, y) => T.SinCos(x) is var (sin, cos) ? sin + (y * cos) : x,
        ["Asin"] = (x, _) => T.Asin(x),
        ["Acos"] = (x, _) => T.Acos(x),
        ["Atan"] = (x, _) => T.Atan(x),
        ["Atan2"] = (x, y) => T.Atan2(x, y),
        ["SinPi"] = (x, _) => T.SinPi(x),
        ["CosPi"] = (x, _) => T.CosPi(x),
        ["TanPi"] = (x, _) => T.TanPi(x),
        ["SinCosPi"] = (x, y) => T.SinCosPi(x) is var (sin, cos) ? sin + (y * cos) : x,
        ["AsinPi"] = (x, _) => T.AsinPi(x),
        ["AcosPi"] = (x, _) => T.AcosPi(x),
        ["AtanPi"] = (x, _) => T.AtanPi(x),
        ["Atan2Pi"] = (x, y) => T.Atan2Pi(x, y),
        ["DegreesToRadians"] = (x, _) => T.DegreesToRadians(x),
        ["RadiansToDegrees"] = (x, _) => T.RadiansToDegrees(x),
        ["Sinh"] = (x, _) => T.Sinh(x),
        ["Cosh"] = (x, _) => T.Cosh(x),
        ["Tanh"] = (x, _) => T.Tanh(x),
        ["Asinh"] = (x, _) => T.Asinh(x),
        ["Acosh"] = (x, _) => T.Acosh(x),
        ["Atanh"] = (x, _) => T.Atanh(x),

        ["CreateChecked"] = (_, _) => T.CreateChecked(3) + T.CreateChecked(2.5f) + T.CreateChecked(T.One),
        ["CreateSaturating"] = (_, _) => T.CreateSaturating(7L) + T.CreateSaturating((Half)0.5),
        ["CreateTruncating"] = (_, _) => T.CreateTruncating(7UL) + T.CreateTruncating(1.5m),
        ["Parse"] = (_, _) => T.Parse("1.5", CultureInfo.InvariantCulture)
            + T.Parse("2.5".AsSpan(), CultureInfo.InvariantCulture)
            + T.Parse("(3.5)", NumberStyles.Number | NumberStyles.AllowParentheses, CultureInfo.InvariantCulture)
            + T.Parse("4.5 ".AsSpan(), NumberStyles.Number, CultureInfo.InvariantCulture)
            + T.Parse("5.5"u8, CultureInfo.InvariantCulture)
            + T.Parse("6.5"u8, NumberStyles.Number, CultureInfo.InvariantCulture),
    };

    /// <summary>Members that give a truth, a count, text or bytes.</summary>
    public static readonly IReadOnlyDictionary<string, Func<T, T, object>> Answers = new Dictionary<string, Func<T, T, object>>
    {
        ["Radix"] = (_, _) => T.Radix,
        ["op_Equality"] = (x, y) => (x == y, x == x + T.Zero, T.NaN == x),
        ["op_Inequality"] = (x, y) => (x != y, x != x + T.Zero, T.NaN != x),
        ["op_LessThan"] = (x, y) => (x < y, x < x + T.Zero),
        ["op_LessThanOrEqual"] = (x, y) => (x <= y, x <= x + T.Zero),
        ["op_GreaterThan"] = (x, y) => (x > y, x > x + T.Zero),
        ["op_GreaterThanOrEqual"] = (x, y) => (x >= y, x >= x + T.Zero),
        ["CompareTo"] = (x, y) => (x.CompareTo(y), x.CompareTo((object)y), x.CompareTo(x), x.CompareTo((object?)null)),
        ["Sign"] = (x, _) => T.Sign(x),
        ["ILogB"] = (x, _) => T.ILogB(x),
        ["IsCanonical"] = (x, _) => T.IsCanonical(x),
        ["IsComplexNumber"] = (x, _) => T.IsComplexNumber(x),
        ["IsEvenInteger"] = (x, _) => (T.IsEvenInteger(x), T.IsEvenInteger(T.CreateChecked(2))),
        ["IsFinite"] = (x, _) => (T.IsFinite(x), T.IsFinite(T.NaN), T.IsFinite(T.PositiveInfinity)),
        ["IsImaginaryNumber"] = (x, _) => T.IsImaginaryNumber(x),
        ["IsInfinity"] = (x, _) => (T.IsInfinity(x), T.IsInfinity(T.NegativeInfinity)),
        ["IsInteger"] = (x, _) => (T.IsInteger(x), T.IsInteger(T.One)),
        ["IsNaN"] = (x, _) => (T.IsNaN(x), T.IsNaN(T.NaN)),
        ["IsNegative"] = (x, _) => (T.IsNegative(x), T.IsNegative(T.NegativeZero)),
        ["IsNegativeInfinity"] = (x, _) => (T.IsNegativeInfinity(x), T.IsNegativeInfinity(T.NegativeInfinity)),
        ["IsNormal"] = (x, _) => (T.IsNormal(x), T.IsNormal(T.Epsilon)),
        ["IsOddInteger"] = (x, _) => (T.IsOddInteger(x), T.IsOddInteger(T.One)),
        ["IsPositive"] = (x, _) => (T.IsPositive(x), T.IsPositive(T.NegativeZero)),
        ["IsPositiveInfinity"] = (x, _) => (T.IsPositiveInfinity(x), T.IsPositiveInfinity(T.PositiveInfinity)),
        ["IsRealNumber"] = (x, _) => (T.IsRealNumber(x), T.IsRealNumber(T.NaN)),
        ["IsSubnormal"] = (x, _) => (T.IsSubnormal(x), T.IsSubnormal(T.Epsilon)),
        ["IsZero"] = (x, _) => (T.IsZero(x), T.IsZero(T.NegativeZero)),
        ["ConvertToInteger"] = (x, _) => T.ConvertToInteger<int>(x),
        ["ConvertToIntegerNative"] = (x, _) => T.ConvertToIntegerNative<long>(x),
        ["TryConvertTo"] = (x, y) => (float.CreateChecked(x), double.CreateTruncating(y), byte.CreateSaturating(x)),
        ["TryParse"] = (_, _) => (
            Read(T.TryParse("1.5", CultureInfo.InvariantCulture, out var a), a),
            Read(T.TryParse("2.5".AsSpan(), CultureInfo.InvariantCulture, out var b), b),
            Read(T.TryParse("3.5", NumberStyles.Number, CultureInfo.InvariantCulture, out var c), c),
            Read(T.TryParse("x".AsSpan(), NumberStyles.Number, CultureInfo.InvariantCulture, out var d), d),
            Read(T.TryParse("5.5"u8, CultureInfo.InvariantCulture, out var e), e),
            Read(T.TryParse("6,5"u8, NumberStyles.Float, CultureInfo.InvariantCulture, out var f), f)),
        ["ToString"] = (x, _) => x.ToString("F3", CultureInfo.InvariantCulture),
        ["TryFormat"] = (x, _) => Written(x, 10) + Written(x, 2),
        ["GetExponentByteCount"] = (x, _) => x.GetExponentByteCount(),
        ["GetExponentShortestBitLength"] = (x, _) => x.GetExponentShortestBitLength(),
        ["GetSignificandBitLength"] = (x, _) => x.GetSignificandBitLength(),
        ["GetSignificandByteCount"] = (x, _) => x.GetSignificandByteCount(),
        ["WriteExponentBigEndian"] = (x, _) => Bytes(x.WriteExponentBigEndian),
        ["WriteExponentLittleEndian"] = (x, _) => Bytes(x.WriteExponentLittleEndian),
        ["WriteSignificandBigEndian"] = (x, _) => Bytes(x.WriteSignificandBigEndian),
        ["WriteSignificandLittleEndian"] = (x, _) => Bytes(x.WriteSignificandLittleEndian),
    };

    /// <summary>An estimate may be off in the last digits: it is compared to the exact value here and not between types.</summary>
    private static T Whole(T estimate, T exact) => T.IsNaN(exact) || T.Abs(estimate - exact) <= T.Abs(exact) * T.CreateChecked(1e-3) ? exact : T.NaN;

    private static T Number(double x) => T.CreateChecked(x);

    private static T Modes(T x) => T.Round(x, MidpointRounding.ToEven)
        + (Number(3) * T.Round(x, MidpointRounding.AwayFromZero))
        + (Number(9) * T.Round(x, MidpointRounding.ToZero))
        + (Number(27) * T.Round(x, MidpointRounding.ToNegativeInfinity))
        + (Number(81) * T.Round(x, MidpointRounding.ToPositiveInfinity));

    private static string Read(bool success, T? value) => success ? double.CreateChecked(value!).ToString(CultureInfo.InvariantCulture) : "none";

    private static string Written(T x, int room)
    {
        var text = new char[room];
        var fits = x.TryFormat(text, out var length, "F2", CultureInfo.InvariantCulture);
        return $"{fits} {new string(text, 0, length)};";
    }

    private static string Bytes(Func<byte[], int> write)
    {
        var bytes = new byte[16];
        return Convert.ToHexString(bytes, 0, write(bytes));
    }
}
