// The principal square root and logarithm of real matrices, by Schur forms. (Å. Björck and S. Hammarling, A Schur method for the square root of a
// matrix, 1983; A. H. Al-Mohy and N. J. Higham, Improved inverse scaling and squaring algorithms for the matrix logarithm, SIAM J. Sci. Comput. 34, 2012.)

using System.Numerics;

namespace Autodiff.Functional.Numerics;

/// <summary>Functions of a real matrix that are those of its triangular Schur form, computed in the basis of that form.</summary>
internal static class PrincipalFunctions
{
    // The nodes and weights of the quadrature of Gauss and Legendre on [0, 1] with eight points. Of log(1 + x) = ∫ x/(1 + tx) dt, they give the diagonal Padé
    // approximant of degree 8, whose error is below rounding up to |x| = 0.34.
    private static readonly double[] s_nodes =
    [
        0.019855071751231884, 0.10166676129318664, 0.2372337950418355, 0.4082826787521751, 0.5917173212478249, 0.7627662049581645, 0.8983332387068134, 0.9801449282487681,
    ];

    private static readonly double[] s_weights =
    [
        0.05061426814518813, 0.11119051722668724, 0.15685332293894363, 0.18134189168918100, 0.18134189168918100, 0.15685332293894363, 0.11119051722668724, 0.05061426814518813,
    ];

    // The largest norm for which the approximant is used; each direction of a derivative halves it, since differentiation multiplies the error by its
    // power, 17, divided by the norm.
    private const double Radius = 0.25;

    // The largest number of square roots. The logarithm of a double is below 745, which 12 halvings bring below the radius; the others are for parts beside
    // the diagonal, which are halved too, from at most 2¹⁰²⁴.
    private const int MostRoots = 1100;

    private const double Rounding = 1.0 / (1L << 52);

    /// <summary>The square root whose eigenvalues have positive real parts.</summary>
    public static void Sqrtm(in Matrix a, Span<double> result)
    {
        var n = a.Rows;
        var unit = PowersOfTwo.Unit(PowersOfTwo.Range(a.Elements));
        unit -= unit & 1;
        var form = FormOf(a, unit);
        for (var i = 0; i < n; i++)
        {
            ref var eigenvalue = ref form.T[i * (n + 1)];
            if (IsNegative(eigenvalue, form.T))
            {
                // An eigenvalue that cannot be told from 0 is 0.
                eigenvalue = eigenvalue.Real >= -Tolerance(form.T) ? 0 : throw NoRoot(a, Math.ScaleB(eigenvalue.Real, unit), "real principal square root");
            }
        }

        if (!TryRoot(form.T, n, Tolerance(form.T)))
        {
            throw a.Error("is singular and has no square root: an eigenvalue 0 has fewer eigenvectors than its multiplicity");
        }

        form.Leave(form.T, form, result);
        PowersOfTwo.Scale(result, unit / 2);
    }

    /// <summary>
    /// The logarithm whose eigenvalues have imaginary parts between −π and π; of matrices with directions below them also its derivatives. A + εE is the
    /// matrix ((A, E), (0, A)), which is triangular where A is.
    /// </summary>
    public static void Logm(in Matrix a, Span<double> result)
    {
        var n = a.Columns;
        var (size, sets) = (n * n, a.Rows / n);
        var unit = PowersOfTwo.Unit(PowersOfTwo.Range(a.Elements[..size]));
        var form = FormOf(a, unit);
        for (var i = 0; i < n; i++)
        {
            var eigenvalue = form.T[i * (n + 1)];
            if (eigenvalue == 0)
            {
                throw a.Error("is singular, so it has no logarithm");
            }

            if (IsNegative(eigenvalue, form.T))
            {
                throw NoRoot(a, Math.ScaleB(eigenvalue.Real, unit), "real principal logarithm");
            }
        }

        // Directions in units in which they are no larger than the matrix.
        var sizes = new int[sets];
        for (var set = 0; set < sets; set++)
        {
            sizes[set] = PowersOfTwo.Largest(a.Elements.Slice(set * size, size)) - unit;
        }

        var scales = NilpotentUnits.Scales(sizes);
        var coefficients = new Complex[sets][];
        coefficients[0] = form.T;
        for (var set = 1; set < sets; set++)
        {
            var direction = a.Elements.Slice(set * size, size).ToArray();
            PowersOfTwo.Scale(direction, scales[set] - unit);
            coefficients[set] = form.Enter(direction, form);
        }

        var whole = Represented(coefficients, n);
        Logarithm(whole, n, sets);
        for (var set = 0; set < sets; set++)
        {
            var part = new Complex[size];
            for (var row = 0; row < n; row++)
            {
                whole.AsSpan((row * n * sets) + (set * n), n).CopyTo(part.AsSpan(row * n));
            }

            form.Leave(part, form, result.Slice(set * size, size));
            PowersOfTwo.Scale(result.Slice(set * size, size), -scales[set]);
        }

        for (var i = 0; i < n && unit != 0; i++)
        {
            result[i * (n + 1)] += unit * Math.Log(2);
        }
    }

    /// <summary>The Schur form of a square matrix divided by a power of two; of one with directions below it that of the matrix itself.</summary>
    private static SchurForm FormOf(in Matrix a, int unit)
    {
        var scaled = a.Elements[..(a.Columns * a.Columns)].ToArray();
        PowersOfTwo.Scale(scaled, -unit);
        return SchurForm.Of(scaled, a.Columns) ?? throw a.Error("has a Schur form that the QR algorithm does not reach");
    }

    /// <summary>Whether an eigenvalue is on the negative real axis, or at 0, as far as rounding lets that be known.</summary>
    private static bool IsNegative(Complex eigenvalue, Complex[] t) => eigenvalue.Real <= 0 && Math.Abs(eigenvalue.Imaginary) <= Tolerance(t);

    private static double Tolerance(Complex[] t)
    {
        var largest = 0.0;
        foreach (var element in t)
        {
            largest = Math.Max(largest, Complex.Abs(element));
        }

        return Rounding * largest * Math.Sqrt(Math.Sqrt(t.Length));
    }

    private static AutodiffException NoRoot(in Matrix a, double eigenvalue, string what) =>
        a.Error(FormattableString.Invariant($"has the eigenvalue {eigenvalue:G3}, so it has no {what}; a real matrix has one if none of its eigenvalues is a negative number"));

    /// <summary>The matrix over numbers with nilpotent units as a matrix of plain numbers: in the block of rows p and columns q ⊇ p the coefficient of q − p.</summary>
    private static Complex[] Represented(Complex[][] coefficients, int n)
    {
        var sets = coefficients.Length;
        if (sets == 1)
        {
            return [.. coefficients[0]];
        }

        var whole = new Complex[sets * sets * n * n];
        for (var p = 0; p < sets; p++)
        {
            for (var q = p; q < sets; q++)
            {
                for (var row = 0; (p & ~q) == 0 && row < n; row++)
                {
                    coefficients[q ^ p].AsSpan(row * n, n).CopyTo(whole.AsSpan((((p * n) + row) * sets * n) + (q * n)));
                }
            }
        }

        return whole;
    }

    /// <summary>The square root of an upper triangular matrix, in place; false if there is none.</summary>
    /// <param name="t">The matrix.</param>
    /// <param name="n">How many rows it has.</param>
    /// <param name="tolerance">How large an element between eigenvalues 0 may be that stands for 0.</param>
    private static bool TryRoot(Complex[] t, int n, double tolerance)
    {
        for (var i = 0; i < n; i++)
        {
            t[i * (n + 1)] = Complex.Sqrt(t[i * (n + 1)]);
        }

        // Row i of U beside the diagonal: uᵢⱼ (uᵢᵢ + uⱼⱼ) = tᵢⱼ − Σ uᵢₖ uₖⱼ, with the rows below known.
        for (var i = n - 1; i >= 0; i--)
        {
            var row = t.AsSpan(i * n, n);
            for (var j = i + 1; j < n; j++)
            {
                var sum = row[i] + t[j * (n + 1)];
                if (sum == 0)
                {
                    if (Complex.Abs(row[j]) > tolerance)
                    {
                        return false;
                    }

                    row[j] = 0;
                    continue;
                }

                row[j] /= sum;
                ComplexMatrices.AddMultiple(row[(j + 1)..], -row[j], t.AsSpan((j * n) + j + 1, n - j - 1));
            }
        }

        return true;
    }

    /// <summary>The logarithm of an upper triangular matrix of blocks, in place.</summary>
    private static void Logarithm(Complex[] t, int n, int sets)
    {
        var length = n * sets;
        var (given, logarithms) = ((Complex[])t.Clone(), new Complex[length]);
        for (var i = 0; i < length; i++)
        {
            logarithms[i] = Complex.Log(t[i * (length + 1)]);
        }

        var (roots, radius) = (0, Radius / sets);
        for (; roots < MostRoots && Distance(t, n, length, logarithms, roots) > radius; roots++)
        {
            _ = TryRoot(t, length, 0);
        }

        // Without the ones that cancel: exp(λ/2ˢ) − 1 on the diagonal.
        for (var i = 0; i < length; i++)
        {
            t[i * (length + 1)] = LessOne(logarithms[i], roots);
        }

        var sum = new Complex[t.Length];
        for (var node = 0; node < s_nodes.Length; node++)
        {
            AddQuotient(t, s_nodes[node], s_weights[node], length, sum);
        }

        for (var i = 0; i < t.Length; i++)
        {
            t[i] = Math.ScaleB(1, roots) * sum[i];
        }

        for (var i = 0; i < length; i++)
        {
            t[i * (length + 1)] = logarithms[i];
            if (i + 1 < length)
            {
                var place = (i * length) + i + 1;
                t[place] = given[place] * Slope(given[i * (length + 1)], given[(i + 1) * (length + 1)], logarithms[i], logarithms[i + 1]);
            }
        }
    }

    /// <summary>The root of the norm of X² or the cube root of that of X³, whichever is larger, for X = T − 1: a bound on what powers of X grow like.</summary>
    private static double Distance(Complex[] t, int n, int length, Complex[] logarithms, int roots)
    {
        var x = new Complex[n * n];
        for (var i = 0; i < n; i++)
        {
            t.AsSpan(i * length, n).CopyTo(x.AsSpan(i * n));
            x[i * (n + 1)] = LessOne(logarithms[i], roots);
        }

        var norm = Norm(x, n);
        if (norm <= Radius / (length / n) || norm > 1e100)
        {
            return norm;
        }

        var square = ComplexMatrices.Product(x, x, n, n, n);
        return Math.Min(norm, Math.Max(Math.Sqrt(Norm(square, n)), Math.Cbrt(Norm(ComplexMatrices.Product(square, x, n, n, n), n))));
    }

    private static double Norm(Complex[] x, int n)
    {
        var norm = 0.0;
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            foreach (var element in x.AsSpan(i * n, n))
            {
                sum += Complex.Abs(element);
            }

            norm = Math.Max(norm, sum);
        }

        return norm;
    }

    /// <summary>exp(λ/2ˢ) − 1, without cancellation.</summary>
    private static Complex LessOne(Complex logarithm, int halvings)
    {
        var z = Math.ScaleB(1, -halvings) * logarithm;
        var (growth, sine) = (ScalarFunctions.ExpM1(z.Real), Math.Sin(z.Imaginary / 2));
        return new((growth * Math.Cos(z.Imaginary)) - (2 * sine * sine), (growth + 1) * Math.Sin(z.Imaginary));
    }

    /// <summary>sum += w (1 + tX)⁻¹ X for an upper triangular X, by substitution from the last row up.</summary>
    private static void AddQuotient(Complex[] x, double node, double weight, int length, Complex[] sum)
    {
        var quotient = new Complex[x.Length];
        for (var i = length - 1; i >= 0; i--)
        {
            var row = quotient.AsSpan((i * length) + i, length - i);
            x.AsSpan((i * length) + i, length - i).CopyTo(row);
            for (var k = i + 1; k < length; k++)
            {
                ComplexMatrices.AddMultiple(row[(k - i)..], -node * x[(i * length) + k], quotient.AsSpan((k * length) + k, length - k));
            }

            var divisor = 1 + (node * x[i * (length + 1)]);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] /= divisor;
            }

            ComplexMatrices.AddMultiple(sum.AsSpan((i * length) + i, length - i), weight, row);
        }
    }

    /// <summary>(log b − log a)/(b − a), or 1/a if they are equal.</summary>
    private static Complex Slope(Complex a, Complex b, Complex logOfA, Complex logOfB)
    {
        var z = (b - a) / (a + b);
        var squared = (z.Real * z.Real) + (z.Imaginary * z.Imaginary);
        const double near = 0.1;
        if (!(squared <= near) || Math.Abs(logOfB.Imaginary - logOfA.Imaginary) > Math.PI)
        {
            return (logOfB - logOfA) / (b - a);
        }

        // 2 artanh(z)/(b − a) with artanh(z)/z = 1 + z²/3 + z⁴/5 + …, of which 17 terms reach rounding.
        const int terms = 17;
        var (square, series) = (z * z, Complex.Zero);
        for (var k = terms; k >= 0; k--)
        {
            series = (series * square) + (1.0 / ((2 * k) + 1));
        }

        return series * 2 / (a + b);
    }
}
