// A function of a vector: values, gradients and adjoints have shapes.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class SumOfSquares
{
    public static void Show(Page page)
    {
        page.Chapter("Sum of squares", "z = Σ xᵢ² at x = [1, 2, 3]. The sum hands its adjoint 1 to every element of y = x²: ȳ = [1, 1, 1].");
        page.Run(print =>
        {
            Func<Expr, Expr> f = x => Sum(Pow(x, 2));
            double[] x = [1, 2, 3];
            print(f(x));
            print(Grad(f)(x));
            print(Hessian(f)(x));
        });

        page.Say("As a graph:");
        var adjoints = page.Run(print =>
        {
            var x = Variable("x", new double[] { 1, 2, 3 });
            var y = Variable("y", Pow(x, 2));
            var z = Variable("z", Sum(y));
            var adjoints = Backward(z);
            print(adjoints[y]);
            print(adjoints[x]);
            return adjoints;
        });
        page.Graph("sum-of-squares", adjoints);
    }
}
