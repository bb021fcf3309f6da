// Groups of columns and rows of a sparse matrix that one sweep can compute together.

using System.Numerics;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Sparsity;

/// <summary>
/// A colouring of the columns and rows of a pattern. The sum of the columns of one colour, computed by a forward sweep, and that of the rows of one colour, by
/// a reverse sweep, contain every entry on its own, in a place that is known.
/// </summary>
/// <remarks>
/// Columns of one colour share no row, rows of one colour no column (a partial distance-2 colouring: A. H. Gebremedhin, F. Manne, A. Pothen, What color is your
/// Jacobian?, 2005). If a few rows are dense, they alone are computed by reverse sweeps, and columns then need not differ in colour because of
/// them; likewise for a few dense columns (a cut in the manner of T. F. Coleman, A. Verma, The efficient computation of sparse Jacobian matrices
/// using automatic differentiation, 1998).
/// </remarks>
/// <param name="Columns">The colour of each column, <see cref="None"/> for one that forward sweeps do not compute.</param>
/// <param name="ColumnColours">The number of colours of columns.</param>
/// <param name="Rows">The colour of each row, <see cref="None"/> for one that reverse sweeps do not compute.</param>
/// <param name="RowColours">The number of colours of rows.</param>
/// <param name="IsByRows">Whether entries in both a coloured row and a coloured column are read from the row.</param>
internal sealed record JacobianColouring(int[] Columns, int ColumnColours, int[] Rows, int RowColours, bool IsByRows)
{
    /// <summary>Stands for the colour of what has none.</summary>
    public const int None = -1;

    /// <summary>The number of colours.</summary>
    public int Count => ColumnColours + RowColours;

    /// <summary>Whether an entry is read from the sum of the rows of a colour.</summary>
    public bool ReadsRow(int row, int column) => IsByRows ? Rows[row] != None : Columns[column] == None;

    /// <summary>The colouring with the fewest colours that is found: of the columns, of the rows, or of both with one cut.</summary>
    public static JacobianColouring Of(SparsityPattern pattern)
    {
        var cuts = Cut.Of(pattern, isByRows: true).Concat(Cut.Of(pattern.Transpose, isByRows: false)).OrderBy(cut => cut.Fewest);
        JacobianColouring? best = null;
        foreach (var cut in cuts)
        {
            if (best is null || cut.Fewest < best.Count)
            {
                var colouring = Of(pattern, cut);
                best = best is null || colouring.Count < best.Count ? colouring : best;
            }
        }

        return best!;
    }

    private static JacobianColouring Of(SparsityPattern pattern, Cut cut)
    {
        var across = cut.IsByRows ? pattern : pattern.Transpose;
        var isSparse = Array.ConvertAll(cut.IsDense, dense => !dense);
        bool[] all = [.. Enumerable.Repeat(true, across.Columns)];
        var (sparse, sparseCount) = Greedy(new Siblings(across.Transpose, across, all, isSparse), cut.LargestSparse);
        var (dense, denseCount) = Greedy(new Siblings(across, across.Transpose, cut.IsDense, all), cut.LargestDense);
        return cut.IsByRows ? new(sparse, sparseCount, dense, denseCount, true) : new(dense, denseCount, sparse, sparseCount, false);
    }

    /// <summary>Colours the vertices in each order, until the number of colours is one that cannot be less; the best colouring.</summary>
    private static (int[] Colours, int Count) Greedy(Siblings graph, int fewest)
    {
        (int[] Colours, int Count)? best = null;
        foreach (var order in VertexOrder.Each(graph))
        {
            var colouring = Greedy(graph, order);
            best = best is { } already && already.Count <= colouring.Count ? already : colouring;
            if (best.Value.Count <= fewest)
            {
                break;
            }
        }

        return best!.Value;
    }

    /// <summary>Gives each vertex the lowest colour that no neighbour has.</summary>
    private static (int[] Colours, int Count) Greedy(Siblings graph, int[] order)
    {
        var colours = new int[graph.Count];
        Array.Fill(colours, None);
        var taken = new TakenColours();
        var count = 0;
        foreach (var vertex in order)
        {
            var colour = taken.LowestFree(graph.Rows(vertex));
            taken.Take(graph.Rows(vertex), colour);
            colours[vertex] = colour;
            count = Math.Max(count, colour + 1);
        }

        return (colours, count);
    }

    /// <summary>The colours that occur in each row, as bits, so that the cost of a row does not grow with the square of its length.</summary>
    private sealed class TakenColours
    {
        private const int Bits = 64;

        private readonly Dictionary<int, ulong[]> _ofRows = [];
        private ulong[] _any = [];

        public int LowestFree(IEnumerable<int> rows)
        {
            _any.AsSpan().Clear();
            foreach (var row in rows)
            {
                var bits = _ofRows.GetValueOrDefault(row, []);
                for (var i = 0; i < bits.Length; i++)
                {
                    _any[i] |= bits[i];
                }
            }

            var word = _any.AsSpan().IndexOfAnyExcept(ulong.MaxValue);
            return word < 0 ? _any.Length * Bits : (word * Bits) + BitOperations.TrailingZeroCount(~_any[word]);
        }

        public void Take(IEnumerable<int> rows, int colour)
        {
            var (word, bit) = (colour / Bits, 1UL << (colour % Bits));
            Array.Resize(ref _any, Math.Max(_any.Length, word + 1));
            foreach (var row in rows)
            {
                ref var bits = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofRows, row, out _);
                Array.Resize(ref bits, Math.Max(bits?.Length ?? 0, word + 1));
                bits[word] |= bit;
            }
        }
    }

    /// <summary>Columns that share a row (or rows that share a column), among some of them and by way of some.</summary>
    private sealed class Siblings(SparsityPattern rowsOf, SparsityPattern columnsOf, bool[] columns, bool[] rows) : IConflictGraph
    {
        public int Count => columns.Length;

        public bool Has(int vertex) => columns[vertex] && Rows(vertex).Any();

        public int Degree(int vertex) => (int)Math.Min(int.MaxValue, Rows(vertex).Sum(row => (long)columnsOf.RowOf(row).Length));

        /// <summary>The rows of a column by way of which it has neighbours.</summary>
        public IEnumerable<int> Rows(int vertex)
        {
            var end = rowsOf.RowPointers[vertex + 1];
            for (var i = rowsOf.RowPointers[vertex]; i < end; i++)
            {
                if (rows[rowsOf.ColumnIndices[i]])
                {
                    yield return rowsOf.ColumnIndices[i];
                }
            }
        }

        public IEnumerable<int> Neighbours(int vertex)
        {
            foreach (var row in Rows(vertex))
            {
                var end = columnsOf.RowPointers[row + 1];
                for (var i = columnsOf.RowPointers[row]; i < end; i++)
                {
                    yield return columnsOf.ColumnIndices[i];
                }
            }
        }
    }

    /// <summary>Which rows are computed as rows, because they are dense; of the transposed pattern, which columns as columns.</summary>
    /// <param name="IsByRows">Whether this is about rows.</param>
    /// <param name="IsDense">Which rows these are.</param>
    /// <param name="LargestSparse">The most places in one of the other rows: so many colours the columns need at least.</param>
    /// <param name="LargestDense">The most places in a column of the dense rows: so many colours they need at least.</param>
    private sealed record Cut(bool IsByRows, bool[] IsDense, int LargestSparse, int LargestDense)
    {
        public int Fewest => LargestSparse + LargestDense;

        /// <summary>The cut without dense rows, and the one below the dense rows that needs the fewest colours at least.</summary>
        public static IEnumerable<Cut> Of(SparsityPattern pattern, bool isByRows)
        {
            int[] order = [.. Enumerable.Range(0, pattern.Rows).OrderByDescending(row => pattern.RowOf(row).Length)];
            int Largest(int dense) => dense < order.Length ? pattern.RowOf(order[dense]).Length : 0;
            var inColumn = new int[pattern.Columns];
            var (largestDense, best, bestDense) = (0, 0, 0);
            for (var dense = 1; dense <= order.Length && largestDense < Largest(0); dense++)
            {
                foreach (var column in pattern.RowOf(order[dense - 1]))
                {
                    largestDense = Math.Max(largestDense, ++inColumn[column]);
                }

                if (Largest(dense) + largestDense < Largest(best) + bestDense)
                {
                    (best, bestDense) = (dense, largestDense);
                }
            }

            yield return new(isByRows, new bool[pattern.Rows], Largest(0), 0);
            if (best > 0)
            {
                var isDense = new bool[pattern.Rows];
                foreach (var row in order.AsSpan(0, best))
                {
                    isDense[row] = true;
                }

                yield return new(isByRows, isDense, Largest(best), bestDense);
            }
        }
    }
}
