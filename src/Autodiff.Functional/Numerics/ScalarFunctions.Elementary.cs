// Elementary functions of single numbers that System.Math lacks, or for which it has other special values than those needed here.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>The largest whole exponent for which a power is computed by multiplications; the error stays within a few ulps.</summary>
    public const int LargestIntegerPower = 64;

    /// <summary>−1, 0 or 1; NaN for NaN.</summary>
    public static double Sign(double x) => double.IsNaN(x) ? x : Math.Sign(x);

    /// <summary>2ˣ.</summary>
    public static double Exp2(double x) => double.Exp2(x);

    /// <summary>max(x, 0); NaN for NaN.</summary>
    public static double Relu(double x) => Math.Max(x, 0);

    /// <summary>x + 0, which is x, except that −0 becomes +0.</summary>
    public static double PlusZero(double x) => x + 0;

    /// <summary>√(x² + y²), without overflow.</summary>
    public static double Hypot(double x, double y) => double.Hypot(x, y);

    /// <summary>a/b, the quotient of an element and a norm; ±1 if both are infinite.</summary>
    public static double ShareOfNorm(double a, double b) => double.IsInfinity(a) && double.IsPositiveInfinity(b) ? Math.Sign(a) : a / b;

    /// <summary>min(max(x, low), high), also if low is larger than high.</summary>
    public static double Clamp(double x, double low, double high) => Math.Min(Math.Max(x, low), high);

    /// <summary>One number if the mask is not 0, the other if it is 0.</summary>
    public static double Where(double mask, double taken, double otherwise) => mask != 0 ? taken : otherwise;

    /// <summary>xʸ. Powers with whole exponents from −64 to 64 are computed by multiplications, also for negative x.</summary>
    public static double Pow(double x, double exponent) => WholePower(exponent) is { } whole ? IntegerPower(x, whole) : Math.Pow(x, exponent);

    /// <summary>The exponent as an integer if it is a whole number from −64 to 64; otherwise null.</summary>
    public static int? WholePower(double exponent) =>
        (int)exponent is var whole && whole == exponent && whole is >= -LargestIntegerPower and <= LargestIntegerPower ? whole : null;
}
