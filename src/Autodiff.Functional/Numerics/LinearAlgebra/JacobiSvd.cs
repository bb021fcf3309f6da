// The singular value decomposition by one-sided Jacobi rotations. (Z. Drmač and K. Veselić, New fast and accurate Jacobi SVD algorithm, SIAM J.
// Matrix Anal. Appl. 29, 2008.)

namespace Autodiff.Functional.Numerics;

/// <summary>
/// The reduced singular value decomposition of a matrix with at least as many rows as columns. With A P = Q R, rotations W make the
/// columns of Rᵀ W orthogonal: these are V Σ, and Q W is U. Each column has its own unit, so singular values of very different sizes are all
/// accurate if there are units for rows and columns in which the matrix is well-conditioned.
/// </summary>
internal sealed class JacobiSvd
{
    // The largest number of sweeps. Columns become orthogonal at a quadratic rate, so more than about six are not expected.
    private const int MostSweeps = 60;

    private readonly int _n;
    private readonly double[] _columns;
    private readonly double[] _rotations;
    private readonly double[] _squares;
    private readonly int[] _units;

    /// <summary>Decomposes a matrix; its elements, given by columns, are overwritten.</summary>
    public JacobiSvd(double[] elements, int rows, int n)
    {
        (_n, _columns, _rotations, _squares, _units) = (n, new double[n * n], new double[n * n], new double[n], new int[n]);
        var factored = new Reflections(elements, rows, n, isPivoted: true);
        for (var k = 0; k < n; k++)
        {
            TakeRow(factored, k);
            _rotations[(k * n) + k] = 1;
        }

        for (var sweep = 0; sweep < MostSweeps && Sweep(); sweep++)
        {
        }

        (U, S, V) = (new double[rows * n], new double[n], new double[n * n]);
        Finish(factored, rows);
    }

    /// <summary>The left singular vectors, by columns.</summary>
    public double[] U { get; }

    /// <summary>The singular values, descending.</summary>
    public double[] S { get; }

    /// <summary>The right singular vectors, by columns.</summary>
    public double[] V { get; }

    private Span<double> Column(int j) => _columns.AsSpan(j * _n, _n);

    /// <summary>Takes row k of R as column k of its transpose, in a unit of its own.</summary>
    private void TakeRow(Reflections factored, int k)
    {
        var unit = PowersOfTwo.OfZero;
        for (var j = k; j < _n; j++)
        {
            unit = Math.Max(unit, PowersOfTwo.Exponent(factored.R(k, j)) + factored.Units[j]);
        }

        _units[k] = unit < PowersOfTwo.OfZero / 2 ? 0 : unit;
        for (var j = k; j < _n; j++)
        {
            Column(k)[j] = Math.ScaleB(factored.R(k, j), factored.Units[j] - _units[k]);
        }

        Weigh(k);
    }

    /// <summary>Computes the squared norm of a column, and changes the column's unit first if the square might overflow or underflow.</summary>
    private void Weigh(int k)
    {
        _squares[k] = RowOperations.Dot(Column(k), Column(k));
        if (_squares[k] is > 1e100 or < 1e-100 && PowersOfTwo.Largest(Column(k)) is > PowersOfTwo.OfZero and var unit)
        {
            PowersOfTwo.Scale(Column(k), -unit);
            _units[k] += unit;
            _squares[k] = RowOperations.Dot(Column(k), Column(k));
        }
    }

    /// <summary>Rotates each pair of columns once; false if all were orthogonal.</summary>
    private bool Sweep()
    {
        var tolerance = Math.ScaleB(Math.Sqrt(_n), -53);
        var turned = false;
        for (var i = 0; i < _n; i++)
        {
            for (var j = i + 1; j < _n; j++)
            {
                var isInOrder = Math.Sqrt(_squares[i]) >= Math.ScaleB(Math.Sqrt(_squares[j]), _units[j] - _units[i]);
                turned |= isInOrder ? Turn(i, j, tolerance) : Turn(j, i, tolerance);
            }
        }

        return turned;
    }

    // With columns 2ᵏx and 2ˡy, d = 2^(l − k) and c = xᵀy, the tangent t of the angle that makes them orthogonal is d·T with
    // T = ±1 / (|ζ| + √(d² + ζ²)) and ζ = (|x|² − d²|y|²) / 2c: x becomes x + d²T y, and y becomes y − T x, up to the cosine.
    private bool Turn(int larger, int smaller, double tolerance)
    {
        var x = Column(larger);
        var y = Column(smaller);
        var product = RowOperations.Dot(x, y);
        if (Math.Abs(product) <= tolerance * Math.Sqrt(_squares[larger]) * Math.Sqrt(_squares[smaller]))
        {
            return false;
        }

        var units = _units[smaller] - _units[larger];
        var square = Math.ScaleB(1, 2 * units);
        var zeta = (_squares[larger] - (square * _squares[smaller])) / (2 * product);
        var ratio = Math.CopySign(1 / (Math.Abs(zeta) + Math.Sqrt(square + (zeta * zeta))), product);
        var tangent = Math.ScaleB(ratio, units);
        var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        RowOperations.Rotate(x, y, cosine, square * ratio, ratio);
        RowOperations.Rotate(_rotations.AsSpan(larger * _n, _n), _rotations.AsSpan(smaller * _n, _n), cosine, tangent, tangent);
        Weigh(larger);
        Weigh(smaller);
        return true;
    }

    private void Finish(Reflections factored, int rows)
    {
        // Sorted by size, exponent first; columns of zeros come last.
        var order = Enumerable.Range(0, _n)
            .OrderByDescending(k => _squares[k] > 0)
            .ThenByDescending(k => ((WideNumber)Math.Sqrt(_squares[k])).Times2To(_units[k]).Exponent)
            .ThenByDescending(k => ((WideNumber)Math.Sqrt(_squares[k])).Significand)
            .ToArray();
        var right = new double[_n * _n];
        var rank = 0;
        for (var at = 0; at < _n; at++)
        {
            var k = order[at];
            var norm = Math.Sqrt(_squares[k]);
            S[at] = Math.ScaleB(norm, _units[k]);
            var left = U.AsSpan(at * rows, rows);
            _rotations.AsSpan(k * _n, _n).CopyTo(left);
            factored.Turn(left);
            if (norm > 0)
            {
                RowOperations.Divide(Column(k), norm, right.AsSpan(at * _n, _n));
                rank++;
            }
        }

        Complete(right, rank);
        for (var i = 0; i < right.Length; i++)
        {
            V[(i / _n * _n) + factored.Order[i % _n]] = right[i];
        }
    }

    /// <summary>Completes the given number of orthonormal columns to a basis.</summary>
    private void Complete(double[] columns, int rank)
    {
        if (rank < _n)
        {
            var basis = new Reflections(columns[..(rank * _n)], _n, rank);
            for (var k = rank; k < _n; k++)
            {
                columns[(k * _n) + k] = 1;
                basis.Turn(columns.AsSpan(k * _n, _n));
            }
        }
    }
}
