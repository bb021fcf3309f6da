// The operations of linear algebra on one matrix of numbers. They depend on numbers and spans alone, since the text of this folder is also part
// of the files that CompiledFunction.ToCSharp writes.

namespace Autodiff.Functional.Numerics;

/// <summary>What computes the results of operations on one matrix.</summary>
internal static class MatrixKernels
{
    // The distance from 1 to the next double, 2⁻⁵²: singular values below max(m, n) times this, relative to the largest, are rounding errors.
    private const double Rounding = 1.0 / (1L << 52);

    /// <summary>Computes the result for one matrix, all of whose elements are finite.</summary>
    public delegate void Kernel(in Matrix a, Span<double> result);

    /// <summary>Computes the results for each matrix of a batch: NaN for matrices that are not finite.</summary>
    /// <param name="kernel">The operation.</param>
    /// <param name="matrices">The matrices.</param>
    /// <param name="ofNone">The value of all elements of the results for matrices without elements.</param>
    /// <param name="results">The results, one after another.</param>
    public static void ForEach(Kernel kernel, Matrices matrices, double ofNone, Span<double> results)
    {
        if (matrices.Size == 0)
        {
            results.Fill(ofNone);
            return;
        }

        var length = results.Length / Math.Max(matrices.Count, 1);
        for (var i = 0; i < matrices.Count; i++)
        {
            var result = results.Slice(i * length, length);
            if (matrices[i].IsFinite)
            {
                kernel(matrices[i], result);
            }
            else
            {
                result.Fill(double.NaN);
            }
        }
    }

    public static void Det(in Matrix a, Span<double> result) => result[0] = new SquareSystem(a.Elements, a.Rows).Determinant.Value;

    public static void LogDet(in Matrix a, Span<double> result) => result[0] = new SquareSystem(a.Elements, a.Rows).Determinant.LogMagnitude;

    /// <summary>The sign of the determinant, which is 0 for a singular matrix.</summary>
    public static void DetSign(in Matrix a, Span<double> result) => result[0] = Math.Sign(new SquareSystem(a.Elements, a.Rows).Determinant.Significand);

    /// <summary>The matrix of cofactors; of matrices with directions below them also its derivatives.</summary>
    public static void CofactorMatrix(in Matrix a, Span<double> result) => Cofactors.Of(a.Elements, a.Columns, result);

    public static void Inverse(in Matrix a, Span<double> result)
    {
        var system = new SquareSystem(a.Elements, a.Rows);
        if (system.IsSingular)
        {
            throw a.Singular();
        }

        system.Invert(result);
    }

    /// <summary>The inverse, or NaN for a singular matrix.</summary>
    public static void InverseOrNaN(in Matrix a, Span<double> result)
    {
        var system = new SquareSystem(a.Elements, a.Rows);
        if (system.IsSingular)
        {
            result.Fill(double.NaN);
        }
        else
        {
            system.Invert(result);
        }
    }

    /// <summary>A factored matrix, packed.</summary>
    public static void Factors(in Matrix a, Span<double> result)
    {
        var system = new SquareSystem(a.Elements, a.Rows);
        if (system.IsSingular)
        {
            throw a.Singular();
        }

        system.Pack(result);
    }

    /// <summary>Factors the symmetric part in units (powers of 2) that bring very large or very small diagonal elements near 1.</summary>
    public static void Cholesky(in Matrix a, Span<double> result)
    {
        var n = a.Rows;
        a.SymmetricPart().CopyTo(result);
        var units = new int[n];
        for (var i = 0; i < n; i++)
        {
            units[i] = PowersOfTwo.Unit(PowersOfTwo.Exponent(result[i * (n + 1)])) / 2;
        }

        for (var i = 0; i < n; i++)
        {
            var row = result.Slice(i * n, n);
            row[(i + 1)..].Clear();
            for (var j = 0; j <= i; j++)
            {
                row[j] = Math.ScaleB(row[j], -units[i] - units[j]);
                var rest = row[j] - RowOperations.Dot(row[..j], result.Slice(j * n, j));
                if (i == j && !(rest > 0))
                {
                    throw a.Error("is not positive definite, so it has no Cholesky factor; Eigh takes any symmetric matrix");
                }

                row[j] = i == j ? Math.Sqrt(rest) : rest / result[j * (n + 1)];
            }
        }

        for (var i = 0; i < n; i++)
        {
            PowersOfTwo.Scale(result.Slice(i * n, i + 1), units[i]);
        }
    }

    /// <summary>The elements of Q and then those of R, whose diagonal is not negative.</summary>
    public static void Qr(in Matrix a, Span<double> result)
    {
        var (rows, columns) = (a.Rows, a.Columns);
        var factored = new Reflections(a.Transposed(), rows, columns);
        var q = new double[rows * columns];
        var r = result[q.Length..];
        r.Clear();
        for (var k = 0; k < columns; k++)
        {
            var sign = factored.R(k, k) < 0 ? -1 : 1;
            q[k * (rows + 1)] = sign;
            factored.Turn(q.AsSpan(k * rows, rows));
            for (var j = k; j < columns; j++)
            {
                r[(k * columns) + j] = sign * Math.ScaleB(factored.R(k, j), factored.Units[j]);
            }
        }

        Matrix.Transpose(q, columns, rows, result);
    }

    /// <summary>A column of the eigenvalues of the symmetric part, ascending, and beside it the eigenvectors.</summary>
    public static void Eigh(in Matrix a, Span<double> result)
    {
        var n = a.Rows;
        var system = new SymmetricEigen(a.SymmetricPart(), n);
        for (var i = 0; i < n; i++)
        {
            result[i * (n + 1)] = system.Values[i];
            for (var j = 0; j < n; j++)
            {
                result[(j * (n + 1)) + i + 1] = system.Vector(i)[j];
            }
        }
    }

    /// <summary>The elements of U, then the singular values, then the elements of Vᵀ.</summary>
    public static void Svd(in Matrix a, Span<double> result)
    {
        var rank = Math.Min(a.Rows, a.Columns);
        var isTall = a.Rows >= a.Columns;
        var decomposed = isTall ? new JacobiSvd(a.Transposed(), a.Rows, a.Columns) : new JacobiSvd(a.Elements.ToArray(), a.Columns, a.Rows);
        var (u, v) = isTall ? (decomposed.U, decomposed.V) : (decomposed.V, decomposed.U);
        Matrix.Transpose(u, rank, a.Rows, result);
        decomposed.S.CopyTo(result[u.Length..]);
        v.CopyTo(result[(u.Length + rank)..]);
    }

    /// <summary>The sum of the singular values.</summary>
    public static void NuclearNorm(in Matrix a, Span<double> result)
    {
        var rank = Math.Min(a.Rows, a.Columns);
        var factors = new double[rank * (a.Rows + 1 + a.Columns)].AsSpan();
        Svd(a, factors);
        result[0] = 0;
        foreach (var value in factors.Slice(a.Rows * rank, rank))
        {
            result[0] += value;
        }
    }

    /// <summary>
    /// The elements of P, which has a 1 in each row and column, then those of L, lower triangular with ones on its diagonal, and of U, upper triangular, of
    /// A = P L U for at least as many rows as columns. The largest remaining element of a column is its pivot, the first of several.
    /// </summary>
    public static void Lu(in Matrix a, Span<double> result)
    {
        var (rows, n) = (a.Rows, a.Columns);
        var (factors, order) = (a.Elements.ToArray(), new int[rows]);
        for (var i = 0; i < rows; i++)
        {
            order[i] = i;
        }

        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < rows; i++)
            {
                pivot = Math.Abs(factors[(i * n) + k]) > Math.Abs(factors[(pivot * n) + k]) ? i : pivot;
            }

            RowOperations.Swap(factors, n, k, pivot);
            (order[k], order[pivot]) = (order[pivot], order[k]);
            for (var i = k + 1; i < rows && factors[k * (n + 1)] != 0; i++)
            {
                if (factors[(i * n) + k] != 0)
                {
                    var factor = factors[(i * n) + k] /= factors[k * (n + 1)];
                    RowOperations.AddMultiple(factors.AsSpan((i * n) + k + 1, n - k - 1), -factor, factors.AsSpan((k * n) + k + 1, n - k - 1));
                }
            }
        }

        result.Clear();
        var lower = result[(rows * rows)..];
        var upper = result[(rows * (rows + n))..];
        for (var i = 0; i < rows; i++)
        {
            result[(order[i] * rows) + i] = 1;
            for (var j = 0; j < n; j++)
            {
                if (i <= j)
                {
                    upper[(i * n) + j] = factors[(i * n) + j];
                }

                if (i >= j)
                {
                    lower[(i * n) + j] = i == j ? 1 : factors[(i * n) + j];
                }
            }
        }
    }

    /// <summary>The principal square root.</summary>
    public static void Sqrtm(in Matrix a, Span<double> result) => PrincipalFunctions.Sqrtm(a, result);

    /// <summary>The principal logarithm; of matrices with directions below them also its derivatives.</summary>
    public static void Logm(in Matrix a, Span<double> result) => PrincipalFunctions.Logm(a, result);

    /// <summary>U Vᵀ over the singular vectors of values that are not rounding errors: of a matrix of full rank its polar factor.</summary>
    public static void PartialIsometry(in Matrix a, Span<double> result) => PolarFactor(a, result, isPartial: true);

    public static void PolarFactor(in Matrix a, Span<double> result) => PolarFactor(a, result, isPartial: false);

    private static void PolarFactor(in Matrix a, Span<double> result, bool isPartial)
    {
        var (rows, columns) = (a.Rows, a.Columns);
        var rank = Math.Min(rows, columns);
        var factors = new double[rank * (rows + 1 + columns)].AsSpan();
        Svd(a, factors);
        var u = factors[..(rows * rank)];
        var values = factors.Slice(rows * rank, rank);
        var vt = factors[((rows + 1) * rank)..];
        if (!isPartial && IsRounding(values[^1], values[0], rows, columns))
        {
            throw a.Error(FormattableString.Invariant(
                $"has linearly dependent {(rows < columns ? "rows" : "columns")} to rounding, with singular values from {values[0]:G3} to {values[^1]:G3}, so its polar factor is not unique; Svd takes matrices of any rank"));
        }

        result.Clear();
        for (var row = 0; row < rows; row++)
        {
            var sum = result.Slice(row * columns, columns);
            for (var k = 0; k < rank && !IsRounding(values[k], values[0], rows, columns); k++)
            {
                RowOperations.AddMultiple(sum, u[(row * rank) + k], vt.Slice(k * columns, columns));
            }
        }
    }

    /// <summary>Whether the smallest singular value of a matrix is a rounding error relative to the largest.</summary>
    public static bool IsRounding(double smallest, double largest, int rows, int columns) => !(smallest > Math.Max(rows, columns) * Rounding * largest);

    /// <summary>The exponential; of matrices with directions below them also its derivatives.</summary>
    public static void Expm(in Matrix a, Span<double> result) => MatrixExponential.Of(a.Elements, a.Columns, RowOperations.Product, result);

    /// <summary>The same with products by blocks, for matrices that do not fit into the first-level cache.</summary>
    public static void ExpmByBlocks(in Matrix a, Span<double> result) => MatrixExponential.Of(a.Elements, a.Columns, ProductByBlocks, result);

    private static double[] ProductByBlocks(double[] a, double[] b, int n)
    {
        var product = new double[n * n];
        MatrixProduct.Multiply(new(n, n, n), a, b, product);
        return product;
    }
}
