// The compiled sparse Jacobian or Hessian of a function, prepared for arguments of one shape.

using System.Numerics.Tensors;
using Autodiff.Functional.Sparsity;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Storage;

namespace Autodiff.Functional;

/// <summary>
/// A function to a sparse matrix, prepared for arguments of one shape: the pattern and the colours are found and the sweeps are compiled, so that a call
/// only computes values. It is the result of <see cref="AD.CompileSparseJacobian"/> and <see cref="AD.CompileSparseHessian"/>, and may be called from
/// several threads at once.
/// </summary>
/// <remarks>
/// Every place of the pattern is stored in the matrix, also where the value happens to be 0, so that all matrices of one function have the same structure.
/// </remarks>
public sealed class CompiledSparseFunction
{
    private readonly string _operation;
    private readonly Compression _compression;
    private readonly Lazy<Compression> _masked;

    internal CompiledSparseFunction(
        string operation, Shape argument, SparsityPattern pattern, IReadOnlyList<int> columns, IReadOnlyList<int> rows, int colours, Compression compression, Func<Compression> masked)
    {
        (_operation, ArgumentShape, Pattern, ColumnColours, RowColours, Colours) = (operation, argument, pattern, columns, rows, colours);
        (_compression, _masked) = (compression, new(masked));
    }

    /// <summary>The shape of the argument.</summary>
    public Shape ArgumentShape { get; }

    /// <summary>The places of the matrix that may be other than 0.</summary>
    public SparsityPattern Pattern { get; }

    /// <summary>The number of colours: how many directions the sweeps run along, whatever the size of the matrix.</summary>
    public int Colours { get; }

    /// <summary>The colour of each column, −1 for a column that is not computed by forward sweeps. Columns of one colour are computed together.</summary>
    public IReadOnlyList<int> ColumnColours { get; }

    /// <summary>The colour of each row, −1 for a row that is not computed by reverse sweeps. Rows of one colour are computed together.</summary>
    public IReadOnlyList<int> RowColours { get; }

    /// <summary>The matrix at a point.</summary>
    /// <param name="x">The point, which has a value. No derivative flows through the matrix, which consists of numbers.</param>
    /// <returns>A matrix of its own in compressed sparse rows, with an entry at each place of <see cref="Pattern"/>.</returns>
    /// <exception cref="ShapeException">x does not have the shape <see cref="ArgumentShape"/>.</exception>
    /// <exception cref="NotConcreteException">x is symbolic.</exception>
    public SparseMatrix Invoke(Expr x)
    {
        if (x is null)
        {
            throw AutodiffException.Null(_operation, "the argument");
        }

        if (x.Shape != ArgumentShape)
        {
            throw new ShapeException($"{_operation}: the argument has shape {x.Shape}, but the function was compiled for shape {ArgumentShape}.");
        }

        return x.IsConcrete
            ? Invoke(x.Storage.Span)
            : throw new NotConcreteException($"{_operation}: the argument is symbolic, but the entries of a sparse matrix are numbers; call it at a point with values.");
    }

    /// <summary>The matrix at a point.</summary>
    /// <param name="x">The elements of the point in row-major order.</param>
    /// <exception cref="ShapeException">There are more or fewer elements than <see cref="ArgumentShape"/> has.</exception>
    public SparseMatrix Invoke(ReadOnlySpan<double> x)
    {
        var values = GC.AllocateUninitializedArray<double>(Pattern.Count);
        Invoke(x, values);
        if (Pattern.Rows == 0 || Pattern.Columns == 0)
        {
            throw new ShapeException($"{_operation}: the matrix would have {Pattern.Rows} rows and {Pattern.Columns} columns, and MathNet has no matrices without elements.");
        }

        var matrix = new SparseMatrix(Pattern.Rows, Pattern.Columns);
        var storage = (SparseCompressedRowMatrixStorage<double>)matrix.Storage;
        Pattern.RowPointers.CopyTo(storage.RowPointers);
        (storage.ColumnIndices, storage.Values) = (Pattern.ColumnIndices.ToArray(), values);
        return matrix;
    }

    /// <summary>Writes the values of the matrix at a point, without allocating anything of its size.</summary>
    /// <param name="x">The elements of the point in row-major order.</param>
    /// <param name="values">Where the values are written, one for each place of <see cref="Pattern"/> in its order.</param>
    /// <exception cref="ShapeException">There are more or fewer elements or values than that.</exception>
    public void Invoke(ReadOnlySpan<double> x, Span<double> values)
    {
        if (x.Length != ArgumentShape.Size || values.Length != Pattern.Count)
        {
            throw new ShapeException(x.Length != ArgumentShape.Size
                ? $"{_operation}: {x.Length} numbers were given as the argument, but shape {ArgumentShape} has {ArgumentShape.Size}."
                : $"{_operation}: there is room for {values.Length} values, but the pattern has {Pattern.Count} places.");
        }

        // A structural zero times an infinite derivative is NaN unless a mask sets it to 0. Masks cost time, so they are left out unless a value shows that they may matter.
        _compression.Run(x, values);
        if (!TensorPrimitives.IsFiniteAll<double>(values))
        {
            _masked.Value.Run(x, values);
        }
    }

    /// <summary>Writes the values at a point into a matrix that an earlier call returned, without allocating anything of its size.</summary>
    /// <param name="x">The elements of the point in row-major order.</param>
    /// <param name="matrix">A matrix with an entry at each place of <see cref="Pattern"/> and no other.</param>
    /// <exception cref="ShapeException">The matrix has other entries, or x has not as many elements as <see cref="ArgumentShape"/>.</exception>
    public void Invoke(ReadOnlySpan<double> x, SparseMatrix matrix)
    {
        if (matrix is null)
        {
            throw AutodiffException.Null(_operation, "the matrix");
        }

        var storage = (SparseCompressedRowMatrixStorage<double>)matrix.Storage;
        if (matrix.ColumnCount != Pattern.Columns || !Pattern.RowPointers.SequenceEqual(storage.RowPointers) || !Pattern.ColumnIndices.SequenceEqual(storage.ColumnIndices.AsSpan(0, storage.ValueCount)))
        {
            throw new ShapeException(
                $"{_operation}: the matrix, which has {matrix.RowCount} rows, {matrix.ColumnCount} columns and {storage.ValueCount} entries, does not have its entries where the pattern has its {Pattern.Count} places; " +
                "use a matrix that this function returned and that has kept its structure.");
        }

        Invoke(x, storage.Values.AsSpan(0, Pattern.Count));
    }

    /// <summary>A description for readers: the size of the pattern, the number of colours, and the steps of the compiled sweeps (see <see cref="CompiledFunction.Explain"/>).</summary>
    public string Explain() =>
        $"{Pattern.Rows} × {Pattern.Columns} matrix with {Pattern.Count} entries, {Colours} {(Colours == 1 ? "colour" : "colours")}\n{_compression.Explain()}";
}
