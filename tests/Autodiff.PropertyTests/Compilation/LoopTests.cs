// Loops and branches with states long enough to fill registers have the same values and derivatives compiled and uncompiled.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class LoopTests
{
    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["Iterate"] = x => Iterate(5, s => Sin(s) + (0.5 * Flip(s)), x),
        ["Iterate no step"] = x => Iterate(0, s => Sin(s), x) * x,
        ["Iterate one step"] = x => Iterate(1, s => s * x, x),
        ["Iterate, checkpoints"] = x => Iterate(11, s => Sin(s) + (0.3 * x), x, checkpointEvery: 4),
        ["Iterate, state unchanged"] = x => Iterate(3, s => s, x) + x,
        ["Iterate, states change places"] = x => Iterate<(Expr A, Expr B)>(5, s => (s.B, s.A), (x, Sin(x))) is var (a, b) ? a - (2 * b) : x,
        ["Iterate, state set to what is captured"] = x => Iterate<(Expr A, Expr B)>(3, s => (x, s.A + s.B), (Cos(x), Sin(x))) is var (a, b) ? a * b : x,
        ["Iterate, a matrix"] = x => Iterate(3, m => MatMul(m, Outer(x, x)) / x.Shape[0], Outer(x, Sin(x))),
        ["Fold"] = x => Fold((s, item) => Sin(s + item), Zeros(x.Shape), Stack([x, 2 * x, x * x])),
        ["Fold over elements"] = x => Fold((s, item) => (0.9 * s) + (item * Sin(s)), (Expr)1, x),
        ["Fold over rows, checkpoints"] = x => Fold((s, item) => Sin(s) + (item * x), x, Outer(Sin(x), x), checkpointEvery: 3),
        ["Fold, items unused"] = x => Fold((s, _) => s * 1.1, x, Outer(x, x)),
        ["Fold, no items"] = x => Fold((s, item) => s * item, x, Zeros(new Shape([0, .. x.Shape]))),
        ["Scan"] = x => Scan((s, item) => (Sin(s + item), s * item), x, Outer(x, x)) is var (final, outputs) ? Concat([Reshape(outputs, -1), final]) : x,
        ["Scan reversed"] = x => Scan((s, item) => (Sin(s + item), s - Flip(item)), x, Outer(x, x), reverse: true) is var (final, outputs) ? Concat([Reshape(outputs, -1), final]) : x,
        ["Scan reversed, checkpoints"] = x => Scan((s, item) => (Sin(s * item), Sum(s) * item), x, Outer(x, x), reverse: true, checkpointEvery: 5) is var (_, outputs) ? outputs : x,
        ["Scan, outputs alone"] = x => Scan((s, item) => (s, item * item * x), x, Outer(x, x)).Outputs,
        ["Scan, final alone"] = x => Scan((s, item) => (Cos(s) * item, s), x, Outer(x, x)).Final,
        ["Scan, outputs are the state"] = x => Scan((s, item) => (s + item, s + item), (Expr)0, x).Outputs,
        ["While"] = x => While(s => Sum(s * s) > 1e-2, s => s * 0.5, x),
        ["While not at all"] = x => While(s => Sum(s) > 1e9, s => s * 0.5, x) * x,
        ["While, many steps"] = x => While<(Expr S, Expr I)>(s => s.I < 40, s => (Sin(s.S) + (0.1 * x), s.I + 1), (x, 0)).S,
        ["While, checkpoints"] = x => While<(Expr S, Expr I)>(s => s.I < 23, s => (Sin(s.S) * x, s.I + 1), (x, 0), checkpointEvery: 6).S,
        ["Nested"] = x => Iterate(3, s => Fold((t, item) => Sin(t + (item * s)), s, Stack([x, s])), x),
        ["Nested, reversed"] = x => Scan((s, item) => (Fold((t, i) => t + (0.1 * i * s), item, s), Sum(s)), x, Outer(x, x) / x.Shape[0], reverse: true) is var (final, outputs) ? final + Sum(outputs) : x,
        ["Cond inside, first branch"] = x => Iterate(3, s => Cond(Sum(s) > -1e9, () => Sin(s) * x, () => s), x),
        ["Cond inside, either branch"] = x => Iterate<(Expr S, Expr I)>(4, s => (Cond(s.I > 1.5, () => Sin(s.S) * x, () => s.S + Flip(x)), s.I + 1), (x, 0)).S,
        ["Cond"] = x => Cond(Sum(x) > 1e9, () => x * x, () => Cond(Sum(x * x) > 0, () => Sin(x) + Sum(x), () => x)),
        ["Cond, a branch that is an argument"] = x => Cond(Sum(x * x) > 0, () => x, () => Zeros(x.Shape)) * 2,
        ["Cond, a branch that is a constant"] = x => Cond(Sum(x * x) < 0, () => x, () => Ones(x.Shape)) * x,
        ["Gradient inside"] = x => Iterate(3, s => s - (0.1 * Grad(t => Sum(Pow(Sin(t) - x, 2)))(s)), x),
        ["Called inside"] = x => Iterate(3, Compile(s => Sin(s) + Flip(s)), x),
        ["Products inside"] = x => Iterate(3, s => MatMul(Outer(x, Sin(x)), s) / 10, x),
        ["Linear algebra inside"] = x => Iterate(2, s => Solve(Outer(s, s) + (10 * Eye(x.Shape[0])), x) + s, x),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Values_and_derivatives_are_those_of_the_function(string name)
    {
        foreach (var length in (int[])[3, 14, 33])
        {
            var f = s_functions[name];
            var at = Point(length);
            var weights = Tensors.Direction(f(at).Shape, 3);
            var direction = Tensors.Direction(at.Shape, 5);
            Func<Expr, Expr> scalar = x => Sum(f(x) * weights);
            Engines.Agree(at, compile =>
            [
                compile(f),
                compile(Grad(scalar)),
                compile(Grad(compile(scalar))),
                compile(x => Jvp(f)(x, direction).Tangent),
                compile(x => Jvp(Grad(scalar))(x, direction).Tangent),
                .. length < 9 ? [compile(Hessian(scalar))] : Array.Empty<Func<Expr, Expr>>(),
            ]);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Batches_are_those_of_the_function(string name)
    {
        var f = s_functions[name];
        Func<Expr, Expr> scalar = x => Sum(f(x));
        foreach (var (length, count) in ((int, int)[])[(3, 20), (14, 3)])
        {
            Engines.Agree(Batching.About(Point(length), count, 0, 1), compile => [compile(Vmap(f)), compile(Vmap(Grad(scalar))), Vmap(compile(Grad(scalar)))]);
        }
    }

    [Fact]
    public void States_of_a_hundred_numbers()
    {
        var at = Point(100);
        foreach (var name in (string[])["Iterate", "Fold", "Scan", "While, checkpoints", "Nested", "Cond inside, either branch", "Fold over rows, checkpoints"])
        {
            Func<Expr, Expr> scalar = x => Sum(Sin(s_functions[name](x)));
            Engines.Agree(at, compile => [compile(s_functions[name]), compile(Grad(scalar))]);
        }
    }

    private static Expr Point(int length) => Sin(Arange(length) + 1) / 2;
}
