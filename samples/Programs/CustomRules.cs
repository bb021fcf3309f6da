// Derivatives of the program's own: rules that replace what the operations would give, primitives, and what is computed twice.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Programs;

internal static class CustomRules
{
    public static void Show(Page page)
    {
        page.Chapter("A rule for forward mode", "log(1 + eˣ) as written loses its derivative where eˣ overflows. Its rule says what the derivative is:\nin reverse mode, to higher orders and in batches too.");
        page.Run(print =>
        {
            Func<Expr, Expr> plain = x => Log(1 + Exp(x));
            var log1pExp = CustomJvp((x, dx) => (Max(x, 0) + LogP1(Exp(-Abs(x))), dx / (1 + Exp(-x))));
            print((plain(0), Grad(plain)(0)));
            print((plain(1000), Grad(plain)(1000)));
            print((log1pExp(1000), Grad(log1pExp)(1000)));
            print(Grad(Grad(log1pExp))(0));
            print(Vmap(Grad(log1pExp))(new double[] { -1, 0, 1 }));
        });

        page.Chapter("Rules for reverse mode", "A straight-through estimator rounds, and hands the cotangent on as if it did not; another function leaves\nvalues alone, and keeps cotangents within ±1.");
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

        page.Chapter("A primitive", "Lambert's W, the inverse of x eˣ, on numbers, with its derivative in one line. W⁽ⁿ⁾(0) = (−n)ⁿ⁻¹.");
        page.Run(print =>
        {
            var lambert = Primitive.Define("W", LambertW, (x, w) => 1 / (Exp(w) * (1 + w)));
            print(lambert(1));
            print(lambert(Variable("x") + 1));
            print(Stack([.. Enumerable.Range(1, 6).Select(n => Round(Diff(lambert, n)(0)))]));
            print(Check.Gradients(lambert, new double[] { 0.5, 2 }, order: 2));
        });

        page.Chapter("Computed twice instead of kept", "A reverse sweep needs what it passes. Of a function under Checkpoint only argument and result are kept,\nand of a loop with checkpointEvery every so many states.");
        page.Run(print =>
        {
            Func<Expr, Expr> wave = x => Iterate(200, s => s + 0.01 * Sin(s), x);
            Func<Expr, Expr> loop = x => { for (var i = 0; i < 200; i++) { x += 0.01 * Sin(x); } return x; };
            Func<Expr, Expr> sparse = x => Iterate(200, s => s + 0.01 * Sin(s), x, checkpointEvery: 14);
            Func<Func<Expr, Expr>, int> held = f => Held(() => Vjp(f)(Ones(10_000)).Pullback);
            print(held(loop));
            print(held(Checkpoint(loop)));
            print(held(wave));
            print(held(sparse));
            print(Grad(x => Sum(loop(x)))(Ones(2)));
            print(Grad(x => Sum(Checkpoint(loop)(x)))(Ones(2)));
            print(Grad(x => Sum(sparse(x)))(Ones(2)));
        });
    }

    /// <summary>How many kilobytes a result keeps alive.</summary>
    private static int Held<T>(Func<T> compute)
    {
        compute();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var result = compute();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(result);
        return (int)((after - before) / 1000);
    }

    /// <summary>The inverse of x eˣ for x ≥ −1/e, by Newton's method from above.</summary>
    private static double LambertW(double x)
    {
        var w = Math.Log(1 + Math.Max(x, -0.9));
        for (var step = 0; step < 50; step++)
        {
            w -= (w - (x * Math.Exp(-w))) / (1 + w);
        }

        return w;
    }
}
