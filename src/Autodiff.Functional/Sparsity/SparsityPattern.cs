// Where a sparse matrix has entries.

using System.Collections;
using System.Text;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>
/// The places of a matrix that may be other than 0, as (row, column) pairs in row-major order. It is immutable. Rows are the elements of a result and columns
/// those of an argument, both numbered in row-major order.
/// </summary>
/// <remarks>
/// It is stored as compressed sparse rows: the columns of row i are <c>ColumnIndices[RowPointers[i]] … ColumnIndices[RowPointers[i + 1] − 1]</c>, ascending.
/// </remarks>
public sealed class SparsityPattern : IReadOnlyCollection<(int Row, int Column)>, IEquatable<SparsityPattern>
{
    // The most rows and columns of a pattern that ToString draws.
    private const int LargestDrawn = 64;

    private readonly int[] _rowPointers;
    private readonly int[] _columnIndices;
    private SparsityPattern? _transpose;

    internal SparsityPattern(int columns, int[] rowPointers, int[] columnIndices) => (Columns, _rowPointers, _columnIndices) = (columns, rowPointers, columnIndices);

    /// <summary>The number of rows.</summary>
    public int Rows => _rowPointers.Length - 1;

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The number of places.</summary>
    public int Count => _columnIndices.Length;

    /// <summary>For each row where its columns start in <see cref="ColumnIndices"/>, and after the last row the number of places.</summary>
    public ReadOnlySpan<int> RowPointers => _rowPointers;

    /// <summary>The column of each place, row by row.</summary>
    public ReadOnlySpan<int> ColumnIndices => _columnIndices;

    /// <summary>The pattern of the transposed matrix.</summary>
    public SparsityPattern Transpose => _transpose ??= Transposed();

    /// <summary>The columns of one row, ascending.</summary>
    /// <param name="row">The row.</param>
    /// <exception cref="ShapeException">There is no such row.</exception>
    public ReadOnlySpan<int> Row(int row) => (uint)row < (uint)Rows
        ? RowOf(row)
        : throw new ShapeException($"SparsityPattern: there is no row {row} in a pattern of {Rows} rows and {Columns} columns.");

    /// <summary>Whether a place is in the pattern.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    /// <exception cref="ShapeException">There is no such row or column.</exception>
    public bool Contains(int row, int column) => (uint)column < (uint)Columns
        ? Row(row).BinarySearch(column) >= 0
        : throw new ShapeException($"SparsityPattern: there is no column {column} in a pattern of {Rows} rows and {Columns} columns.");

    /// <summary>All places, as (row, column) pairs in row-major order.</summary>
    public IEnumerator<(int Row, int Column)> GetEnumerator()
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var place = _rowPointers[row]; place < _rowPointers[row + 1]; place++)
            {
                yield return (row, _columnIndices[place]);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both patterns have the same numbers of rows and columns and the same places.</summary>
    /// <param name="other">The other pattern.</param>
    public bool Equals(SparsityPattern? other) =>
        other is not null && Columns == other.Columns && RowPointers.SequenceEqual(other.RowPointers) && ColumnIndices.SequenceEqual(other.ColumnIndices);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SparsityPattern);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rows, Columns, Count);

    /// <summary>The size and the number of places and, of a small pattern, a picture: a line for each row, × at each place and · elsewhere.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Rows} × {Columns}, {Count} {(Count == 1 ? "place" : "places")}");
        for (var row = 0; row < Rows && Math.Max(Rows, Columns) <= LargestDrawn; row++)
        {
            text.Append('\n');
            for (var column = 0; column < Columns; column++)
            {
                text.Append(column > 0 ? " " : "").Append(Contains(row, column) ? '×' : '·');
            }
        }

        return text.ToString();
    }

    /// <summary>The pattern whose rows are the sets that the elements of a result depend on.</summary>
    internal static SparsityPattern Of(int columns, ReadOnlySpan<int> dependence, IndexSets sets)
    {
        var rowPointers = new int[dependence.Length + 1];
        var count = 0L;
        for (var row = 0; row < dependence.Length; row++)
        {
            count += sets.Members(dependence[row]).Length;
            rowPointers[row + 1] = count <= Array.MaxLength ? (int)count : throw new AutodiffException(
                $"Sparsity: the pattern of a matrix with {dependence.Length} rows and {columns} columns has more than {Array.MaxLength} places, so it is not sparse enough to be stored; " +
                "use products with it (Jvp, Vjp, Hvp).");
        }

        var columnIndices = new int[count];
        for (var row = 0; row < dependence.Length; row++)
        {
            sets.Members(dependence[row]).CopyTo(columnIndices.AsSpan(rowPointers[row]));
        }

        return new(columns, rowPointers, columnIndices);
    }

    /// <summary>The places of this square pattern and of its transpose.</summary>
    internal SparsityPattern Symmetric()
    {
        var sets = new IndexSets(Columns);
        var (places, columns) = (new int[2 * Count], new int[2 * Count]);
        var next = 0;
        foreach (var (row, column) in this)
        {
            (places[next], columns[next++]) = (row, IndexSets.Of(column));
            (places[next], columns[next++]) = (column, IndexSets.Of(row));
        }

        return Of(Columns, sets.Union(columns, places, Rows), sets);
    }

    /// <summary>The columns of a row that exists.</summary>
    internal ReadOnlySpan<int> RowOf(int row) => _columnIndices.AsSpan(_rowPointers[row].._rowPointers[row + 1]);

    /// <summary>The position of a place among all places.</summary>
    internal int PlaceOf(int row, int column) => _rowPointers[row] + RowOf(row).BinarySearch(column);

    private SparsityPattern Transposed()
    {
        var pointers = new int[Columns + 1];
        foreach (var column in _columnIndices)
        {
            pointers[column + 1]++;
        }

        for (var column = 0; column < Columns; column++)
        {
            pointers[column + 1] += pointers[column];
        }

        var (next, rows) = (pointers.AsSpan(0, Columns).ToArray(), new int[Count]);
        for (var row = 0; row < Rows; row++)
        {
            foreach (var column in RowOf(row))
            {
                rows[next[column]++] = row;
            }
        }

        return new(Rows, pointers, rows) { _transpose = this };
    }
}
