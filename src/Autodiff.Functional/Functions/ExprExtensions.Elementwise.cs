// Elementwise functions as members of their first argument: x.Exp() is Exp(x).

namespace Autodiff.Functional;

public static partial class ExprExtensions
{
    /// <param name="x">The expression.</param>
    extension(Expr x)
    {
        /// <inheritdoc cref="Expr.Abs(Expr)"/>
        public Expr Abs() => Expr.Abs(x);

        /// <inheritdoc cref="Expr.Sign(Expr)"/>
        public Expr Sign() => Expr.Sign(x);

        /// <inheritdoc cref="Expr.Sqrt(Expr)"/>
        public Expr Sqrt() => Expr.Sqrt(x);

        /// <inheritdoc cref="Expr.Cbrt(Expr)"/>
        public Expr Cbrt() => Expr.Cbrt(x);

        /// <inheritdoc cref="Expr.Square(Expr)"/>
        public Expr Square() => Expr.Square(x);

        /// <inheritdoc cref="Expr.Exp(Expr)"/>
        public Expr Exp() => Expr.Exp(x);

        /// <inheritdoc cref="Expr.Exp2(Expr)"/>
        public Expr Exp2() => Expr.Exp2(x);

        /// <inheritdoc cref="Expr.ExpM1(Expr)"/>
        public Expr ExpM1() => Expr.ExpM1(x);

        /// <inheritdoc cref="Expr.Log(Expr)"/>
        public Expr Log() => Expr.Log(x);

        /// <inheritdoc cref="Expr.Log2(Expr)"/>
        public Expr Log2() => Expr.Log2(x);

        /// <inheritdoc cref="Expr.Log10(Expr)"/>
        public Expr Log10() => Expr.Log10(x);

        /// <inheritdoc cref="Expr.LogP1(Expr)"/>
        public Expr LogP1() => Expr.LogP1(x);

        /// <inheritdoc cref="Expr.Log1mExp(Expr)"/>
        public Expr Log1mExp() => Expr.Log1mExp(x);

        /// <inheritdoc cref="Expr.Sin(Expr)"/>
        public Expr Sin() => Expr.Sin(x);

        /// <inheritdoc cref="Expr.Cos(Expr)"/>
        public Expr Cos() => Expr.Cos(x);

        /// <inheritdoc cref="Expr.Tan(Expr)"/>
        public Expr Tan() => Expr.Tan(x);

        /// <inheritdoc cref="Expr.Asin(Expr)"/>
        public Expr Asin() => Expr.Asin(x);

        /// <inheritdoc cref="Expr.Acos(Expr)"/>
        public Expr Acos() => Expr.Acos(x);

        /// <inheritdoc cref="Expr.Atan(Expr)"/>
        public Expr Atan() => Expr.Atan(x);

        /// <inheritdoc cref="Expr.Sinh(Expr)"/>
        public Expr Sinh() => Expr.Sinh(x);

        /// <inheritdoc cref="Expr.Cosh(Expr)"/>
        public Expr Cosh() => Expr.Cosh(x);

        /// <inheritdoc cref="Expr.Tanh(Expr)"/>
        public Expr Tanh() => Expr.Tanh(x);

        /// <inheritdoc cref="Expr.Asinh(Expr)"/>
        public Expr Asinh() => Expr.Asinh(x);

        /// <inheritdoc cref="Expr.Acosh(Expr)"/>
        public Expr Acosh() => Expr.Acosh(x);

        /// <inheritdoc cref="Expr.Atanh(Expr)"/>
        public Expr Atanh() => Expr.Atanh(x);

        /// <inheritdoc cref="Expr.Sigmoid(Expr)"/>
        public Expr Sigmoid() => Expr.Sigmoid(x);

        /// <inheritdoc cref="Expr.LogSigmoid(Expr)"/>
        public Expr LogSigmoid() => Expr.LogSigmoid(x);

        /// <inheritdoc cref="Expr.Logit(Expr)"/>
        public Expr Logit() => Expr.Logit(x);

        /// <inheritdoc cref="Expr.Softplus(Expr)"/>
        public Expr Softplus() => Expr.Softplus(x);

        /// <inheritdoc cref="Expr.Relu(Expr)"/>
        public Expr Relu() => Expr.Relu(x);

        /// <inheritdoc cref="Expr.LeakyRelu(Expr)"/>
        public Expr LeakyRelu() => Expr.LeakyRelu(x);

        /// <inheritdoc cref="Expr.Gelu(Expr)"/>
        public Expr Gelu() => Expr.Gelu(x);

        /// <inheritdoc cref="Expr.Silu(Expr)"/>
        public Expr Silu() => Expr.Silu(x);

        /// <inheritdoc cref="Expr.Elu(Expr)"/>
        public Expr Elu() => Expr.Elu(x);

        /// <inheritdoc cref="Expr.Floor(Expr)"/>
        public Expr Floor() => Expr.Floor(x);

        /// <inheritdoc cref="Expr.Ceiling(Expr)"/>
        public Expr Ceiling() => Expr.Ceiling(x);

        /// <inheritdoc cref="Expr.Round(Expr)"/>
        public Expr Round() => Expr.Round(x);

        /// <inheritdoc cref="Expr.Truncate(Expr)"/>
        public Expr Truncate() => Expr.Truncate(x);

        /// <inheritdoc cref="Expr.IsNaN(Expr)"/>
        public Expr IsNaN() => Expr.IsNaN(x);

        /// <inheritdoc cref="Expr.IsFinite(Expr)"/>
        public Expr IsFinite() => Expr.IsFinite(x);

        /// <inheritdoc cref="Expr.Erf(Expr)"/>
        public Expr Erf() => Expr.Erf(x);

        /// <inheritdoc cref="Expr.Erfc(Expr)"/>
        public Expr Erfc() => Expr.Erfc(x);

        /// <inheritdoc cref="Expr.ErfInv(Expr)"/>
        public Expr ErfInv() => Expr.ErfInv(x);

        /// <inheritdoc cref="Expr.ErfcInv(Expr)"/>
        public Expr ErfcInv() => Expr.ErfcInv(x);

        /// <inheritdoc cref="Expr.Erfcx(Expr)"/>
        public Expr Erfcx() => Expr.Erfcx(x);

        /// <inheritdoc cref="Expr.Dawson(Expr)"/>
        public Expr Dawson() => Expr.Dawson(x);

        /// <inheritdoc cref="Expr.Gamma(Expr)"/>
        public Expr Gamma() => Expr.Gamma(x);

        /// <inheritdoc cref="Expr.LogGamma(Expr)"/>
        public Expr LogGamma() => Expr.LogGamma(x);

        /// <inheritdoc cref="Expr.Digamma(Expr)"/>
        public Expr Digamma() => Expr.Digamma(x);

        /// <inheritdoc cref="Expr.Factorial(Expr)"/>
        public Expr Factorial() => Expr.Factorial(x);

        /// <inheritdoc cref="Expr.Zeta(Expr)"/>
        public Expr Zeta() => Expr.Zeta(x);

        /// <inheritdoc cref="Expr.ExpIntegralE1(Expr)"/>
        public Expr ExpIntegralE1() => Expr.ExpIntegralE1(x);

        /// <inheritdoc cref="Expr.ExpIntegralEi(Expr)"/>
        public Expr ExpIntegralEi() => Expr.ExpIntegralEi(x);

        /// <inheritdoc cref="Expr.BesselJ0(Expr)"/>
        public Expr BesselJ0() => Expr.BesselJ0(x);

        /// <inheritdoc cref="Expr.BesselJ1(Expr)"/>
        public Expr BesselJ1() => Expr.BesselJ1(x);

        /// <inheritdoc cref="Expr.BesselI0(Expr)"/>
        public Expr BesselI0() => Expr.BesselI0(x);

        /// <inheritdoc cref="Expr.BesselI1(Expr)"/>
        public Expr BesselI1() => Expr.BesselI1(x);

        /// <inheritdoc cref="Expr.LambertW(Expr)"/>
        public Expr LambertW() => Expr.LambertW(x);

        /// <inheritdoc cref="Expr.Sinc(Expr)"/>
        public Expr Sinc() => Expr.Sinc(x);

        /// <inheritdoc cref="Expr.NormalCdf(Expr)"/>
        public Expr NormalCdf() => Expr.NormalCdf(x);

        /// <inheritdoc cref="Expr.LogNormalCdf(Expr)"/>
        public Expr LogNormalCdf() => Expr.LogNormalCdf(x);

        /// <inheritdoc cref="Expr.NormalQuantile(Expr)"/>
        public Expr NormalQuantile() => Expr.NormalQuantile(x);

        /// <inheritdoc cref="Expr.LeakyRelu(Expr, Expr)"/>
        public Expr LeakyRelu(Expr slope) => Expr.LeakyRelu(x, slope);

        /// <inheritdoc cref="Expr.Elu(Expr, Expr)"/>
        public Expr Elu(Expr alpha) => Expr.Elu(x, alpha);

        /// <inheritdoc cref="Expr.Pow(Expr, Expr)"/>
        public Expr Pow(Expr exponent) => Expr.Pow(x, exponent);

        /// <inheritdoc cref="Expr.Mod(Expr, Expr)"/>
        public Expr Mod(Expr y) => Expr.Mod(x, y);

        /// <inheritdoc cref="Expr.Clamp(Expr, Expr?, Expr?)"/>
        public Expr Clamp(Expr? min = null, Expr? max = null) => Expr.Clamp(x, min, max);

        /// <inheritdoc cref="Expr.NanTo(Expr, Expr)"/>
        public Expr NanTo(Expr value) => Expr.NanTo(x, value);
    }
}
