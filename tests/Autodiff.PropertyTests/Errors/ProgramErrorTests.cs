// Misuse of loops, branches and custom rules: type and message.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Errors.Example;

namespace Autodiff.PropertyTests.Errors;

public class ProgramErrorTests
{
    private static readonly Expr s_vector = new double[] { 1, 2, 3 };
    private static readonly Expr s_symbol = Variable("x");

    private static readonly Expr s_kept = Kept(keep => Grad(keep)(3));

    private sealed record Pair(Expr A, Expr B);

    internal static IReadOnlyList<Example> All { get; } =
    [
        // Items that cannot be gone over.
        Shaped(() => Fold((s, x) => s + x, 0, 1), ["Fold", "items", "scalar"]),
        Shaped(() => Scan((s, x) => (s, x), 0, 1), ["Scan", "items", "scalar"]),
        Shaped(() => Fold((Expr s, (Expr A, Expr B) x) => s, 0, (s_vector, 1)), ["Fold", "Item2", "scalar"]),
        Shaped(() => Fold((Expr s, (Expr A, Expr B) x) => s, 0, (s_vector, Ones(2, 3))), ["Fold", "Item2", "(2, 3)", "Item1", "(3)", "equally long"]),
        Of<AutodiffException>(() => Fold((Expr s, string x) => s, 0, "items"), ["Fold", "no Expr", "Iterate"]),

        // States that change.
        Shaped(() => Fold((s, x) => s_vector, 0, s_vector), ["Fold", "the state", "()", "(3)"]),
        Shaped(() => Iterate(2, s => Stack([s, s]), s_vector), ["Iterate", "(3)", "(2, 3)"]),
        Shaped(() => Iterate(2, s => s with { B = s.A }, new Pair(1, s_vector)), ["Iterate", "at B", "(3)", "()"]),
        Shaped(() => While(s => s < 1, s => s_vector, 0), ["While", "()", "(3)"]),
        Of<AutodiffException>(() => Iterate(2, s => [s[0]], new List<Expr> { 1, 2 }), ["Iterate", "different structures", "the state has a leaf at [1]", "the next state has no more leaves after [0]"]),
        Of<AutodiffException>(
            () => Iterate(2, s => new Dictionary<string, Expr> { ["b"] = s["a"] }, new Dictionary<string, Expr> { ["a"] = 1 }),
            ["Iterate", "different structures", "[\"a\"]", "[\"b\"]"]),
        Of<AutodiffException>(() => Iterate(2, s => s, "state"), ["Iterate", "no Expr", "initial state", "String"]),
        Of<AutodiffException>(() => Fold((string s, Expr x) => s, "state", s_vector), ["Fold", "no Expr", "initial state"]),

        // Numbers of steps.
        Of<AutodiffException>(() => Iterate(-1, s => s, 1), ["Iterate", "-1"]),
        Of<AutodiffException>(() => While(s => s < 1, s => s, 1, limit: -1), ["While", "-1", "limit"]),
        Of<AutodiffException>(() => While(s => s < 1, s => s, 0, limit: 3), ["While", "3 steps", "limit"]),
        Of<AutodiffException>(() => Iterate(1, s => s, 1, checkpointEvery: 0), ["Iterate", "checkpointEvery", "0"]),
        Of<AutodiffException>(() => Fold((s, x) => s, 1, s_vector, checkpointEvery: -2), ["Fold", "checkpointEvery", "-2"]),
        Of<AutodiffException>(() => Scan((s, x) => (s, x), 1, s_vector, checkpointEvery: 0), ["Scan", "checkpointEvery", "0"]),
        Of<AutodiffException>(() => While(s => s < 1, s => s, 1, checkpointEvery: 0), ["While", "checkpointEvery", "0"]),

        // Predicates that are neither true nor false, and branches that differ.
        Shaped(() => Cond(s_vector > 0, () => s_vector, () => s_vector), ["Cond", "(3)", "Where", "MaxOf"]),
        Shaped(() => While(s => s < 1, s => s, s_vector), ["While", "(3)", "MinOf", "MaxOf"]),
        Shaped(() => Cond(s_symbol, () => s_vector, () => 1), ["Cond", "the first branch", "(3)", "()"]),
        Shaped(() => Cond(s_symbol, () => new Pair(1, 2), () => new Pair(1, s_vector)), ["Cond", "at B", "()", "(3)"]),
        Of<AutodiffException>(
            () => Cond(s_symbol, () => new List<Expr> { 1, 2 }, () => [3]),
            ["Cond", "different structures", "the first branch has a leaf at [1]", "the second branch has no more leaves after [0]"]),

        // What is used after its function has returned.
        Of<AutodiffException>(() => Kept(keep => Fold((s, x) => keep(s) + x, 0, s_vector)) * 2, ["Multiply", "Fold", "has returned", "Scan"]),
        Of<AutodiffException>(() => Grad(x => x * s_kept)(1), ["Grad", "has returned", "StopGradient"]),

        // Values asked of what a step is run on.
        Of<NotConcreteException>(() => Fold((s, x) => s > 0 ? s : x, 0, s_vector), ["Condition", "Where", "Cond", "While"]),
        Of<NotConcreteException>(() => Iterate(3, s => s.Value, 1), ["Value", "Where", "Cond", "While"]),
        Of<NotConcreteException>(() => While(s => s.Value < 3 ? 1 : 0, s => s + 1, 1), ["Value", "Where", "Cond", "While"]),
        Of<NotConcreteException>(() => Checkpoint(x => x > 0 ? x : -x)(1), ["Condition", "Where", "Cond"]),

        // Rules.
        Shaped(() => CustomVjp(x => (Sum(x), y => y))(s_vector), ["CustomVjp", "the pullback's result", "()", "(3)"]),
        Shaped(() => CustomJvp((x, dx) => (Sum(x), dx))(s_vector), ["CustomJvp", "the tangent", "(3)", "()"]),
        Of<AutodiffException>(() => CustomJvp((x, dx) => (x + dx, dx))(1), ["CustomJvp", "the value depends on the tangent"]),
        Of<AutodiffException>(() => CustomJvp((x, dx) => (dx, dx))(1), ["CustomJvp", "the value depends on the tangent"]),
        Of<AutodiffException>(
            () => CustomVjp<List<Expr>>(p => (p[0] * p[1], y => [y]))([1, 2]), ["CustomVjp", "different structures", "the argument", "the pullback's result", "[1]"]),
        Shaped(() => CustomVjp<Pair>(p => (p.A, y => new Pair(s_vector, y)))(new(1, 2)), ["CustomVjp", "(3)", "()"]),
        Of<NotDifferentiableException>(() => Grad(w => CustomVjp(x => (x * w, y => y * w))(2))(3), ["CustomVjp", "from outside", "StopGradient"]),
        Of<NotDifferentiableException>(() => Diff(w => CustomJvp((x, dx) => (x * w, dx * w))(2))(3), ["CustomJvp", "from outside", "StopGradient"]),

        // Primitives of one's own.
        Of<AutodiffException>(() => Primitive.Define(" ", x => x, (x, y) => 1), ["Primitive.Define", "name"]),
        Of<AutodiffException>(() => Primitive.Define(null!, x => x, (x, y) => 1), ["Primitive.Define", "name"]),
        Shaped(() => Grad(x => Sum(Primitive.Define("f", v => v, (v, y) => Ones(2))(x)))(s_vector), ["f", "the derivative", "(2)", "(3)"]),
        Null(() => Primitive.Define("f", null!, (x, y) => 1), "Primitive.Define"),
        Null(() => Primitive.Define("f", x => x, null!), "Primitive.Define"),
        Null(() => Primitive.Define("f", x => x, (x, y) => 1)(null!), "f"),
        Null(() => Grad(Primitive.Define("f", x => x, (x, y) => null!))(1), "f"),

        // Nulls.
        Null(() => Fold<Expr>(null!, 0, s_vector), "Fold"),
        Null(() => Fold((s, x) => s, null!, s_vector), "Fold"),
        Null(() => Fold((s, x) => s, 0, null!), "Fold"),
        Null(() => Fold((s, x) => null!, 0, s_vector), "Fold"),
        Null(() => Fold((List<Expr> s, Expr x) => s, null!, s_vector), "Fold"),
        Null(() => Scan<Expr, Expr>(null!, 0, s_vector), "Scan"),
        Null(() => Scan((s, x) => (null!, x), 0, s_vector), "Scan"),
        Null(() => Scan((s, x) => (s, null!), 0, s_vector), "Scan"),
        Null(() => Scan((s, x) => (s, x), null!, s_vector), "Scan"),
        Null(() => Scan((s, x) => (s, x), 0, null!), "Scan"),
        Null(() => Iterate(1, null!, 0), "Iterate"),
        Null(() => Iterate(1, s => null!, 0), "Iterate"),
        Null(() => Iterate(1, s => s, null!), "Iterate"),
        Null(() => While(null!, s => s, 0), "While"),
        Null(() => While(s => s, null!, 0), "While"),
        Null(() => While(s => null!, s => s, 0), "While"),
        Null(() => While(s => s, s => null!, 0), "While"),
        Null(() => While(s => s, s => s, null!), "While"),
        Null(() => Cond(null!, () => s_symbol, () => s_symbol), "Cond"),
        Null(() => Cond(1, null!, () => s_symbol), "Cond"),
        Null(() => Cond(1, () => s_symbol, null!), "Cond"),
        Null(() => Cond(1, () => null!, () => s_symbol), "Cond"),
        Null(() => Cond(s_symbol, () => null!, () => s_symbol), "Cond"),
        Null(() => Cond(s_symbol, () => s_symbol, () => null!), "Cond"),
        Null(() => CustomVjp((Func<Expr, (Expr, Func<Expr, Expr>)>)null!), "CustomVjp"),
        Null(() => CustomVjp((Func<Expr, Expr, (Expr, Func<Expr, (Expr, Expr)>)>)null!), "CustomVjp"),
        Null(() => CustomVjp((Func<Pair, (Expr, Func<Expr, Pair>)>)null!), "CustomVjp"),
        Null(() => CustomVjp(x => (x, y => y))(null!), "CustomVjp"),
        Null(() => CustomVjp(x => (null!, y => y))(1), "CustomVjp"),
        Null(() => CustomVjp(x => (x, null!))(1), "CustomVjp"),
        Null(() => CustomVjp(x => (x, y => null!))(1), "CustomVjp"),
        Null(() => CustomVjp<Pair>(p => (p.A, null!))(new(1, 2)), "CustomVjp"),
        Null(() => CustomVjp<Pair>(p => (p.A, y => null!))(new(1, 2)), "CustomVjp"),
        Null(() => CustomVjp<Pair>(p => (p.A, y => p))(null!), "CustomVjp"),
        Null(() => CustomJvp(null!), "CustomJvp"),
        Null(() => CustomJvp((Func<Pair, Pair, (Expr, Expr)>)null!), "CustomJvp"),
        Null(() => CustomJvp((x, dx) => (x, dx))(null!), "CustomJvp"),
        Null(() => CustomJvp((x, dx) => (null!, dx))(1), "CustomJvp"),
        Null(() => CustomJvp((x, dx) => (x, null!))(1), "CustomJvp"),
        Null(() => Checkpoint((Func<Expr, Expr>)null!), "Checkpoint"),
        Null(() => Checkpoint((Func<Expr, Expr, Expr>)null!), "Checkpoint"),
        Null(() => Checkpoint((Func<Pair, Pair>)null!), "Checkpoint"),
        Null(() => Checkpoint(x => x)(null!), "Checkpoint"),
        Null(() => Checkpoint((Expr x) => (Expr)null!)(1), "Checkpoint"),
        Null(() => Checkpoint((x, y) => x)(1, null!), "Checkpoint"),
        Null(() => Checkpoint<Pair, Pair>(p => null!)(new(1, 2)), "Checkpoint"),
        Null(() => Checkpoint<Pair, Pair>(p => p)(null!), "Checkpoint"),
    ];

    private static Expr Kept(Action<Func<Expr, Expr>> run)
    {
        Expr? kept = null;
        run(x => kept = x);
        return kept!;
    }

    [Fact]
    public void An_error_of_a_step_itself_comes_through_unchanged()
    {
        var error = new InvalidOperationException("the user's own");

        Assert.Same(error, Record.Exception(() => Fold((s, x) => throw error, 0, s_vector)));
        Assert.Same(error, Record.Exception(() => Cond(s_symbol, () => s_symbol, () => throw error)));
        Assert.Same(error, Record.Exception(() => CustomVjp(x => (x, y => throw error))(1)));
        Assert.Same(error, Record.Exception(() => Primitive.Define("f", x => throw error, (x, y) => 1)(1)));
    }
}
