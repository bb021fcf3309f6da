// Calls of each loop, branch and function with a custom derivative, with random programs as steps. They are functions of a state, items, a
// captured tensor and a number, any of which may be differentiated or batched.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

internal static class ProgramCases
{
    /// <summary>A call with a program as its step, on a state, items along the leading axis, a captured tensor and a scalar.</summary>
    public delegate Expr Use(Program step, Expr state, Expr items, Expr captured, Expr number);

    private static readonly Func<Expr, Expr> s_softsign = Primitive.Define("softsign", x => x / (1 + Math.Abs(x)), (x, y) => Pow(1 - Abs(y), 2));

    public static IReadOnlyDictionary<string, Use> All { get; } = new Dictionary<string, Use>
    {
        ["Fold"] = (f, s, xs, c, n) => Fold((state, x) => Next(state, f.Joint(state, x, c)), s, xs),
        ["Fold with checkpoints"] = (f, s, xs, c, n) => Fold((state, x) => Next(state, f.Joint(state, x, c)), s, xs, checkpointEvery: 2),
        ["Fold that captures"] = (f, s, xs, c, n) => Fold((state, x) => Next(state, n * f.Joint(c, x)), s, xs),
        ["Scan's outputs"] = (f, s, xs, c, n) => Scan((state, x) => (Next(state, f.Joint(state, x, c)), f.Joint(x, state)), s, xs).Outputs,
        ["Scan's outputs, reverse"] = (f, s, xs, c, n) => Scan((state, x) => (Next(state, f.Joint(state, x, c)), f.Joint(x, state)), s, xs, reverse: true).Outputs,
        ["Scan's state and outputs, reverse"] = (f, s, xs, c, n) =>
            Scan((state, x) => (Next(state, f.Joint(state, x, c)), Sum(state * n)), s, xs, reverse: true) is var (final, outputs) ? final * Sum(outputs) : s,
        ["Scan's outputs of items alone"] = (f, s, xs, c, n) => Scan((state, x) => (Next(state, c), f.Joint(x)), s, xs).Outputs,
        ["Iterate"] = (f, s, xs, c, n) => Iterate(3, state => Next(state, f.Joint(state, c)), s),
        ["Iterate of two states, one of which comes to move"] = (f, s, xs, c, n) =>
            Iterate(3, state => (Next(state.Item1, f.Joint(state.Item1, c)), Sin(state.Item2) + Mean(state.Item1)), (s, (Expr)0.5)) is var (first, second) ? first * second : s,
        ["While, as often as a number says"] = (f, s, xs, c, n) =>
            While(state => state.Item2 < 2 * n, state => (Next(state.Item1, f.Joint(state.Item1, c)), state.Item2 + 1), (s, (Expr)0)).Item1,
        ["While, as long as the state is large"] = (f, s, xs, c, n) =>
            While(state => Norm(state.Item1) > 0.7, state => (0.7 * state.Item1, Next(state.Item2, f.Joint(state.Item2, state.Item1))), (n * c, s)).Item2,
        ["While of another loop"] = (f, s, xs, c, n) => While(
            state => state.Item2 < n,
            state => (Fold((inner, x) => Next(inner, f.Joint(inner, x, c)), state.Item1, xs), state.Item2 + 1), (s, (Expr)0)).Item1,
        ["Cond"] = (f, s, xs, c, n) => Cond(n > 0.6, () => Next(s, f.Joint(s, c)), () => Next(s, f.Joint(c, s))),
        ["Cond of loops"] = (f, s, xs, c, n) => Cond(
            n > 0.6,
            () => Fold((state, x) => Next(state, f.Joint(state, x, c)), s, xs),
            () => Iterate(2, state => Next(state, f.Joint(state)), s)),
        ["Cond of trees"] = (f, s, xs, c, n) => Cond(n > 0.6, () => (f.Joint(s, c), Sin(n)), () => (Cos(f.Joint(s, c)), n)) is var (first, second) ? first * second : s,
        ["Fold of Cond"] = (f, s, xs, c, n) => Fold((state, x) => Cond(Mean(x) > n - 0.5, () => Next(state, f.Joint(state, x)), () => Next(state, c)), s, xs),
        ["CustomVjp"] = (f, s, xs, c, n) => CustomVjp(x => (f.Joint(x), flow => 2 * Vjp(v => f.Joint(v))(x).Pullback(flow)))(s * Mean(c)),
        ["CustomVjp of a tree"] = (f, s, xs, c, n) => CustomVjp((x, y) => (f.Joint(x, y), flow => Vjp((v, w) => f.Joint(v, w))(x, y).Pullback(flow) is var (a, b) ? (3 * a, -b) : (x, y)))(s, c),
        ["CustomVjp that captures"] = (f, s, xs, c, n) => StopGradient(c) is var still ? CustomVjp(x => (f.Joint(x, still), flow => x * Sum(flow) * Mean(still)))(s) : s,
        ["CustomJvp"] = (f, s, xs, c, n) => CustomJvp((x, tangent) => Jvp(v => f.Joint(v))(x, tangent) is var (value, moved) ? (value, 2 * moved) : (x, x))(s * Mean(c)),
        ["CustomJvp that captures"] = (f, s, xs, c, n) => StopGradient(c) is var still ? CustomJvp((x, tangent) => f.Joint(x, still) is var value ? (value, value * Sum(tangent * x) * Mean(still)) : (x, x))(s) : s,
        ["Checkpoint"] = (f, s, xs, c, n) => Checkpoint(x => f.Joint(x, c) * n)(s),
        ["Checkpoint of two"] = (f, s, xs, c, n) => Checkpoint((x, y) => f.Joint(x, y, c))(s, n),
        ["Checkpoint in Fold"] = (f, s, xs, c, n) => Fold((state, x) => Next(state, Checkpoint(v => f.Joint(v, x, c))(state)), s, xs),
        ["a primitive of the user's own"] = (f, s, xs, c, n) => s_softsign(f.Joint(s_softsign(s), c) + n + 3),
    };

    /// <summary>Random batches of a case: the step is random, and so is which arguments are batched and along which axes.</summary>
    public static Gen<Batching> Batches(string name) =>
        from step in Programs.Short
        from item in Tensors.Shapes.Where(shape => shape.Size <= 4)
        from captured in Tensors.Shapes.Where(shape => shape.Size <= 4)
        from steps in Gen.Choose(1, 3)
        from xs in Tensors.Of(new Shape([steps, .. item]))
        from c in Tensors.Of(captured)
        from batching in Batching.Of($"{name} of\n{step}\n", [step.Input, xs, c, 0.9], v => All[name](step, v[0], v[1], v[2], v[3]))
        select batching;

    /// <summary>A next state, of the shape of the given one, that depends on it and on a result.</summary>
    private static Expr Next(Expr state, Expr result) => (state + (result.Shape == state.Shape ? result : Mean(result))) / 2;
}
