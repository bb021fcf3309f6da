// Elementwise functions on registers of doubles, for which TensorPrimitives has no form that is accurate everywhere. Each
// follows its scalar form to 4 ulp over the whole domain, signed zeros, infinities and subnormal numbers included.

using System.Numerics;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Evaluation;

internal static class VectorFunctions
{
    /// <summary>A function of every element of a register.</summary>
    public interface IFunction
    {
        static abstract Vector<double> Of(Vector<double> x);
    }

    /// <summary>The function of every element; the last elements stand in a register of their own.</summary>
    public static void Map<T>(ReadOnlySpan<double> x, Span<double> result)
        where T : struct, IFunction
    {
        var whole = x.Length - (x.Length % Vector<double>.Count);
        for (var i = 0; i < whole; i += Vector<double>.Count)
        {
            T.Of(new(x[i..])).CopyTo(result[i..]);
        }

        if (whole < x.Length)
        {
            Span<double> last = stackalloc double[Vector<double>.Count];
            x[whole..].CopyTo(last);
            T.Of(new(last)).CopyTo(last);
            last[..(x.Length - whole)].CopyTo(result[whole..]);
        }
    }

    /// <summary>xⁿ by the same products as <see cref="ScalarFunctions.IntegerPower"/>, so to the same bits.</summary>
    public static void IntegerPower(ReadOnlySpan<double> x, int n, Span<double> result)
    {
        var registers = MemoryMarshal.Cast<double, Vector<double>>(x);
        var whole = registers.Length * Vector<double>.Count;
        for (var i = 0; i < registers.Length; i++)
        {
            IntegerPower(registers[i], n).CopyTo(result[(i * Vector<double>.Count)..]);
        }

        for (var i = whole; i < x.Length; i++)
        {
            result[i] = ScalarFunctions.IntegerPower(x[i], n);
        }
    }

    /// <summary>dⁿ/dxⁿ e^(−ax²), as <see cref="ScalarFunctions.Gaussian"/>.</summary>
    public static void Gaussian(int n, double a, ReadOnlySpan<double> x, Span<double> result)
    {
        var whole = x.Length - (x.Length % Vector<double>.Count);
        for (var i = 0; i < whole; i += Vector<double>.Count)
        {
            Gaussian(n, a, new Vector<double>(x[i..])).CopyTo(result[i..]);
        }

        for (var i = whole; i < x.Length; i++)
        {
            result[i] = ScalarFunctions.Gaussian(n, a, x[i]);
        }
    }

    private static Vector<double> Gaussian(int n, double a, Vector<double> x)
    {
        var square = x * x;
        var gaussian = Vector.Exp(square * -a);
        var (before, polynomial) = (new Vector<double>(-0.0), Vector<double>.One);
        for (var k = 0; k < n; k++)
        {
            (before, polynomial) = (polynomial, Vector.FusedMultiplyAdd(x, polynomial, before * k) * (-2 * a));
        }

        var corrected = Vector.FusedMultiplyAdd(Vector.FusedMultiplyAdd(x, x, -square) * -a, gaussian, gaussian);
        return Vector.ConditionalSelect(Vector.Equals(gaussian, Vector<double>.Zero), Vector<double>.Zero, polynomial * corrected);
    }

    /// <summary>a/√(a² + b²), as <see cref="ScalarFunctions.DirectionCosine"/>, which takes the elements whose squares overflow or vanish.</summary>
    public static void DirectionCosine(Lane a, Lane b, Span<double> result)
    {
        for (var start = 0; start < result.Length; start += Vector<double>.Count)
        {
            var end = start + Vector<double>.Count;
            if (end <= result.Length)
            {
                var (x, y) = (VectorKernels.Load(a, start), VectorKernels.Load(b, start));
                var squares = (x * x) + (y * y);
                if (Vector.GreaterThanAll(squares, new Vector<double>(1e-270)) && Vector.LessThanAll(squares, new Vector<double>(1e300)))
                {
                    (x / Vector.SquareRoot(squares)).CopyTo(result[start..]);
                    continue;
                }
            }

            for (var i = start; i < Math.Min(end, result.Length); i++)
            {
                result[i] = ScalarFunctions.DirectionCosine(a[i], b[i]);
            }
        }
    }

    private static Vector<double> IntegerPower(Vector<double> x, int n)
    {
        var (value, error) = (Vector<double>.One, Vector<double>.Zero);
        var (square, squareError) = (x, Vector<double>.Zero);
        for (var bits = Math.Abs((long)n); bits > 0; bits >>= 1)
        {
            if (long.IsOddInteger(bits))
            {
                (value, error) = Product(value, error, square, squareError);
            }

            (square, squareError) = Product(square, squareError, square, squareError);
        }

        // An error of 0 is not added, since −0 + 0 is 0; nor is one that is no number.
        var counts = Vector.LessThanOrEqual(Vector.Abs(error), new Vector<double>(double.MaxValue)) & ~Vector.Equals(error, Vector<double>.Zero);
        var power = Vector.ConditionalSelect(counts, value + error, value);
        return n < 0 ? Vector<double>.One / power : power;
    }

    private static (Vector<double> Value, Vector<double> Error) Product(Vector<double> a, Vector<double> aError, Vector<double> b, Vector<double> bError) =>
        (a * b, Vector.FusedMultiplyAdd(a, b, -(a * b)) + (a * bError) + (b * aError));

    /// <summary>1 / (1 + e⁻ˣ), as <see cref="ScalarFunctions.Sigmoid"/>.</summary>
    public readonly struct Sigmoid : IFunction
    {
        public static Vector<double> Of(Vector<double> x)
        {
            var e = Vector.Exp(-Vector.Abs(x));
            return Vector.ConditionalSelect(Vector.LessThan(x, Vector<double>.Zero), e, Vector<double>.One) / (Vector<double>.One + e);
        }
    }

    /// <summary>e/(1 + e)², e = e^−|x|, as <see cref="ScalarFunctions.LogisticDensity"/>.</summary>
    public readonly struct LogisticDensity : IFunction
    {
        public static Vector<double> Of(Vector<double> x)
        {
            var e = Vector.Exp(-Vector.Abs(x));
            return e / ((Vector<double>.One + e) * (Vector<double>.One + e));
        }
    }

    /// <summary>1/√((1 − x)(1 + x)), as <see cref="ScalarFunctions.AsinDerivative"/>.</summary>
    public readonly struct AsinDerivative : IFunction
    {
        public static Vector<double> Of(Vector<double> x) =>
            Vector<double>.One / Vector.SquareRoot((Vector<double>.One - x) * (Vector<double>.One + x));
    }

    /// <summary>
    /// x + x³·P(x²)/Q(x²) for |x| &lt; 0.625 with the coefficients of S. L. Moshier's Cephes library, and 1 − 2/(e²ˣ + 1) above.
    /// </summary>
    public readonly struct Tanh : IFunction
    {
        public static Vector<double> Of(Vector<double> x)
        {
            var size = Vector.Abs(x);
            var z = x * x;
            var p = (((z * -9.64399179425052238628e-1) - new Vector<double>(9.92877231001918586564e1)) * z) - new Vector<double>(1.61468768441708447952e3);
            var q = ((((z + new Vector<double>(1.12811678491632931402e2)) * z) + new Vector<double>(2.23548839060100448583e3)) * z) + new Vector<double>(4.84406305325125486048e3);
            var near = size + (size * z * (p / q));
            var far = Vector<double>.One - (new Vector<double>(2) / (Vector.Exp(size + size) + Vector<double>.One));
            return Vector.CopySign(Vector.ConditionalSelect(Vector.LessThan(size, new Vector<double>(0.625)), near, far), x);
        }
    }

    /// <summary>2ⁿ·e^(f·log 2) for x = n + f with a whole n and |f| ≤ ½.</summary>
    public readonly struct Exp2 : IFunction
    {
        // Where 2ˣ has long overflowed or vanished.
        private const double Most = 1100;

        // Added to a whole number, it leaves the number and the bias of exponents in the last bits.
        private const double Shift = 6755399441055744 + 1023;

        public static Vector<double> Of(Vector<double> x)
        {
            var near = Vector.Min(Vector.Max(x, new Vector<double>(-Most)), new Vector<double>(Most));
            var n = Vector.Round(near);

            // In two factors, since 2ⁿ alone may be too small or too large for a double where the result is not.
            var half = Vector.Floor(n * 0.5);
            return Vector.Exp((near - n) * Math.Log(2)) * PowerOfTwo(half) * PowerOfTwo(n - half);
        }

        private static Vector<double> PowerOfTwo(Vector<double> n) =>
            Vector.AsVectorDouble(Vector.AsVectorInt64(n + new Vector<double>(Shift)) << 52);
    }
}
