// The elementwise primitives on complex numbers. The functions of System.Numerics.Complex lose imaginary parts that are much smaller than the real ones,
// which a derivative by a complex step Im f(x + iε)/ε is made of; these keep them.

using System.Numerics;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.NumberTypes;

/// <summary>The analytic functions. Complex numbers have no order: comparisons, and functions with kinks, are errors.</summary>
internal sealed class ComplexField : NumberField<Complex>
{
    public override double Approximate(Complex x) => x.Real;

    public override double Magnitude(Complex x) => Math.Max(Math.Abs(x.Real), Math.Abs(x.Imaginary));

    public override Complex Constant(double value) => value;

    public override Complex Scaled(Complex x, int n) => new(Math.ScaleB(x.Real, n), Math.ScaleB(x.Imaginary, n));

    protected override Complex Function(Op op, Complex z) => op switch
    {
        Op.Sqrt => Sqrt(z),
        Op.Cbrt => Cbrt(z),
        Op.Exp => Exp(z),
        Op.Exp2 => Exp(z * Math.Log(2)),
        Op.ExpM1 => ExpM1(z),
        Op.Log => Log(z),
        Op.Log2 => Log(z) / Math.Log(2),
        Op.Log10 => Log(z) / Math.Log(10),
        Op.LogP1 => LogP1(z),
        Op.Sin => new(Math.Sin(z.Real) * Math.Cosh(z.Imaginary), Math.Cos(z.Real) * Math.Sinh(z.Imaginary)),
        Op.Cos => new(Math.Cos(z.Real) * Math.Cosh(z.Imaginary), -Math.Sin(z.Real) * Math.Sinh(z.Imaginary)),
        Op.Tan => Tangent(Math.Tan(z.Real), Math.Tanh(z.Imaginary), -1),
        Op.Asin => Asin(z),
        Op.Acos => new(
            2 * Math.Atan2(Sqrt(1 - z).Real, Sqrt(1 + z).Real), Math.Asinh((Complex.Conjugate(Sqrt(1 + z)) * Sqrt(1 - z)).Imaginary)),
        Op.Atan => Turned(Atanh(Turned(z, 1)), -1),
        Op.Sinh => new(Math.Sinh(z.Real) * Math.Cos(z.Imaginary), Math.Cosh(z.Real) * Math.Sin(z.Imaginary)),
        Op.Cosh => new(Math.Cosh(z.Real) * Math.Cos(z.Imaginary), Math.Sinh(z.Real) * Math.Sin(z.Imaginary)),
        Op.Tanh => Tanh(z),
        Op.Asinh => Turned(Asin(Turned(z, 1)), -1),
        Op.Acosh => new(
            Math.Asinh((Complex.Conjugate(Sqrt(z - 1)) * Sqrt(z + 1)).Real), 2 * Math.Atan2(Sqrt(z - 1).Imaginary, Sqrt(z + 1).Real)),
        Op.Atanh => Atanh(z),
        Op.Sigmoid => Composed.Sigmoid(this, z),
        Op.Softplus => Composed.Softplus(this, z),
        Op.LogisticDensity => Composed.LogisticDensity(this, z),
        Op.AsinDerivative => Composed.AsinDerivative(this, z),
        Op.LambertW => LambertW(z),
        Op.Sinc => Composed.SincDerivative(this, 0, z),
        _ => throw Undefined(op.Name()),
    };

    protected override Complex Function(Op op, Complex a, Complex b) => op switch
    {
        Op.Pow when Composed.WholePower(this, b) is { } exponent => Composed.IntegerPower(a, exponent),
        Op.Pow => a == 0 ? Complex.Pow(a, b) : Exp(b * Log(a)),
        Op.Atan2 => Atan2(a, b),
        Op.Hypot => Composed.Hypot(this, a, b),
        Op.DirectionCosine => DirectionCosine(a, b),
        Op.Xlogy => Composed.Xlogy(this, a, b),
        Op.Equal => Composed.Equal(this, a, b),
        _ => throw Undefined(op.Name()),
    };

    protected override Complex Function(Op op, Complex a, Complex b, Complex c) => op switch
    {
        Op.Where => Composed.Choose(this, a, b, c),
        _ => throw Undefined(op.Name()),
    };

    protected override Complex Function(Op op, int n, Complex x) => op switch
    {
        Op.SincDerivative => Composed.SincDerivative(this, n, x),
        _ => throw Undefined(op.Name()),
    };

    protected override Complex Function(Op op, int n, Complex a, Complex x) => op switch
    {
        Op.Gaussian => Composed.Gaussian(this, n, a, x),
        _ => throw Undefined(op.Name()),
    };

    private static Complex Exp(Complex z)
    {
        var size = Math.Exp(z.Real);
        return new(size * Math.Cos(z.Imaginary), z.Imaginary == 0 ? z.Imaginary : size * Math.Sin(z.Imaginary));
    }

    private static Complex ExpM1(Complex z)
    {
        var half = Math.Sin(z.Imaginary / 2);
        return new(
            (ScalarFunctions.ExpM1(z.Real) * Math.Cos(z.Imaginary)) - (2 * half * half),
            z.Imaginary == 0 ? z.Imaginary : Math.Exp(z.Real) * Math.Sin(z.Imaginary));
    }

    private static Complex Log(Complex z)
    {
        // Near the unit circle the logarithm of the magnitude would lose the digits of |z| − 1.
        var size = double.Hypot(z.Real, z.Imaginary);
        var real = size is > 0.5 and < 2
            ? 0.5 * ScalarFunctions.LogP1(((Math.Abs(z.Real) - 1) * (Math.Abs(z.Real) + 1)) + (z.Imaginary * z.Imaginary))
            : Math.Log(size);
        return new(real, Math.Atan2(z.Imaginary, z.Real));
    }

    private static Complex LogP1(Complex z) => Math.Max(Math.Abs(z.Real), Math.Abs(z.Imaginary)) > 0.5 ? Log(1 + z) : new(
        0.5 * ScalarFunctions.LogP1((2 * z.Real) + (z.Real * z.Real) + (z.Imaginary * z.Imaginary)), Math.Atan2(z.Imaginary, 1 + z.Real));

    private static Complex Sqrt(Complex z)
    {
        var size = double.Hypot(z.Real, z.Imaginary);
        if (size == 0 || !double.IsFinite(size))
        {
            return Complex.Sqrt(z);
        }

        var root = Math.Sqrt(0.5 * (size + Math.Abs(z.Real)));
        var other = z.Imaginary / (2 * root);
        return z.Real >= 0 ? new(root, other) : new(Math.Abs(other), Math.CopySign(root, z.Imaginary));
    }

    private static Complex Cbrt(Complex z)
    {
        if (z.Real < 0)
        {
            return -Cbrt(-z);
        }

        var (size, angle) = (Math.Cbrt(double.Hypot(z.Real, z.Imaginary)), Math.Atan2(z.Imaginary, z.Real) / 3);
        return new(size * Math.Cos(angle), size * Math.Sin(angle));
    }

    private static Complex Tanh(Complex z)
    {
        var swapped = Tangent(Math.Tanh(z.Real), Math.Tan(z.Imaginary), 1);
        // 1 − tanh² loses digits in the tails, where the imaginary part is y/cosh² x to first order.
        var cosh = Math.Cosh(z.Real);
        return new(swapped.Real, Math.Tan(z.Imaginary) / ((cosh * cosh) + Square(Math.Sinh(z.Real) * Math.Tan(z.Imaginary))));
    }

    /// <summary>(t + iu)/(1 + sign·itu).</summary>
    private static Complex Tangent(double t, double u, int sign)
    {
        var denominator = 1 + Square(t * u);
        return new(t * (1 + (sign * u * u)) / denominator, u * (1 - (sign * t * t)) / denominator);
    }

    private static Complex Asin(Complex z)
    {
        var (less, more) = (Sqrt(1 - z), Sqrt(1 + z));
        return new(Math.Atan2(z.Real, (less * more).Real), Math.Asinh((Complex.Conjugate(less) * more).Imaginary));
    }

    private static Complex Atanh(Complex z) => new(
        0.25 * ScalarFunctions.LogP1(4 * z.Real / (Square(1 - z.Real) + Square(z.Imaginary))),
        0.5 * Math.Atan2(2 * z.Imaginary, ((1 - z.Real) * (1 + z.Real)) - Square(z.Imaginary)));

    /// <summary>The angle of the real parts, and the arc tangent of what remains after a rotation by it.</summary>
    private static Complex Atan2(Complex y, Complex x)
    {
        var angle = Math.Atan2(y.Real, x.Real);
        var (sin, cos) = Math.SinCos(angle);
        var rest = ((y * cos) - (x * sin)) / ((x * cos) + (y * sin));
        return angle + Turned(Atanh(Turned(rest, 1)), -1);
    }

    /// <summary>a/√(a² + b²) by the quotient of the smaller and the larger operand, of which the imaginary part is found without cancellation.</summary>
    private static Complex DirectionCosine(Complex a, Complex b)
    {
        if (Math.Abs(a.Real) < Math.Abs(b.Real))
        {
            var share = a / b;
            return (b.Real < 0 ? -share : share) / Sqrt(1 + (share * share));
        }

        var ratio = b / a;
        return Math.Sign(a.Real) / Sqrt(1 + (ratio * ratio));
    }

    /// <summary>Newton's method from the value at the real part.</summary>
    private static Complex LambertW(Complex z)
    {
        Complex w = ScalarFunctions.LambertW(z.Real);
        for (var step = 0; step < 8; step++)
        {
            var e = Exp(w);
            w -= ((w * e) - z) / (e * (w + 1));
        }

        return w;
    }

    /// <summary>z times i or −i, without a product with 0.</summary>
    private static Complex Turned(Complex z, int sign) => sign > 0 ? new(-z.Imaginary, z.Real) : new(z.Imaginary, -z.Real);

    private static double Square(double x) => x * x;
}
