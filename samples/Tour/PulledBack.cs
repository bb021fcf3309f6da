// A vector-valued function has a Jacobian; Vjp multiplies by it from the left without making it.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class PulledBack
{
    public static void Show(Page page)
    {
        page.Chapter("A cotangent pulled back", "y = x² at x = [1, 2, 3] has J = diag(2, 4, 6). Vjp computes v·J for v = [−1, 1, 2] without making J.");
        page.Run(print =>
        {
            Func<Expr, Expr> f = x => x * x;
            double[] x = [1, 2, 3], v = [-1, 1, 2];
            var (y, pullback) = Vjp(f)(x);
            print(y);
            print(pullback(v));
            print(Jacobian(f)(x));
            print(MatMul(v, Jacobian(f)(x)));
        });

        page.Say("As a graph: the cotangent is the seed of the sweep.");
        var adjoints = page.Run(print =>
        {
            var x = Variable("x", new double[] { 1, 2, 3 });
            var y = Variable("y", x * x);
            var adjoints = Backward(y, seed: new double[] { -1, 1, 2 });
            print(adjoints[x]);
            return adjoints;
        });
        page.Graph("pulled-back", adjoints);
    }
}
