// Errors point at the place, and say what was found and what would be right.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Parsing;

public class ParseErrorTests
{
    private static readonly Expr s_vector = Variable("v", new Shape(3));
    private static readonly Expr s_matrix = Variable("A", new Shape(2, 3));

    [Theory]
    [InlineData("", 1, 1, "the text ends, where a number, a name or an opening parenthesis would be right")]
    [InlineData("2 *", 1, 4, "the text ends")]
    [InlineData("2 * )", 1, 5, "found \")\", where a number")]
    [InlineData("(x + 1", 1, 7, "the text ends, where an operator or \")\" would be right")]
    [InlineData("sin(x", 1, 6, "a comma or \")\"")]
    [InlineData("x + 1)", 1, 6, "found \")\", where an operator or the end would be right")]
    [InlineData("(x]", 1, 3, "found \"]\"")]
    [InlineData("[1, 2", 1, 6, "a comma or \"]\"")]
    [InlineData("|x", 1, 3, "where an operator or \"|\"")]
    [InlineData("[1, ]", 1, 5, "found \"]\", where a number")]
    [InlineData("x,", 1, 2, "found \",\"")]
    [InlineData("x ** 2", 1, 4, "a power is written with ^")]
    [InlineData("x y", 1, 3, "an operator; a product is written with *")]
    [InlineData("x\n+\n  %", 3, 3, "'%'")]
    [InlineData("a < b < c", 1, 7, "parentheses")]
    [InlineData("a == b", 0, 0, "")]
    [InlineData("x # y", 1, 3, "'#'")]
    [InlineData("`x", 1, 1, "backquotes does not end")]
    [InlineData("``", 1, 1, "no name")]
    [InlineData("sn(x)", 1, 1, "no function \"sn\"; did you mean ln or sin")]
    [InlineData("Sqrt(x)", 1, 1, "did you mean sqrt")]
    [InlineData("1 + abcdefgh(x)", 1, 5, "ParseOptions.Functions")]
    [InlineData("sin(x, y)", 1, 8, "sin has 1 argument(s) without a label, but 2 were given")]
    [InlineData("atan2(x)", 1, 1, "atan2: the second operand is missing")]
    [InlineData("sin()", 1, 1, "sin: the operand is missing")]
    [InlineData("where(x, y)", 1, 1, "the third operand is missing")]
    [InlineData("sin⁻¹ x", 1, 4, "asin(x)")]
    [InlineData("sum(v, axes: 0)", 1, 8, "sum has no argument \"axes\"")]
    [InlineData("sum(v, axis: 1)", 1, 1, "axis 1 does not exist in shape (3)")]
    [InlineData("sum(v, axis: x)", 1, 14, "whole number")]
    [InlineData("sum(v, keepdims: 1)", 1, 18, "keepdims is true or false")]
    [InlineData("v + A + [1, 2]", 1, 7, "Add: shapes (2, 3) and (2) do not broadcast")]
    [InlineData("2 * matmul(v, A)", 1, 5, "MatMul: shapes (3) and (2, 3) do not multiply")]
    [InlineData("reshape(v, (2, 2))", 1, 1, "Reshape: shape (3)")]
    [InlineData("reshape(v, x)", 1, 12, "whole numbers")]
    [InlineData("concat(v, v)", 1, 8, "stand in brackets")]
    [InlineData("v[3]", 1, 2, "index 3 is outside")]
    [InlineData("v[x]", 1, 3, "whole number")]
    [InlineData("v[0, 1]", 1, 2, "has 1 axes")]
    [InlineData("v[]", 1, 3, "found \"]\"")]
    [InlineData("[1..2]", 1, 1, "indexer")]
    [InlineData("[[1, 2], 3] + x", 1, 1, "Stack")]
    [InlineData("(x, y)", 1, 1, "several expressions in parentheses")]
    [InlineData("()", 1, 1, "empty parentheses")]
    [InlineData("\"x\"", 1, 1, "a text in quotes")]
    [InlineData("x => x", 1, 3, "found \"=>\"")]
    [InlineData("sin(x => x)", 1, 7, "found a function")]
    [InlineData("fold(x, 1, v)", 1, 6, "the step is a function")]
    [InlineData("fold(s => s, 1, v)", 1, 1, "1 parameter(s)")]
    [InlineData("fold((s, 1) => s, 1, v)", 1, 6, "parameters of a function")]
    [InlineData("fold((s, x) => v, 1, v)", 1, 1, "the state has shape ()")]
    [InlineData("iterate(x, s => s, 1)", 1, 1, "number of steps")]
    [InlineData("while(s => v, s => s, 1)", 1, 1, "the condition is not one number")]
    [InlineData("cond(v, 1, 2)", 1, 1, "predicate")]
    [InlineData("cond(x, v, 2)", 1, 1, "the branches have the shapes (3) and ()")]
    [InlineData("polygamma(x, 1)", 1, 1, "order")]
    [InlineData("polygamma(-1, x)", 1, 1, "order")]
    [InlineData("[1, 2, 3, ..., 100]", 1, 11, "an ellipsis stands for a part that the text leaves out")]
    [InlineData("fold((s, x) => …(s, x), 1, v)", 1, 16, "cannot be read back")]
    [InlineData("vjp(iterate(2, s => s * x, y), 1)", 1, 1, "vjp cannot be read")]
    [InlineData("customvjp(x)", 1, 1, "customvjp cannot be read")]
    [InlineData("1e999", 1, 1, "largest double")]
    [InlineData("let = 2", 1, 5, "a name after \"let\"")]
    [InlineData("let a 2", 1, 7, "\"=\" after the name")]
    [InlineData("let a = 2", 1, 10, "the text ends")]
    [InlineData("let t1 = 2\nlet t1 = 3\nt1", 2, 5, "defined twice")]
    [InlineData("let v = 2\nv", 1, 5, "given as a variable")]
    [InlineData("x + let", 1, 5, "a definition stands on a line of its own")]
    [InlineData("{ let a = 1 }", 1, 13, "\";\" after a definition")]
    [InlineData("{ let a = 1; }", 1, 14, "found \"}\", where a number")]
    [InlineData("{ let a = 1; let a = 2; a }", 1, 18, "has a meaning already")]
    [InlineData("{ 1; 2 }", 1, 4, "found \";\"")]
    [InlineData("x; y", 1, 4, "the result is the last line")]
    [InlineData("scatter((3), [5]: x)", 1, 14, "index 5 is outside")]
    [InlineData("scatter((3), [0..2]: v)", 1, 14, "the place has shape (2), and the part (3)")]
    [InlineData("sum(1: 2)", 1, 5, "before a colon")]
    [InlineData("einsum(v)", 1, 8, "stand in quotes")]
    [InlineData("einsum(\"ij->i\", v)", 1, 1, "Einsum")]
    [InlineData("einsum(\"i->ij\", v)", 1, 1, "j: 3")]
    public void An_error_names_the_place_and_what_would_be_right(string text, int line, int column, string message)
    {
        if (line == 0)
        {
            Assert.NotNull(Parse(text));
            return;
        }

        var error = Assert.Throws<ParseException>(() => Parse(text, s_vector, s_matrix));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith($"Parse: line {line}, column {column}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_is_shown_with_a_caret_under_the_place()
    {
        var error = Assert.Throws<ParseException>(() => Parse("let a = 1\n2 * (a + )"));

        Assert.Equal("Parse: line 2, column 10: found \")\", where a number, a name or an opening parenthesis would be right.\n  2 * (a + )\n           ^", error.Message);
    }

    [Fact]
    public void A_long_line_is_cut_around_the_place()
    {
        var error = Assert.Throws<ParseException>(() => Parse(string.Concat(Enumerable.Repeat("x + ", 1000)) + "%" + string.Concat(Enumerable.Repeat(" + x", 1000))));

        var lines = error.Message.Split('\n');
        Assert.True(lines[1].Length < 130);
        Assert.Equal('%', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Fact]
    public void A_name_that_is_not_given_is_an_error_if_the_options_say_so()
    {
        var options = new ParseOptions { GivenVariablesOnly = true };

        var error = Assert.Throws<ParseException>(() => Parse("2 * thta", options, Variable("theta")));

        Assert.Contains("\"thta\" is not among the given variables; did you mean theta?", error.Message, StringComparison.Ordinal);
        Assert.NotNull(Parse("let t1 = theta\nt1 * e * iterate(2, s => s * theta, 1)", options, Variable("theta")));
    }

    [Fact]
    public void Given_variables_have_names_of_their_own()
    {
        Assert.Contains("no name", Assert.Throws<AutodiffException>(() => Parse("x", (Expr)2)).Message, StringComparison.Ordinal);
        Assert.Contains("two of the given variables", Assert.Throws<AutodiffException>(() => Parse("x", Variable("x"), Variable("x"))).Message, StringComparison.Ordinal);
        var x = Variable("x");
        Assert.Same(x, Parse("x", x, x));
    }
}
