// Derivatives of the program's own: rules that replace what the operations would give, primitives, and what is computed twice.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Programs;

internal static class CustomRules
{
    public static void Show(Page page)
    {
        page.Chapter("A rule for forward mode", "log(1 + eˣ) as written loses its derivative where eˣ overflows. Its rule says what the derivative is, in reverse mode, to higher orders and in batches too.");
        page.Run(print =>
        {
            Func<Expr, Expr> plain = x => Log(1 + Exp(x));
            var log1pExp = CustomJvp((x, dx) => (
                Max(x, 0) + LogP1(Exp(-Abs(x))),
                dx / (1 + Exp(-x))));
            print(ValueAndGrad(plain)(0));
            print(ValueAndGrad(plain)(1000));
            print(ValueAndGrad(log1pExp)(1000));
            print(Grad(Grad(log1pExp))(0));
            print(Vmap(Grad(log1pExp))(new double[] { -1, 0, 1 }));
        });

        page.Chapter("Rules for reverse mode", "A straight-through estimator rounds, and hands the cotangent on as if it did not; another function leaves values alone, and keeps cotangents within ±1.");
        page.Run(print =>
        {
            var straight = CustomVjp(x => (Round(x), g => g));
            print(straight(2.6));
            print(Grad(x => Pow(Round(x) - 1, 2))(2.6));
            print(Grad(x => Pow(straight(x) - 1, 2))(2.6));

            var clipped = CustomVjp(x => (x, g => Clamp(g, -1, 1)));
            print(Grad(x => Sum(Pow(x, 3)))(new double[] { 0.1, 0.5, 2 }));
            print(Grad(x => Sum(Pow(clipped(x), 3)))(new double[] { 0.1, 0.5, 2 }));
        });

        page.Chapter("A primitive", "The Gudermannian gd x, a function of numbers with its derivative in one line: gd′ = cos gd. Its odd derivatives at 0 are Euler's numbers 1, −1, 5, −61.");
        page.Run(print =>
        {
            var gd = Primitive.Define(
                "gd",
                value: x => 2 * Math.Atan(Math.Tanh(x / 2)),
                derivative: (x, y) => Cos(y));
            print(gd(new double[] { 0, 1, 2 }));
            print(gd(Variable("x") + 1));
            print(Stack([.. Enumerable.Range(0, 4).Select(n => Diff(gd, 2 * n + 1)(0))]));
            print(Check.Gradients(gd, new double[] { 0.5, 2 }, order: 2));
        });

        page.Chapter("Computed twice instead of kept", "A pullback holds what its sweep will need: for 200 steps on a vector, some 600 vectors. Of a function under Checkpoint only argument and result are kept, and a loop is one node, which keeps its states only during the sweep; with checkpointEvery, every so many of them.");
        page.Run(print =>
        {
            Func<Expr, Expr> step = x => x + 0.01 * Sin(x);
            Func<Expr, Expr> unrolled = x =>
                Enumerable.Repeat(step, 200).Aggregate(x, (x, step) => step(x));
            Func<Expr, Expr> loop = x => Iterate(200, step, x, checkpointEvery: 14);
            var at = Arange(10_000);
            print(VectorsHeld(() => Vjp(unrolled)(at)));
            print(VectorsHeld(() => Vjp(Checkpoint(unrolled))(at)));
            print(VectorsHeld(() => Vjp(loop)(at)));
            var pulled = Vjp(unrolled)(at).Pullback(Ones(10_000));
            var again = Vjp(loop)(at).Pullback(Ones(10_000));
            print(MaxOf(Abs(pulled - again)).Value < 1e-12);
        });
    }

    /// <summary>How many vectors of 10,000 numbers a result keeps alive, to the nearest hundred.</summary>
    private static int VectorsHeld<T>(Func<T> compute)
    {
        compute();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var result = compute();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(result);
        return 100 * (int)Math.Round((after - before) / 8e6);
    }
}
