// The programs of the section "Sums and statistics" of docs/functions.md.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    private static Snippet[] Statistics =>
    [
        new(Console =>
        {
            Expr x = new double[,] { { 1, 2, 3 }, { 1000, 1000, 1000 } };
            Console.WriteLine(Softmax(x)[1]); // [0.3333333333333333, 0.3333333333333333, 0.3333333333333333]
            Console.WriteLine(Var(x, axis: 1, ddof: 1)); // [1, 0]
            Console.WriteLine(Grad(v => Sum(Std(v, axis: 1)))(x)); // [[-0.408248290463863, 0, 0.408248290463863], [0, 0, 0]]
            Console.WriteLine(Count(x > 2, axis: 1)); // [1, 3]
            Console.WriteLine(Norm(x[0], order: 3)); // 3.3019272488946263
        }),
        new(Console =>
        {
            Expr logarithms = new double[] { 0, 1000 };
            Console.WriteLine(LogSumExp(logarithms, weights: new double[] { 2, 0 })); // 0.6931471805599453
            Console.WriteLine(Grad(w => LogSumExp(new double[] { 0, 1 }, w))(new double[] { 2, 0 })); // [0.5, 1.3591409142295225]
            Console.WriteLine(Sum(logarithms, 1, 2)); // [3, 1003]
            Expr y = new double[] { 1, 2, 4 };
            Console.WriteLine(Correlation(y, y * y)); // 0.9897433186107869
            Console.WriteLine(Cov(Stack(y, -y))); // [[2.333333333333333, -2.333333333333333], [-2.333333333333333, 2.333333333333333]]
        }),
    ];
}
