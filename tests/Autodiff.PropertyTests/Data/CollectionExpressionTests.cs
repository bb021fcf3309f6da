// Collection expressions as expressions, and beside parameters that are lists.

using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Data;

public class CollectionExpressionTests
{
    [Fact]
    public void Numbers_make_a_vector_and_lists_a_matrix()
    {
        Expr x = [1, 2.5, 3];
        Expr m = [[1, 2], [3, 4], [5, 6]];
        Expr t = [[[1], [2]], [[3], [4]]];
        Expr none = [];
        Assert.Equal((Op.Constant, new Shape(3)), (x.Op, x.Shape));
        Assert.Equal([1, 2.5, 3], x.ToArray());
        Assert.Equal((Op.Constant, new Shape(3, 2), "[[1, 2], [3, 4], [5, 6]]"), (m.Op, m.Shape, m.ToString()));
        Assert.Equal((new Shape(2, 2, 1), new Shape(0)), (t.Shape, none.Shape));
        Assert.Equal("[[1, 2], [1, 2]]", Of(new double[] { 1, 2 }, new double[] { 1, 2 }).ToString());
    }

    [Property]
    public bool Derivatives_flow_through_elements(short a, short b)
    {
        var gradient = Grad(x =>
        {
            Expr m = [[x[0], 2], [3, x[1] * x[0]]];
            return Sum(m * m);
        });
        return gradient([a, b]).ToArray() is [var da, var db] && da == (2.0 * a) + (2.0 * a * b * b) && db == 2.0 * a * a * b;
    }

    [Fact]
    public void A_spread_is_the_slices_along_the_first_axis()
    {
        Expr x = [1, 2];
        Expr longer = [0, .. x, 3];
        Expr rows = [.. Of([1, 2], [3, 4]), [5, 6]];
        Assert.Equal([0, 1, 2, 3], longer.ToArray());
        Assert.Equal("[[1, 2], [3, 4], [5, 6]]", rows.ToString());
    }

    [Fact]
    public void Lists_of_different_lengths_are_an_error_that_names_them()
    {
        var error = Assert.Throws<ShapeException>(() => Of([1, 2], [3, 4], [5]));
        Assert.Equal("Of: element 0 has shape (2), but element 2 has shape (1); the elements of a list have the same lengths.", error.Message);
        Assert.Contains("shape (), but element 1 has shape (1)", Assert.Throws<ShapeException>(() => Of(1, [2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_are_lists_take_collection_expressions_as_before()
    {
        Expr x = [[1, 2, 3], [4, 5, 6]];
        Expr a = [1, 2];
        Expr b = [3, 4];
        Assert.Equal([1, 2, 3, 4], Concat([a, b]).ToArray());
        Assert.Equal("[[1, 3], [2, 4]]", Stack([a, b], axis: 1).ToString());
        Assert.Equal("[[1, 2], [3, 4]]", Stack([a, b]).ToString());
        Assert.Equal("[[1, 2], [1, 2]]", Stack(a, a).ToString());
        Assert.Equal(21, Sum(x, [0, 1]).Value);
        Assert.Equal(21, Sum(x, new[] { 0, 1 }).Value);
        Assert.Equal([4, 6], Sum(a, b).ToArray());
        Assert.Equal("[[4, 5, 6], [1, 2, 3]]", Take(x, [1, 0]).ToString());
        Assert.Equal("[[4, 5, 6], [1, 2, 3]]", Take(x, new[] { 1, 0 }).ToString());
        Assert.Equal(6, x[[1, 2]].Value);
        Assert.Equal("[[4, 5, 6], [4, 5, 6]]", x[Of(1, 1)].ToString());
        Assert.Equal("[[4, 5, 6], [4, 5, 6]]", x[new[] { 1, 1 }].ToString());
        Assert.Equal(11, Einsum("i,i->", [a, b]).Value);
        Assert.Equal([3, 2], Reshape(x, [3, 2]).Shape);
        Assert.Equal([3, 2], Permute(x, [1, 0]).Shape);
        Assert.Equal(2, MeshGrid([a, b]).Length);
        Assert.Equal([2, 4], Grad(v => Sum(v * v))([1, 2]).ToArray());
        Assert.Equal([2], Zeros([2]).Shape);
        Assert.Equal([3, 3], Max(a, [3, 1], [1, 3]).ToArray());
    }

    [Fact]
    public void A_function_may_return_a_list()
    {
        Expr jacobian = Jacobian(x => [x[0] * x[1], x[0]])([2, 3]);
        Assert.Equal("[[3, 2], [1, 0]]", jacobian.ToString());
    }
}
