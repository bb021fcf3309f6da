// Functions of dual numbers that are called by name. Their derivatives are in ForwardRules.

using System.Runtime.CompilerServices;
using Autodiff.Functional.ForwardMode;

namespace Autodiff.Functional;

public readonly partial struct Dual<T>
{
    // Kinks.
    /// <summary>|x|. Derivative: the sign of x, and 0 at the kink 0.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Abs(Dual<T> x) => ForwardRules<Dual<T>, T>.Abs(x);

    /// <summary>The larger of two numbers; NaN if one is. It has the derivative of the larger; where they are equal, the mean of both.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Max(Dual<T> x, Dual<T> y) => ForwardRules<Dual<T>, T>.Max(x, y);

    /// <summary>The smaller of two numbers; NaN if one is. It has the derivative of the smaller; where they are equal, the mean of both.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Min(Dual<T> x, Dual<T> y) => ForwardRules<Dual<T>, T>.Min(x, y);

    /// <summary>The number with the larger absolute value, with its derivative. Of numbers with equal absolute values it is the larger.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    public static Dual<T> MaxMagnitude(Dual<T> x, Dual<T> y) => ForwardRules<Dual<T>, T>.MaxMagnitude(x, y);

    /// <summary>The number with the smaller absolute value, with its derivative. Of numbers with equal absolute values it is the smaller.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    public static Dual<T> MinMagnitude(Dual<T> x, Dual<T> y) => ForwardRules<Dual<T>, T>.MinMagnitude(x, y);

    /// <summary>The number, or the bound that it is beyond, with the derivative of what it is. A number at a bound is within; if the bounds are crossed, the upper one wins.</summary>
    /// <param name="value">The number.</param>
    /// <param name="min">The lower bound.</param>
    /// <param name="max">The upper bound.</param>
    public static Dual<T> Clamp(Dual<T> value, Dual<T> min, Dual<T> max) => ForwardRules<Dual<T>, T>.Clamp(value, min, max);

    /// <summary>|x| with the sign of another number. Derivative ±ẋ, 0 at 0.</summary>
    /// <param name="value">The number.</param>
    /// <param name="sign">The number that gives the sign.</param>
    public static Dual<T> CopySign(Dual<T> value, Dual<T> sign) => ForwardRules<Dual<T>, T>.CopySign(value, sign);

    // Arithmetic.
    /// <summary>ab + c, rounded once. Derivative ȧb + aḃ + ċ.</summary>
    /// <param name="left">a.</param>
    /// <param name="right">b.</param>
    /// <param name="addend">c.</param>
    [MethodImpl(Inline)]
    public static Dual<T> FusedMultiplyAdd(Dual<T> left, Dual<T> right, Dual<T> addend) => ForwardRules<Dual<T>, T>.FusedMultiplyAdd(left, right, addend);

    // Roots.
    /// <summary>√x. Derivative 1/(2√x), ∞ at 0.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Sqrt(Dual<T> x) => ForwardRules<Dual<T>, T>.Sqrt(x);

    /// <summary>∛x, also of negative numbers. Derivative 1/(3∛x²), ∞ at 0.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Cbrt(Dual<T> x) => ForwardRules<Dual<T>, T>.Cbrt(x);

    /// <summary>The n-th root of x; odd roots of negative numbers are real. Derivative y^(1−n)/n.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="n">The degree n.</param>
    public static Dual<T> RootN(Dual<T> x, int n) => ForwardRules<Dual<T>, T>.RootN(x, n);

    /// <summary>√(x² + y²), without overflow. Derivatives x/√(x² + y²) and y/√(x² + y²), both 0 at the tip of the cone (0, 0).</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Dual<T> Hypot(Dual<T> x, Dual<T> y) => ForwardRules<Dual<T>, T>.Hypot(x, y);

    // Exponentials.
    /// <summary>eˣ. Derivative eˣ.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Exp(Dual<T> x) => ForwardRules<Dual<T>, T>.Exp(x);

    /// <summary>2ˣ. Derivative 2ˣ log 2.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Exp2(Dual<T> x) => ForwardRules<Dual<T>, T>.Exp2(x);

    /// <summary>10ˣ. Derivative 10ˣ log 10.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Exp10(Dual<T> x) => ForwardRules<Dual<T>, T>.Exp10(x);

    /// <summary>eˣ − 1. Derivative eˣ.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> ExpM1(Dual<T> x) => ForwardRules<Dual<T>, T>.ExpM1(x);

    /// <summary>2ˣ − 1. Derivative 2ˣ log 2.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Exp2M1(Dual<T> x) => ForwardRules<Dual<T>, T>.Exp2M1(x);

    /// <summary>10ˣ − 1. Derivative 10ˣ log 10.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Exp10M1(Dual<T> x) => ForwardRules<Dual<T>, T>.Exp10M1(x);

    // Logarithms.
    /// <summary>The natural logarithm. Derivative 1/x.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Log(Dual<T> x) => ForwardRules<Dual<T>, T>.Log(x);

    /// <summary>The logarithm of x to the base b. Derivatives 1/(x log b) and −y/(b log b).</summary>
    /// <param name="x">The argument.</param>
    /// <param name="newBase">The base b.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Log(Dual<T> x, Dual<T> newBase) => ForwardRules<Dual<T>, T>.Log(x, newBase);

    /// <summary>The logarithm to the base 2. Derivative 1/(x log 2).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Log2(Dual<T> x) => ForwardRules<Dual<T>, T>.Log2(x);

    /// <summary>The logarithm to the base 10. Derivative 1/(x log 10).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Log10(Dual<T> x) => ForwardRules<Dual<T>, T>.Log10(x);

    /// <summary>log(1 + x). Derivative 1/(1 + x).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> LogP1(Dual<T> x) => ForwardRules<Dual<T>, T>.LogP1(x);

    /// <summary>log₂(1 + x). Derivative 1/((1 + x) log 2).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Log2P1(Dual<T> x) => ForwardRules<Dual<T>, T>.Log2P1(x);

    /// <summary>log₁₀(1 + x). Derivative 1/((1 + x) log 10).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Log10P1(Dual<T> x) => ForwardRules<Dual<T>, T>.Log10P1(x);

    // Powers.
    /// <summary>xʸ. Derivatives yxʸ⁻¹ and xʸ log x; 0 in x if y = 0, and 0 in y if x = 0 and y ≥ 0.</summary>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    public static Dual<T> Pow(Dual<T> x, Dual<T> y) => ForwardRules<Dual<T>, T>.Pow(x, y);

    // Trigonometric functions.
    /// <summary>sin x. Derivative cos x.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Sin(Dual<T> x) => ForwardRules<Dual<T>, T>.Sin(x);

    /// <summary>cos x. Derivative −sin x.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Dual<T> Cos(Dual<T> x) => ForwardRules<Dual<T>, T>.Cos(x);

    /// <summary>sin x and cos x, computed together.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static (Dual<T> Sin, Dual<T> Cos) SinCos(Dual<T> x) => ForwardRules<Dual<T>, T>.SinCos(x);

    /// <summary>tan x. Derivative 1 + tan² x.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Tan(Dual<T> x) => ForwardRules<Dual<T>, T>.Tan(x);

    /// <summary>sin πx. Derivative π cos πx.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> SinPi(Dual<T> x) => ForwardRules<Dual<T>, T>.SinPi(x);

    /// <summary>cos πx. Derivative −π sin πx.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> CosPi(Dual<T> x) => ForwardRules<Dual<T>, T>.CosPi(x);

    /// <summary>sin πx and cos πx, computed together.</summary>
    /// <param name="x">The argument.</param>
    public static (Dual<T> SinPi, Dual<T> CosPi) SinCosPi(Dual<T> x) => ForwardRules<Dual<T>, T>.SinCosPi(x);

    /// <summary>tan πx. Derivative π(1 + tan² πx).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> TanPi(Dual<T> x) => ForwardRules<Dual<T>, T>.TanPi(x);

    /// <summary>The arc sine. Derivative 1/√(1 − x²), ∞ at ±1.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Asin(Dual<T> x) => ForwardRules<Dual<T>, T>.Asin(x);

    /// <summary>The arc cosine. Derivative −1/√(1 − x²), −∞ at ±1.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Acos(Dual<T> x) => ForwardRules<Dual<T>, T>.Acos(x);

    /// <summary>The arc tangent. Derivative 1/(1 + x²).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Atan(Dual<T> x) => ForwardRules<Dual<T>, T>.Atan(x);

    /// <summary>The arc sine in half turns, asin x/π. Derivative 1/(π√(1 − x²)).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> AsinPi(Dual<T> x) => ForwardRules<Dual<T>, T>.AsinPi(x);

    /// <summary>The arc cosine in half turns, acos x/π. Derivative −1/(π√(1 − x²)).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> AcosPi(Dual<T> x) => ForwardRules<Dual<T>, T>.AcosPi(x);

    /// <summary>The arc tangent in half turns, atan x/π. Derivative 1/(π(1 + x²)).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> AtanPi(Dual<T> x) => ForwardRules<Dual<T>, T>.AtanPi(x);

    /// <summary>The angle of the point (x, y). Derivatives x/(x² + y²) in y and −y/(x² + y²) in x.</summary>
    /// <param name="y">y.</param>
    /// <param name="x">x.</param>
    public static Dual<T> Atan2(Dual<T> y, Dual<T> x) => ForwardRules<Dual<T>, T>.Atan2(y, x);

    /// <summary>The angle of the point (x, y) in half turns. Derivatives x/(π(x² + y²)) in y and −y/(π(x² + y²)) in x.</summary>
    /// <param name="y">y.</param>
    /// <param name="x">x.</param>
    public static Dual<T> Atan2Pi(Dual<T> y, Dual<T> x) => ForwardRules<Dual<T>, T>.Atan2Pi(y, x);

    // Hyperbolic functions.
    /// <summary>sinh x. Derivative cosh x.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Sinh(Dual<T> x) => ForwardRules<Dual<T>, T>.Sinh(x);

    /// <summary>cosh x. Derivative sinh x.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Cosh(Dual<T> x) => ForwardRules<Dual<T>, T>.Cosh(x);

    /// <summary>tanh x. Derivative 1 − tanh² x, with all its digits in the tails.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Tanh(Dual<T> x) => ForwardRules<Dual<T>, T>.Tanh(x);

    /// <summary>arsinh x. Derivative 1/√(1 + x²).</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Asinh(Dual<T> x) => ForwardRules<Dual<T>, T>.Asinh(x);

    /// <summary>arcosh x. Derivative 1/√(x² − 1), ∞ at 1.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Acosh(Dual<T> x) => ForwardRules<Dual<T>, T>.Acosh(x);

    /// <summary>artanh x. Derivative 1/(1 − x²), ∞ at ±1.</summary>
    /// <param name="x">The argument.</param>
    public static Dual<T> Atanh(Dual<T> x) => ForwardRules<Dual<T>, T>.Atanh(x);
}
