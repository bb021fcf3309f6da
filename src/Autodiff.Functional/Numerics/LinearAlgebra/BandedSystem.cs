// Systems of linear equations with a banded matrix, in time and memory linear in its size.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// P A = L U for a matrix with zeros outside some diagonals below and above the main one; U has as many more above as there are below. Rows and columns
/// have units, powers of two, in which the largest element of each is near 1.
/// </summary>
internal sealed class BandedSystem
{
    private readonly int _n;
    private readonly int _lower;
    private readonly int _width;

    // Row i of the factors from column i − lower on, and the row that was exchanged with it.
    private readonly double[] _rows;
    private readonly int[] _pivots;
    private readonly int[] _rowUnits;
    private readonly int[] _columnUnits;

    /// <summary>Factors a matrix whose elements aᵢⱼ are in row upper + i − j and column j.</summary>
    public BandedSystem(in Matrix bands, int lower, int upper, bool isTransposed)
    {
        var elements = bands.Elements;
        var n = bands.Columns;
        (_n, _lower, _width) = (n, isTransposed ? upper : lower, (2 * (isTransposed ? upper : lower)) + (isTransposed ? lower : upper) + 1);
        (_rows, _pivots, _rowUnits, _columnUnits) = (new double[n * _width], new int[n], new int[n], new int[n]);
        IsFinite = true;
        for (var diagonal = 0; diagonal <= lower + upper; diagonal++)
        {
            var offset = diagonal - upper;
            for (var column = Math.Max(0, -offset); column < Math.Min(n, n - offset); column++)
            {
                var (row, other) = isTransposed ? (column, column + offset) : (column + offset, column);
                var element = elements[(diagonal * n) + column];
                _rows[(row * _width) + other - row + _lower] = element;
                IsFinite &= double.IsFinite(element);
            }
        }

        if (IsFinite)
        {
            Equilibrate();
            Eliminate();
        }
    }

    /// <summary>Whether no element within the band is infinite or NaN.</summary>
    public bool IsFinite { get; }

    /// <summary>Whether a pivot is exactly 0.</summary>
    public bool IsSingular { get; private set; }

    /// <summary>The solutions of A x = b for the columns b of a matrix.</summary>
    public void Solve(ReadOnlySpan<double> sides, int columns, Span<double> solutions)
    {
        sides.CopyTo(solutions);
        for (var i = 0; i < _n; i++)
        {
            PowersOfTwo.Scale(solutions.Slice(i * columns, columns), -_rowUnits[i]);
        }

        for (var k = 0; k < _n; k++)
        {
            var own = solutions.Slice(k * columns, columns);
            var pivot = solutions.Slice(_pivots[k] * columns, columns);
            for (var column = 0; _pivots[k] != k && column < columns; column++)
            {
                (own[column], pivot[column]) = (pivot[column], own[column]);
            }

            for (var i = k + 1; i <= Math.Min(k + _lower, _n - 1); i++)
            {
                RowOperations.AddMultiple(solutions.Slice(i * columns, columns), -Element(i, k), own);
            }
        }

        for (var k = _n - 1; k >= 0; k--)
        {
            var own = solutions.Slice(k * columns, columns);
            for (var j = k + 1; j <= Math.Min(k + _width - 1 - _lower, _n - 1); j++)
            {
                RowOperations.AddMultiple(own, -Element(k, j), solutions.Slice(j * columns, columns));
            }

            RowOperations.Divide(own, Element(k, k), own);
        }

        for (var i = 0; i < _n; i++)
        {
            PowersOfTwo.Scale(solutions.Slice(i * columns, columns), -_columnUnits[i]);
        }
    }

    private ref double Element(int row, int column) => ref _rows[(row * _width) + column - row + _lower];

    /// <summary>Brings the largest element of each row, and then of each column, near 1, if elements differ much in size or are very large or small.</summary>
    private void Equilibrate()
    {
        var range = PowersOfTwo.Range(_rows);
        if (range.Largest - range.Smallest <= Equilibration.Span && PowersOfTwo.Unit(range) == 0)
        {
            return;
        }

        for (var i = 0; i < _n; i++)
        {
            var row = _rows.AsSpan(i * _width, _width);
            _rowUnits[i] = PowersOfTwo.Largest(row) is > PowersOfTwo.OfZero and var unit ? unit : 0;
            PowersOfTwo.Scale(row, -_rowUnits[i]);
        }

        for (var j = 0; j < _n; j++)
        {
            var largest = PowersOfTwo.OfZero;
            for (var i = Math.Max(0, j - _width + 1 + _lower); i <= Math.Min(j + _lower, _n - 1); i++)
            {
                largest = Math.Max(largest, PowersOfTwo.Exponent(Element(i, j)));
            }

            _columnUnits[j] = largest > PowersOfTwo.OfZero ? largest : 0;
            for (var i = Math.Max(0, j - _width + 1 + _lower); i <= Math.Min(j + _lower, _n - 1) && _columnUnits[j] != 0; i++)
            {
                Element(i, j) = Math.ScaleB(Element(i, j), -_columnUnits[j]);
            }
        }
    }

    private void Eliminate()
    {
        for (var k = 0; k < _n; k++)
        {
            var (last, end) = (Math.Min(k + _lower, _n - 1), Math.Min(k + _width - 1 - _lower, _n - 1));
            var pivot = k;
            for (var i = k + 1; i <= last; i++)
            {
                pivot = Math.Abs(Element(i, k)) > Math.Abs(Element(pivot, k)) ? i : pivot;
            }

            _pivots[k] = pivot;
            if (Element(pivot, k) == 0)
            {
                IsSingular = true;
                return;
            }

            // Factors of rows that are exchanged stay with their step, as the solution exchanges right-hand sides step by step.
            for (var j = k; pivot != k && j <= end; j++)
            {
                (Element(k, j), Element(pivot, j)) = (Element(pivot, j), Element(k, j));
            }

            for (var i = k + 1; i <= last; i++)
            {
                if (Element(i, k) != 0)
                {
                    var factor = Element(i, k) /= Element(k, k);
                    RowOperations.AddMultiple(_rows.AsSpan((i * _width) + k + 1 - i + _lower, end - k), -factor, _rows.AsSpan((k * _width) + 1 + _lower, end - k));
                }
            }
        }
    }
}
