// Values as nested arrays of numbers in JSON.

using System.Text.Json;
using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Data;

public class JsonValueTests
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    internal sealed record Model(Expr W, Expr B);

    internal sealed record Network(string Name, List<Model> Layers, Dictionary<string, Expr> Rest, Expr? Scale);

    [Property]
    public void Values_are_read_back_bit_by_bit(double[] numbers, byte columns)
    {
        var width = (columns % 4) + 1;
        var rows = numbers.Length / width;
        Expr x = Constant(numbers.AsSpan(0, rows * width), rows == 0 ? new Shape(0) : new Shape(rows, width));
        foreach (var text in new[] { JsonSerializer.Serialize(x), JsonSerializer.Serialize(x, s_indented) })
        {
            var read = JsonSerializer.Deserialize<Expr>(text)!;
            Assert.Equal(x.Shape, read.Shape);
            Assert.Equal(x.ToArray().Select(BitConverter.DoubleToInt64Bits), read.ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void Models_are_nested_arrays()
    {
        var text = JsonSerializer.Serialize(new Model([[1, 2.5], [3, -0.0]], Variable("b", 7)));
        Assert.Equal("""{"W":[[1,2.5],[3,-0]],"B":7}""", text);
        var model = JsonSerializer.Deserialize<Model>(text)!;
        Assert.Equal(("[[1, 2.5], [3, -0]]", Op.Constant, 7), (model.W.ToString(), model.B.Op, model.B.Value));

        var network = new Network("n", [model, model], new() { ["a"] = Ones(2, 1, 2) }, null);
        var read = JsonSerializer.Deserialize<Network>(JsonSerializer.Serialize(network))!;
        Assert.Equal(("n", 2, "[[[1, 1]], [[1, 1]]]", true), (read.Name, read.Layers.Count, read.Rest["a"].ToString(), read.Scale is null));
    }

    [Fact]
    public void Numbers_that_JSON_lacks_are_texts()
    {
        Expr x = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, BitConverter.Int64BitsToDouble(0x7ff8000000000001)];
        Assert.Equal("""["NaN","Infinity","-Infinity","NaN"]""", JsonSerializer.Serialize(x));
        Assert.Equal("[NaN, Infinity, -Infinity, NaN]", JsonSerializer.Deserialize<Expr>(JsonSerializer.Serialize(x))!.ToString());
    }

    [Fact]
    public void Tensors_without_elements_keep_axes_up_to_the_first_of_length_0()
    {
        Assert.Equal("[]", JsonSerializer.Serialize(Zeros(0)));
        Assert.Equal("[[],[]]", JsonSerializer.Serialize(Zeros(2, 0)));
        Assert.Equal("[]", JsonSerializer.Serialize(Zeros(0, 2)));
        Assert.Equal(new Shape(2, 0), JsonSerializer.Deserialize<Expr>("[[],[]]")!.Shape);
        Assert.Equal(new Shape(0), JsonSerializer.Deserialize<Expr>("[]")!.Shape);
    }

    [Fact]
    public void A_symbol_has_no_value_to_write()
    {
        var error = Assert.Throws<NotConcreteException>(() => JsonSerializer.Serialize(Sin(Variable("x"))));
        Assert.Contains("ToJson", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[1,2],[3]]", "value[1]: the list has length 1, but the first one beside it has length 2; they must be equal.")]
    [InlineData("[[1,2],3]", "value[1]: it must be a list of length 2, as the first one beside it is.")]
    [InlineData("[1,[2]]", "value[1]: it must be a number")]
    [InlineData("[[],[1]]", "value[1]: the list has length 1")]
    [InlineData("[true]", "value[0]: it must be a number")]
    [InlineData("\"x\"", "value: it must be a number")]
    [InlineData("1e999", "value: it must be a number")]
    public void What_is_no_value_is_an_error_that_says_where(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Expr>(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Half_a_text_is_no_JSON() => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Expr>("[1,2"));
}
