// How values print: shortest round-trip numbers, nested brackets, abbreviation as in NumPy.

using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public class ValueTextTests
{
    [Theory]
    [InlineData(18, "18")]
    [InlineData(0.7310585786300049, "0.7310585786300049")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(-0.0, "-0")]
    [InlineData(1e-5, "1E-05")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_scalar_prints_as_its_number(double value, string text) => Assert.Equal(text, ((Expr)value).ToString());

    [Property]
    public void A_printed_number_reads_back_as_the_same_double(double value) =>
        Assert.Equal(value, double.Parse(((Expr)value).ToString(), System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void A_concrete_computation_prints_as_its_value()
    {
        var x = Variable("x", 4.5);
        Assert.Equal("42.5", (Pow(x - 1, 2) + Pow(x + 1, 2)).ToString());
    }

    [Fact]
    public void Tensors_print_as_nested_brackets()
    {
        Assert.Equal("[2, 4, 6]", ((Expr)new double[] { 2, 4, 6 }).ToString());
        Assert.Equal("[[1, 2], [3, 4]]", ((Expr)new double[,] { { 1, 2 }, { 3, 4 } }).ToString());
        Assert.Equal("[[[0, 1], [2, 3]], [[4, 5], [6, 7]]]", Reshape(Arange(8), 2, 2, 2).ToString());
        Assert.Equal("[[[5]]]", Reshape(5, 1, 1, 1).ToString());
    }

    [Fact]
    public void A_tensor_without_elements_prints_as_empty_brackets()
    {
        Assert.Equal("[]", Zeros(0).ToString());
        Assert.Equal("[]", Zeros(2, 0, 3).ToString());
    }

    [Fact]
    public void A_tensor_of_a_thousand_elements_prints_in_full() =>
        Assert.Equal($"[{string.Join(", ", Enumerable.Range(0, 1000))}]", Arange(1000).ToString());

    [Fact]
    public void A_larger_tensor_shows_three_at_either_end_of_each_long_axis()
    {
        Assert.Equal("[0, 1, 2, ..., 998, 999, 1000]", Arange(1001).ToString());
        Assert.Equal("[[0, 1, 2, ..., 597, 598, 599], [600, 601, 602, ..., 1197, 1198, 1199]]", Reshape(Arange(1200), 2, 600).ToString());
        const string Row = "[1, 1, 1, ..., 1, 1, 1]";
        Assert.Equal($"[{Row}, {Row}, {Row}, ..., {Row}, {Row}, {Row}]", Ones(40, 40).ToString());
    }
}
