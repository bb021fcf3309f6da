// How the entries of a sparse matrix are read from sums of its columns and rows.

using System.Buffers;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Sparsity;

/// <summary>A way to compute the values of a sparse matrix at a point.</summary>
internal abstract class Compression
{
    /// <summary>Writes the value at each place of the pattern.</summary>
    public abstract void Run(ReadOnlySpan<double> x, Span<double> values);

    /// <summary>What the code does.</summary>
    public abstract string Explain();

    /// <summary>The entries of a Jacobian, each of which stands alone in a sum.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="colouring">The colouring of columns and rows.</param>
    /// <param name="pushforward">From the argument and a tangent of it to that of the result.</param>
    /// <param name="pullback">From the argument and a cotangent of the result to that of the argument.</param>
    /// <param name="options">How the code is generated and run.</param>
    public static Compression OfJacobian(SparsityPattern pattern, JacobianColouring colouring, Func<Computation> pushforward, Func<Computation> pullback, CompileOptions options)
    {
        var (columns, rows) = (new List<Entry>(), new List<Entry>());
        var place = 0;
        foreach (var (row, column) in pattern)
        {
            if (colouring.ReadsRow(row, column))
            {
                rows.Add(new(place++, colouring.Rows[row], column));
            }
            else
            {
                columns.Add(new(place++, colouring.Columns[column], row));
            }
        }

        var parts = new List<DirectCompression>();
        if (columns.Count > 0)
        {
            parts.Add(new(new(pushforward(), colouring.Columns, colouring.ColumnColours, options), columns));
        }

        if (rows.Count > 0)
        {
            parts.Add(new(new(pullback(), colouring.Rows, colouring.RowColours, options), rows));
        }

        return parts is [var only] ? only : new JointCompression(parts);
    }

    /// <summary>The entries of a Hessian, each of which stands alone in a sum or follows by substitution.</summary>
    /// <param name="pattern">The pattern, which is symmetric.</param>
    /// <param name="colouring">The colouring of columns.</param>
    /// <param name="product">From the argument and a direction to the product of the Hessian with it.</param>
    /// <param name="options">How the code is generated and run.</param>
    public static Compression OfHessian(SparsityPattern pattern, HessianColouring colouring, Func<Computation> product, CompileOptions options)
    {
        if (pattern.Count == 0)
        {
            return new JointCompression([]);
        }

        var sweep = new ColouredSweep(product(), colouring.Columns, colouring.Count, options);
        return colouring.IsAcyclic ? new Substitution(pattern, colouring, sweep) : new DirectCompression(sweep, StarEntries(pattern, colouring.Columns));
    }

    /// <summary>An entry is read from the sum for its column, unless another entry of its row is in the same sum; then from that for its row.</summary>
    internal static List<Entry> StarEntries(SparsityPattern pattern, int[] colours)
    {
        var inSum = new int[pattern.Columns];
        var standsAlone = new bool[pattern.Count];
        for (var row = 0; row < pattern.Rows; row++)
        {
            foreach (var column in pattern.RowOf(row))
            {
                inSum[colours[column]]++;
            }

            for (var place = pattern.RowPointers[row]; place < pattern.RowPointers[row + 1]; place++)
            {
                standsAlone[place] = inSum[colours[pattern.ColumnIndices[place]]] == 1;
            }

            foreach (var column in pattern.RowOf(row))
            {
                inSum[colours[column]]--;
            }
        }

        // Both entries of a pair read the same number.
        var entries = new List<Entry>(pattern.Count);
        foreach (var (row, column) in pattern)
        {
            var (low, high) = (Math.Min(row, column), Math.Max(row, column));
            entries.Add(standsAlone[pattern.PlaceOf(low, high)] ? new(entries.Count, colours[high], low) : new(entries.Count, colours[low], high));
        }

        return entries;
    }
}

/// <summary>Where an entry is read: its place in the pattern, and the element of the sum of a colour.</summary>
internal readonly record struct Entry(int Place, int Colour, int Element);

/// <summary>Several ways that each compute some of the values.</summary>
internal sealed class JointCompression(IReadOnlyList<Compression> parts) : Compression
{
    public override void Run(ReadOnlySpan<double> x, Span<double> values)
    {
        foreach (var part in parts)
        {
            part.Run(x, values);
        }
    }

    public override string Explain() => string.Join("\n", parts.Select(part => part.Explain()));
}

/// <summary>Each entry stands alone in a sum.</summary>
internal sealed class DirectCompression : Compression
{
    private readonly ColouredSweep _sweep;

    // The entries of sweep s are those from _starts[s] to _starts[s + 1]: their places, and where they are in the sums of this sweep. The places are null
    // if they are all places in order.
    private readonly int[] _starts;
    private readonly int[]? _places;
    private readonly int[] _sources;

    public DirectCompression(ColouredSweep sweep, List<Entry> entries)
    {
        _sweep = sweep;
        _starts = new int[sweep.Sweeps + 1];
        foreach (var entry in entries)
        {
            _starts[(entry.Colour / sweep.AtOnce) + 1]++;
        }

        for (var i = 0; i < sweep.Sweeps; i++)
        {
            _starts[i + 1] += _starts[i];
        }

        var (next, places) = (_starts.AsSpan(0, sweep.Sweeps).ToArray(), new int[entries.Count]);
        _sources = new int[entries.Count];
        var isInOrder = true;
        foreach (var entry in entries)
        {
            var position = next[entry.Colour / sweep.AtOnce]++;
            (places[position], _sources[position]) = (entry.Place, (entry.Colour % sweep.AtOnce * sweep.Size) + entry.Element);
            isInOrder &= position == entry.Place;
        }

        _places = isInOrder ? null : places;
    }

    public override void Run(ReadOnlySpan<double> x, Span<double> values)
    {
        var length = _sweep.AtOnce * _sweep.Size;
        var rented = ArrayPool<double>.Shared.Rent(length);
        var sums = rented.AsSpan(0, length);
        for (var sweep = 0; sweep < _sweep.Sweeps; sweep++)
        {
            _sweep.Run(x, sweep, sums);
            var entries = _starts[sweep].._starts[sweep + 1];
            if (_places is null)
            {
                Read(sums, _sources.AsSpan(entries), values[entries]);
            }
            else
            {
                Read(sums, _sources.AsSpan(entries), _places.AsSpan(entries), values);
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    public override string Explain() => _sweep.Explain();

    private static void Read(ReadOnlySpan<double> sums, ReadOnlySpan<int> sources, Span<double> values)
    {
        for (var i = 0; i < sources.Length && i < values.Length; i++)
        {
            values[i] = sums[sources[i]];
        }
    }

    private static void Read(ReadOnlySpan<double> sums, ReadOnlySpan<int> sources, ReadOnlySpan<int> places, Span<double> values)
    {
        for (var i = 0; i < sources.Length && i < places.Length; i++)
        {
            values[places[i]] = sums[sources[i]];
        }
    }
}

/// <summary>
/// The entries of a symmetric matrix by substitution. The entry at a leaf of a tree is alone in its sum; once it is known it is subtracted from the sum of its
/// neighbour, where the leaf is then missing.
/// </summary>
internal sealed class Substitution : Compression
{
    private readonly ColouredSweep _sweep;

    // For each entry in the order of elimination: where it is read in the sums, its place and that of its mirror image, and the sum it is subtracted from.
    private readonly (int Source, int Place, int Mirror, int Other)[] _steps;
    private readonly (int Source, int Place)[] _diagonal;

    public Substitution(SparsityPattern pattern, HessianColouring colouring, ColouredSweep sweep)
    {
        _sweep = sweep;
        (_steps, _diagonal) = Order(pattern, colouring.Columns, sweep.Size);
    }

    public override void Run(ReadOnlySpan<double> x, Span<double> values)
    {
        var length = _sweep.AtOnce * _sweep.Size;
        var rented = ArrayPool<double>.Shared.Rent(length * _sweep.Sweeps);
        for (var sweep = 0; sweep < _sweep.Sweeps; sweep++)
        {
            _sweep.Run(x, sweep, rented.AsSpan(sweep * length, length));
        }

        Solve(rented, values);
        ArrayPool<double>.Shared.Return(rented);
    }

    public override string Explain() => _sweep.Explain();

    /// <summary>The elimination order: steps for the pairs off the diagonal, and where the entries of the diagonal are read.</summary>
    internal static ((int Source, int Place, int Mirror, int Other)[] Steps, (int Source, int Place)[] Diagonal) Order(SparsityPattern pattern, int[] colours, int size)
    {
        // The entries of a row that are in one sum are a group. Of each group, the number of entries left, and the exclusive or of their places, which is the
        // place of the last one.
        var (groupOf, mirror, rowOf) = (new int[pattern.Count], new int[pattern.Count], new int[pattern.Count]);
        var (left, places) = (new List<int>(), new List<int>());
        var (groupOfColour, rowOfColour) = (new int[pattern.Columns], new int[pattern.Columns]);
        Array.Fill(rowOfColour, -1);
        var diagonal = new List<(int, int)>();
        var place = 0;
        foreach (var (row, column) in pattern)
        {
            rowOf[place] = row;
            mirror[place] = pattern.PlaceOf(column, row);
            var colour = colours[column];
            if (row == column)
            {
                diagonal.Add(((colour * size) + row, place));
            }
            else
            {
                if (rowOfColour[colour] != row)
                {
                    (rowOfColour[colour], groupOfColour[colour]) = (row, left.Count);
                    left.Add(0);
                    places.Add(0);
                }

                var group = groupOf[place] = groupOfColour[colour];
                left[group]++;
                places[group] ^= place;
            }

            place++;
        }

        var alone = new Queue<int>(Enumerable.Range(0, left.Count).Where(group => left[group] == 1));
        var steps = new List<(int, int, int, int)>();
        while (alone.TryDequeue(out var group))
        {
            if (left[group] == 0)
            {
                continue;
            }

            left[group] = 0;
            var entry = places[group];
            var (row, column, image) = (rowOf[entry], pattern.ColumnIndices[entry], mirror[entry]);
            steps.Add(((colours[column] * size) + row, entry, image, (colours[row] * size) + column));
            var others = groupOf[image];
            places[others] ^= image;
            if (--left[others] == 1)
            {
                alone.Enqueue(others);
            }
        }

        return ([.. steps], [.. diagonal]);
    }

    private void Solve(Span<double> sums, Span<double> values) => Solve(_steps, _diagonal, sums, values);

    /// <summary>Reads all entries from the sums, which it changes.</summary>
    internal static void Solve((int Source, int Place, int Mirror, int Other)[] steps, (int Source, int Place)[] diagonal, Span<double> sums, Span<double> values)
    {
        foreach (var (source, place) in diagonal)
        {
            values[place] = sums[source];
        }

        foreach (var (source, place, mirror, other) in steps)
        {
            var value = sums[source];
            values[place] = values[mirror] = value;
            sums[other] -= value;
        }
    }
}
