// A tensor viewed as a batch of matrices.

namespace Autodiff.Functional.Numerics;

/// <summary>A batch of matrices: the last two axes of a tensor are those of the matrices, the axes before them those of the batch.</summary>
internal readonly ref struct Matrices
{
    private readonly string _operation;
    private readonly ReadOnlySpan<double> _elements;
    private readonly ReadOnlySpan<int> _batch;
    private readonly Func<AutodiffException>? _singular;

    /// <summary>Views a tensor in row-major order.</summary>
    /// <param name="operation">The name of the operation, for errors.</param>
    /// <param name="elements">The elements of the tensor.</param>
    /// <param name="lengths">The lengths of its axes.</param>
    /// <param name="singular">The error of a singular matrix; null for one that names the matrix.</param>
    public Matrices(string operation, ReadOnlySpan<double> elements, ReadOnlySpan<int> lengths, Func<AutodiffException>? singular = null)
    {
        (_operation, _singular) = (operation, singular);
        _elements = elements;
        _batch = lengths[..^2];
        (Rows, Columns, Count) = (lengths[^2], lengths[^1], 1);
        foreach (var length in _batch)
        {
            Count *= length;
        }
    }

    /// <summary>How many matrices there are.</summary>
    public int Count { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The number of elements of one matrix.</summary>
    public int Size => Rows * Columns;

    public Matrix this[int index] => new(this, index);

    /// <summary>The elements of one matrix.</summary>
    public ReadOnlySpan<double> Elements(int index) => _elements.Slice(index * Size, Size);

    /// <summary>The index of the matrix that corresponds to a place of a larger batch, to which this one is broadcast.</summary>
    public int Under(ReadOnlySpan<int> batch, int place)
    {
        var (index, step) = (0, 1);
        for (var axis = batch.Length - 1; axis >= batch.Length - _batch.Length; axis--)
        {
            var length = _batch[axis - (batch.Length - _batch.Length)];
            index += length == 1 ? 0 : step * (place % batch[axis]);
            step *= length;
            place /= batch[axis];
        }

        return index;
    }

    /// <summary>The error of an operation that needs an invertible matrix.</summary>
    public AutodiffException Singular(int index) =>
        _singular?.Invoke() ?? Error(index, "is singular: elimination comes to a pivot of 0; Svd takes matrices of any rank");

    /// <summary>An error that says which matrix of the batch is concerned, and the reason.</summary>
    public AutodiffException Error(int index, string reason)
    {
        var place = new int[_batch.Length];
        for (var axis = place.Length - 1; axis >= 0; axis--)
        {
            (index, place[axis]) = Math.DivRem(index, _batch[axis]);
        }

        var matrix = place.Length == 0 ? $"the matrix of shape ({Rows}, {Columns})" : $"matrix [{string.Join(", ", place)}] of the batch, of shape ({Rows}, {Columns}),";
        return new($"{_operation}: {matrix} {reason}.");
    }
}

/// <summary>One matrix of a batch, stored by rows.</summary>
internal readonly ref struct Matrix(Matrices batch, int index)
{
    private readonly Matrices _batch = batch;

    public int Rows => _batch.Rows;

    public int Columns => _batch.Columns;

    public ReadOnlySpan<double> Elements => _batch.Elements(index);

    /// <summary>Whether no element is infinite or NaN.</summary>
    public bool IsFinite => !Elements.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);

    public double[] Transposed()
    {
        var transposed = new double[Elements.Length];
        Transpose(Elements, Rows, Columns, transposed);
        return transposed;
    }

    public static void Transpose(ReadOnlySpan<double> elements, int rows, int columns, Span<double> result)
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                result[(j * rows) + i] = elements[(i * columns) + j];
            }
        }
    }

    /// <summary>The mean of a square matrix and its transpose.</summary>
    public double[] SymmetricPart()
    {
        var (part, n) = (Elements.ToArray(), Rows);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (x, y) = (part[(i * n) + j], part[(j * n) + i]);
                part[(i * n) + j] = part[(j * n) + i] = double.IsInfinity(x + y) ? (x / 2) + (y / 2) : (x + y) / 2;
            }
        }

        return part;
    }

    /// <summary>The error of an operation that needs an invertible matrix.</summary>
    public AutodiffException Singular() => _batch.Singular(index);

    /// <summary>An error that says which matrix of the batch is concerned, and the reason.</summary>
    public AutodiffException Error(string reason) => _batch.Error(index, reason);
}
