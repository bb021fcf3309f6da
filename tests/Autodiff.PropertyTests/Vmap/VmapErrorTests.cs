// Wrong uses of Vmap: each error says which of inAxes and outAxes does not fit what shape, and what would.

using Autodiff.PropertyTests.Errors;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Errors.Example;

namespace Autodiff.PropertyTests.Batches;

public class VmapErrorTests
{
    private static readonly Expr s_vector = new double[] { 1, 2, 3 };
    private static readonly Expr s_matrix = Ones(2, 3);
    private static readonly Func<Expr, Expr> s_none = null!;

    internal static IReadOnlyList<Example> All { get; } =
    [
        // Axes that do not exist.
        Shaped(() => Vmap(Sin, 1)(s_vector), ["Vmap", "inAxes", "is 1", "(3)", "0 to 0", "-1 to -1", "null"]),
        Shaped(() => Vmap(Sin, -3)(s_matrix), ["Vmap", "inAxes", "is -3", "(2, 3)", "0 to 1", "-2 to -1", "null"]),
        Shaped(() => Vmap(Sin)(2), ["Vmap", "inAxes", "is 0", "scalar", "null"]),
        Shaped(() => Vmap((x, y) => x + y)(s_vector, 2), ["Vmap", "inAxes", "is 0", "scalar", "null"]),
        Shaped(() => Vmap((x, y) => x + y, (0, 2))(s_vector, s_matrix), ["Vmap", "inAxes", "is 2", "(2, 3)", "0 to 1"]),
        Shaped(() => Vmap(Sin, 0, 1)(s_vector), ["Vmap", "outAxes", "is 1", "(3)", "0 to 0", "-1 to -1"]),
        Shaped(() => Vmap(Sin, 1, -3)(s_matrix), ["Vmap", "outAxes", "is -3", "(3, 2)", "0 to 1", "-2 to -1"]),
        Shaped(() => Vmap(((Expr X, Expr Y) p) => p.X + p.Y)((s_vector, 2)), ["Vmap", "inAxes", "is 0", "scalar", "null"]),
        Shaped(() => Vmap((Expr[] p) => p[0], 0, 2)([s_vector]), ["Vmap", "outAxes", "is 2", "(3)"]),

        // Batches that differ, and none.
        Shaped(() => Vmap((x, y) => x + y)(s_vector, s_matrix), ["Vmap", "inAxes", "(3)", "holds 3", "(2, 3)", "holds 2", "one size"]),
        Shaped(() => Vmap((x, y) => x + y, (0, 1))(Ones(2), s_matrix), ["Vmap", "inAxes", "(2)", "holds 2", "(2, 3)", "holds 3", "axis 1"]),
        Shaped(() => Vmap(((Expr X, Expr Y) p) => p.X + p.Y)((s_vector, Ones(4))), ["Vmap", "inAxes", "(3)", "(4)", "one size"]),
        Shaped(() => Vmap(Sin, null)(s_vector), ["Vmap", "inAxes", "at least one"]),
        Shaped(() => Vmap((x, y) => x + y, (null, null))(s_vector, s_vector), ["Vmap", "inAxes", "at least one"]),
        Shaped(() => Vmap((x, y, z) => x + y + z, (null, null, null))(1, 2, 3), ["Vmap", "inAxes", "at least one"]),
        Shaped(() => Vmap((x, y, z, w) => x + y + z + w, (null, null, null, null))(1, 2, 3, 4), ["Vmap", "inAxes", "at least one"]),

        // Nothing where something is needed.
        Null(() => Vmap(s_none), "Vmap"),
        Null(() => Vmap((Func<Expr, Expr, Expr>)null!), "Vmap"),
        Null(() => Vmap((Func<Expr, Expr, Expr, Expr>)null!), "Vmap"),
        Null(() => Vmap((Func<Expr, Expr, Expr, Expr, Expr>)null!), "Vmap"),
        Null(() => Vmap((Func<Expr[], Expr>)null!), "Vmap"),
        Null(() => Vmap((Func<Expr[], Expr, Expr>)null!), "Vmap"),
        Null(() => Vmap((Func<Expr[], Expr, Expr, Expr>)null!), "Vmap"),
        Null(() => Vmap(Sin)(null!), "Vmap"),
        Null(() => Vmap((x, y) => x, (0, null))(s_vector, null!), "Vmap"),
        Null(() => Vmap(x => (Expr)null!)(s_vector), "Vmap"),
        Null(() => Vmap((Expr[] p) => (Expr[])null!)([s_vector]), "Vmap"),

        // A sample has no value to look at.
        Symbolic(() => Vmap(x => x > 0 ? x : -x)(s_vector), "Condition"),
        Symbolic(() => Vmap(x => x * x.Value)(s_vector), "Value"),
        Symbolic(() => Vmap(Grad(x => x > 0 ? x : -x))(s_vector), "Condition"),
        Symbolic(() => Grad(v => Sum(Vmap(x => x > 0 ? x : -x)(v)))(s_vector), "Condition"),
    ];

    [Fact]
    public void Looking_at_a_sample_names_both_ways_to_choose()
    {
        var error = Assert.Throws<NotConcreteException>(() => Vmap(x => x > 0 ? x : -x)(s_vector));
        Assert.Contains("Where(mask, a, b)", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"\bCond\b", error.Message);
    }

    [Fact]
    public void Looking_at_what_all_samples_share_is_allowed()
    {
        Expr Power(Expr x, Expr n) => n > 1 ? x * x : x;
        Agreement(new double[] { 1, 4, 9 }, Vmap(Power, (0, null))(s_vector, 2));
        Agreement(s_vector, Vmap(Power, (0, null))(s_vector, 1));
        static void Agreement(Expr expected, Expr actual) => Assert.Equal(expected.ToArray(), actual.ToArray());
    }

    [Fact]
    public void An_error_of_the_function_itself_comes_through_unchanged()
    {
        var error = new InvalidOperationException("the user's own");
        Assert.Same(error, Record.Exception(() => Vmap(x => throw error)(s_vector)));
    }
}
