// Numbers in: conversions and From. Numbers out: spans, arrays, vectors and matrices of Math.NET, and truth.

using System.Numerics.Tensors;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Data;

public class ConversionTests
{
    private static readonly double[] s_numbers = [1, double.NaN, double.NegativeInfinity, -0.0, 1e-310];

    [Property]
    public void Whole_numbers_and_singles_are_exact(int[] whole, float[] singles)
    {
        Expr x = whole;
        Expr y = singles;
        Assert.Equal(Array.ConvertAll(whole, value => (double)value), x.ToArray());
        Assert.Equal(Array.ConvertAll(singles, value => (double)value), y.ToArray());
        Assert.Equal(x.ToArray(), From(whole).ToArray());
        Assert.Equal(y.ToArray(), From(singles).ToArray());
    }

    [Property]
    public void Every_form_of_numbers_gives_them_back(double[] numbers)
    {
        ReadOnlySpan<double> span = numbers;
        Span<double> writable = numbers;
        foreach (var x in new Expr[] { numbers, span, From(numbers), From(span), From(writable), From(new List<double>(numbers)), From(numbers.Select(number => number)), From(Tensor.Create(numbers)), From(Tensor.Create(numbers).AsReadOnlyTensorSpan()) })
        {
            Assert.Equal(new Shape(numbers.Length), x.Shape);
            Assert.Equal(numbers, x.ToArray());
        }
    }

    [Fact]
    public void Matrices_and_tensors_keep_their_shapes()
    {
        double[][] rows = [[1, 2, 3], [4, 5, 6]];
        double[,] matrix = { { 1, 2, 3 }, { 4, 5, 6 } };
        double[,,] cube = { { { 1, 2, 3 } }, { { 4, 5, 6 } } };
        Expr converted = rows;
        Expr tensor = cube;
        Assert.Equal("[[1, 2, 3], [4, 5, 6]]", converted.ToString());
        Assert.Equal("[[1, 2, 3], [4, 5, 6]]", From(rows).ToString());
        Assert.Equal("[[1, 2, 3], [4, 5, 6]]", From(matrix).ToString());
        Assert.Equal((new Shape(2, 1, 3), "[[[1, 2, 3]], [[4, 5, 6]]]"), (tensor.Shape, From(cube).ToString()));
        Assert.Equal("[[1, 2, 3], [4, 5, 6]]", From(Tensor.Create([1.0, 2, 3, 4, 5, 6], [2, 3]).AsReadOnlyTensorSpan()).ToString());
        Assert.Equal((new Shape(0, 0), new Shape(2, 0)), (From(Array.Empty<double[]>()).Shape, From([[], []]).Shape));
        Assert.Equal("[1, 0, 1]", ((Expr)new[] { true, false, true }).ToString());
        Assert.Equal("[1, 0]", From(new[] { true, false }).ToString());
        Assert.Equal(2.5, From(2.5).Value);
        Assert.Equal([1, 2], From([1, 2]).ToArray());
        Assert.Equal([1.5, 2], From([1.5, 2]).ToArray());
        Assert.Equal([uint.MaxValue, 16777217], From([uint.MaxValue, 16777217u]).ToArray());
    }

    [Fact]
    public void Vectors_and_matrices_of_Math_NET_go_both_ways()
    {
        var vector = Vector<double>.Build.Dense([1, 2, 3]);
        var matrix = Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Expr v = vector;
        Expr m = matrix;
        Assert.Equal([1, 2, 3], v.ToArray());
        Assert.Equal("[[1, 2, 3], [4, 5, 6]]", m.ToString());
        Assert.Equal(vector, v.ToVector());
        Assert.Equal(matrix, m.ToMatrix());
        Assert.Equal("[[1, 0], [0, 1]]", From(Matrix<double>.Build.SparseIdentity(2)).ToString());
        Assert.Equal((2, 0), (Zeros(2, 0).ToMatrix().RowCount, Zeros(2, 0).ToMatrix().ColumnCount));
        Assert.Empty(Zeros(0).ToVector());
        Assert.Equal(2 * vector, (2 * v).ToVector());
    }

    [Fact]
    public void Rows_of_different_lengths_are_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => (Expr)(double[][])[[1, 2], [3]]);
        Assert.Equal("From: row 0 has length 2, but row 1 has length 1; the rows of a matrix have equal lengths.", error.Message);
    }

    [Fact]
    public void The_caller_may_change_what_was_copied()
    {
        double[] numbers = [1, 2];
        Expr x = numbers;
        var y = From((ReadOnlySpan<double>)numbers);
        numbers[0] = 7;
        Assert.Equal([1, 2], x.ToArray());
        Assert.Equal([1, 2], y.ToArray());
    }

    [Fact]
    public void A_span_shows_the_elements_without_a_copy()
    {
        Expr x = s_numbers;
        Assert.Equal(s_numbers, x.AsSpan().ToArray());
        Assert.True(x.AsSpan().Overlaps(x.AsSpan()));
        Assert.True(x.AsSpan()[1..].Overlaps(x[1..].AsSpan()));
        Assert.Equal([2.5], ((Expr)2.5).AsSpan().ToArray());
        Assert.Equal([3, 3, 3], Full(new Shape(3), 3).AsSpan().ToArray());
        Assert.Equal(0, Zeros(2, 0).AsSpan().Length);
        Assert.Equal([1, 3, 2, 4], Of([1, 2], [3, 4]).T.AsSpan().ToArray());
        Assert.Equal(0, Allocated(() => x.AsSpan().Length + ((Expr)3).AsSpan().Length));
    }

    [Fact]
    public void Elements_are_copied_to_the_start_of_a_span()
    {
        var room = new double[4];
        Of(1, 2).CopyTo(room);
        Ones(1).CopyTo(room.AsSpan(2));
        ((Expr)4).CopyTo(room.AsSpan(3));
        Assert.Equal([1, 2, 1, 4], room);
        Full(new Shape(2, 2), 7).CopyTo(room);
        Assert.Equal([7, 7, 7, 7], room);
        Assert.Equal("CopyTo: there is room for 4 numbers, but shape (5) holds 5.", Assert.Throws<ShapeException>(() => Zeros(5).CopyTo(room)).Message);
    }

    [Fact]
    public void A_matrix_becomes_an_array_of_two_indices()
    {
        double[,] expected = { { 1, 2, 3 }, { 4, 5, 6 } };
        Assert.Equal(expected, ((Expr)expected).To2D());
        Assert.Equal(new double[,] { { 1, 1 } }, Ones(1, 2).To2D());
        Assert.Equal((0, 3), (Zeros(0, 3).To2D().GetLength(0), Zeros(0, 3).To2D().GetLength(1)));
    }

    [Fact]
    public void Other_shapes_and_symbols_are_errors()
    {
        Assert.Contains("To2D: shape (3)", Assert.Throws<ShapeException>(() => Zeros(3).To2D()).Message, StringComparison.Ordinal);
        Assert.Contains("ToVector: shape (1, 3)", Assert.Throws<ShapeException>(() => Zeros(1, 3).ToVector()).Message, StringComparison.Ordinal);
        Assert.Contains("ToMatrix: shape ()", Assert.Throws<ShapeException>(() => ((Expr)1).ToMatrix()).Message, StringComparison.Ordinal);
        var x = Variable("x", new Shape(2, 2));
        foreach (var (operation, use) in new (string, Action)[]
        {
            ("AsSpan", () => x.AsSpan()), ("CopyTo", () => x.CopyTo(new double[4])), ("To2D", () => x.To2D()), ("ToVector", () => x.ToVector()), ("ToMatrix", () => x.ToMatrix()),
        })
        {
            Assert.StartsWith(operation, Assert.Throws<NotConcreteException>(use).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numbers_that_are_not_zero_are_true()
    {
        Expr x = 2.75;
        Assert.True((bool)x && (bool)(x > 2) && (bool)(Expr)double.NaN && (bool)(Expr)double.PositiveInfinity);
        Assert.False((bool)(Expr)0 || (bool)(Expr)(-0.0) || (bool)(x > 3));
        Assert.Equal((2, 2L, 2.75f, 2.75m), ((int)x, (long)x, (float)x, (decimal)(double)x));
        Assert.Contains("Condition: a mask of shape (2)", Assert.Throws<ShapeException>(() => (bool)Ones(2)).Message, StringComparison.Ordinal);
        Assert.Throws<NotConcreteException>(() => (bool)Variable("x"));
    }

    private static long Allocated(Func<int> run)
    {
        _ = run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
