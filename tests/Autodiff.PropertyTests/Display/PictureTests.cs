// Computational graphs drawn for Mermaid and Graphviz.

using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public class PictureTests
{
    private static Expr NamedExample(Expr x)
    {
        var (a, b) = (Variable("a", x - 1), Variable("b", x + 1));
        var (c, d) = (Variable("c", Pow(a, 2)), Variable("d", Pow(b, 2)));
        return c + d;
    }

    // The numbers are those of the worked example y = (x−1)² + (x+1)² at 4.5: dy/dx = 4x = 18.
    [Fact]
    public void Mermaid_draws_values_and_adjoints_as_a_textbook_does()
    {
        var y = NamedExample(Variable("x", 4.5));
        Assert.Equal(
            """
            ---
            title: "Reverse mode"
            ---
            flowchart LR
              n0(["x = 4.5<br/>x̄ = 18"]):::variable
              n1["1"]:::constant
              n2("a = x − 1<br/>= 3.5<br/>ā = 7"):::operation
              n3["2"]:::constant
              n4("c = a²<br/>= 12.25<br/>c̄ = 1"):::operation
              n5["1"]:::constant
              n6("b = x + 1<br/>= 5.5<br/>b̄ = 11"):::operation
              n7["2"]:::constant
              n8("d = b²<br/>= 30.25<br/>d̄ = 1"):::operation
              n9[["y = c + d<br/>= 42.5<br/>ȳ = 1"]]:::result
              n0 --> n2
              n1 --> n2
              n2 --> n4
              n3 --> n4
              n0 --> n6
              n5 --> n6
              n6 --> n8
              n7 --> n8
              n4 --> n9
              n8 --> n9
              classDef variable fill:#dbeafe,stroke:#2563eb,color:#0f172a
              classDef constant fill:#f1f5f9,stroke:#94a3b8,color:#0f172a
              classDef operation fill:#fef9c3,stroke:#ca8a04,color:#0f172a
              classDef result fill:#dcfce7,stroke:#16a34a,color:#0f172a

            """,
            y.ToMermaid(Backward(y), "Reverse mode"));
    }

    [Fact]
    public void Dot_draws_the_same_graph()
    {
        var y = NamedExample(Variable("x", 4.5));
        var dot = y.ToDot(Backward(y), "Reverse mode");
        Assert.StartsWith("digraph {\n", dot, StringComparison.Ordinal);
        Assert.Contains("rankdir=LR", dot, StringComparison.Ordinal);
        Assert.Contains("label=<Reverse mode>", dot, StringComparison.Ordinal);
        Assert.Contains("label=<x = 4.5<br/><font color=\"#b91c1c\">x̄ = 18</font>>", dot, StringComparison.Ordinal);
        Assert.Contains("label=<a = x − 1<br/>= 3.5<br/><font color=\"#b91c1c\">ā = 7</font>>", dot, StringComparison.Ordinal);
        Assert.Equal(Edges(y.ToMermaid(), "-->"), Edges(dot, "->"));
    }

    [Fact]
    public void Unnamed_operations_are_numbered_and_the_result_is_y()
    {
        var x = Variable("x", 1.0);
        var y = 1 / (1 + Exp(-x));
        Assert.Equal(
            ["x = 1", "v₁ = −x<br/>= −1", "v₂ = exp(v₁)<br/>= 0.367879", "1", "v₃ = 1 + v₂<br/>= 1.36788", "1", "y = 1 ÷ v₃<br/>= 0.731059"],
            Labels(y));
    }

    [Fact]
    public void A_symbolic_adjoint_is_written_in_terms_of_those_before_it()
    {
        var y = NamedExample(Variable("x"));
        var chart = y.ToMermaid(Backward(y));
        Assert.Contains("\"c = a²<br/>c̄ = 1\"", chart, StringComparison.Ordinal);
        Assert.Contains("\"a = x − 1<br/>ā = 2 × a\"", chart, StringComparison.Ordinal);
        Assert.Contains("\"x<br/>x̄ = b̄ + ā\"", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_show_their_shape_and_their_elements_if_they_are_few()
    {
        var (w, x) = (Variable("W1", Ones(30, 3)), Variable("x", new double[] { 1, 2, 3 }));
        var chart = (MatMul(w, x) + Arange(30)).ToMermaid();
        Assert.Contains("\"W₁<br/>shape (30, 3)\"", chart, StringComparison.Ordinal);
        Assert.Contains("\"x = [1, 2, 3]<br/>shape (3)\"", chart, StringComparison.Ordinal);
        Assert.Contains("\"c₁<br/>shape (30)\"", chart, StringComparison.Ordinal);
        Assert.Contains("\"y = v₁ + c₁<br/>shape (30)\"", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Edges_keep_the_order_of_operands_and_repeat_with_them()
    {
        var x = Variable("x");
        Assert.Equal([(0, 1), (0, 1)], Edges((x * x).ToMermaid(), "-->"));
        Assert.Equal([(0, 2), (1, 2)], Edges((x - Variable("z")).ToMermaid(), "-->"));
    }

    [Fact]
    public void A_leaf_that_shares_its_operation_with_another_use_is_drawn_apart()
    {
        var product = 3 * Variable("x");
        var a = Variable("a", product);
        Assert.Contains("a = v₁", (a + product).ToMermaid(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_leaf_a_transform_makes_is_not_drawn()
    {
        var chart = "";
        Grad(u =>
        {
            var result = Sin(u);
            chart = result.ToMermaid();
            return result;
        })(Variable("x"));
        Assert.Contains("\"y = sin(x)\"", chart, StringComparison.Ordinal);
        Assert.Equal([(0, 1)], Edges(chart, "-->"));
    }

    [Fact]
    public void A_lone_leaf_is_a_picture()
    {
        Assert.Contains("n0([\"x\"]):::variable", Variable("x").ToMermaid(), StringComparison.Ordinal);
        Assert.Contains("n0[\"y = 3\"]:::constant", ((Expr)3).ToMermaid(), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_are_barred_as_a_whole() =>
        Assert.Contains("l\u0305o\u0305s\u0305s\u0305₂ = 1", Variable("loss2", 3.0) is var loss ? loss.ToMermaid(Backward(loss)) : "", StringComparison.Ordinal);

    [Fact]
    public void A_picture_is_the_same_each_time()
    {
        static string Drawn() => NamedExample(Variable("x", 4.5)) is var y ? y.ToDot(Backward(y)) + y.ToMermaid(Backward(y)) : "";
        Assert.Equal(Drawn(), Drawn());
    }

    [Fact]
    public void A_chain_of_fifty_thousand_operations_is_drawn()
    {
        var x = Variable("x", 1.0);
        var y = x;
        for (var i = 0; i < 50_000; i++)
        {
            y = Sin(y);
        }

        Assert.Equal(50_000, Edges(y.ToDot(Backward(y)), "->").Count);
    }

    [Property]
    public void Labels_are_well_formed_whatever_the_names(NonEmptyString name, NonEmptyString title)
    {
        var x = Variable($"n{name.Get}", 2.0);
        var y = x * Variable("<b>&\"#`[]{}()|\\", 3.0) + x;

        foreach (Match label in Regex.Matches(y.ToDot(Backward(y), $"t{title.Get}"), "label=<(.*)>"))
        {
            XElement.Parse($"<label>{label.Groups[1].Value}</label>");
        }

        foreach (var line in y.ToMermaid(Backward(y)).Split('\n').Where(line => line.Contains('"', StringComparison.Ordinal)))
        {
            Assert.Matches("^  n\\d+[(\\[]+\"[^\"`\\\\]*\"[)\\]]+:::[a-z]+$", line);
            Assert.DoesNotMatch("<(?!br/>)|#(?!\\d+;)", line);
        }
    }

    private static List<(int From, int To)> Edges(string picture, string arrow) =>
        [.. Regex.Matches(picture, $@"^  n(\d+) {arrow} n(\d+)$", RegexOptions.Multiline).Select(edge => (Number(edge.Groups[1]), Number(edge.Groups[2])))];

    private static int Number(Group group) => int.Parse(group.Value, System.Globalization.CultureInfo.InvariantCulture);

    private static string[] Labels(Expr y) => [.. Regex.Matches(y.ToMermaid(), "\"(.*)\"").Select(label => label.Groups[1].Value)];
}
