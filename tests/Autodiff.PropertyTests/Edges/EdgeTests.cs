// Every row of the table in docs/edges.md, by every route to its derivatives; and that the document has these rows.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Edges;

public class EdgeTests
{
    private const double Tolerance = 1e-14;

    public static TheoryData<Edge> Rows => [.. EdgeTable.Sections.SelectMany(section => section.Rows)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_value_at_an_edge_is_as_stated(Edge edge) => AssertClose("value", edge.Value, edge.Function(edge.At));

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_derivative_at_an_edge_is_as_stated_by_every_nesting_of_modes(Edge edge)
    {
        for (var order = 1; order <= edge.Derivatives.Length; order++)
        {
            foreach (var modes in Nestings(order))
            {
                AssertClose(string.Join(" of ", modes.Select(Name)), edge.Derivatives[order - 1], Nested(modes, edge.Function)(edge.At));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_formula_of_a_derivative_has_the_same_value_at_an_edge(Edge edge)
    {
        var x = Variable("x", edge.At.Shape);
        for (var order = 1; order <= Math.Min(edge.Derivatives.Length, 2); order++)
        {
            foreach (var modes in Nestings(order))
            {
                AssertClose($"formula by {string.Join(" of ", modes.Select(Name))}", edge.Derivatives[order - 1], Nested(modes, edge.Function)(x).Substitute((x, edge.At)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_graph_has_the_stated_adjoint_at_an_edge(Edge edge)
    {
        if (edge.Value.Length > 1)
        {
            return;
        }

        foreach (var keepGraph in new[] { false, true })
        {
            var x = Variable("x", edge.At);
            AssertClose($"Backward, keepGraph: {keepGraph}", edge.Derivatives[0], Backward(Sum(edge.Function(x)), keepGraph: keepGraph)[x]);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_outer_derivative_does_not_change_an_inner_one_at_an_edge(Edge edge)
    {
        // Inside another transform the sweep makes expressions; their values must be those of the numeric sweep.
        Expr? inside = null;
        Grad(t => Sum(inside = Jacobian(edge.Function)(edge.At + (0 * t))))(1);
        AssertClose("inside Grad", edge.Derivatives[0], inside!);
    }

    // A scalar function that is elementwise gives on a vector of equal elements the same derivative at each.
    [Theory]
    [MemberData(nameof(Rows))]
    public void An_elementwise_function_has_the_same_edge_on_vectors_of_any_length(Edge edge)
    {
        if (!edge.At.Shape.IsScalar || edge.Text.Contains("Norm", StringComparison.Ordinal) || edge.Text.Contains("Prod", StringComparison.Ordinal) || edge.Text.Contains("LogSumExp", StringComparison.Ordinal))
        {
            return;
        }

        // 5,000 elements are several blocks of the numeric sweep.
        foreach (var length in new[] { 1, 3, 5000 })
        {
            var f = edge.Function;
            foreach (var expected in edge.Derivatives.Take(2))
            {
                var g = f;
                f = x => Grad(v => Sum(g(v)))(x);
                var derivative = f(BroadcastTo(edge.At, new Shape(length)));
                AssertClose($"{length} elements", [.. Enumerable.Repeat(expected[0], length)], derivative);
            }
        }
    }

    [Fact]
    public void The_document_has_exactly_these_rows()
    {
        var expected = EdgeTable.Sections.SelectMany(section => section.Rows.Select(row => row.ToMarkdown()).Prepend($"## {section.Title}"));
        var lines = Document.Lines("edges.md").Where(line => line.StartsWith("| `", StringComparison.Ordinal) || line.StartsWith("## ", StringComparison.Ordinal));

        Assert.Equal(expected, lines.SkipWhile(line => line != $"## {EdgeTable.Sections[0].Title}").Take(expected.Count()));
        Assert.Equal(expected.Count(line => line[0] == '|'), lines.Count(line => line[0] == '|'));
    }

    private static IEnumerable<bool[]> Nestings(int order) =>
        Enumerable.Range(0, 1 << order).Select(bits => Enumerable.Range(0, order).Select(level => (bits >> level & 1) == 1).ToArray());

    private static Func<Expr, Expr> Nested(bool[] modes, Func<Expr, Expr> f) =>
        modes.Reverse().Aggregate(f, (g, forward) => forward ? JacobianForward(g) : JacobianReverse(g));

    private static string Name(bool forward) => forward ? "forward" : "reverse";

    private static void AssertClose(string route, double[] expected, Expr actual)
    {
        var elements = actual.ToArray();
        var close = expected.Length == elements.Length && expected.Zip(elements, IsClose).All(isClose => isClose);
        Assert.True(close, $"{route}: expected [{string.Join(", ", expected)}], got [{string.Join(", ", elements)}]");
    }

    private static bool IsClose(double expected, double actual) =>
        expected.Equals(actual) || expected == actual || Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected);
}
