// The elementwise functions. As public static methods they can be called through "using static", .NET's generic math, and F#'s own sin, exp
// and sqrt. Their derivatives are stated in Elementwise/ElementwiseTable.cs.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>|x|. The derivative at 0 is 0.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Abs(Expr x) => Apply(Op.Abs, x);

    /// <summary>−1, 0 or 1 by the sign of x. The derivative is 0 everywhere.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Sign(Expr x) => Apply(Op.Sign, x);

    /// <summary>√x; NaN for x &lt; 0. Derivative 1/(2√x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Sqrt(Expr x) => Apply(Op.Sqrt, x);

    /// <summary>∛x. Derivative 1/(3∛x²).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Cbrt(Expr x) => Apply(Op.Cbrt, x);

    /// <summary>eˣ.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Exp(Expr x) => Apply(Op.Exp, x);

    /// <summary>2ˣ. Derivative 2ˣ log 2.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Exp2(Expr x) => Apply(Op.Exp2, x);

    /// <summary>eˣ − 1, precise for small x. Derivative eˣ.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr ExpM1(Expr x) => Apply(Op.ExpM1, x);

    /// <summary>The natural logarithm; −∞ at 0, NaN for x &lt; 0. Derivative 1/x.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Log(Expr x) => Apply(Op.Log, x);

    /// <summary>The logarithm to base 2. Derivative 1/(x log 2).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Log2(Expr x) => Apply(Op.Log2, x);

    /// <summary>The logarithm to base 10. Derivative 1/(x log 10).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Log10(Expr x) => Apply(Op.Log10, x);

    /// <summary>log(1 + x), precise for small x. Derivative 1/(1 + x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr LogP1(Expr x) => Apply(Op.LogP1, x);

    /// <summary>sin x, x in radians. Derivative cos x.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Sin(Expr x) => Apply(Op.Sin, x);

    /// <summary>cos x, x in radians. Derivative −sin x.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Cos(Expr x) => Apply(Op.Cos, x);

    /// <summary>tan x, x in radians. Derivative 1 + tan² x.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Tan(Expr x) => Apply(Op.Tan, x);

    /// <summary>arcsin x in radians, −π/2 to π/2; NaN outside −1 … 1. Derivative 1/√(1 − x²).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Asin(Expr x) => Apply(Op.Asin, x);

    /// <summary>arccos x in radians, 0 to π; NaN outside −1 … 1. Derivative −1/√(1 − x²).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Acos(Expr x) => Apply(Op.Acos, x);

    /// <summary>arctan x in radians, −π/2 to π/2. Derivative 1/(1 + x²).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Atan(Expr x) => Apply(Op.Atan, x);

    /// <summary>(eˣ − e⁻ˣ)/2. Derivative cosh x.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Sinh(Expr x) => Apply(Op.Sinh, x);

    /// <summary>(eˣ + e⁻ˣ)/2. Derivative sinh x.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Cosh(Expr x) => Apply(Op.Cosh, x);

    /// <summary>sinh x / cosh x. Derivative 1/cosh² x, with full relative precision in both tails.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Tanh(Expr x) => Apply(Op.Tanh, x);

    /// <summary>log(x + √(x² + 1)). Derivative 1/√(x² + 1).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Asinh(Expr x) => Apply(Op.Asinh, x);

    /// <summary>log(x + √(x² − 1)); NaN for x &lt; 1. Derivative 1/√(x² − 1).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Acosh(Expr x) => Apply(Op.Acosh, x);

    /// <summary>½ log((1 + x)/(1 − x)); NaN outside −1 … 1. Derivative 1/(1 − x²).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Atanh(Expr x) => Apply(Op.Atanh, x);

    /// <summary>σ(x) = 1/(1 + e⁻ˣ). Derivative σ(x)σ(−x), with full relative precision in both tails.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Sigmoid(Expr x) => Apply(Op.Sigmoid, x);

    /// <summary>log(1 + eˣ). Derivative σ(x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Softplus(Expr x) => Apply(Op.Softplus, x);

    /// <summary>max(x, 0). The derivative at 0 is 0.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Relu(Expr x) => Apply(Op.Relu, x);

    /// <summary>The largest whole number ≤ x. The derivative is 0 everywhere.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Floor(Expr x) => Apply(Op.Floor, x);

    /// <summary>The smallest whole number ≥ x. The derivative is 0 everywhere.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Ceiling(Expr x) => Apply(Op.Ceiling, x);

    /// <summary>The nearest whole number, halves to even. The derivative is 0 everywhere.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Round(Expr x) => Apply(Op.Round, x);

    /// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt. Derivative 2/√π e^(−x²).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Erf(Expr x) => Apply(Op.Erf, x);

    /// <summary>1 − erf x, with full relative precision for large x. Derivative −2/√π e^(−x²).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Erfc(Expr x) => Apply(Op.Erfc, x);

    /// <summary>Γ(x); ±∞ at ±0, NaN at −1, −2, …. Derivative Γ(x)ψ(x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Gamma(Expr x) => Apply(Op.Gamma, x);

    /// <summary>log |Γ(x)|; +∞ at 0, −1, −2, …. Derivative: the digamma function.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr LogGamma(Expr x) => Apply(Op.LogGamma, x);

    /// <summary>ψ(x) = d/dx log Γ(x). Derivative: the trigamma function ψ₁(x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Digamma(Expr x) => Apply(Op.Digamma, x);

    /// <summary>
    /// Lambert's W, the inverse of w eʷ: its principal branch, W(x) ≥ −1; −1 at −1/e, NaN below. Derivative e^(−W)/(1 + W), ∞ at
    /// −1/e.
    /// </summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr LambertW(Expr x) => Apply(Op.LambertW, x);

    /// <summary>sin x / x, x in radians, and 1 at 0; not sin πx / πx. Derivatives of every order are right at and near 0.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Sinc(Expr x) => Apply(Op.Sinc, x);

    /// <summary>
    /// Φ(x) = (1 + erf(x/√2))/2, the distribution function of the standard normal distribution, with full relative precision in the
    /// lower tail. Derivative e^(−x²/2)/√(2π).
    /// </summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr NormalCdf(Expr x) => Apply(Op.NormalCdf, x);

    /// <summary>
    /// log Φ(x), finite as far as −x²/2 is. Derivative: the inverse Mills ratio Φ′(x)/Φ(x); it and all further ones keep their
    /// relative precision in the lower tail.
    /// </summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr LogNormalCdf(Expr x) => Apply(Op.LogNormalCdf, x);

    /// <summary>
    /// The inverse of Φ: −∞ at 0, ∞ at 1, NaN outside 0 … 1. Derivative √(2π) e^(y²/2), y being the quantile, with full relative precision in the lower tail.
    /// </summary>
    /// <param name="p">The probability, of any shape.</param>
    public static Expr NormalQuantile(Expr p) => Apply(Op.NormalQuantile, p);

    /// <summary>The inverse of the error function: ±∞ at ±1, NaN beyond. Derivative √π/2 e^(y²), y being the inverse.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr ErfInv(Expr x) => Apply(Op.ErfInv, x);

    /// <summary>
    /// The inverse of <see cref="Erfc"/>: ∞ at 0, −∞ at 2, NaN outside 0 … 2. It and its derivatives keep their relative precision for small p. Derivative
    /// −√π/2 e^(y²), y being the inverse.
    /// </summary>
    /// <param name="p">The argument, of any shape.</param>
    public static Expr ErfcInv(Expr p) => Apply(Op.ErfcInv, p);

    /// <summary>
    /// e^(x²) erfc x, the scaled complementary error function, which decreases like 1/(x√π). Its derivatives, of which the first is 2x erfcx x − 2/√π, keep their
    /// relative precision for large x.
    /// </summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Erfcx(Expr x) => Apply(Op.Erfcx, x);

    /// <summary>Dawson's integral F(x) = e^(−x²) ∫₀ˣ e^(t²) dt. Derivative 1 − 2x F(x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Dawson(Expr x) => Apply(Op.Dawson, x);

    /// <summary>The exponential integral E₁(x) = ∫ e⁻ᵗ/t dt from x to ∞; ∞ at 0, NaN below. Derivative −e⁻ˣ/x.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr ExpIntegralE1(Expr x) => Apply(Op.ExpIntegralE1, x);

    /// <summary>
    /// The exponential integral Ei(x) = ∫ eᵗ/t dt from −∞ to x, for x &gt; 0 its principal value; −∞ at 0. Derivative eˣ/x, without overflow where that has none.
    /// </summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr ExpIntegralEi(Expr x) => Apply(Op.ExpIntegralEi, x);

    /// <summary>J₀(x), the Bessel function of the first kind of order 0. Derivative −J₁(x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr BesselJ0(Expr x) => Apply(Op.BesselJ, 0, x);

    /// <summary>J₁(x), the Bessel function of the first kind of order 1. Derivative (J₀(x) − J₂(x))/2.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr BesselJ1(Expr x) => Apply(Op.BesselJ, 1, x);

    /// <summary>I₀(x), the modified Bessel function of the first kind of order 0. Derivative I₁(x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr BesselI0(Expr x) => Apply(Op.BesselI, 0, x);

    /// <summary>I₁(x), the modified Bessel function of the first kind of order 1. Derivative (I₀(x) + I₂(x))/2.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr BesselI1(Expr x) => Apply(Op.BesselI, 1, x);

    /// <summary>x to a power. Whole constant exponents multiply out, so negative bases and 0 are right; x⁰ is 1. Shapes broadcast.</summary>
    /// <param name="x">The base.</param>
    /// <param name="exponent">The exponent.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Pow(Expr x, Expr exponent) => Apply(Op.Pow, x, exponent);

    /// <summary>The angle in radians of the point (x, y), −π to π. At the origin the derivative is NaN. Shapes broadcast.</summary>
    /// <param name="y">The ordinate.</param>
    /// <param name="x">The abscissa.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Atan2(Expr y, Expr x) => Apply(Op.Atan2, y, x);

    /// <summary>√(x² + y²) without overflow. The derivative at the origin is 0. Shapes broadcast.</summary>
    /// <param name="x">One leg.</param>
    /// <param name="y">The other leg.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Hypot(Expr x, Expr y) => Apply(Op.Hypot, x, y);

    /// <summary>The smaller of a and b; NaN if either is. At a tie each receives half of the derivative. Shapes broadcast.</summary>
    /// <param name="a">One argument.</param>
    /// <param name="b">The other argument.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Min(Expr a, Expr b) => Apply(Op.Min, a, b);

    /// <summary>The larger of a and b; NaN if either is. At a tie each receives half of the derivative. Shapes broadcast.</summary>
    /// <param name="a">One argument.</param>
    /// <param name="b">The other argument.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Max(Expr a, Expr b) => Apply(Op.Max, a, b);

    /// <summary>A mask: 1 where a = b, otherwise 0. Its derivative is 0. Shapes broadcast.</summary>
    /// <param name="a">One argument.</param>
    /// <param name="b">The other argument.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Eq(Expr a, Expr b) => Apply(Op.Equal, a, b);

    /// <summary>
    /// x log y, and 0 where x = 0 and y is not NaN. The derivative in x is log y everywhere, as in JAX; that in y is x/y, and 0 where
    /// both are 0. So Xlogy(p, p) has slope −∞ at 0, which is the limit. Shapes broadcast.
    /// </summary>
    /// <param name="x">The factor.</param>
    /// <param name="y">The argument of the logarithm.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Xlogy(Expr x, Expr y) => Apply(Op.Xlogy, x, y);

    /// <summary>
    /// log B(a, b) for a, b ≥ 0; ∞ where one is 0, NaN below. Derivatives ψ(a) − ψ(a + b) and ψ(b) − ψ(a + b), with full relative
    /// precision where one argument is much larger than the other. Shapes broadcast.
    /// </summary>
    /// <param name="a">One argument.</param>
    /// <param name="b">The other argument.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr LogBeta(Expr a, Expr b) => Apply(Op.LogBeta, a, b);

    /// <summary>
    /// The beta function Γ(a)Γ(b)/Γ(a + b) for a, b ≥ 0; ∞ where one is 0, NaN below. Its derivatives are those of
    /// <see cref="LogBeta"/> times B(a, b). Shapes broadcast.
    /// </summary>
    /// <param name="a">One argument.</param>
    /// <param name="b">The other argument.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Beta(Expr a, Expr b) => Apply(Op.Beta, a, b);

    /// <summary>
    /// The regularized lower incomplete gamma function P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt for a, x ≥ 0, NaN below. Derivative in x:
    /// xᵃ⁻¹e⁻ˣ/Γ(a); in a the integral of the derivative of the integrand, computed to its last digits but one or two. Shapes broadcast.
    /// </summary>
    /// <param name="a">The parameter.</param>
    /// <param name="x">The upper limit of the integral.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr GammaP(Expr a, Expr x) => Apply(Op.GammaP, a, x);

    /// <summary>
    /// The regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x), with full relative precision where it is small.
    /// Derivative in x: −xᵃ⁻¹e⁻ˣ/Γ(a); in a minus that of <see cref="GammaP"/>. Shapes broadcast.
    /// </summary>
    /// <param name="a">The parameter.</param>
    /// <param name="x">The lower limit of the integral.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr GammaQ(Expr a, Expr x) => Apply(Op.GammaQ, a, x);

    /// <summary>
    /// The polygamma function ψₙ(x) = dⁿ⁺¹/dxⁿ⁺¹ log Γ(x); n = 0 is <see cref="Digamma"/>. Derivative ψₙ₊₁(x).
    /// </summary>
    /// <param name="order">n, 0 or more.</param>
    /// <param name="x">The argument, of any shape.</param>
    /// <exception cref="AutodiffException">The order is negative.</exception>
    public static Expr Polygamma(int order, Expr x) => order >= 0
        ? Apply(Op.Polygamma, order, x)
        : throw new AutodiffException($"Polygamma: the order {order} is negative; it counts derivatives of the digamma function, from 0 on.");

    /// <summary>
    /// x − y·⌊x/y⌋, the remainder of x/y rounded down, as NumPy's mod: it has the sign of y, and is rounded once. NaN where y is 0 or x is infinite. The
    /// derivative in x is 1, and in y −⌊x/y⌋. The operator <c>%</c> has the sign of x. Shapes broadcast.
    /// </summary>
    /// <param name="x">The dividend.</param>
    /// <param name="y">The divisor.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Mod(new double[] { -1, 5, 370 }, 360)); // [359, 5, 10]
    /// </code></example>
    public static Expr Mod(Expr x, Expr y) => Apply(Op.Mod, x, y);

    /// <summary>x rounded towards 0 to a whole number. The derivative is 0 everywhere.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Truncate(Expr x) => Where(x < 0, Ceiling(x), Floor(x));

    /// <summary>
    /// |x| with the sign of another number; −0 has the sign of negative numbers, and NaN that of positive ones. The derivative in x is 1 or −1, and 0 at 0
    /// like that of <see cref="Abs"/>; in the sign there is none. Shapes broadcast.
    /// </summary>
    /// <param name="x">The magnitude.</param>
    /// <param name="sign">The number whose sign is taken.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr CopySign(Expr x, Expr sign) => Where((sign < 0) | (1 / sign < 0), -Abs(x), Abs(x));

    /// <summary>A mask: 1 where x is not a number, otherwise 0. Its derivative is 0.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr IsNaN(Expr x) => !(x <= double.PositiveInfinity);

    /// <summary>A mask: 1 where x is neither infinite nor NaN, otherwise 0. Its derivative is 0.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr IsFinite(Expr x) => Abs(x) < double.PositiveInfinity;

    /// <summary>
    /// min(max(x, min), max), elementwise, with either bound or both. The derivative in x is 1 within the bounds (both included) and 0 outside, where it goes to
    /// the bound. Shapes broadcast.
    /// </summary>
    /// <param name="x">The argument.</param>
    /// <param name="min">The lower bound; none if omitted.</param>
    /// <param name="max">The upper bound; none if omitted. Where it is below <paramref name="min"/> it wins.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="AutodiffException">There is no bound.</exception>
    /// <example><code>
    /// Expr x = new double[] { -2, 3 };
    /// Console.WriteLine(Expr.Clamp(x, 0, 1)); // [0, 1]
    /// Console.WriteLine(Expr.Clamp(x, max: 0)); // [-2, 0]
    /// </code></example>
    public static Expr Clamp(Expr x, Expr? min = null, Expr? max = null) => min is null && max is null
        ? throw new AutodiffException("Clamp: both bounds are null or left out; give min, max or both.")
        : Apply(Op.Clamp, x, min ?? double.NegativeInfinity, max ?? double.PositiveInfinity);

    /// <summary>
    /// <paramref name="a"/> where the mask is not 0, otherwise <paramref name="b"/>, elementwise. The side not taken receives
    /// no derivative at all, so an ∞ or NaN there does no harm: d/dx Where(x &gt; 0, √x, 0) is 0 at 0. Shapes broadcast.
    /// </summary>
    /// <param name="mask">A mask, such as a comparison.</param>
    /// <param name="a">The value where the mask holds.</param>
    /// <param name="b">The value elsewhere.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Where(Expr mask, Expr a, Expr b) => Apply(Op.Where, mask, a, b);
}
