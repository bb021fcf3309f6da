// Numbers of other types as constants: arrays, spans, sequences, and the vectors and matrices of Math.NET.

using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Autodiff.Functional.Evaluation;
using MathNet.Numerics.LinearAlgebra;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>A vector of whole numbers. The array is copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static implicit operator Expr(int[] values) => From(values);

    /// <summary>A vector. The array is copied, and every element is exactly the same number.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static implicit operator Expr(float[] values) => From(values);

    /// <summary>A mask: 1 for true, 0 for false.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static implicit operator Expr(bool[] values) => From(values);

    /// <summary>A matrix, given by its rows, which are copied.</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="AutodiffException">The array or a row is null.</exception>
    /// <exception cref="ShapeException">The rows have different lengths.</exception>
    public static implicit operator Expr(double[][] rows) => From(rows);

    /// <summary>A tensor of rank 3. The array is copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static implicit operator Expr(double[,,] values) => From(values);

    /// <summary>A vector. The elements are copied.</summary>
    /// <param name="values">The elements.</param>
    public static implicit operator Expr(ReadOnlySpan<double> values) => From(values);

    /// <summary>A tensor of the same shape. The elements are copied.</summary>
    /// <param name="values">The elements.</param>
    public static implicit operator Expr(ReadOnlyTensorSpan<double> values) => From(values);

    /// <summary>A vector of Math.NET. The elements are copied.</summary>
    /// <param name="values">The vector.</param>
    /// <exception cref="AutodiffException">The vector is null.</exception>
    public static implicit operator Expr(Vector<double> values) => From(values);

    /// <summary>A matrix of Math.NET. The elements are copied.</summary>
    /// <param name="values">The matrix.</param>
    /// <exception cref="AutodiffException">The matrix is null.</exception>
    public static implicit operator Expr(Matrix<double> values) => From(values);

    /// <summary>A number as a constant of rank 0.</summary>
    /// <param name="value">The number.</param>
    public static Expr From(double value) => value;

    /// <summary>A vector. The array is copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static Expr From(double[] values) => From((ReadOnlySpan<double>)Given(values, "the array"));

    /// <summary>A vector. The elements are copied.</summary>
    /// <param name="values">The elements.</param>
    public static Expr From(ReadOnlySpan<double> values) => Constant(new Storage(Shape.Of([values.Length]), values.ToArray()));

    /// <summary>A vector of the numbers of a sequence, such as a list, in order.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The sequence is null.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.From(new List&lt;double&gt; { 1, 2 })); // [1, 2]
    /// </code></example>
    public static Expr From(IEnumerable<double> values)
    {
        double[] copy = [.. Given(values, "the sequence")];
        return Constant(new Storage(Shape.Of([copy.Length]), copy));
    }

    /// <summary>A vector of whole numbers. The array is copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static Expr From(int[] values) => VectorOf(Given(values, "the array"), value => value);

    /// <summary>A vector. The array is copied, and every element is exactly the same number.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    /// <remarks>A collection expression of whole numbers, such as <c>[1u, 2u]</c>, is taken for doubles.</remarks>
    [OverloadResolutionPriority(-1)]
    public static Expr From(float[] values) => VectorOf(Given(values, "the array"), value => value);

    /// <summary>A mask: 1 for true, 0 for false.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static Expr From(bool[] values) => VectorOf(Given(values, "the array"), value => value ? 1 : 0);

    /// <summary>A matrix, given by its rows, which are copied. No rows make a matrix of shape (0, 0).</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="AutodiffException">The array or a row is null.</exception>
    /// <exception cref="ShapeException">The rows have different lengths.</exception>
    public static Expr From(double[][] rows)
    {
        var columns = Given(rows, "the array").Length == 0 ? 0 : Given(rows[0], "row 0").Length;
        var shape = Shape.Of([rows.Length, columns], "From");
        var elements = new double[shape.Size];
        for (var row = 0; row < rows.Length; row++)
        {
            if (Given(rows[row], $"row {row}").Length != columns)
            {
                throw new ShapeException($"From: row 0 has length {columns}, but row {row} has length {rows[row].Length}; the rows of a matrix have equal lengths.");
            }

            rows[row].CopyTo(elements, row * columns);
        }

        return Constant(new Storage(shape, elements));
    }

    /// <summary>A matrix. The array is copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static Expr From(double[,] values) => Given(values, "the array");

    /// <summary>A tensor of rank 3. The array is copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static Expr From(double[,,] values)
    {
        var copy = new double[Given(values, "the array").Length];
        Buffer.BlockCopy(values, 0, copy, 0, copy.Length * sizeof(double));
        return Constant(new Storage(Shape.Of([values.GetLength(0), values.GetLength(1), values.GetLength(2)]), copy));
    }

    /// <summary>A tensor of the same shape. The elements are copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The tensor is null.</exception>
    public static Expr From(Tensor<double> values) => Given(values, "the tensor");

    /// <summary>A tensor of the same shape. The elements are copied.</summary>
    /// <param name="values">The elements.</param>
    public static Expr From(ReadOnlyTensorSpan<double> values)
    {
        var copy = new double[values.FlattenedLength];
        values.FlattenTo(copy);
        return Constant(new Storage(ShapeOf(values.Lengths), copy));
    }

    /// <summary>A vector of Math.NET. The elements are copied.</summary>
    /// <param name="values">The vector.</param>
    /// <exception cref="AutodiffException">The vector is null.</exception>
    public static Expr From(Vector<double> values)
    {
        var copy = Given(values, "the vector").ToArray();
        return Constant(new Storage(Shape.Of([copy.Length]), copy));
    }

    /// <summary>A matrix of Math.NET. The elements are copied.</summary>
    /// <param name="values">The matrix.</param>
    /// <exception cref="AutodiffException">The matrix is null.</exception>
    public static Expr From(Matrix<double> values) => Constant(new Storage(
        Shape.Of([Given(values, "the matrix").RowCount, values.ColumnCount]), values.ToRowMajorArray()));

    private static Expr VectorOf<T>(T[] values, Converter<T, double> number) => Constant(new Storage(Shape.Of([values.Length]), Array.ConvertAll(values, number)));

    private static T Given<T>(T values, string what)
        where T : class => AutodiffException.NotNull("From", what, values);

    private static Shape ShapeOf(ReadOnlySpan<nint> lengths)
    {
        var copy = new int[lengths.Length];
        for (var axis = 0; axis < copy.Length; axis++)
        {
            copy[axis] = checked((int)lengths[axis]);
        }

        return Shape.Of(copy);
    }
}
