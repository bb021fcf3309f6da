// Partial derivatives: a function of two arguments has a pair of gradients, found in one reverse sweep.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class TwoVariables
{
    public static void Show(Page page)
    {
        page.Chapter("Two variables", "y = (x + t)(x − t) at x = 4.5, t = 2.5: ∂y/∂x = 2x and ∂y/∂t = −2t, from one reverse sweep.");
        page.Run(print =>
        {
            Func<Expr, Expr, Expr> f = (x, t) => (x + t) * (x - t);
            print(f(4.5, 2.5));
            print(Grad(f)(4.5, 2.5));
        });

        page.Say("As a graph:");
        var adjoints = page.Run(print =>
        {
            var (x, t) = (Variable("x", 4.5), Variable("t", 2.5));
            var (a, b) = (Variable("a", x + t), Variable("b", x - t));
            var adjoints = Backward(a * b);
            print(adjoints[x]);
            print(adjoints[t]);
            return adjoints;
        });
        page.Graph("two-variables", adjoints);
    }
}
