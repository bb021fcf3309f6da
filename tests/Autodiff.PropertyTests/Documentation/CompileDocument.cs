// The programs of docs/compile.md, in its order. DocumentTests holds the document's text and output against them.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static class CompileDocument
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            Func<Expr, Expr> rosenbrock = x => Sum(100 * Pow(x[1..] - x[..^1] * x[..^1], 2) + Pow(1 - x[..^1], 2));
            var gradient = Compile(Grad(rosenbrock));
            Console.WriteLine(gradient(new double[] { -1, 2, 1 })); // [396, 2602, -600]
            Console.WriteLine(gradient(Ones(5))); // [0, 0, 0, 0, 0]

            var (value, slope) = Compile(ValueAndGrad(rosenbrock))(new double[] { -1, 2 });
            Console.WriteLine(value); // 104
            Console.WriteLine(slope); // [396, 200]
        }),
        new(Console =>
        {
            var root = Compile(x => Where(x > 0, Sqrt(x), 0));
            Console.WriteLine(Grad(root)(4)); // 0.25
            Console.WriteLine(Grad(root)(0)); // 0
            Console.WriteLine(Grad(x => Where(x > 0, Compile(Sqrt)(x), 0))(0)); // 0
            Console.WriteLine(Vmap(Grad(root))(new double[] { 0, 1, 4 })); // [0, 0.5, 0.25]
        }),
        new(Console =>
        {
            try
            {
                Console.WriteLine(Compile(x => x > 0 ? x : -x)(-2));
            }
            catch (NotConcreteException error)
            {
                Console.WriteLine(error.Message);
                // Compile: the function asks an expression for a value while it is compiled. It is run once, on symbols, for all values that its argument will have: compute with the functions of Expr, as Expr.Sin(x) does and Math.Sin(x.Value) does not, and build a choice into the expression with Where(mask, a, b), Cond(mask, then, otherwise) or While. (asked for at Program.cs:12)
            }

            Console.WriteLine(Compile(x => Where(x > 0, x, -x))(-2)); // 2
            Console.WriteLine(Compile(x => Cond(x > 0, () => Log(x), () => 0))(-2)); // 0
        }),
        new(Console =>
        {
            Expr w = 2;
            var scaled = Compile(x => w * x);
            Console.WriteLine(scaled(3)); // 6
            w = 5;
            Console.WriteLine(scaled(3)); // 6
            Console.WriteLine(Compile((x, w) => w * x)(3, w)); // 15
            Console.WriteLine(Grad(v => Compile(x => v * x)(3))(1)); // 3
        }),
        new(Console =>
        {
            var cube = CompileScalar(x => x * x * x);
            Console.WriteLine(cube(2)); // 8
            var (y, dy) = CompileScalar(ValueAndGrad(x => x * x * x))(2);
            Console.WriteLine($"{y}, {dy}"); // 8, 12
            Func<double, double, (double, double)> field = CompileScalar(Grad((x, y) => x * x * y));
            Console.WriteLine(field(2, 3)); // (12, 4)
        }),
        new(Console =>
        {
            var loss = CompileFor(ValueAndGrad((w, x) => Sum(Pow(MatMul(x, w) - 1, 2))), new Shape(2), new Shape(3, 2));
            Console.WriteLine($"{loss.ArgumentSize} to {loss.ResultSize}"); // 8 to 9
            var results = new double[loss.ResultSize];
            loss.Invoke([1, 2, 1, 0, 0, 1, 1, 1], results);
            Console.WriteLine(string.Join(", ", results)); // 5, 4, 6, 0, 0, 2, 4, 4, 8
        }),
        new(Console =>
        {
            Func<Expr, Expr, Expr> loss = (w, x) => Mean(LogSumExp(MatMul(x, w), 1));
            var gradient = CompileFor((w, x) => Grad(v => loss(v, x))(w), new Shape(64, 8), new Shape(20_000, 64));
            Console.WriteLine(gradient.Explain());
        }),
        new(Console =>
        {
            var density = CompileFor(
                (x, y) => Log(Sum(Exp(-Pow(Reshape(x, 500, 1) - y, 2)), 1)), new Shape(500), new Shape(300));
            Console.WriteLine(density.Explain());
        }),
        new(Console =>
        {
            var running = CompileFor((s, x) => Fold((s, i) => Sin(s) * i, s, x), new Shape(), new Shape(1000));
            Console.WriteLine(running.Explain());
        }),
        new(Console =>
        {
            Console.WriteLine(CompileFor(x => Sum(LogDet(Exp(x))), new Shape(10, 20, 20)).Explain());
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = x => Sum(Sin(x) * Exp(x));
            Expr points = Arange(300_000) / 1e5;
            var one = Compile(f)(points);
            var two = Compile(f, new CompileOptions(Threads: 2))(points);
            Console.WriteLine(one.Value == two.Value); // True
        }),
        new(Console =>
        {
            Console.WriteLine(Compile(x => x / 3, new CompileOptions(Interpret: true))(1)); // 0.3333333333333333
        }),
    ];
}
