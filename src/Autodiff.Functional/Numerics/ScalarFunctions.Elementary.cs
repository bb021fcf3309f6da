// Elementary functions of one number that System.Math has not, or not with the values that are wanted here.

namespace Autodiff.Functional.Numerics;

internal static partial class ScalarFunctions
{
    /// <summary>The largest whole exponent that is worth multiplying out; its error stays within a few ulp.</summary>
    public const int LargestIntegerPower = 64;

    /// <summary>−1, 0 or 1; NaN of NaN.</summary>
    public static double Sign(double x) => double.IsNaN(x) ? x : Math.Sign(x);

    /// <summary>2ˣ.</summary>
    public static double Exp2(double x) => double.Exp2(x);

    /// <summary>max(x, 0); NaN of NaN.</summary>
    public static double Relu(double x) => Math.Max(x, 0);

    /// <summary>x + 0, which is x but for −0.</summary>
    public static double PlusZero(double x) => x + 0;

    /// <summary>√(x² + y²), without overflow.</summary>
    public static double Hypot(double x, double y) => double.Hypot(x, y);

    /// <summary>a/b of an element and a norm: ±1 where both are infinite.</summary>
    public static double ShareOfNorm(double a, double b) => double.IsInfinity(a) && double.IsPositiveInfinity(b) ? Math.Sign(a) : a / b;

    /// <summary>min(max(x, low), high), also where low is more than high.</summary>
    public static double Clamp(double x, double low, double high) => Math.Min(Math.Max(x, low), high);

    /// <summary>One number where the mask is not 0, the other where it is.</summary>
    public static double Where(double mask, double taken, double otherwise) => mask != 0 ? taken : otherwise;

    /// <summary>xʸ. Whole exponents up to 64 are multiplied out, right for negative x.</summary>
    public static double Pow(double x, double exponent) => WholePower(exponent) is { } whole ? IntegerPower(x, whole) : Math.Pow(x, exponent);

    /// <summary>The exponent as a whole number, if it is one and worth multiplying out.</summary>
    public static int? WholePower(double exponent) =>
        (int)exponent is var whole && whole == exponent && whole is >= -LargestIntegerPower and <= LargestIntegerPower ? whole : null;
}
