// An expression as the list of its slices: enumerated, taken apart, transposed.

using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Data;

public class RowTests
{
    [Property]
    public void Slices_are_those_of_the_indexer(double[] numbers)
    {
        Expr x = numbers;
        var position = 0;
        foreach (Expr element in x)
        {
            Assert.Equal(numbers[position], element.Value);
            Assert.True(element == x[position]);
            position++;
        }

        Assert.Equal(numbers.Length, position);
    }

    [Fact]
    public void Rows_of_a_matrix_are_differentiated()
    {
        Expr product(Expr m)
        {
            Expr result = 1;
            foreach (var row in m)
            {
                result *= Sum(row);
            }

            return result;
        }

        Expr x = [[1, 2], [3, 4], [5, 6]];
        Assert.Equal("[[77, 77], [33, 33], [21, 21]]", Grad(product)(x).ToString());
        Assert.Equal(Grad(product)(x).ToArray(), Compile(Grad(product))(x).ToArray());
        var v = Variable("v", new Shape(3, 2));
        Assert.Equal(231, product(v).Substitute((v, x)).Value);
    }

    [Fact]
    public void The_slices_are_assigned_to_as_many_variables()
    {
        var (a, b) = Of(1, 2);
        var (c, d, e) = Of([1, 2], [3, 4], [5, 6]);
        var (f, g, h, i) = Of(1, 2, 3, 4);
        var (j, k, l, m, n) = Of(1, 2, 3, 4, 5);
        var (o, p, q, r, s, t) = Of(1, 2, 3, 4, 5, 6);
        Assert.Equal([1, 2], [a.Value, b.Value]);
        Assert.Equal([1, 2, 3, 4, 5, 6], [.. c.ToArray(), .. d.ToArray(), .. e.ToArray()]);
        Assert.Equal([1, 2, 3, 4], [f.Value, g.Value, h.Value, i.Value]);
        Assert.Equal([1, 2, 3, 4, 5], [j.Value, k.Value, l.Value, m.Value, n.Value]);
        Assert.Equal([1, 2, 3, 4, 5, 6], [o.Value, p.Value, q.Value, r.Value, s.Value, t.Value]);
    }

    [Fact]
    public void Derivatives_flow_through_the_variables() => Assert.Equal([10, 1], Grad(v =>
    {
        var (x, y) = v;
        return x * x * y;
    })([1, 5]).ToArray());

    [Fact]
    public void Other_numbers_of_variables_and_scalars_are_errors()
    {
        Assert.Equal(
            "Deconstruct: the first axis of shape (3, 2) has length 3, but there are 2 variables; the numbers must be equal.",
            Assert.Throws<ShapeException>(() => { var (_, _) = Zeros(3, 2); }).Message);
        Assert.Throws<ShapeException>(() => { var (_, _, _) = Zeros(2); });
        Assert.Throws<ShapeException>(() => { var (_, _, _, _) = Zeros(5); });
        Assert.Throws<ShapeException>(() => { var (_, _, _, _, _) = Zeros(4); });
        Assert.Throws<ShapeException>(() => { var (_, _, _, _, _, _) = Zeros(0); });
        Assert.Contains("Deconstruct: a scalar", Assert.Throws<ShapeException>(() => { var (_, _) = (Expr)1; }).Message, StringComparison.Ordinal);
        Assert.StartsWith("Foreach: a scalar", Assert.Throws<ShapeException>(() => ((Expr)1).GetEnumerator()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void T_is_the_transpose()
    {
        Expr m = [[1, 2, 3], [4, 5, 6]];
        Assert.Equal(Transpose(m).ToString(), m.T.ToString());
        Assert.Equal(new Shape(4, 3, 2), Zeros(2, 3, 4).T.Shape);
        Assert.Equal([1, 2], Of(1, 2).T.ToArray());
        Assert.Equal(3, m.Shape[^1]);
        Assert.Equal(2, m.Shape[^2]);
    }
}
