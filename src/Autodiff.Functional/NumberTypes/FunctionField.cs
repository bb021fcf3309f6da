// The elementwise primitives on a number type that states its functions by INumberFunctions.

using System.Numerics;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.NumberTypes;

/// <summary>The primitives of a type with <see cref="INumberFunctions{TSelf}"/>.</summary>
internal sealed class FunctionField<T> : NumberField<T>
    where T : INumberBase<T>, INumberFunctions<T>
{
    public static FunctionField<T> Instance { get; } = new();

    public override double Approximate(T x) => T.Approximate(x);

    public override bool IsEnclosure => T.IsEnclosure;

    public override bool? Decide(T mask) => T.Decide(mask);

    public override int Order(T x) => T.Order(x);

    protected override T Function(Op op, T x) => op switch
    {
        Op.Abs => T.Abs(x),
        Op.Sign => T.Sign(x),
        Op.Sqrt => T.Sqrt(x),
        Op.Cbrt => T.Cbrt(x),
        Op.Exp => T.Exp(x),
        Op.Exp2 => T.Exp2(x),
        Op.ExpM1 => T.ExpM1(x),
        Op.Log => T.Log(x),
        Op.Log2 => T.Log2(x),
        Op.Log10 => T.Log10(x),
        Op.LogP1 => T.LogP1(x),
        Op.Sin => T.Sin(x),
        Op.Cos => T.Cos(x),
        Op.Tan => T.Tan(x),
        Op.Asin => T.Asin(x),
        Op.Acos => T.Acos(x),
        Op.Atan => T.Atan(x),
        Op.Sinh => T.Sinh(x),
        Op.Cosh => T.Cosh(x),
        Op.Tanh => T.Tanh(x),
        Op.Asinh => T.Asinh(x),
        Op.Acosh => T.Acosh(x),
        Op.Atanh => T.Atanh(x),
        Op.Sigmoid => T.Sigmoid(x),
        Op.Softplus => T.Softplus(x),
        Op.Relu => T.Relu(x),
        Op.Floor => T.Floor(x),
        Op.Ceiling => T.Ceiling(x),
        Op.Round => T.Round(x),
        Op.Erf => T.Erf(x),
        Op.Erfc => T.Erfc(x),
        Op.Gamma => T.Gamma(x),
        Op.LogGamma => T.LogGamma(x),
        Op.Digamma => T.Digamma(x),
        Op.LambertW => T.LambertW(x),
        Op.Sinc => T.Sinc(x),
        Op.NormalCdf => T.NormalCdf(x),
        Op.LogNormalCdf => T.LogNormalCdf(x),
        Op.NormalQuantile => T.NormalQuantile(x),
        Op.LogisticDensity => T.LogisticDensity(x),
        Op.AsinDerivative => T.AsinDerivative(x),
        Op.NormalDensityQuantile => Composed.NormalDensityQuantile(this, x),
        Op.ErfInv => Composed.ErfInv(this, x),
        Op.ErfcInv => Composed.ErfcInv(this, x),
        Op.Erfcx => Composed.Erfcx(this, x),
        Op.Dawson when !IsEnclosure => Composed.Dawson(this, x),
        Op.ExpIntegralE1 when !IsEnclosure => Composed.ExpIntegralE1(this, x),
        Op.ExpIntegralEi when !IsEnclosure => Composed.ExpIntegralEi(this, x),
        _ => throw Undefined(op.Name()),
    };

    protected override T Function(Op op, T a, T b) => op switch
    {
        Op.Pow => T.Pow(a, b),
        Op.Atan2 => T.Atan2(a, b),
        Op.Hypot => T.Hypot(a, b),
        Op.DirectionCosine => T.DirectionCosine(a, b),
        Op.Min => T.Min(a, b),
        Op.Max => T.Max(a, b),
        Op.Xlogy => T.Xlogy(a, b),
        Op.Remainder => T.Remainder(a, b),
        Op.Mod => T.Modulo(a, b),
        Op.LogBeta => T.LogBeta(a, b),
        Op.Beta => T.Beta(a, b),
        Op.GammaP => T.GammaP(a, b),
        Op.GammaQ => T.GammaQ(a, b),
        Op.Less => T.Less(a, b),
        Op.LessOrEqual => T.LessOrEqual(a, b),
        Op.Equal => T.Equal(a, b),
        Op.Greater => T.Less(b, a),
        Op.GreaterOrEqual => T.LessOrEqual(b, a),
        _ => throw Undefined(op.Name()),
    };

    protected override T Function(Op op, int n, T x) => op switch
    {
        Op.Polygamma => T.Polygamma(n, x),
        Op.BesselJ => T.BesselJ(n, x),
        Op.BesselI => T.BesselI(n, x),
        Op.GammaDerivative => T.GammaDerivative(n, x),
        Op.SincDerivative => T.SincDerivative(n, x),
        Op.LogNormalCdfDerivative => T.LogNormalCdfDerivative(n, x),
        Op.ErfcxDerivative => Composed.ErfcxDerivative(this, n, x),
        Op.DawsonDerivative when !IsEnclosure => Composed.DawsonDerivative(this, n, x),
        _ => throw Undefined(op.Name()),
    };

    protected override T Function(Op op, T a, T b, T c) => op switch
    {
        Op.Clamp => T.Clamp(a, b, c),
        Op.Where => T.Choose(a, b, c),
        _ => throw Undefined(op.Name()),
    };

    protected override T Function(Op op, int n, T a, T x) => op switch
    {
        Op.PolygammaDifference => T.PolygammaDifference(n, a, x),
        Op.GammaDensity when n >= ScalarFunctions.OrderInA => Composed.GammaDensityInParameter(this, n / ScalarFunctions.OrderInA, n % ScalarFunctions.OrderInA, a, x),
        Op.GammaDensity => T.GammaDensity(n, a, x),
        Op.GammaPDerivative when !IsEnclosure => Composed.GammaPDerivative(this, n, a, x),
        Op.Gaussian => T.Gaussian(n, a, x),
        _ => throw Undefined(op.Name()),
    };
}
