// The programs of the section "Transforms" of docs/functions.md.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    private static Snippet[] Transforms =>
    [
        new(Console =>
        {
            var (value, gradient, hessian) = ValueGradHessian(x => Sum(x * x * x))(new double[] { 1, 2 });
            Console.WriteLine((value, gradient)); // (9, [3, 12])
            Console.WriteLine(hessian); // [[6, 0], [0, 12]]
            var (residual, jacobian) = ValueAndJacobian(x => Stack([x[0] * x[1], x[0]]))(new double[] { 2, 3 });
            Console.WriteLine((residual, jacobian)); // ([6, 2], [[3, 2], [1, 0]])
        }),
        new(Console =>
        {
            Func<Expr, Expr, Expr> f = (x, y) => x * x * y;
            Console.WriteLine(Grad(f, argument: 1)(2, 3)); // 4
            Console.WriteLine(Hessian(f)(2, 3)); // ((6, 4), (4, 0))
            Console.WriteLine(HessianDiagonal(f)(2, 3)); // (6, 0)
            Console.WriteLine(Hessian(((Expr X, Expr Y) p) => f(p.X, p.Y))((2, 3))); // [[6, 4], [4, 0]]
            var (ofSum, ofSquares) = Jacobian(x => (Sum(x), x * x))(new double[] { 1, 2 });
            Console.WriteLine((ofSum, ofSquares)); // ([1, 1], [[2, 0], [0, 4]])
        }),
        new(Console =>
        {
            Expr weights = new double[,] { { 1, 2 }, { 3, 4 } }, inputs = new double[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } };
            Console.WriteLine(Vmap(((Expr Weights, Expr Input) p) => MatMul(p.Weights, p.Input), inAxes: [null, 0])((weights, inputs))); // [[1, 3], [2, 4], [3, 7]]
        }),
        new(Console =>
        {
            var length = Primitive.Define("length", (a, b) => Math.Sqrt(a * a + b * b), (a, b, y) => (a / y, b / y));
            Console.WriteLine(length(Variable("u"), Variable("v"))); // length(u, v)
            Console.WriteLine(Grad(length)(3, 4)); // (0.6, 0.8)
            Console.WriteLine(Hessian(length)(3, 4)); // ((0.128, -0.096), (-0.096, 0.072))
            Console.WriteLine(length(new double[] { 3, 6 }, new double[,] { { 4 }, { 8 } })); // [[5, 7.211102550927978], [8.54400374531753, 10]]
        }),
    ];
}
