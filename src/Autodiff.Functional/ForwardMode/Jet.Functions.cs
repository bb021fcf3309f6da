// Functions of jets that are called by name. Their derivatives are in ForwardRules.

using System.Runtime.CompilerServices;
using Autodiff.Functional.ForwardMode;

namespace Autodiff.Functional;

public readonly partial struct Jet<T>
{
    // Kinks.
    /// <summary>|x|. Derivative: the sign of x, and 0 at the kink 0.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Abs(Jet<T> x) => ForwardRules<Jet<T>, T>.Abs(x);

    /// <summary>The larger of two numbers; NaN if one is. It has the derivative of the larger; where they are equal, the mean of both.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Max(Jet<T> x, Jet<T> y) => ForwardRules<Jet<T>, T>.Max(x, y);

    /// <summary>The smaller of two numbers; NaN if one is. It has the derivative of the smaller; where they are equal, the mean of both.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Min(Jet<T> x, Jet<T> y) => ForwardRules<Jet<T>, T>.Min(x, y);

    /// <summary>The number with the larger absolute value, with its derivative. Of numbers with equal absolute values it is the larger.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    public static Jet<T> MaxMagnitude(Jet<T> x, Jet<T> y) => ForwardRules<Jet<T>, T>.MaxMagnitude(x, y);

    /// <summary>The number with the smaller absolute value, with its derivative. Of numbers with equal absolute values it is the smaller.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    public static Jet<T> MinMagnitude(Jet<T> x, Jet<T> y) => ForwardRules<Jet<T>, T>.MinMagnitude(x, y);

    /// <summary>The number, or the bound that it is beyond, with the derivative of what it is. A number at a bound is within; if the bounds are crossed, the upper one wins.</summary>
    /// <param name="value">The number.</param>
    /// <param name="min">The lower bound.</param>
    /// <param name="max">The upper bound.</param>
    public static Jet<T> Clamp(Jet<T> value, Jet<T> min, Jet<T> max) => ForwardRules<Jet<T>, T>.Clamp(value, min, max);

    /// <summary>|x| with the sign of another number. Derivative ±ẋ, 0 at 0.</summary>
    /// <param name="value">The number.</param>
    /// <param name="sign">The number that gives the sign.</param>
    public static Jet<T> CopySign(Jet<T> value, Jet<T> sign) => ForwardRules<Jet<T>, T>.CopySign(value, sign);

    // Arithmetic.
    /// <summary>ab + c, rounded once. Derivative ȧb + aḃ + ċ.</summary>
    /// <param name="left">a.</param>
    /// <param name="right">b.</param>
    /// <param name="addend">c.</param>
    [MethodImpl(Inline)]
    public static Jet<T> FusedMultiplyAdd(Jet<T> left, Jet<T> right, Jet<T> addend) => ForwardRules<Jet<T>, T>.FusedMultiplyAdd(left, right, addend);

    // Roots.
    /// <summary>√x. Derivative 1/(2√x), ∞ at 0.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Sqrt(Jet<T> x) => ForwardRules<Jet<T>, T>.Sqrt(x);

    /// <summary>∛x, also of negative numbers. Derivative 1/(3∛x²), ∞ at 0.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Cbrt(Jet<T> x) => ForwardRules<Jet<T>, T>.Cbrt(x);

    /// <summary>The n-th root of x; odd roots of negative numbers are real. Derivative y^(1−n)/n.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="n">The degree n.</param>
    public static Jet<T> RootN(Jet<T> x, int n) => ForwardRules<Jet<T>, T>.RootN(x, n);

    /// <summary>√(x² + y²), without overflow. Derivatives x/√(x² + y²) and y/√(x² + y²), both 0 at the tip of the cone (0, 0).</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Jet<T> Hypot(Jet<T> x, Jet<T> y) => ForwardRules<Jet<T>, T>.Hypot(x, y);

    // Exponentials.
    /// <summary>eˣ. Derivative eˣ.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Exp(Jet<T> x) => ForwardRules<Jet<T>, T>.Exp(x);

    /// <summary>2ˣ. Derivative 2ˣ log 2.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Exp2(Jet<T> x) => ForwardRules<Jet<T>, T>.Exp2(x);

    /// <summary>10ˣ. Derivative 10ˣ log 10.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Exp10(Jet<T> x) => ForwardRules<Jet<T>, T>.Exp10(x);

    /// <summary>eˣ − 1. Derivative eˣ.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> ExpM1(Jet<T> x) => ForwardRules<Jet<T>, T>.ExpM1(x);

    /// <summary>2ˣ − 1. Derivative 2ˣ log 2.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Exp2M1(Jet<T> x) => ForwardRules<Jet<T>, T>.Exp2M1(x);

    /// <summary>10ˣ − 1. Derivative 10ˣ log 10.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Exp10M1(Jet<T> x) => ForwardRules<Jet<T>, T>.Exp10M1(x);

    // Logarithms.
    /// <summary>The natural logarithm. Derivative 1/x.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Log(Jet<T> x) => ForwardRules<Jet<T>, T>.Log(x);

    /// <summary>The logarithm of x to the base b. Derivatives 1/(x log b) and −y/(b log b).</summary>
    /// <param name="x">The argument.</param>
    /// <param name="newBase">The base b.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Log(Jet<T> x, Jet<T> newBase) => ForwardRules<Jet<T>, T>.Log(x, newBase);

    /// <summary>The logarithm to the base 2. Derivative 1/(x log 2).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Log2(Jet<T> x) => ForwardRules<Jet<T>, T>.Log2(x);

    /// <summary>The logarithm to the base 10. Derivative 1/(x log 10).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Log10(Jet<T> x) => ForwardRules<Jet<T>, T>.Log10(x);

    /// <summary>log(1 + x). Derivative 1/(1 + x).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> LogP1(Jet<T> x) => ForwardRules<Jet<T>, T>.LogP1(x);

    /// <summary>log₂(1 + x). Derivative 1/((1 + x) log 2).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Log2P1(Jet<T> x) => ForwardRules<Jet<T>, T>.Log2P1(x);

    /// <summary>log₁₀(1 + x). Derivative 1/((1 + x) log 10).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Log10P1(Jet<T> x) => ForwardRules<Jet<T>, T>.Log10P1(x);

    // Powers.
    /// <summary>xʸ. Derivatives yxʸ⁻¹ and xʸ log x; 0 in x if y = 0, and 0 in y if x = 0 and y ≥ 0.</summary>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    public static Jet<T> Pow(Jet<T> x, Jet<T> y) => ForwardRules<Jet<T>, T>.Pow(x, y);

    // Trigonometric functions.
    /// <summary>sin x. Derivative cos x.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Sin(Jet<T> x) => ForwardRules<Jet<T>, T>.Sin(x);

    /// <summary>cos x. Derivative −sin x.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static Jet<T> Cos(Jet<T> x) => ForwardRules<Jet<T>, T>.Cos(x);

    /// <summary>sin x and cos x, computed together.</summary>
    /// <param name="x">The argument.</param>
    [MethodImpl(Inline)]
    public static (Jet<T> Sin, Jet<T> Cos) SinCos(Jet<T> x) => ForwardRules<Jet<T>, T>.SinCos(x);

    /// <summary>tan x. Derivative 1 + tan² x.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Tan(Jet<T> x) => ForwardRules<Jet<T>, T>.Tan(x);

    /// <summary>sin πx. Derivative π cos πx.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> SinPi(Jet<T> x) => ForwardRules<Jet<T>, T>.SinPi(x);

    /// <summary>cos πx. Derivative −π sin πx.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> CosPi(Jet<T> x) => ForwardRules<Jet<T>, T>.CosPi(x);

    /// <summary>sin πx and cos πx, computed together.</summary>
    /// <param name="x">The argument.</param>
    public static (Jet<T> SinPi, Jet<T> CosPi) SinCosPi(Jet<T> x) => ForwardRules<Jet<T>, T>.SinCosPi(x);

    /// <summary>tan πx. Derivative π(1 + tan² πx).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> TanPi(Jet<T> x) => ForwardRules<Jet<T>, T>.TanPi(x);

    /// <summary>The arc sine. Derivative 1/√(1 − x²), ∞ at ±1.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Asin(Jet<T> x) => ForwardRules<Jet<T>, T>.Asin(x);

    /// <summary>The arc cosine. Derivative −1/√(1 − x²), −∞ at ±1.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Acos(Jet<T> x) => ForwardRules<Jet<T>, T>.Acos(x);

    /// <summary>The arc tangent. Derivative 1/(1 + x²).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Atan(Jet<T> x) => ForwardRules<Jet<T>, T>.Atan(x);

    /// <summary>The arc sine in half turns, asin x/π. Derivative 1/(π√(1 − x²)).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> AsinPi(Jet<T> x) => ForwardRules<Jet<T>, T>.AsinPi(x);

    /// <summary>The arc cosine in half turns, acos x/π. Derivative −1/(π√(1 − x²)).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> AcosPi(Jet<T> x) => ForwardRules<Jet<T>, T>.AcosPi(x);

    /// <summary>The arc tangent in half turns, atan x/π. Derivative 1/(π(1 + x²)).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> AtanPi(Jet<T> x) => ForwardRules<Jet<T>, T>.AtanPi(x);

    /// <summary>The angle of the point (x, y). Derivatives x/(x² + y²) in y and −y/(x² + y²) in x.</summary>
    /// <param name="y">y.</param>
    /// <param name="x">x.</param>
    public static Jet<T> Atan2(Jet<T> y, Jet<T> x) => ForwardRules<Jet<T>, T>.Atan2(y, x);

    /// <summary>The angle of the point (x, y) in half turns. Derivatives x/(π(x² + y²)) in y and −y/(π(x² + y²)) in x.</summary>
    /// <param name="y">y.</param>
    /// <param name="x">x.</param>
    public static Jet<T> Atan2Pi(Jet<T> y, Jet<T> x) => ForwardRules<Jet<T>, T>.Atan2Pi(y, x);

    // Hyperbolic functions.
    /// <summary>sinh x. Derivative cosh x.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Sinh(Jet<T> x) => ForwardRules<Jet<T>, T>.Sinh(x);

    /// <summary>cosh x. Derivative sinh x.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Cosh(Jet<T> x) => ForwardRules<Jet<T>, T>.Cosh(x);

    /// <summary>tanh x. Derivative 1 − tanh² x, with all its digits in the tails.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Tanh(Jet<T> x) => ForwardRules<Jet<T>, T>.Tanh(x);

    /// <summary>arsinh x. Derivative 1/√(1 + x²).</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Asinh(Jet<T> x) => ForwardRules<Jet<T>, T>.Asinh(x);

    /// <summary>arcosh x. Derivative 1/√(x² − 1), ∞ at 1.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Acosh(Jet<T> x) => ForwardRules<Jet<T>, T>.Acosh(x);

    /// <summary>artanh x. Derivative 1/(1 − x²), ∞ at ±1.</summary>
    /// <param name="x">The argument.</param>
    public static Jet<T> Atanh(Jet<T> x) => ForwardRules<Jet<T>, T>.Atanh(x);
}
