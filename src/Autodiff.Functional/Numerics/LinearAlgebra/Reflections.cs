// Orthogonal (QR) factorization by Householder reflections, with a unit for each column.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// A = Q R for at least as many rows as columns. With pivoting, A P = Q R, where the largest remaining column comes next and rows are
/// sorted by size: then the factors are accurate also if rows or columns have very different units. (A. J. Cox and N. J. Higham,
/// Stability of Householder QR factorization for weighted least squares problems, 1998.)
/// </summary>
internal sealed class Reflections
{
    // By columns: R above the diagonal, and from the diagonal on the vector v of the reflection I − τ v vᵀ.
    private readonly double[] _columns;
    private readonly double[] _weights;
    private readonly double[] _diagonal;
    private readonly int[] _rowOrder;
    private readonly int _rows;

    /// <summary>Factors a matrix in place.</summary>
    /// <param name="columns">The elements, by columns.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="count">How many columns there are.</param>
    /// <param name="isPivoted">Whether to choose the order of rows and columns.</param>
    public Reflections(double[] columns, int rows, int count, bool isPivoted = false)
    {
        (_columns, _rows, Order, Units) = (columns, rows, [.. Enumerable.Range(0, count)], new int[count]);
        (_weights, _diagonal, _rowOrder) = (new double[count], new double[count], [.. Enumerable.Range(0, rows)]);
        for (var j = 0; j < count; j++)
        {
            Units[j] = PowersOfTwo.Largest(Column(j)) is > PowersOfTwo.OfZero and var unit ? unit : 0;
            PowersOfTwo.Scale(Column(j), -Units[j]);
        }

        if (isPivoted)
        {
            SortRows();
        }

        for (var k = 0; k < count; k++)
        {
            if (isPivoted)
            {
                BringLargest(k);
            }

            Reflect(k);
        }
    }

    /// <summary>The column of A at each position of the new order.</summary>
    public int[] Order { get; }

    /// <summary>The exponents of the units in which columns are stored, in the new order.</summary>
    public int[] Units { get; }

    private int Count => Order.Length;

    /// <summary>An element of R, on the diagonal or above, in the unit of its column.</summary>
    public double R(int row, int column) => row == column ? _diagonal[row] : _columns[(column * _rows) + row];

    /// <summary>x ← Q x.</summary>
    public void Turn(Span<double> x)
    {
        for (var k = Count - 1; k >= 0; k--)
        {
            Apply(k, x[k..]);
        }

        var turned = x.ToArray();
        for (var i = 0; i < _rows; i++)
        {
            x[_rowOrder[i]] = turned[i];
        }
    }

    private Span<double> Column(int j) => _columns.AsSpan(j * _rows, _rows);

    private void SortRows()
    {
        var sizes = new double[_rows];
        for (var i = 0; i < _columns.Length; i++)
        {
            sizes[i % _rows] = Math.Min(sizes[i % _rows], -Math.Abs(_columns[i]));
        }

        Array.Sort(sizes, _rowOrder);
        for (var j = 0; j < Count; j++)
        {
            var column = Column(j).ToArray();
            for (var i = 0; i < _rows; i++)
            {
                Column(j)[i] = column[_rowOrder[i]];
            }
        }
    }

    private void BringLargest(int k)
    {
        var (largest, size, unit) = (k, 0.0, 0);
        for (var j = k; j < Count; j++)
        {
            var own = RowOperations.Largest(Column(j)[k..]);
            if (own > Math.ScaleB(size, unit - Units[j]))
            {
                (largest, size, unit) = (j, own, Units[j]);
            }
        }

        RowOperations.Swap(_columns, _rows, k, largest);
        (Order[k], Order[largest]) = (Order[largest], Order[k]);
        (Units[k], Units[largest]) = (Units[largest], Units[k]);
    }

    private void Reflect(int k)
    {
        var vector = Column(k)[k..];
        var unit = PowersOfTwo.Largest(vector);
        if (unit == PowersOfTwo.OfZero)
        {
            return;
        }

        PowersOfTwo.Scale(vector, -unit);
        var norm = Math.Sqrt(RowOperations.Dot(vector, vector));
        _diagonal[k] = Math.ScaleB(vector[0] > 0 ? -norm : norm, unit);
        _weights[k] = 1 / (norm * (norm + Math.Abs(vector[0])));
        vector[0] += vector[0] > 0 ? norm : -norm;
        for (var j = k + 1; j < Count; j++)
        {
            Apply(k, Column(j)[k..]);
        }
    }

    private void Apply(int k, Span<double> x)
    {
        var vector = Column(k)[k..];
        RowOperations.AddMultiple(x, -_weights[k] * RowOperations.Dot(vector, x), vector);
    }
}
