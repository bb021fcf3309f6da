// Gaussian elimination with partial pivoting, and square systems whose rows and columns have individual units.

namespace Autodiff.Functional.Numerics;

/// <summary>P A = L U, with ones on the diagonal of L; the factors replace A in its array, by rows.</summary>
internal sealed class Elimination
{
    // With fewer right-hand sides than this, each is solved separately by inner products along the rows of the factors.
    private const int FewColumns = 4;

    private readonly double[] _factors;
    private readonly int _n;

    // The row of A at each position of the new order.
    private readonly int[] _order;
    private readonly bool _isOdd;

    /// <summary>Factors a matrix in place.</summary>
    public Elimination(double[] a, int n)
    {
        (_factors, _n, _order) = (a, n, [.. Enumerable.Range(0, n)]);
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                pivot = Math.Abs(a[(i * n) + k]) > Math.Abs(a[(pivot * n) + k]) ? i : pivot;
            }

            if (a[(pivot * n) + k] == 0)
            {
                IsSingular = true;
                continue;
            }

            _isOdd ^= pivot != k;
            RowOperations.Swap(a, n, k, pivot);
            (_order[k], _order[pivot]) = (_order[pivot], _order[k]);
            for (var i = k + 1; i < n; i++)
            {
                if (a[(i * n) + k] != 0)
                {
                    var factor = a[(i * n) + k] /= a[(k * n) + k];
                    RowOperations.AddMultiple(a.AsSpan((i * n) + k + 1, n - k - 1), -factor, a.AsSpan((k * n) + k + 1, n - k - 1));
                }
            }
        }
    }

    /// <summary>Factors that <see cref="Pack"/> has written.</summary>
    public Elimination(ReadOnlySpan<double> packed, int n)
    {
        (_factors, _n, _order) = (packed[..(n * n)].ToArray(), n, new int[n]);
        for (var i = 0; i < n; i++)
        {
            _order[i] = (int)packed[(n * n) + i];
        }
    }

    /// <summary>Writes the factors and the order of the rows, n² + n numbers.</summary>
    public void Pack(Span<double> packed)
    {
        _factors.CopyTo(packed);
        for (var i = 0; i < _n; i++)
        {
            packed[(_n * _n) + i] = _order[i];
        }
    }

    /// <summary>Whether a pivot is exactly 0.</summary>
    public bool IsSingular { get; }

    /// <summary>The exponent of the smallest pivot.</summary>
    public int SmallestPivot
    {
        get
        {
            var smallest = int.MaxValue;
            for (var i = 0; i < _n; i++)
            {
                smallest = Math.Min(smallest, PowersOfTwo.Exponent(_factors[i * (_n + 1)]));
            }

            return smallest;
        }
    }

    public WideNumber Determinant
    {
        get
        {
            WideNumber product = _isOdd ? -1 : 1;
            for (var i = 0; i < _n; i++)
            {
                product *= _factors[(i * _n) + i];
            }

            return product;
        }
    }

    /// <summary>Replaces the columns b of a matrix by the solutions of A x = b.</summary>
    public void Solve(Span<double> sides, int columns)
    {
        var moved = sides.ToArray();
        for (var i = 0; i < _n; i++)
        {
            moved.AsSpan(_order[i] * columns, columns).CopyTo(sides.Slice(i * columns, columns));
        }

        if (columns < FewColumns)
        {
            for (var column = 0; column < columns; column++)
            {
                SolveColumn(sides, columns, column, moved.AsSpan(0, _n));
            }

            return;
        }

        for (var i = 0; i < _n; i++)
        {
            for (var k = 0; k < i; k++)
            {
                Combine(sides, columns, i, k);
            }
        }

        for (var i = _n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < _n; k++)
            {
                Combine(sides, columns, i, k);
            }

            var row = sides.Slice(i * columns, columns);
            RowOperations.Divide(row, _factors[(i * _n) + i], row);
        }
    }

    private void Combine(Span<double> sides, int columns, int row, int other)
    {
        if (_factors[(row * _n) + other] is not 0 and var factor)
        {
            RowOperations.AddMultiple(sides.Slice(row * columns, columns), -factor, sides.Slice(other * columns, columns));
        }
    }

    private void SolveColumn(Span<double> sides, int columns, int column, Span<double> x)
    {
        for (var i = 0; i < _n; i++)
        {
            x[i] = sides[(i * columns) + column] - RowOperations.Dot(x[..i], _factors.AsSpan(i * _n, i));
        }

        for (var i = _n - 1; i >= 0; i--)
        {
            x[i] = (x[i] - RowOperations.Dot(x[(i + 1)..], _factors.AsSpan((i * _n) + i + 1, _n - i - 1))) / _factors[(i * _n) + i];
            sides[(i * columns) + column] = x[i];
        }
    }
}

/// <summary>
/// A factored square matrix. If its elements differ much in size, and small pivots show that one unit for all does not suit them, it is
/// factored again with a unit for each row and column.
/// </summary>
internal sealed class SquareSystem
{
    // The largest difference between the exponents of elements for which one unit for all can keep their digits.
    private const int Representable = 900;

    private readonly Equilibration _units;
    private readonly Elimination _elimination;
    private readonly int _n;

    public SquareSystem(ReadOnlySpan<double> a, int n)
    {
        var range = PowersOfTwo.Range(a);
        (_n, _units) = (n, Equilibration.Uniform(n, range));
        _elimination = new(_units.Scaled(a), n);
        var span = range.Largest - range.Smallest;
        if (span > Representable || (span > Equilibration.Span && _elimination.SmallestPivot + Equilibration.Span < range.Largest - _units.Rows[0]))
        {
            _units = Equilibration.Of(a, n);
            _elimination = new(_units.Scaled(a), n);
        }
    }

    private SquareSystem(Equilibration units, Elimination elimination, int n)
    {
        (_units, _elimination, _n) = (units, elimination, n);
    }

    public bool IsSingular => _units.IsSingular || _elimination.IsSingular;

    /// <summary>How many numbers a factored matrix of n rows is packed into.</summary>
    public static int PackedLength(int n) => n * (n + 3);

    /// <summary>A factored matrix that <see cref="Pack"/> has written and that is not singular.</summary>
    public static SquareSystem Unpacked(ReadOnlySpan<double> packed, int n)
    {
        var units = packed[(n * (n + 1))..];
        return new(Equilibration.By(units[..n], units.Slice(n, n)), new Elimination(packed[..(n * (n + 1))], n), n);
    }

    /// <summary>Writes the factored matrix, so that it can be used in other systems.</summary>
    public void Pack(Span<double> packed)
    {
        _elimination.Pack(packed);
        for (var i = 0; i < _n; i++)
        {
            (packed[(_n * (_n + 1)) + i], packed[(_n * (_n + 2)) + i]) = (_units.Rows[i], _units.Columns[i]);
        }
    }

    public WideNumber Determinant => IsSingular ? 0 : _elimination.Determinant.Times2To(_units.Rows.Sum(unit => (long)unit) + _units.Columns.Sum(unit => (long)unit));

    /// <summary>The solutions of A x = b for the columns b of a matrix, each column scaled by its own unit.</summary>
    public void Solve(ReadOnlySpan<double> sides, int columns, Span<double> solutions)
    {
        var units = _units.TakeSides(sides, columns, solutions);
        _elimination.Solve(solutions, columns);
        _units.ReturnSolutions(solutions, units);
    }

    public void Invert(Span<double> inverse)
    {
        inverse.Clear();
        for (var i = 0; i < _n; i++)
        {
            inverse[(i * _n) + i] = 1;
        }

        _elimination.Solve(inverse, _n);
        for (var i = 0; i < _n; i++)
        {
            for (var j = 0; j < _n; j++)
            {
                inverse[(i * _n) + j] = Math.ScaleB(inverse[(i * _n) + j], -_units.Columns[i] - _units.Rows[j]);
            }
        }
    }
}
