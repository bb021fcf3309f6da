// Linear algebra on matrices of any number type. These are the textbook algorithms: the numbers of a type with more digits than double need no
// refined ones, and other types none that are tuned for speed.

using System.Numerics;

namespace Autodiff.Functional.NumberTypes;

/// <summary>Matrices by rows. Where magnitudes matter, as for pivots, those of the approximate values decide.</summary>
internal static class FieldMatrices
{
    // Jacobi's rotations converge at a quadratic rate. A sweep that finds nothing to rotate in the approximate values is followed by some
    // more, in which the further digits, and the tangents of numbers that have any, converge.
    private const int MostSweeps = 60;
    private const int FinalSweeps = 4;

    // The terms of the exponential series of a matrix of norm 2⁻⁴ that reach 10⁻³⁴.
    private const int ExponentialTerms = 18;
    private const int ExponentialScale = 4;

    /// <summary>The product of an m×k and a k×n matrix.</summary>
    public static T[] Product<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int m, int k, int n)
        where T : INumberBase<T>
    {
        var product = new T[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = T.Zero;
                for (var l = 0; l < k; l++)
                {
                    sum += a[(i * k) + l] * b[(l * n) + j];
                }

                product[(i * n) + j] = sum;
            }
        }

        return product;
    }

    public static T[] Transposed<T>(ReadOnlySpan<T> a, int rows, int columns)
    {
        var transposed = new T[a.Length];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                transposed[(j * rows) + i] = a[(i * columns) + j];
            }
        }

        return transposed;
    }

    public static T[] Identity<T>(int n)
        where T : INumberBase<T>
    {
        var identity = new T[n * n];
        Array.Fill(identity, T.Zero);
        for (var i = 0; i < n; i++)
        {
            identity[i * (n + 1)] = T.One;
        }

        return identity;
    }

    /// <summary>The mean of a square matrix and its transpose.</summary>
    public static T[] SymmetricPart<T>(NumberField<T> field, ReadOnlySpan<T> a, int n)
        where T : INumberBase<T>
    {
        var part = a.ToArray();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                part[(i * n) + j] = part[(j * n) + i] = field.Scaled(a[(i * n) + j] + a[(j * n) + i], -1);
            }
        }

        return part;
    }

    /// <summary>
    /// Eliminates a square matrix with partial pivoting, in place, and the same of right-hand sides, which become the solutions. Returns the pivots, with
    /// the sign of the exchanges of rows in the first; null if one is 0, so that the matrix is singular.
    /// </summary>
    public static T[]? Eliminate<T>(NumberField<T> field, T[] a, T[] sides, int n)
        where T : INumberBase<T>
    {
        var columns = n == 0 ? 0 : sides.Length / n;
        var pivots = new T[n];
        var isOdd = false;
        for (var k = 0; k < n; k++)
        {
            var best = k;
            for (var row = k + 1; row < n; row++)
            {
                best = field.Magnitude(a[(row * n) + k]) > field.Magnitude(a[(best * n) + k]) ? row : best;
            }

            if (T.IsZero(a[(best * n) + k]))
            {
                return null;
            }

            Exchange(a, n, k, best);
            Exchange(sides, columns, k, best);
            isOdd ^= best != k;
            pivots[k] = a[(k * n) + k];
            for (var row = k + 1; row < n; row++)
            {
                var factor = a[(row * n) + k] / pivots[k];
                Subtract(a, n, row, factor, k);
                Subtract(sides, columns, row, factor, k);
            }
        }

        for (var k = n - 1; k >= 0 && columns > 0; k--)
        {
            for (var row = k + 1; row < n; row++)
            {
                Subtract(sides, columns, k, a[(k * n) + row], row);
            }

            for (var j = 0; j < columns; j++)
            {
                sides[(k * columns) + j] /= pivots[k];
            }
        }

        if (isOdd)
        {
            pivots[0] = -pivots[0];
        }

        return pivots;
    }

    /// <summary>The lower triangular L with L Lᵀ = a; null if a is not positive definite.</summary>
    public static T[]? Cholesky<T>(NumberField<T> field, ReadOnlySpan<T> a, int n)
        where T : INumberBase<T>
    {
        var l = new T[n * n];
        Array.Fill(l, T.Zero);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = a[(i * n) + j];
                for (var k = 0; k < j; k++)
                {
                    rest -= l[(i * n) + k] * l[(j * n) + k];
                }

                if (i == j && !(field.Approximate(rest) > 0))
                {
                    return null;
                }

                l[(i * n) + j] = i == j ? field.Apply(Op.Sqrt, rest) : rest / l[j * (n + 1)];
            }
        }

        return l;
    }

    /// <summary>Q with orthonormal columns and the upper triangular R with diagonal ≥ 0, by Householder's reflections; Q R = a of at least as many rows as columns.</summary>
    public static (T[] Q, T[] R) Qr<T>(NumberField<T> field, ReadOnlySpan<T> a, int rows, int columns)
        where T : INumberBase<T>
    {
        var r = a.ToArray();
        var q = new T[rows * columns];
        Array.Fill(q, T.Zero);
        var reflections = new (T[] Direction, T Square)[columns];
        for (var k = 0; k < columns; k++)
        {
            // The direction x ± |x| e, where the sign makes the sum of two numbers with the same sign.
            var direction = new T[rows];
            Array.Fill(direction, T.Zero);
            for (var i = k; i < rows; i++)
            {
                direction[i] = r[(i * columns) + k];
            }

            var length = field.Apply(Op.Sqrt, Inner<T>(direction, direction));
            direction[k] += field.Approximate(direction[k]) < 0 ? -length : length;
            reflections[k] = (direction, Inner<T>(direction, direction));
            Reflect(r, columns, reflections[k]);
        }

        for (var k = 0; k < columns; k++)
        {
            q[k * (columns + 1)] = T.One;
        }

        for (var k = columns - 1; k >= 0; k--)
        {
            Reflect(q, columns, reflections[k]);
        }

        var upper = new T[columns * columns];
        Array.Fill(upper, T.Zero);
        for (var k = 0; k < columns; k++)
        {
            var isTurned = field.Approximate(r[k * (columns + 1)]) < 0;
            for (var j = k; j < columns; j++)
            {
                upper[(k * columns) + j] = isTurned ? -r[(k * columns) + j] : r[(k * columns) + j];
            }

            for (var i = 0; i < rows && isTurned; i++)
            {
                q[(i * columns) + k] = -q[(i * columns) + k];
            }
        }

        return (q, upper);
    }

    /// <summary>The exponential: the series of a multiple by a power of 2, squared as often.</summary>
    public static T[] Exponential<T>(NumberField<T> field, T[] a, int n)
        where T : INumberBase<T>
    {
        field.RequireApproximate("Expm");
        var norm = 0.0;
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < n; j++)
            {
                sum += field.Magnitude(a[(i * n) + j]);
            }

            norm = Math.Max(norm, sum);
        }

        var squarings = norm > 0 && double.IsFinite(norm) ? Math.Max(0, Math.ILogB(norm) + 1 + ExponentialScale) : 0;
        var part = Array.ConvertAll(a, element => field.Scaled(element, -squarings));

        // e^x − 1 is squared instead of e^x, as 2y + y², so that small elements keep their digits.
        var sumOfTerms = part;
        var term = part;
        for (var k = 2; k <= ExponentialTerms; k++)
        {
            term = Array.ConvertAll(Product<T>(term, part, n, n, n), element => element / T.CreateChecked(k));
            sumOfTerms = [.. sumOfTerms.Zip(term, (x, y) => x + y)];
        }

        for (var squaring = 0; squaring < squarings; squaring++)
        {
            sumOfTerms = [.. sumOfTerms.Zip(Product<T>(sumOfTerms, sumOfTerms, n, n, n), (x, square) => x + x + square)];
        }

        return [.. sumOfTerms.Zip(Identity<T>(n), (x, y) => x + y)];
    }

    /// <summary>The eigenvalues, ascending, and the eigenvectors, as columns, of a symmetric matrix, by Jacobi's rotations.</summary>
    public static (T[] Values, T[] Vectors) Eigen<T>(NumberField<T> field, T[] a, int n)
        where T : INumberBase<T>
    {
        field.RequireApproximate("Eigh");
        var vectors = Identity<T>(n);
        var remaining = FinalSweeps;
        for (var sweep = 0; sweep < MostSweeps && remaining > 0; sweep++)
        {
            var isDone = true;
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    var off = a[(p * n) + q];
                    isDone &= field.Magnitude(off) <= 1e-12 * Math.Sqrt(field.Magnitude(a[p * (n + 1)]) * field.Magnitude(a[q * (n + 1)]));
                    var (cos, sin) = Rotation(field, a[p * (n + 1)], a[q * (n + 1)], off);
                    RotateRows(a, n, p, q, cos, sin);
                    RotateColumns(a, n, p, q, cos, sin);
                    RotateColumns(vectors, n, p, q, cos, sin);
                }
            }

            remaining -= isDone || sweep > MostSweeps - FinalSweeps ? 1 : 0;
        }

        int[] order = [.. Enumerable.Range(0, n).OrderBy(k => field.Approximate(a[k * (n + 1)]))];
        return (Array.ConvertAll(order, k => a[k * (n + 1)]), Columns(vectors, n, order));
    }

    /// <summary>The reduced singular value decomposition of a matrix with at least as many rows as columns, by one-sided rotations: U, the values, descending, and V.</summary>
    public static (T[] U, T[] S, T[] V) Svd<T>(NumberField<T> field, T[] a, int rows, int n)
        where T : INumberBase<T>
    {
        field.RequireApproximate("Svd");
        var v = Identity<T>(n);
        var remaining = FinalSweeps;
        for (var sweep = 0; sweep < MostSweeps && remaining > 0; sweep++)
        {
            var isDone = true;
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    var (pp, qq, pq) = (T.Zero, T.Zero, T.Zero);
                    for (var i = 0; i < rows; i++)
                    {
                        var (x, y) = (a[(i * n) + p], a[(i * n) + q]);
                        pp += x * x;
                        qq += y * y;
                        pq += x * y;
                    }

                    isDone &= field.Magnitude(pq) <= 1e-12 * Math.Sqrt(field.Magnitude(pp) * field.Magnitude(qq));
                    var (cos, sin) = Rotation(field, pp, qq, pq);
                    RotateColumns(a, n, p, q, cos, sin);
                    RotateColumns(v, n, p, q, cos, sin);
                }
            }

            remaining -= isDone || sweep > MostSweeps - FinalSweeps ? 1 : 0;
        }

        var lengths = new T[n];
        for (var j = 0; j < n; j++)
        {
            var column = new T[rows];
            for (var i = 0; i < rows; i++)
            {
                column[i] = a[(i * n) + j];
            }

            lengths[j] = field.Apply(Op.Sqrt, Inner<T>(column, column));
            for (var i = 0; i < rows; i++)
            {
                a[(i * n) + j] = column[i] / lengths[j];
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(k => field.Approximate(lengths[k]))];
        return (Columns(a, n, order), Array.ConvertAll(order, k => lengths[k]), Columns(v, n, order));
    }

    /// <summary>
    /// The cofactors of matrices of numbers with nilpotent units, whose coefficients are stacked, by products of matrices (the method of Faddeev
    /// and Le Verrier): M₁ = 1, cₖ = −tr(a Mₖ)/k, Mₖ₊₁ = a Mₖ + cₖ, and the transposed cofactors are (−1)ⁿ⁻¹ Mₙ.
    /// </summary>
    public static T[] Cofactors<T>(T[] a, int n)
        where T : INumberBase<T>
    {
        var block = n * n;
        var sets = a.Length / block;
        var m = new T[a.Length];
        Array.Fill(m, T.Zero);
        Identity<T>(n).CopyTo(m, 0);
        for (var k = 1; k < n; k++)
        {
            var product = new T[a.Length];
            Array.Fill(product, T.Zero);
            for (var set = 0; set < sets; set++)
            {
                for (var part = set; ; part = (part - 1) & set)
                {
                    var of = Product<T>(a.AsSpan(part * block, block), m.AsSpan((set ^ part) * block, block), n, n, n);
                    for (var i = 0; i < block; i++)
                    {
                        product[(set * block) + i] += of[i];
                    }

                    if (part == 0)
                    {
                        break;
                    }
                }

                var trace = T.Zero;
                for (var i = 0; i < n; i++)
                {
                    trace += product[(set * block) + (i * (n + 1))];
                }

                for (var i = 0; i < n; i++)
                {
                    product[(set * block) + (i * (n + 1))] -= trace / T.CreateChecked(k);
                }
            }

            m = product;
        }

        var cofactors = new T[a.Length];
        for (var set = 0; set < sets; set++)
        {
            Transposed<T>(m.AsSpan(set * block, block), n, n).CopyTo(cofactors, set * block);
        }

        return int.IsEvenInteger(n) ? Array.ConvertAll(cofactors, x => -x) : cofactors;
    }

    /// <summary>Matrices of numbers with nilpotent units as matrices of plain numbers: block (r, c) is the coefficient of r without c, if c is a part of r.</summary>
    public static T[] Represented<T>(T[] a, int n)
        where T : INumberBase<T>
    {
        var sets = a.Length / (n * n);
        var represented = new T[a.Length * sets];
        Array.Fill(represented, T.Zero);
        for (var row = 0; row < sets; row++)
        {
            for (var column = 0; column < sets; column++)
            {
                for (var i = 0; i < n * n && (row & column) == column; i++)
                {
                    represented[(((row * n) + (i / n)) * sets * n) + (column * n) + (i % n)] = a[((row ^ column) * n * n) + i];
                }
            }
        }

        return represented;
    }

    /// <summary>Columns with the signs of those of a matrix of doubles: a vector with a negative inner product is turned, in all the given matrices.</summary>
    public static void Align<T>(NumberField<T> field, ReadOnlySpan<double> like, int columns, params ReadOnlySpan<T[]> matrices)
        where T : INumberBase<T>
    {
        for (var j = 0; j < columns; j++)
        {
            var inner = 0.0;
            for (var i = j; i < like.Length; i += columns)
            {
                inner += like[i] * field.Approximate(matrices[0][i]);
            }

            foreach (var matrix in matrices)
            {
                for (var i = j; i < matrix.Length && inner < 0; i += columns)
                {
                    matrix[i] = -matrix[i];
                }
            }
        }
    }

    private static T Inner<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : INumberBase<T>
    {
        var sum = T.Zero;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>
    /// Cosine and sine of the rotation that makes ((pp, pq), (pq, qq)) diagonal: its tangent is t = 2pq/(d ± √(d² + 4pq²)) with d = qq − pp.
    /// </summary>
    private static (T Cos, T Sin) Rotation<T>(NumberField<T> field, T pp, T qq, T pq)
        where T : INumberBase<T>
    {
        if (T.IsZero(pq))
        {
            return (T.One, T.Zero);
        }

        var (difference, twice) = (qq - pp, pq + pq);
        var root = field.Apply(Op.Hypot, difference, twice);
        var tangent = twice / (field.Approximate(difference) < 0 ? difference - root : difference + root);
        var cos = T.One / field.Apply(Op.Sqrt, T.One + (tangent * tangent));
        return (cos, cos * tangent);
    }

    private static void RotateRows<T>(T[] a, int n, int p, int q, T cos, T sin)
        where T : INumberBase<T>
    {
        for (var j = 0; j < n; j++)
        {
            var (x, y) = (a[(p * n) + j], a[(q * n) + j]);
            (a[(p * n) + j], a[(q * n) + j]) = ((cos * x) - (sin * y), (sin * x) + (cos * y));
        }
    }

    private static void RotateColumns<T>(T[] a, int n, int p, int q, T cos, T sin)
        where T : INumberBase<T>
    {
        for (var row = 0; row < a.Length; row += n)
        {
            var (x, y) = (a[row + p], a[row + q]);
            (a[row + p], a[row + q]) = ((cos * x) - (sin * y), (sin * x) + (cos * y));
        }
    }

    private static T[] Columns<T>(T[] a, int n, int[] order)
    {
        var columns = new T[a.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = a[(i / n * n) + order[i % n]];
        }

        return columns;
    }

    private static void Reflect<T>(T[] a, int columns, (T[] Direction, T Square) reflection)
        where T : INumberBase<T>
    {
        for (var j = 0; j < columns && !T.IsZero(reflection.Square); j++)
        {
            var inner = T.Zero;
            for (var i = 0; i < reflection.Direction.Length; i++)
            {
                inner += reflection.Direction[i] * a[(i * columns) + j];
            }

            var factor = (inner + inner) / reflection.Square;
            for (var i = 0; i < reflection.Direction.Length; i++)
            {
                a[(i * columns) + j] -= factor * reflection.Direction[i];
            }
        }
    }

    private static void Exchange<T>(T[] a, int columns, int row, int other)
    {
        for (var j = 0; j < columns && row != other; j++)
        {
            (a[(row * columns) + j], a[(other * columns) + j]) = (a[(other * columns) + j], a[(row * columns) + j]);
        }
    }

    /// <summary>Subtracts a multiple of one row from another.</summary>
    private static void Subtract<T>(T[] a, int columns, int row, T factor, int other)
        where T : INumberBase<T>
    {
        for (var j = 0; j < columns; j++)
        {
            a[(row * columns) + j] -= factor * a[(other * columns) + j];
        }
    }
}
