// The extension point of Expr.Evaluate: what a number type says about itself beyond .NET's generic math.

using System.Numerics;
using Autodiff.Functional.NumberTypes;

namespace Autodiff.Functional;

/// <summary>
/// A number type that expressions can be evaluated with, by <see cref="Expr.Evaluate{T}(ReadOnlySpan{ValueTuple{Expr, T}})"/>, and that has more than the four operations of arithmetic. A
/// type states the functions that it has as public static methods of these names and parameters; an expression with one that it does not state is
/// an error when it is evaluated, which names the function.
/// </summary>
/// <remarks>
/// <para>
/// The methods that the interfaces of .NET ask for, such as <c>Exp</c> of <see cref="IExponentialFunctions{TSelf}"/>, implement this interface too, because
/// the names are the same. Some functions follow from others if a type does not state them, such as <c>Sigmoid</c> from <c>Exp</c>.
/// </para>
/// <para>
/// A comparison yields a mask: 1 where it holds, 0 where it does not. A type whose comparisons may be undecided, such as an interval, returns for these what it
/// chooses, and states <see cref="Choose"/>, <see cref="Min"/>, <see cref="Max"/>, <see cref="Relu"/> and <see cref="Sign"/> itself.
/// </para>
/// </remarks>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <example><code>
/// readonly struct Interval : INumberBase&lt;Interval&gt;, INumberFunctions&lt;Interval&gt;
/// {
///     public static Interval Exp(Interval x) => …;
///     public static Interval Less(Interval x, Interval y) => x.High &lt; y.Low ? One : x.Low >= y.High ? Zero : new(0, 1);
///     public static Interval Choose(Interval mask, Interval x, Interval y) => mask.Low > 0 ? x : mask.High == 0 ? y : Hull(x, y);
///     …
/// }
/// </code></example>
public interface INumberFunctions<TSelf> : INumberField<TSelf>
    where TSelf : INumberBase<TSelf>, INumberFunctions<TSelf>
{
    NumberField<TSelf> INumberField<TSelf>.Field => FunctionField<TSelf>.Instance;

    /// <summary>A double near x. It guides choices that do not change a result, such as that of a pivot.</summary>
    /// <param name="x">The number.</param>
    static virtual double Approximate(TSelf x) => double.CreateSaturating(x);

    /// <summary>
    /// Whether a number stands for a set, such as an interval, of which a result must contain every value. What is found by an iteration that ends near the
    /// result (Root, Expm, Eigh, Svd) is then an error.
    /// </summary>
    static virtual bool IsEnclosure => false;

    /// <summary>Whether a mask holds, where a program branches; null if that is undecided.</summary>
    /// <param name="mask">The mask.</param>
    static virtual bool? Decide(TSelf mask) => !TSelf.IsZero(mask);

    /// <summary>The order n of functions such as Jₙ, from an operand that must be a whole number.</summary>
    /// <param name="x">The operand.</param>
    static virtual int Order(TSelf x) => (int)TSelf.Approximate(x);

    /// <summary>−1, 0 or 1.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Sign(TSelf x) => Composed.Sign(FunctionField<TSelf>.Instance, x);

    /// <summary>√x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Sqrt(TSelf x) => throw NumberField<TSelf>.Undefined("Sqrt");

    /// <summary>∛x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Cbrt(TSelf x) => Composed.Cbrt(FunctionField<TSelf>.Instance, x);

    /// <summary>eˣ.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Exp(TSelf x) => throw NumberField<TSelf>.Undefined("Exp");

    /// <summary>2ˣ.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Exp2(TSelf x) => Composed.Exp2(FunctionField<TSelf>.Instance, x);

    /// <summary>eˣ − 1.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf ExpM1(TSelf x) => Composed.ExpM1(FunctionField<TSelf>.Instance, x);

    /// <summary>The natural logarithm.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Log(TSelf x) => throw NumberField<TSelf>.Undefined("Log");

    /// <summary>The logarithm to the base 2.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Log2(TSelf x) => Composed.Log2(FunctionField<TSelf>.Instance, x);

    /// <summary>The logarithm to the base 10.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Log10(TSelf x) => Composed.Log10(FunctionField<TSelf>.Instance, x);

    /// <summary>log(1 + x).</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf LogP1(TSelf x) => Composed.LogP1(FunctionField<TSelf>.Instance, x);

    /// <summary>sin x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Sin(TSelf x) => throw NumberField<TSelf>.Undefined("Sin");

    /// <summary>cos x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Cos(TSelf x) => throw NumberField<TSelf>.Undefined("Cos");

    /// <summary>tan x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Tan(TSelf x) => Composed.Tan(FunctionField<TSelf>.Instance, x);

    /// <summary>The arc sine.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Asin(TSelf x) => throw NumberField<TSelf>.Undefined("Asin");

    /// <summary>The arc cosine.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Acos(TSelf x) => throw NumberField<TSelf>.Undefined("Acos");

    /// <summary>The arc tangent.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Atan(TSelf x) => throw NumberField<TSelf>.Undefined("Atan");

    /// <summary>sinh x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Sinh(TSelf x) => Composed.Sinh(FunctionField<TSelf>.Instance, x);

    /// <summary>cosh x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Cosh(TSelf x) => Composed.Cosh(FunctionField<TSelf>.Instance, x);

    /// <summary>tanh x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Tanh(TSelf x) => Composed.Tanh(FunctionField<TSelf>.Instance, x);

    /// <summary>arsinh x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Asinh(TSelf x) => Composed.Asinh(FunctionField<TSelf>.Instance, x);

    /// <summary>arcosh x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Acosh(TSelf x) => Composed.Acosh(FunctionField<TSelf>.Instance, x);

    /// <summary>artanh x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Atanh(TSelf x) => Composed.Atanh(FunctionField<TSelf>.Instance, x);

    /// <summary>1/(1 + e⁻ˣ).</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Sigmoid(TSelf x) => Composed.Sigmoid(FunctionField<TSelf>.Instance, x);

    /// <summary>log(1 + eˣ).</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Softplus(TSelf x) => Composed.Softplus(FunctionField<TSelf>.Instance, x);

    /// <summary>max(x, 0).</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Relu(TSelf x) => Composed.Relu(FunctionField<TSelf>.Instance, x);

    /// <summary>The largest whole number that is not above x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Floor(TSelf x) => throw NumberField<TSelf>.Undefined("Floor");

    /// <summary>The smallest whole number that is not below x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Ceiling(TSelf x) => throw NumberField<TSelf>.Undefined("Ceiling");

    /// <summary>The nearest whole number.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Round(TSelf x) => throw NumberField<TSelf>.Undefined("Round");

    /// <summary>erf x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Erf(TSelf x) => throw NumberField<TSelf>.Undefined("Erf");

    /// <summary>1 − erf x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Erfc(TSelf x) => Composed.Erfc(FunctionField<TSelf>.Instance, x);

    /// <summary>Γ(x).</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Gamma(TSelf x) => throw NumberField<TSelf>.Undefined("Gamma");

    /// <summary>log |Γ(x)|.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf LogGamma(TSelf x) => throw NumberField<TSelf>.Undefined("LogGamma");

    /// <summary>ψ(x).</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Digamma(TSelf x) => throw NumberField<TSelf>.Undefined("Digamma");

    /// <summary>The principal W with W e^W = x.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf LambertW(TSelf x) => throw NumberField<TSelf>.Undefined("LambertW");

    /// <summary>sin x / x, and 1 at 0.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf Sinc(TSelf x) => Composed.Sinc(FunctionField<TSelf>.Instance, x);

    /// <summary>Φ(x), the distribution function of the standard normal distribution.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf NormalCdf(TSelf x) => Composed.NormalCdf(FunctionField<TSelf>.Instance, x);

    /// <summary>log Φ(x).</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf LogNormalCdf(TSelf x) => Composed.LogNormalCdf(FunctionField<TSelf>.Instance, x);

    /// <summary>The x with Φ(x) = p.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf NormalQuantile(TSelf x) => throw NumberField<TSelf>.Undefined("NormalQuantile");

    /// <summary>e⁻ˣ/(1 + e⁻ˣ)², the derivative of Sigmoid.</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf LogisticDensity(TSelf x) => Composed.LogisticDensity(FunctionField<TSelf>.Instance, x);

    /// <summary>1/√(1 − x²).</summary>
    /// <param name="x">The argument.</param>
    static virtual TSelf AsinDerivative(TSelf x) => Composed.AsinDerivative(FunctionField<TSelf>.Instance, x);

    /// <summary>xʸ.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf Pow(TSelf x, TSelf y) => throw NumberField<TSelf>.Undefined("Pow");

    /// <summary>The angle of the point (x, y).</summary>
    /// <param name="y">y.</param>
    /// <param name="x">x.</param>
    static virtual TSelf Atan2(TSelf y, TSelf x) => Composed.Atan2(FunctionField<TSelf>.Instance, y, x);

    /// <summary>√(x² + y²).</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf Hypot(TSelf x, TSelf y) => Composed.Hypot(FunctionField<TSelf>.Instance, x, y);

    /// <summary>x/√(x² + y²), a derivative of Hypot.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf DirectionCosine(TSelf x, TSelf y) => Composed.DirectionCosine(FunctionField<TSelf>.Instance, x, y);

    /// <summary>The smaller number.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf Min(TSelf x, TSelf y) => Composed.Min(FunctionField<TSelf>.Instance, x, y);

    /// <summary>The larger number.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf Max(TSelf x, TSelf y) => Composed.Max(FunctionField<TSelf>.Instance, x, y);

    /// <summary>x log y, and 0 if x = 0.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf Xlogy(TSelf x, TSelf y) => Composed.Xlogy(FunctionField<TSelf>.Instance, x, y);

    /// <summary>The remainder of x/y rounded towards 0, which has the sign of x.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf Remainder(TSelf x, TSelf y) => Composed.Remainder(FunctionField<TSelf>.Instance, x, y);

    /// <summary>x − y ⌊x/y⌋, which has the sign of y.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf Modulo(TSelf x, TSelf y) => Composed.Mod(FunctionField<TSelf>.Instance, x, y);

    /// <summary>log B(x, y).</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf LogBeta(TSelf x, TSelf y) => Composed.LogBeta(FunctionField<TSelf>.Instance, x, y);

    /// <summary>B(x, y).</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    static virtual TSelf Beta(TSelf x, TSelf y) => Composed.Beta(FunctionField<TSelf>.Instance, x, y);

    /// <summary>The regularised lower incomplete gamma function P(a, x).</summary>
    /// <param name="a">a.</param>
    /// <param name="x">x.</param>
    static virtual TSelf GammaP(TSelf a, TSelf x) => throw NumberField<TSelf>.Undefined("GammaP");

    /// <summary>The regularised upper incomplete gamma function Q(a, x).</summary>
    /// <param name="a">a.</param>
    /// <param name="x">x.</param>
    static virtual TSelf GammaQ(TSelf a, TSelf x) => Composed.GammaQ(FunctionField<TSelf>.Instance, a, x);

    /// <summary>The n-th derivative of ψ.</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    static virtual TSelf Polygamma(int n, TSelf x) => throw NumberField<TSelf>.Undefined("Polygamma");

    /// <summary>Jₙ(x).</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    static virtual TSelf BesselJ(int n, TSelf x) => throw NumberField<TSelf>.Undefined("BesselJ");

    /// <summary>Iₙ(x).</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    static virtual TSelf BesselI(int n, TSelf x) => throw NumberField<TSelf>.Undefined("BesselI");

    /// <summary>The n-th derivative of Γ.</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    static virtual TSelf GammaDerivative(int n, TSelf x) => Composed.GammaDerivative(FunctionField<TSelf>.Instance, n, x);

    /// <summary>The n-th derivative of sin x / x.</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    static virtual TSelf SincDerivative(int n, TSelf x) => Composed.SincDerivative(FunctionField<TSelf>.Instance, n, x);

    /// <summary>The n-th derivative of log Φ.</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    static virtual TSelf LogNormalCdfDerivative(int n, TSelf x) => Composed.LogNormalCdfDerivative(FunctionField<TSelf>.Instance, n, x);

    /// <summary>The mask x &lt; y: 1, 0, or what stands for an undecided comparison.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    static virtual TSelf Less(TSelf x, TSelf y) => Composed.Less(FunctionField<TSelf>.Instance, x, y);

    /// <summary>The mask x ≤ y.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    static virtual TSelf LessOrEqual(TSelf x, TSelf y) => Composed.LessOrEqual(FunctionField<TSelf>.Instance, x, y);

    /// <summary>The mask x = y.</summary>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    static virtual TSelf Equal(TSelf x, TSelf y) => Composed.Equal(FunctionField<TSelf>.Instance, x, y);

    /// <summary>ψₙ(a) − ψₙ(a + b).</summary>
    /// <param name="n">The order n.</param>
    /// <param name="a">a.</param>
    /// <param name="b">b.</param>
    static virtual TSelf PolygammaDifference(int n, TSelf a, TSelf b) => Composed.PolygammaDifference(FunctionField<TSelf>.Instance, n, a, b);

    /// <summary>The n-th derivative of xᵃ⁻¹e⁻ˣ/Γ(a).</summary>
    /// <param name="n">The order n.</param>
    /// <param name="a">a.</param>
    /// <param name="x">x.</param>
    static virtual TSelf GammaDensity(int n, TSelf a, TSelf x) => Composed.GammaDensity(FunctionField<TSelf>.Instance, n, a, x);

    /// <summary>The n-th derivative of e^(−ax²).</summary>
    /// <param name="n">The order n.</param>
    /// <param name="a">a.</param>
    /// <param name="x">x.</param>
    static virtual TSelf Gaussian(int n, TSelf a, TSelf x) => Composed.Gaussian(FunctionField<TSelf>.Instance, n, a, x);

    /// <summary>min(max(x, low), high).</summary>
    /// <param name="x">The number.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    static virtual TSelf Clamp(TSelf x, TSelf low, TSelf high) => Composed.Clamp(FunctionField<TSelf>.Instance, x, low, high);

    /// <summary>x where the mask is not 0, y where it is.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="x">A number.</param>
    /// <param name="y">A number.</param>
    static virtual TSelf Choose(TSelf mask, TSelf x, TSelf y) => Composed.Choose(FunctionField<TSelf>.Instance, mask, x, y);
}

/// <summary>What <see cref="INumberFunctions{TSelf}"/> makes of a type for the evaluation of expressions. Implement that interface instead of this one.</summary>
/// <typeparam name="T">The type of number.</typeparam>
public interface INumberField<T>
    where T : INumberBase<T>
{
    internal NumberField<T> Field { get; }
}
