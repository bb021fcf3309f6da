// Equilibration: units (powers of two) for the rows and columns of a square matrix. (I. S. Duff and J. Koster, On algorithms for permuting
// large entries to the diagonal of a sparse matrix, SIAM J. Matrix Anal. Appl. 22, 2001.)

namespace Autodiff.Functional.Numerics;

/// <summary>
/// Exponents r and c with |aᵢⱼ| &lt; 2·2^(rᵢ + cⱼ), such that for some transversal (one element in each row and column) |aᵢⱼ| ≥ 2^(rᵢ + cⱼ).
/// So a matrix that is well-conditioned in some units is so in these, and multiplying rows and columns by units does not change the
/// scaled matrix. They are the dual variables of the transversal with the largest product.
/// </summary>
internal sealed class Equilibration
{
    /// <summary>The largest difference between the exponents of elements, or of pivots, that count as equal in size.</summary>
    public const int Span = 12;

    private readonly int _n;

    private Equilibration(int n, int unit)
    {
        (_n, Rows, Columns) = (n, new int[n], new int[n]);
        Array.Fill(Rows, unit);
    }

    public int[] Rows { get; }

    public int[] Columns { get; }

    /// <summary>Whether every transversal contains a 0: then the matrix is singular for any values of its other elements.</summary>
    public bool IsSingular { get; private set; }

    /// <summary>Whether all units are 1, so that scaling changes nothing.</summary>
    private bool IsPlain => !Rows.AsSpan().ContainsAnyExcept(0) && !Columns.AsSpan().ContainsAnyExcept(0);

    /// <summary>Given units.</summary>
    public static Equilibration By(ReadOnlySpan<double> rows, ReadOnlySpan<double> columns)
    {
        var units = new Equilibration(rows.Length, 0);
        for (var i = 0; i < rows.Length; i++)
        {
            (units.Rows[i], units.Columns[i]) = ((int)rows[i], (int)columns[i]);
        }

        return units;
    }

    /// <summary>One unit for all elements.</summary>
    public static Equilibration Uniform(int n, (int Smallest, int Largest) range) => new(n, PowersOfTwo.Unit(range));

    /// <summary>A unit for each row and column if elements differ much in size; otherwise one unit for all.</summary>
    public static Equilibration Of(ReadOnlySpan<double> a, int n)
    {
        if (PowersOfTwo.Range(a) is var range && range.Largest - range.Smallest <= Span)
        {
            return Uniform(n, range);
        }

        var units = new Equilibration(n, 0);
        units.IsSingular = !new Transversal(a, n, units).IsComplete;
        return units;
    }

    /// <summary>The elements divided by the units of their row and column.</summary>
    public double[] Scaled(ReadOnlySpan<double> a)
    {
        var scaled = a.ToArray();
        if (IsPlain)
        {
            return scaled;
        }

        for (var i = 0; i < _n; i++)
        {
            for (var j = 0; j < _n; j++)
            {
                scaled[(i * _n) + j] = Rows[i] + Columns[j] is not 0 and var unit ? Math.ScaleB(scaled[(i * _n) + j], -unit) : scaled[(i * _n) + j];
            }
        }

        return scaled;
    }

    /// <summary>The right-hand sides of a system divided by the units of the rows, and each column by its own unit.</summary>
    /// <returns>The exponents of the units of the columns.</returns>
    public int[] TakeSides(ReadOnlySpan<double> sides, int columns, Span<double> scaled)
    {
        var units = new int[columns];
        if (IsPlain && PowersOfTwo.Unit(PowersOfTwo.Range(sides)) == 0)
        {
            sides.CopyTo(scaled);
            return units;
        }

        Array.Fill(units, PowersOfTwo.OfZero);
        for (var i = 0; i < sides.Length; i++)
        {
            units[i % columns] = Math.Max(units[i % columns], PowersOfTwo.Exponent(sides[i]) - Rows[i / columns]);
        }

        for (var column = 0; column < columns; column++)
        {
            units[column] = units[column] < PowersOfTwo.OfZero / 2 ? 0 : PowersOfTwo.Unit(units[column]);
        }

        for (var i = 0; i < sides.Length; i++)
        {
            scaled[i] = Math.ScaleB(sides[i], -Rows[i / columns] - units[i % columns]);
        }

        return units;
    }

    /// <summary>Converts the solutions of the scaled system to those of the original one, in place.</summary>
    public void ReturnSolutions(Span<double> solutions, int[] units)
    {
        for (var i = 0; i < solutions.Length && !(IsPlain && !units.AsSpan().ContainsAnyExcept(0)); i++)
        {
            solutions[i] = Math.ScaleB(solutions[i], units[i % units.Length] - Columns[i / units.Length]);
        }
    }

    /// <summary>The transversal with the largest product, and its dual variables.</summary>
    private sealed class Transversal
    {
        // The largest number of balancing sweeps; few are enough, because balancing is needed only to a few bits.
        private const int MostSweeps = 20;

        private readonly int _n;
        private readonly int[] _sizes;
        private readonly int[] _rows;
        private readonly int[] _columns;
        private readonly int[] _rowOf;
        private readonly int[] _columnOf;
        private readonly int[] _from;
        private readonly int[] _distance;

        public Transversal(ReadOnlySpan<double> a, int n, Equilibration units)
        {
            (_n, _sizes, _rows, _columns) = (n, new int[n * n], units.Rows, units.Columns);
            (_rowOf, _columnOf, _from, _distance) = (new int[n], new int[n], new int[n], new int[n]);
            for (var i = 0; i < a.Length; i++)
            {
                _sizes[i] = PowersOfTwo.Exponent(a[i]);
            }

            Array.Fill(_rowOf, -1);
            Array.Fill(_columnOf, -1);
            for (var row = 0; row < n; row++)
            {
                _rows[row] = Excess(row);
                Match(row);
            }

            for (var i = 0; i < n; i++)
            {
                _rows[i] = _columnOf[i] < 0 ? Excess(i) : _rows[i];
            }

            for (var sweep = 0; sweep < MostSweeps && IsComplete && Balance(); sweep++)
            {
            }
        }

        /// <summary>Whether it has an element in every row, none of them 0.</summary>
        public bool IsComplete => !_columnOf.AsSpan().Contains(-1);

        /// <summary>The largest exponent in a row, relative to the units of the columns; 0 for a row of zeros.</summary>
        private int Excess(int row)
        {
            var excess = PowersOfTwo.OfZero;
            for (var column = 0; column < _n; column++)
            {
                var size = _sizes[(row * _n) + column];
                excess = size == PowersOfTwo.OfZero ? excess : Math.Max(excess, size - _columns[column]);
            }

            return excess == PowersOfTwo.OfZero ? 0 : excess;
        }

        /// <summary>Adds a row to the transversal along the shortest augmenting path (Dijkstra's algorithm), if there is one.</summary>
        private void Match(int start)
        {
            const int none = -1;
            Array.Fill(_distance, int.MaxValue);
            var done = new bool[_n];
            for (var (row, length) = (start, 0); ;)
            {
                var nearest = none;
                for (var column = 0; column < _n; column++)
                {
                    if (done[column])
                    {
                        continue;
                    }

                    var size = _sizes[(row * _n) + column];
                    var distance = length + _rows[row] + _columns[column] - size;
                    if (size != PowersOfTwo.OfZero && distance < _distance[column])
                    {
                        (_distance[column], _from[column]) = (distance, row);
                    }

                    var isNearer = nearest == none || _distance[column] < _distance[nearest] || (_distance[column] == _distance[nearest] && _rowOf[nearest] >= 0);
                    nearest = _distance[column] < int.MaxValue && isNearer ? column : nearest;
                }

                if (nearest == none)
                {
                    return;
                }

                if (_rowOf[nearest] < 0)
                {
                    Augment(start, nearest, done);
                    return;
                }

                (done[nearest], row, length) = (true, _rowOf[nearest], _distance[nearest]);
            }
        }

        /// <summary>
        /// Shifts units between each row and its matched column, so that the largest other elements in both have equal exponents. Among all
        /// dual variables, these do not make one triangle of the matrix large and the other small. False if nothing changed.
        /// </summary>
        private bool Balance()
        {
            var isMoved = false;
            for (var row = 0; row < _n; row++)
            {
                var (own, inRow, inColumn) = (_columnOf[row], PowersOfTwo.OfZero, PowersOfTwo.OfZero);
                for (var other = 0; other < _n; other++)
                {
                    if (other != row)
                    {
                        inRow = Math.Max(inRow, _sizes[(row * _n) + _columnOf[other]] - _columns[_columnOf[other]]);
                        inColumn = Math.Max(inColumn, _sizes[(other * _n) + own] - _rows[other]);
                    }
                }

                var isBoth = inRow > PowersOfTwo.OfZero / 2 && inColumn > PowersOfTwo.OfZero / 2;
                var shift = isBoth ? ((inRow - _rows[row]) - (inColumn - _columns[own])) / 2 : 0;
                _rows[row] += shift;
                _columns[own] -= shift;
                isMoved |= shift != 0;
            }

            return isMoved;
        }

        private void Augment(int start, int end, bool[] done)
        {
            _rows[start] -= _distance[end];
            for (var column = 0; column < _n; column++)
            {
                if (done[column])
                {
                    var change = _distance[end] - _distance[column];
                    _columns[column] += change;
                    _rows[_rowOf[column]] -= change;
                }
            }

            for (var column = end; column >= 0;)
            {
                var row = _from[column];
                (_rowOf[column], _columnOf[row], column) = (row, column, row == start ? -1 : _columnOf[row]);
            }
        }
    }
}
