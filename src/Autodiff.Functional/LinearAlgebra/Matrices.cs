// A tensor viewed as a batch of matrices.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.LinearAlgebra;

/// <summary>A batch of matrices: the last two axes of a tensor are those of the matrices, the axes before them those of the batch.</summary>
internal readonly ref struct Matrices(Op op, Storage tensor)
{
    private readonly ReadOnlySpan<double> _elements = tensor.Span;
    private readonly Shape _batch = new(tensor.Shape.Lengths[..^2]);
    private readonly int _rows = tensor.Shape[tensor.Shape.Rank - 2];
    private readonly int _columns = tensor.Shape[tensor.Shape.Rank - 1];

    public int Count => _batch.Size;

    /// <summary>The number of elements of one matrix.</summary>
    public int Size => _rows * _columns;

    public Matrix this[int index] => new(op, _batch, index, _rows, _columns, _elements.Slice(index * Size, Size));

    /// <summary>The index of the matrix that corresponds to a place of a larger batch, to which this one is broadcast.</summary>
    public int Under(Shape batch, int place)
    {
        var (index, step) = (0, 1);
        for (var axis = batch.Rank - 1; axis >= batch.Rank - _batch.Rank; axis--)
        {
            var length = _batch[axis - (batch.Rank - _batch.Rank)];
            index += length == 1 ? 0 : step * (place % batch[axis]);
            step *= length;
            place /= batch[axis];
        }

        return index;
    }
}

/// <summary>One matrix of a batch, stored by rows.</summary>
internal readonly ref struct Matrix(Op op, Shape batch, int index, int rows, int columns, ReadOnlySpan<double> elements)
{
    public int Rows => rows;

    public int Columns => columns;

    public ReadOnlySpan<double> Elements { get; } = elements;

    public double[] Copy() => Elements.ToArray();

    public double[] Transposed()
    {
        var transposed = new double[Elements.Length];
        Transpose(Elements, rows, columns, transposed);
        return transposed;
    }

    /// <summary>Whether no element is infinite or NaN.</summary>
    public bool IsFinite => !Elements.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);

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
        var part = Copy();
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (x, y) = (part[(i * rows) + j], part[(j * rows) + i]);
                part[(i * rows) + j] = part[(j * rows) + i] = double.IsInfinity(x + y) ? (x / 2) + (y / 2) : (x + y) / 2;
            }
        }

        return part;
    }

    /// <summary>The error of an operation that needs an invertible matrix.</summary>
    public AutodiffException Singular() => Error("is singular: elimination comes to a pivot of 0; Svd takes matrices of any rank");

    /// <summary>An error that says which matrix of the batch is concerned, and the reason.</summary>
    public AutodiffException Error(string reason, Exception? inner = null)
    {
        var place = new int[batch.Rank];
        var rest = index;
        for (var axis = place.Length - 1; axis >= 0; axis--)
        {
            (rest, place[axis]) = Math.DivRem(rest, batch[axis]);
        }

        var matrix = place.Length == 0 ? $"the matrix of shape ({rows}, {columns})" : $"matrix [{string.Join(", ", place)}] of the batch, of shape ({rows}, {columns}),";
        return new($"{op}: {matrix} {reason}.", inner);
    }
}
