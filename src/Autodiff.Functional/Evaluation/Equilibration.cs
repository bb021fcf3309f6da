// Units for the rows and columns of a square matrix. (I. S. Duff and J. Koster, On algorithms for permuting large entries to the
// diagonal of a sparse matrix, SIAM J. Matrix Anal. Appl. 22, 2001.)

namespace Autodiff.Functional.Evaluation;

/// <summary>
/// Exponents r and c with |aᵢⱼ| &lt; 16·2^(rᵢ + cⱼ), for which some transversal (one element in each row and column) reaches its
/// units to within this factor: so a matrix that is regular in some units is so in these, and units that rows and columns of it
/// are multiplied by fall out. They are the dual variables of the transversal with the largest product.
/// </summary>
internal sealed class Equilibration
{
    // Units are powers of 2⁴: coarser ones make more elements as good as the best, and a transversal of them quick to find.
    private const int Coarseness = 2;

    private const int OfZero = PowersOfTwo.OfZero >> Coarseness;

    // Elements that span less than this share one unit.
    private const int Span = 12;

    private readonly int _n;
    private readonly int[] _best;
    private readonly int[] _rowOf;
    private readonly int[] _columnOf;
    private readonly int[] _from;
    private readonly int[] _distance;

    private Equilibration(ReadOnlySpan<double> a, int n)
    {
        (_n, _best, Rows, Columns) = (n, new int[n * n], new int[n], new int[n]);
        (_rowOf, _columnOf, _from, _distance) = (new int[n], new int[n], new int[n], new int[n]);
        var range = PowersOfTwo.Range(a);
        if (range.Largest - range.Smallest <= Span)
        {
            Array.Fill(Rows, PowersOfTwo.Unit(range));
            return;
        }

        for (var i = 0; i < a.Length; i++)
        {
            _best[i] = PowersOfTwo.Exponent(a[i]) >> Coarseness;
        }

        Array.Fill(_rowOf, -1);
        Array.Fill(_columnOf, -1);
        for (var row = 0; row < n; row++)
        {
            Rows[row] = Excess(row);
            Match(row);
        }

        for (var row = 0; row < n; row++)
        {
            IsSingular |= _columnOf[row] < 0;
            Rows[row] = (_columnOf[row] < 0 ? Excess(row) : Rows[row]) << Coarseness;
        }

        for (var column = 0; column < n; column++)
        {
            Columns[column] <<= Coarseness;
        }
    }

    public int[] Rows { get; }

    public int[] Columns { get; }

    /// <summary>Whether every transversal holds a 0: then the matrix is singular whatever its other elements are.</summary>
    public bool IsSingular { get; }

    public static Equilibration Of(ReadOnlySpan<double> a, int n) => new(a, n);

    /// <summary>The elements, each in the unit of its row and column.</summary>
    public double[] Scaled(ReadOnlySpan<double> a)
    {
        var scaled = a.ToArray();
        for (var i = 0; i < _n; i++)
        {
            for (var j = 0; j < _n; j++)
            {
                scaled[(i * _n) + j] = Rows[i] + Columns[j] is not 0 and var unit ? Math.ScaleB(scaled[(i * _n) + j], -unit) : scaled[(i * _n) + j];
            }
        }

        return scaled;
    }

    /// <summary>The right-hand sides of a system in the units of its rows, each column in a unit of its own.</summary>
    /// <returns>The exponents of the units of the columns.</returns>
    public int[] TakeSides(ReadOnlySpan<double> sides, int columns, Span<double> scaled)
    {
        var units = new int[columns];
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

    /// <summary>The solutions of the scaled system in their own units, in place.</summary>
    public void ReturnSolutions(Span<double> solutions, int[] units)
    {
        for (var i = 0; i < solutions.Length; i++)
        {
            solutions[i] = Math.ScaleB(solutions[i], units[i % units.Length] - Columns[i / units.Length]);
        }
    }

    /// <summary>By how much a row exceeds the units of the columns.</summary>
    private int Excess(int row)
    {
        var excess = OfZero;
        for (var column = 0; column < _n; column++)
        {
            excess = IsZero(row, column) ? excess : Math.Max(excess, _best[(row * _n) + column] - Columns[column]);
        }

        return excess == OfZero ? 0 : excess;
    }

    private bool IsZero(int row, int column) => _best[(row * _n) + column] == OfZero;

    /// <summary>Adds a row to the transversal, along the shortest path that augments it, if there is one (Dijkstra's algorithm).</summary>
    private void Match(int start)
    {
        const int reached = -1;
        Array.Fill(_distance, int.MaxValue);
        var done = new bool[_n];
        for (var (row, length) = (start, 0); ;)
        {
            var nearest = reached;
            for (var column = 0; column < _n; column++)
            {
                if (done[column])
                {
                    continue;
                }

                var distance = length + Rows[row] + Columns[column] - _best[(row * _n) + column];
                if (!IsZero(row, column) && distance < _distance[column])
                {
                    (_distance[column], _from[column]) = (distance, row);
                }

                var isNearer = nearest == reached || _distance[column] < _distance[nearest] || (_distance[column] == _distance[nearest] && _rowOf[nearest] >= 0);
                nearest = _distance[column] < int.MaxValue && isNearer ? column : nearest;
            }

            if (nearest == reached)
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

    private void Augment(int start, int end, bool[] done)
    {
        Rows[start] -= _distance[end];
        for (var column = 0; column < _n; column++)
        {
            if (done[column])
            {
                var change = _distance[end] - _distance[column];
                Columns[column] += change;
                Rows[_rowOf[column]] -= change;
            }
        }

        for (var column = end; column >= 0;)
        {
            var row = _from[column];
            (_rowOf[column], _columnOf[row], column) = (row, column, row == start ? -1 : _columnOf[row]);
        }
    }
}
