// Numbers of about 32 digits: the sum of two doubles that is never computed (T. J. Dekker, A floating-point technique for extending the available
// precision, Numerische Mathematik 18, 1971; Y. Hida, X. S. Li, D. H. Bailey, Algorithms for quad-double precision floating point arithmetic, 2001).

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

/// <summary>
/// A number of about 32 significant digits: the sum <see cref="Hi"/> + <see cref="Lo"/> of two doubles, of which Hi is the sum rounded to a double.
/// </summary>
/// <remarks>
/// <para>
/// It has the range of a double, and all 106 bits where the magnitude is between about 10⁻²⁹⁰ and 10³⁰⁰. Infinities and NaN are those of Hi, with Lo = 0. Arithmetic
/// has relative errors of a few 2⁻¹⁰⁴ = 5·10⁻³². Elementary functions have relative errors below 10⁻²⁹, except that those of periodic
/// functions are absolute errors below 10⁻³⁰·max(1, |x|) near their zeros.
/// </para>
/// <para>
/// A finite difference in this type has nearly no rounding error. So a derivative can be verified to double precision by an expression evaluated at
/// two points; see <see cref="Expr.Evaluate{T}(ReadOnlySpan{ValueTuple{Expr, T}})"/>.
/// </para>
/// </remarks>
/// <example><code>
/// var x = Expr.Variable("x");
/// var y = Expr.Exp(x * x);
/// DoubleDouble h = 1e-12;
/// var slope = (y.Evaluate((x, 1 + h)) - y.Evaluate((x, 1 - h))) / (2 * h);
/// Console.WriteLine(slope); // 5.436563656918090470720574942…
/// </code></example>
public readonly partial struct DoubleDouble : IFloatingPointIeee754<DoubleDouble>, IMinMaxValue<DoubleDouble>, INumberFunctions<DoubleDouble>
{
    /// <summary>A sum of two doubles, which may overlap.</summary>
    /// <param name="high">The larger part.</param>
    /// <param name="low">The smaller part.</param>
    public DoubleDouble(double high, double low) => (Hi, Lo) = Normalized(high, low);

    private DoubleDouble((double Hi, double Lo) parts) => (Hi, Lo) = parts;

    /// <summary>The number rounded to a double.</summary>
    public double Hi { get; }

    /// <summary>What <see cref="Hi"/> lacks: at most half a unit in its last place.</summary>
    public double Lo { get; }

    /// <summary>0.</summary>
    public static DoubleDouble Zero => default;

    /// <summary>1.</summary>
    public static DoubleDouble One => Exactly(1, 0);

    /// <summary>π.</summary>
    public static DoubleDouble Pi => Exactly(3.141592653589793, 1.2246467991473532e-16);

    /// <summary>2π.</summary>
    public static DoubleDouble Tau => Exactly(2 * 3.141592653589793, 2 * 1.2246467991473532e-16);

    /// <summary>The base of the natural logarithm.</summary>
    public static DoubleDouble E => Exactly(2.718281828459045, 1.4456468917292502e-16);

    /// <summary>Not a number.</summary>
    public static DoubleDouble NaN => Exactly(double.NaN, 0);

    /// <summary>+∞.</summary>
    public static DoubleDouble PositiveInfinity => Exactly(double.PositiveInfinity, 0);

    /// <summary>−∞.</summary>
    public static DoubleDouble NegativeInfinity => Exactly(double.NegativeInfinity, 0);

    /// <summary>The number as a double-double, exactly.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator DoubleDouble(double value) => Exactly(value, 0);

    /// <summary>The number rounded to a double.</summary>
    /// <param name="value">The number.</param>
    public static explicit operator double(DoubleDouble value) => value.Hi;

    /// <summary>The number.</summary>
    /// <param name="value">The number.</param>
    public static DoubleDouble operator +(DoubleDouble value) => value;

    /// <summary>The number with the other sign, exactly.</summary>
    /// <param name="value">The number.</param>
    public static DoubleDouble operator -(DoubleDouble value) => Exactly(-value.Hi, -value.Lo);

    /// <summary>The sum.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    public static DoubleDouble operator +(DoubleDouble left, DoubleDouble right)
    {
        var (high, error) = TwoSum(left.Hi, right.Hi);
        if (!double.IsFinite(high))
        {
            return Exactly(high, 0);
        }

        var (low, rest) = TwoSum(left.Lo, right.Lo);
        (high, error) = Normalized(high, error + low);
        return new(high, error + rest);
    }

    /// <summary>The difference.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">The number that is subtracted.</param>
    public static DoubleDouble operator -(DoubleDouble left, DoubleDouble right) => left + -right;

    /// <summary>The product.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    public static DoubleDouble operator *(DoubleDouble left, DoubleDouble right)
    {
        var high = left.Hi * right.Hi;
        return double.IsFinite(high)
            ? new(high, Math.FusedMultiplyAdd(left.Hi, right.Hi, -high) + Math.FusedMultiplyAdd(left.Hi, right.Lo, left.Lo * right.Hi))
            : Exactly(high, 0);
    }

    /// <summary>The quotient, by long division with three digits that are doubles.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    public static DoubleDouble operator /(DoubleDouble left, DoubleDouble right)
    {
        var first = left.Hi / right.Hi;
        if (!double.IsFinite(first) || double.IsInfinity(right.Hi) || first == 0)
        {
            return Exactly(first, 0);
        }

        if (Math.Abs(first) > 1e300 || Math.Abs(right.Hi) > 1e300)
        {
            // The product of quotient and divisor must not overflow.
            return ScaleB(ScaleB(left, -8) / ScaleB(right, Math.Abs(first) > 1e300 ? 0 : -8), Math.Abs(first) > 1e300 ? 8 : 0);
        }

        var rest = left - (right * first);
        var second = rest.Hi / right.Hi;
        rest -= right * second;
        return new DoubleDouble(first, second) + (rest.Hi / right.Hi);
    }

    /// <summary>The remainder of the quotient rounded towards 0, with the sign of the dividend.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    public static DoubleDouble operator %(DoubleDouble left, DoubleDouble right) => IsInfinity(right) && IsFinite(left) ? left : left - (Truncate(left / right) * right);

    /// <summary>The number plus 1.</summary>
    /// <param name="value">The number.</param>
    public static DoubleDouble operator ++(DoubleDouble value) => value + 1;

    /// <summary>The number minus 1.</summary>
    /// <param name="value">The number.</param>
    public static DoubleDouble operator --(DoubleDouble value) => value - 1;

    /// <summary>Whether two numbers are equal; false if one is NaN.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    public static bool operator ==(DoubleDouble left, DoubleDouble right) => left.Hi == right.Hi && left.Lo == right.Lo;

    /// <summary>Whether two numbers differ; true if one is NaN.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    public static bool operator !=(DoubleDouble left, DoubleDouble right) => !(left == right);

    /// <summary>Whether the first number is smaller.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    public static bool operator <(DoubleDouble left, DoubleDouble right) => left.Hi < right.Hi || (left.Hi == right.Hi && left.Lo < right.Lo);

    /// <summary>Whether the first number is larger.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    public static bool operator >(DoubleDouble left, DoubleDouble right) => right < left;

    /// <summary>Whether the first number is smaller, or both are equal.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    public static bool operator <=(DoubleDouble left, DoubleDouble right) => left < right || left == right;

    /// <summary>Whether the first number is larger, or both are equal.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    public static bool operator >=(DoubleDouble left, DoubleDouble right) => right <= left;

    /// <summary>|x|, exactly.</summary>
    /// <param name="value">The number.</param>
    public static DoubleDouble Abs(DoubleDouble value) => IsNegative(value) ? -value : value;

    /// <summary>The larger number; NaN if one is.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    public static DoubleDouble Max(DoubleDouble x, DoubleDouble y) => IsNaN(x) || x > y ? x : IsNaN(y) || y > x ? y : IsNegative(x) ? y : x;

    /// <summary>The smaller number; NaN if one is.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    public static DoubleDouble Min(DoubleDouble x, DoubleDouble y) => IsNaN(x) || x < y ? x : IsNaN(y) || y < x ? y : IsNegative(x) ? x : y;

    /// <summary>The largest whole number that is not above x.</summary>
    /// <param name="x">The number.</param>
    public static DoubleDouble Floor(DoubleDouble x) => Math.Floor(x.Hi) is var high && high == x.Hi ? new DoubleDouble(high, Math.Floor(x.Lo)) : high;

    /// <summary>The smallest whole number that is not below x.</summary>
    /// <param name="x">The number.</param>
    public static DoubleDouble Ceiling(DoubleDouble x) => -Floor(-x);

    /// <summary>The whole number next to x towards 0.</summary>
    /// <param name="x">The number.</param>
    public static DoubleDouble Truncate(DoubleDouble x) => IsNegative(x) ? Ceiling(x) : Floor(x);

    /// <summary>The nearest whole number; an even one if two are equally near.</summary>
    /// <param name="x">The number.</param>
    public static DoubleDouble Round(DoubleDouble x) => Round(x, 0, MidpointRounding.ToEven);

    /// <summary>The number rounded to some decimal places.</summary>
    /// <param name="x">The number.</param>
    /// <param name="digits">The number of places after the point.</param>
    /// <param name="mode">Which number is taken if two are equally near, or the direction.</param>
    public static DoubleDouble Round(DoubleDouble x, int digits, MidpointRounding mode)
    {
        if (digits != 0)
        {
            var unit = Pow(10, digits);
            return Round(x * unit, 0, mode) / unit;
        }

        var low = Floor(x);
        var part = x - low;
        return mode switch
        {
            _ when part == 0 => x,
            MidpointRounding.ToZero => Truncate(x),
            MidpointRounding.ToNegativeInfinity => low,
            MidpointRounding.ToPositiveInfinity => low + 1,
            _ when part != 0.5 => part < 0.5 ? low : low + 1,
            MidpointRounding.AwayFromZero => IsNegative(x) ? low : low + 1,
            _ => IsEvenInteger(low) ? low : low + 1,
        };
    }

    /// <summary>x·2ⁿ, exactly unless it overflows or underflows.</summary>
    /// <param name="x">The number.</param>
    /// <param name="n">The exponent n.</param>
    public static DoubleDouble ScaleB(DoubleDouble x, int n) => new(Math.ScaleB(x.Hi, n), Math.ScaleB(x.Lo, n));

    /// <summary>ab + c, with the errors of the product and of the sum.</summary>
    /// <param name="left">a.</param>
    /// <param name="right">b.</param>
    /// <param name="addend">c.</param>
    public static DoubleDouble FusedMultiplyAdd(DoubleDouble left, DoubleDouble right, DoubleDouble addend) => (left * right) + addend;

    /// <summary>Whether the number is neither infinite nor NaN.</summary>
    /// <param name="value">The number.</param>
    public static bool IsFinite(DoubleDouble value) => double.IsFinite(value.Hi);

    /// <summary>Whether the number is +∞ or −∞.</summary>
    /// <param name="value">The number.</param>
    public static bool IsInfinity(DoubleDouble value) => double.IsInfinity(value.Hi);

    /// <summary>Whether it is not a number.</summary>
    /// <param name="value">The number.</param>
    public static bool IsNaN(DoubleDouble value) => double.IsNaN(value.Hi);

    /// <summary>Whether the sign is negative, also of −0.</summary>
    /// <param name="value">The number.</param>
    public static bool IsNegative(DoubleDouble value) => double.IsNegative(value.Hi);

    /// <summary>Whether it is a whole number.</summary>
    /// <param name="value">The number.</param>
    public static bool IsInteger(DoubleDouble value) => double.IsInteger(value.Hi) && double.IsInteger(value.Lo);

    /// <summary>Whether it is an even whole number.</summary>
    /// <param name="value">The number.</param>
    public static bool IsEvenInteger(DoubleDouble value) => IsInteger(value) && double.IsOddInteger(value.Hi) == double.IsOddInteger(value.Lo);

    /// <summary>Whether it is an odd whole number.</summary>
    /// <param name="value">The number.</param>
    public static bool IsOddInteger(DoubleDouble value) => IsInteger(value) && double.IsOddInteger(value.Hi) != double.IsOddInteger(value.Lo);

    /// <summary>−1, 0 or 1, the sign of a number.</summary>
    /// <param name="value">The number.</param>
    /// <exception cref="AutodiffException">The number is NaN.</exception>
    public static int Sign(DoubleDouble value) => IsNaN(value) ? throw new AutodiffException("Sign: NaN has no sign as a whole number.") : Math.Sign(value.Hi);

    /// <summary>The order of two numbers; NaN is below all others.</summary>
    /// <param name="other">A number.</param>
    public int CompareTo(DoubleDouble other) => Hi.CompareTo(other.Hi) is var order and not 0 ? order : Lo.CompareTo(other.Lo);

    /// <summary>The order of two numbers; NaN is below all others.</summary>
    /// <param name="obj">A number of this type, or null, which is below all.</param>
    /// <exception cref="AutodiffException">It is of another type.</exception>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        DoubleDouble other => CompareTo(other),
        _ => throw new AutodiffException($"CompareTo: a {obj.GetType()} is not a DoubleDouble, so neither is the larger."),
    };

    /// <summary>Whether two numbers are equal; NaN equals NaN.</summary>
    /// <param name="other">A number.</param>
    public bool Equals(DoubleDouble other) => Hi.Equals(other.Hi) && Lo.Equals(other.Lo);

    /// <summary>Whether the other object is an equal number.</summary>
    /// <param name="obj">An object.</param>
    public override bool Equals(object? obj) => obj is DoubleDouble other && Equals(other);

    /// <summary>A hash code of both parts.</summary>
    public override int GetHashCode() => HashCode.Combine(Hi, Lo);

    /// <summary>Two parts that do not overlap, taken as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static DoubleDouble Exactly(double high, double low) => new((high, low));

    /// <summary>The product of two doubles, exactly.</summary>
    internal static DoubleDouble Product(double a, double b)
    {
        var high = a * b;
        return Exactly(high, double.IsFinite(high) ? Math.FusedMultiplyAdd(a, b, -high) : 0);
    }

    /// <summary>a + b and its rounding error, without a condition on the magnitudes (D. E. Knuth).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (double Sum, double Error) TwoSum(double a, double b)
    {
        var sum = a + b;
        var part = sum - a;
        return (sum, a - (sum - part) + (b - part));
    }

    /// <summary>a + b and its rounding error, where |a| ≥ |b| or a = 0; an infinite or undefined sum has no error (T. J. Dekker).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (double Hi, double Lo) Normalized(double a, double b)
    {
        var sum = a + b;
        return (sum, double.IsFinite(sum) ? b - (sum - a) : 0);
    }
}
