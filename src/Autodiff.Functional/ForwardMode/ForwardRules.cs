// The derivatives of the functions of .NET's generic math, for numbers that carry tangents. Each is stated once, in the arithmetic of any T, for
// Dual<T> and Jet<T>; nested numbers differentiate the lines again.
//
// They repeat the lines of ElementwiseTable that generic math has too. Read from there, a rule is a call that selects among all primitives: the
// derivative of log(exp(√x)) took three times as long, because the compiler does not inline a method of that size. ForwardNumberTests
// compares every function with the derivatives of Expr, which are those of the table.
//
// As there, the lines are smooth where the functions are, since the next order differentiates them, and keep their digits in the tails. x + 0
// makes +0 of −0: √ and log continue to the right of 0 only.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional.ForwardMode;

/// <summary>Functions of numbers with tangents: the value by T's own function, the tangents by its derivative.</summary>
/// <typeparam name="TSelf">The number with tangents.</typeparam>
/// <typeparam name="T">The type of its primal and its tangents.</typeparam>
internal static class ForwardRules<TSelf, T>
    where TSelf : struct, IForwardNumber<TSelf, T>
    where T : IFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private static readonly T s_two = T.CreateChecked(2);
    private static readonly T s_half = T.One / s_two;
    private static readonly T s_third = T.One / T.CreateChecked(3);
    private static readonly T s_log2 = T.Log(s_two);
    private static readonly T s_log10 = T.Log(T.CreateChecked(10));

    // Kinks: |x| has derivative 0 at 0, a tie is shared, a bound belongs to the interval, as for Expr.
    [MethodImpl(Inline)]
    public static TSelf Abs(TSelf x) =>
        As(T.Abs(x.Primal), Order.Choose(x, TSelf.Zero, -x, TSelf.Zero, x, TSelf.Chain(x.Primal, T.NaN, x)));

    [MethodImpl(Inline)]
    public static TSelf Max(TSelf x, TSelf y) => As(T.Max(x.Primal, y.Primal), Order.Choose(x, y, y, Mean(x, y), x, Both(x, y)));

    [MethodImpl(Inline)]
    public static TSelf Min(TSelf x, TSelf y) => As(T.Min(x.Primal, y.Primal), Order.Choose(x, y, x, Mean(x, y), y, Both(x, y)));

    public static TSelf MaxMagnitude(TSelf x, TSelf y) => As(
        T.MaxMagnitude(x.Primal, y.Primal),
        Order.Choose(TSelf.Constant(T.Abs(x.Primal)), TSelf.Constant(T.Abs(y.Primal)), y, Max(x, y), x, Both(x, y)));

    public static TSelf MinMagnitude(TSelf x, TSelf y) => As(
        T.MinMagnitude(x.Primal, y.Primal),
        Order.Choose(TSelf.Constant(T.Abs(x.Primal)), TSelf.Constant(T.Abs(y.Primal)), x, Min(x, y), y, Both(x, y)));

    /// <summary>A value that moves as the other number if one is NaN, and as a third if neither is.</summary>
    public static TSelf OfNumbers(T value, TSelf x, TSelf y, TSelf both)
    {
        var first = Order.Choose(y, y, both, both, both, x);
        return As(value, Order.Choose(x, x, first, first, first, y));
    }

    public static TSelf Clamp(TSelf value, TSelf min, TSelf max) => AreCrossed(min, max)
        ? max
        : As(T.Clamp(value.Primal, min.Primal, max.Primal), Clamped(value, min, max));

    public static TSelf ClampNative(TSelf value, TSelf min, TSelf max) => AreCrossed(min, max)
        ? max
        : As(T.ClampNative(value.Primal, min.Primal, max.Primal), Clamped(value, min, max));

    /// <summary>The number or the bound with whose tangents the result moves.</summary>
    private static TSelf Clamped(TSelf value, TSelf min, TSelf max)
    {
        var raised = Order.Choose(value, min, min, value, value, value);
        return Order.Choose(raised, max, raised, raised, max, raised);
    }

    /// <summary>Whether the upper bound is below the lower one, where plain numbers throw; expressions take the upper bound themselves.</summary>
    private static bool AreCrossed(TSelf min, TSelf max) => !Kind<T>.IsOfExpressions && min > max;

    public static TSelf CopySign(TSelf value, TSelf sign) => TSelf.Chain(T.CopySign(value.Primal, sign.Primal), T.CopySign(T.One, sign.Primal), Abs(value));

    // Arithmetic. A remainder a − qb moves with a, and against b as often as b is contained in a.
    [MethodImpl(Inline)]
    public static TSelf FusedMultiplyAdd(TSelf left, TSelf right, TSelf addend) =>
        ProductAndSum(T.FusedMultiplyAdd(left.Primal, right.Primal, addend.Primal), left, right, addend);

    [MethodImpl(Inline)]
    public static TSelf MultiplyAddEstimate(TSelf left, TSelf right, TSelf addend) =>
        ProductAndSum(T.MultiplyAddEstimate(left.Primal, right.Primal, addend.Primal), left, right, addend);

    [MethodImpl(Inline)]
    private static TSelf ProductAndSum(T value, TSelf left, TSelf right, TSelf addend) =>
        TSelf.Chain(value, T.One, TSelf.Chain(value, right.Primal, left, left.Primal, right), T.One, addend);

    public static TSelf Remainder(TSelf left, TSelf right) => Remainder(left.Primal % right.Primal, left, right);

    public static TSelf Ieee754Remainder(TSelf left, TSelf right) => Remainder(T.Ieee754Remainder(left.Primal, right.Primal), left, right);

    private static TSelf Remainder(T value, TSelf left, TSelf right) =>
        TSelf.Chain(value, T.One, left, -T.Round((left.Primal - value) / right.Primal), right);

    /// <summary>2ⁿ is applied in two steps, because it may overflow where the product does not.</summary>
    public static TSelf ScaleB(TSelf x, int n)
    {
        var value = T.ScaleB(x.Primal, n);
        return TSelf.Chain(value, T.ScaleB(T.One, n / 2), TSelf.Chain(value, T.ScaleB(T.One, n - (n / 2)), x));
    }

    // Roots.
    [MethodImpl(Inline)]
    public static TSelf Sqrt(TSelf x)
    {
        var y = T.Sqrt(x.Primal);
        return TSelf.Chain(y, s_half / (y + T.Zero), x);
    }

    public static TSelf Cbrt(TSelf x)
    {
        var y = T.Cbrt(x.Primal);
        return TSelf.Chain(y, s_third / y / y, x);
    }

    public static TSelf RootN(TSelf x, int n)
    {
        var (y, degree) = (T.RootN(x.Primal, n), T.CreateChecked(n));
        return TSelf.Chain(y, T.Pow(y + T.Zero, T.One - degree) / degree, x);
    }

    public static TSelf Hypot(TSelf x, TSelf y)
    {
        var length = T.Hypot(x.Primal, y.Primal);
        var moved = TSelf.Chain(length, DirectionCosine(x.Primal, y.Primal, length), x, DirectionCosine(y.Primal, x.Primal, length), y);
        return As(length, Order.Choose(moved, TSelf.Zero, moved, TSelf.Zero, moved, moved));
    }

    // Exponentials.
    [MethodImpl(Inline)]
    public static TSelf Exp(TSelf x)
    {
        var y = T.Exp(x.Primal);
        return TSelf.Chain(y, y, x);
    }

    public static TSelf Exp2(TSelf x)
    {
        var y = T.Exp2(x.Primal);
        return TSelf.Chain(y, s_log2 * y, x);
    }

    public static TSelf Exp10(TSelf x)
    {
        var y = T.Exp10(x.Primal);
        return TSelf.Chain(y, s_log10 * y, x);
    }

    public static TSelf ExpM1(TSelf x) => TSelf.Chain(T.ExpM1(x.Primal), T.Exp(x.Primal), x);

    public static TSelf Exp2M1(TSelf x) => TSelf.Chain(T.Exp2M1(x.Primal), s_log2 * T.Exp2(x.Primal), x);

    public static TSelf Exp10M1(TSelf x) => TSelf.Chain(T.Exp10M1(x.Primal), s_log10 * T.Exp10(x.Primal), x);

    // Logarithms.
    [MethodImpl(Inline)]
    public static TSelf Log(TSelf x) => TSelf.Chain(T.Log(x.Primal), T.One / (x.Primal + T.Zero), x);

    public static TSelf Log2(TSelf x) => TSelf.Chain(T.Log2(x.Primal), T.One / s_log2 / (x.Primal + T.Zero), x);

    public static TSelf Log10(TSelf x) => TSelf.Chain(T.Log10(x.Primal), T.One / s_log10 / (x.Primal + T.Zero), x);

    public static TSelf LogP1(TSelf x) => TSelf.Chain(T.LogP1(x.Primal), T.One / (T.One + x.Primal), x);

    public static TSelf Log2P1(TSelf x) => TSelf.Chain(T.Log2P1(x.Primal), T.One / s_log2 / (T.One + x.Primal), x);

    public static TSelf Log10P1(TSelf x) => TSelf.Chain(T.Log10P1(x.Primal), T.One / s_log10 / (T.One + x.Primal), x);

    public static TSelf Log(TSelf x, TSelf newBase)
    {
        var (y, logOfBase) = (T.Log(x.Primal, newBase.Primal), T.Log(newBase.Primal));
        return TSelf.Chain(y, T.One / (x.Primal + T.Zero) / logOfBase, x, -y / (newBase.Primal + T.Zero) / logOfBase, newBase);
    }

    // Powers: 0⁰ is 1, and 0ᵖ is 0 for every p > 0.
    public static TSelf Pow(TSelf x, TSelf y)
    {
        var value = T.Pow(x.Primal, y.Primal);
        return y.IsConstant ? As(value, ByBase(value, x, y))
            : x.IsConstant ? As(value, ByExponent(value, x, y))
            : TSelf.Chain(value, T.One, ByBase(value, x, y), T.One, ByExponent(value, x, y));
    }

    private static TSelf ByBase(T value, TSelf x, TSelf y)
    {
        var moved = TSelf.Chain(value, y.Primal * T.Pow(x.Primal, y.Primal - T.One), x);
        var ofZero = Order.Choose(y, TSelf.Zero, moved, TSelf.Zero, moved, moved);
        return Order.Choose(x, TSelf.Zero, moved, ofZero, moved, moved);
    }

    private static TSelf ByExponent(T value, TSelf x, TSelf y)
    {
        var moved = TSelf.Chain(value, value * T.Log(x.Primal), y);
        var ofZero = Order.Choose(y, TSelf.Zero, moved, TSelf.Zero, TSelf.Zero, moved);
        return Order.Choose(x, TSelf.Zero, moved, ofZero, moved, moved);
    }

    // Trigonometric functions.
    [MethodImpl(Inline)]
    public static TSelf Sin(TSelf x)
    {
        var (sin, cos) = T.SinCos(x.Primal);
        return TSelf.Chain(sin, cos, x);
    }

    [MethodImpl(Inline)]
    public static TSelf Cos(TSelf x)
    {
        var (sin, cos) = T.SinCos(x.Primal);
        return TSelf.Chain(cos, -sin, x);
    }

    [MethodImpl(Inline)]
    public static (TSelf Sin, TSelf Cos) SinCos(TSelf x)
    {
        var (sin, cos) = T.SinCos(x.Primal);
        return (TSelf.Chain(sin, cos, x), TSelf.Chain(cos, -sin, x));
    }

    public static TSelf Tan(TSelf x)
    {
        var y = T.Tan(x.Primal);
        return TSelf.Chain(y, T.One + (y * y), x);
    }

    public static TSelf SinPi(TSelf x) => SinCosPi(x).SinPi;

    public static TSelf CosPi(TSelf x) => SinCosPi(x).CosPi;

    public static (TSelf SinPi, TSelf CosPi) SinCosPi(TSelf x)
    {
        var (sin, cos) = T.SinCosPi(x.Primal);
        return (TSelf.Chain(sin, T.Pi * cos, x), TSelf.Chain(cos, -T.Pi * sin, x));
    }

    public static TSelf TanPi(TSelf x)
    {
        var y = T.TanPi(x.Primal);
        return TSelf.Chain(y, T.Pi * (T.One + (y * y)), x);
    }

    public static TSelf Asin(TSelf x) => TSelf.Chain(T.Asin(x.Primal), AsinDerivative(x.Primal), x);

    public static TSelf Acos(TSelf x) => TSelf.Chain(T.Acos(x.Primal), -AsinDerivative(x.Primal), x);

    public static TSelf Atan(TSelf x) => TSelf.Chain(T.Atan(x.Primal), AtanDerivative(x.Primal), x);

    public static TSelf AsinPi(TSelf x) => TSelf.Chain(T.AsinPi(x.Primal), AsinDerivative(x.Primal) / T.Pi, x);

    public static TSelf AcosPi(TSelf x) => TSelf.Chain(T.AcosPi(x.Primal), -AsinDerivative(x.Primal) / T.Pi, x);

    public static TSelf AtanPi(TSelf x) => TSelf.Chain(T.AtanPi(x.Primal), AtanDerivative(x.Primal) / T.Pi, x);

    public static TSelf Atan2(TSelf y, TSelf x) => Angle(T.Atan2(y.Primal, x.Primal), T.One, y, x);

    public static TSelf Atan2Pi(TSelf y, TSelf x) => Angle(T.Atan2Pi(y.Primal, x.Primal), T.Pi, y, x);

    private static TSelf Angle(T value, T unit, TSelf y, TSelf x)
    {
        var length = T.Hypot(y.Primal, x.Primal);
        return TSelf.Chain(value, DirectionCosine(x.Primal, y.Primal, length) / length / unit, y, -DirectionCosine(y.Primal, x.Primal, length) / length / unit, x);
    }

    // Hyperbolic functions.
    public static TSelf Sinh(TSelf x) => TSelf.Chain(T.Sinh(x.Primal), T.Cosh(x.Primal), x);

    public static TSelf Cosh(TSelf x) => TSelf.Chain(T.Cosh(x.Primal), T.Sinh(x.Primal), x);

    public static TSelf Tanh(TSelf x) => TSelf.Chain(T.Tanh(x.Primal), TanhDerivative(x.Primal), x);

    public static TSelf Asinh(TSelf x) => TSelf.Chain(T.Asinh(x.Primal), T.One / T.Hypot(T.One, x.Primal), x);

    public static TSelf Acosh(TSelf x) => TSelf.Chain(T.Acosh(x.Primal), T.One / T.Sqrt(x.Primal - T.One) / T.Sqrt(x.Primal + T.One), x);

    public static TSelf Atanh(TSelf x) => TSelf.Chain(T.Atanh(x.Primal), T.One / ((T.One - x.Primal) * (T.One + x.Primal)), x);

    /// <summary>A value that moves as another number does.</summary>
    [MethodImpl(Inline)]
    private static TSelf As(T value, TSelf moving) => TSelf.Chain(value, T.One, moving);

    /// <summary>A number that moves as the mean of two.</summary>
    [MethodImpl(Inline)]
    private static TSelf Mean(TSelf x, TSelf y) => TSelf.Chain(x.Primal, s_half, x, s_half, y);

    /// <summary>A number that moves with both of two, since one of them is NaN and which is the result is not known.</summary>
    [MethodImpl(Inline)]
    private static TSelf Both(TSelf x, TSelf y) => TSelf.Chain(x.Primal, T.One, x, T.One, y);

    private static T AsinDerivative(T x) => T.One / T.Sqrt((T.One - x) * (T.One + x));

    /// <summary>1/(1 + x²), where x² may overflow.</summary>
    private static T AtanDerivative(T x)
    {
        var cosine = T.One / T.Hypot(T.One, x);
        return cosine * cosine;
    }

    /// <summary>1 − tanh² x = 4e/(1 + e)² with e = e^−2|x|, which has all its digits in the tails. Both signs are the same smooth function.</summary>
    private static T TanhDerivative(T x)
    {
        var twice = x + x;
        var e = T.Exp(Order.Choose(x, T.Zero, twice, -twice, -twice, -twice));
        var share = s_two / (T.One + e);
        return e * share * share;
    }

    /// <summary>a/√(a² + b²), given the root; ±1 if a alone is infinite.</summary>
    private static T DirectionCosine(T a, T b, T length)
    {
        var quotient = a / length;
        var ofInfinite = Order.Choose(T.Abs(b), T.PositiveInfinity, T.CopySign(T.One, a), quotient, quotient, quotient);
        return Order.Choose(T.Abs(a), T.PositiveInfinity, quotient, ofInfinite, quotient, quotient);
    }
}
