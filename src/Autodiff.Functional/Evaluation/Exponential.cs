// The exponential of a matrix, by scaling and squaring around a Padé approximant of degree 13. (N. J. Higham, The scaling and
// squaring method for the matrix exponential revisited, SIAM J. Matrix Anal. Appl. 26, 2005.)

using System.Numerics.Tensors;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Autodiff.Functional.Evaluation;

internal static class Exponential
{
    // The approximant is exact to rounding for matrices of norm 5.4; to this one so are three derivatives of it.
    private const double LargestNorm = 4;

    private static readonly double[] s_coefficients =
    [
        64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
        670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
    ];

    /// <summary>
    /// exp A. A matrix that is nested to a depth has one and the same block along its diagonal, and only zeros below. What
    /// stands above are directions of a derivative, which is linear in each: their size does not count for the scaling.
    /// </summary>
    public static void Of(in Matrix a, int depth, Span<double> result)
    {
        var n = a.Rows;
        var squarings = Math.Max(0, (int)Math.Ceiling(Math.Log2(Norm(a, n >> depth) / LargestNorm)));
        var scaled = new double[n * n];
        TensorPrimitives.Multiply(a.Elements, Math.ScaleB(1, -squarings), scaled);
        var power = Approximant(scaled, n);
        for (var i = 0; i < squarings; i++)
        {
            power = Product(power, power, n);
        }

        power.CopyTo(result);
    }

    // (V − U)⁻¹ (V + U), with V the even and U the odd part of the numerator. All these matrices commute, and none cares
    // whether it is read by rows or by columns.
    private static double[] Approximant(double[] a, int n)
    {
        var a2 = Product(a, a, n);
        var a4 = Product(a2, a2, n);
        var a6 = Product(a2, a4, n);
        double[] Combined(double c6, double c4, double c2, double c0)
        {
            var sum = new double[n * n];
            TensorPrimitives.Multiply(a6, c6, sum);
            TensorPrimitives.MultiplyAdd(a4, c4, sum, sum);
            TensorPrimitives.MultiplyAdd(a2, c2, sum, sum);
            for (var i = 0; i < n; i++)
            {
                sum[(i * n) + i] += c0;
            }

            return sum;
        }

        double[] Part(int parity)
        {
            var c = s_coefficients;
            var part = Product(a6, Combined(c[12 + parity], c[10 + parity], c[8 + parity], 0), n);
            TensorPrimitives.Add(part, Combined(c[6 + parity], c[4 + parity], c[2 + parity], c[parity]), part);
            return part;
        }

        var (even, odd) = (Part(0), Product(a, Part(1), n));
        var (sum, difference, pivots) = (new double[n * n], new double[n * n], new int[n]);
        TensorPrimitives.Add(even, odd, sum);
        TensorPrimitives.Subtract(even, odd, difference);
        LinearAlgebraControl.Provider.LUFactor(difference, n, pivots);
        LinearAlgebraControl.Provider.LUSolveFactored(n, difference, n, pivots, sum);
        return sum;
    }

    private static double[] Product(double[] a, double[] b, int n)
    {
        var product = new double[n * n];
        LinearAlgebraControl.Provider.MatrixMultiply(a, n, n, b, n, n, product);
        return product;
    }

    /// <summary>The largest sum of absolute values in a row of the leading block.</summary>
    private static double Norm(in Matrix a, int size)
    {
        var norm = 0.0;
        for (var row = 0; row < size; row++)
        {
            norm = Math.Max(norm, TensorPrimitives.SumOfMagnitudes(a.Elements.Slice(row * a.Columns, size)));
        }

        return norm;
    }
}
