// The programs of README.md, in its order. DocumentTests holds the document's text and output against them.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static class Readme
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            Func<Expr, Expr> f = x => Pow(x - 1, 2) + Pow(x + 1, 2);
            var slope = Grad(f);
            var curvature = Grad(Grad(f));
            Console.WriteLine(slope(4.5)); // 18
            Console.WriteLine(curvature(4.5)); // 4

            var (y, pullback) = Vjp(x => x * x)(new double[] { 1, 2, 3 });
            Console.WriteLine(pullback(new double[] { -1, 1, 2 })); // [-2, 4, 12]

            var x = Variable("x", 4.5);
            var z = Pow(x - 1, 2) + Pow(x + 1, 2);
            Console.WriteLine(Backward(z)[x]); // 18
        }),
        new(Console =>
        {
            Func<Expr, Expr> rosenbrock = x => Sum(100 * Pow(x[1..] - x[..^1] * x[..^1], 2) + Pow(1 - x[..^1], 2));
            var gradient = Compile(Grad(rosenbrock));
            Console.WriteLine(gradient(new double[] { -1, 2, 1 })); // [396, 2602, -600]
            Func<double, double> second = CompileScalar(Diff(x => Sin(x) * Exp(-x), 2));
            Console.WriteLine(second(0)); // -2
        }),
        new(Console =>
        {
            Console.WriteLine(Check.Gradients(x => Log(x[0]) * Sqrt(x[1]), within: Domain.Positive(new Shape(2))).IsSucc); // True
        }),
    ];
}
