// The value of every elementwise primitive on plain doubles, one line each.

namespace Autodiff.Functional.Evaluation;

internal static class ScalarKernels
{
    public static double Apply(Op op, double x) => op switch
    {
        Op.Negate => -x,
        Op.Abs => Math.Abs(x),
        Op.Sign => double.IsNaN(x) ? x : Math.Sign(x),
        Op.Sqrt => Math.Sqrt(x),
        Op.Cbrt => Math.Cbrt(x),
        Op.Exp => Math.Exp(x),
        Op.Exp2 => double.Exp2(x),
        Op.ExpM1 => ScalarFunctions.ExpM1(x),
        Op.Log => Math.Log(x),
        Op.Log2 => Math.Log2(x),
        Op.Log10 => Math.Log10(x),
        Op.LogP1 => ScalarFunctions.LogP1(x),
        Op.Sin => Math.Sin(x),
        Op.Cos => Math.Cos(x),
        Op.Tan => Math.Tan(x),
        Op.Asin => Math.Asin(x),
        Op.Acos => Math.Acos(x),
        Op.Atan => Math.Atan(x),
        Op.Sinh => Math.Sinh(x),
        Op.Cosh => Math.Cosh(x),
        Op.Tanh => Math.Tanh(x),
        Op.Asinh => Math.Asinh(x),
        Op.Acosh => Math.Acosh(x),
        Op.Atanh => Math.Atanh(x),
        Op.Sigmoid => ScalarFunctions.Sigmoid(x),
        Op.Softplus => ScalarFunctions.Softplus(x),
        Op.Relu => Math.Max(x, 0),
        Op.Floor => Math.Floor(x),
        Op.Ceiling => Math.Ceiling(x),
        Op.Round => Math.Round(x),
        Op.Erf => ScalarFunctions.Erf(x),
        Op.Erfc => ScalarFunctions.Erfc(x),
        Op.Gamma => ScalarFunctions.Gamma(x),
        Op.LogGamma => ScalarFunctions.LogGamma(x),
        Op.Digamma => ScalarFunctions.Digamma(x),
        Op.LambertW => ScalarFunctions.LambertW(x),
        Op.Sinc => ScalarFunctions.Sinc(x),
        Op.NormalCdf => ScalarFunctions.NormalCdf(x),
        Op.LogNormalCdf => ScalarFunctions.LogNormalCdf(x),
        Op.NormalQuantile => ScalarFunctions.NormalQuantile(x),
        Op.LogisticDensity => ScalarFunctions.LogisticDensity(x),
        Op.AsinDerivative => ScalarFunctions.AsinDerivative(x),
        Op.PlusZero => x + 0,
        Op.StopGradient => x,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a unary primitive"),
    };

    public static double Apply(Op op, double a, double b) => op switch
    {
        Op.Add => a + b,
        Op.Subtract => a - b,
        Op.Multiply => a * b,
        Op.Divide => a / b,
        Op.Pow => Pow(a, b),
        Op.Atan2 => Math.Atan2(a, b),
        Op.Hypot => double.Hypot(a, b),
        Op.DirectionCosine => ScalarFunctions.DirectionCosine(a, b),
        Op.ShareOfNorm => double.IsInfinity(a) && double.IsPositiveInfinity(b) ? Math.Sign(a) : a / b,
        Op.Min => Math.Min(a, b),
        Op.Max => Math.Max(a, b),
        Op.Xlogy => ScalarFunctions.Xlogy(a, b),
        Op.LogBeta => ScalarFunctions.LogBeta(a, b),
        Op.Beta => ScalarFunctions.Beta(a, b),
        Op.GammaP => ScalarFunctions.GammaP(a, b),
        Op.GammaQ => ScalarFunctions.GammaQ(a, b),
        Op.Polygamma => ScalarFunctions.Polygamma((int)a, b),
        Op.BesselJ => ScalarFunctions.BesselJ((int)a, b),
        Op.BesselI => ScalarFunctions.BesselI((int)a, b),
        Op.GammaDerivative => ScalarFunctions.GammaDerivative((int)a, b),
        Op.SincDerivative => ScalarFunctions.SincDerivative((int)a, b),
        Op.LogNormalCdfDerivative => ScalarFunctions.LogNormalCdfDerivative((int)a, b),
        Op.Less => a < b ? 1 : 0,
        Op.LessOrEqual => a <= b ? 1 : 0,
        Op.Greater => a > b ? 1 : 0,
        Op.GreaterOrEqual => a >= b ? 1 : 0,
        Op.Equal => a == b ? 1 : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a binary primitive"),
    };

    public static double Apply(Op op, double a, double b, double c) => op switch
    {
        Op.PolygammaDifference => ScalarFunctions.PolygammaDifference((int)a, b, c),
        Op.GammaDensity => ScalarFunctions.GammaDensity((int)a, b, c),
        Op.Gaussian => ScalarFunctions.Gaussian((int)a, b, c),
        Op.Clamp => Math.Min(Math.Max(a, b), c),
        Op.Where => a != 0 ? b : c,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a ternary primitive"),
    };

    /// <summary>The largest whole exponent that is worth multiplying out; its error stays within a few ulp.</summary>
    public const int LargestIntegerPower = 64;

    /// <summary>The exponent as a whole number, if it is one and worth multiplying out.</summary>
    public static int? WholePower(double exponent) =>
        (int)exponent is var whole && whole == exponent && whole is >= -LargestIntegerPower and <= LargestIntegerPower ? whole : null;

    private static double Pow(double x, double exponent) =>
        WholePower(exponent) is { } whole ? ScalarFunctions.IntegerPower(x, whole) : Math.Pow(x, exponent);
}
