// A minimum by Newton's method in two dimensions: Grad for the slope, Hessian for the curvature.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class Rosenbrock
{
    public static void Show(Page page)
    {
        page.Chapter("Rosenbrock's valley", "The minimum of (1 − x)² + 100 (y − x²)² is at (1, 1). Newton's method from (−1.2, 1):");
        page.Table(["k", "[x, y]", "f", "|∇f|"], page.Run(print =>
        {
            Func<Expr, Expr> f = p =>
                Pow(1 - p[0], 2) + 100 * Pow(p[1] - Pow(p[0], 2), 2);
            Func<Expr, Expr> step = p =>
                Solve(Hessian(f)(p), Grad(f)(p));
            Expr p = new double[] { -1.2, 1 };
            print(Grad(f)(p));
            print(Hessian(f)(p));
            print(step(p));
            return Iterations(f, step, p);
        }));
    }

    private static IEnumerable<string[]> Iterations(Func<Expr, Expr> f, Func<Expr, Expr> step, Expr p)
    {
        for (var k = 0; k <= 6; k++)
        {
            yield return [$"{k}", $"{p}", $"{f(p)}", $"{Norm(Grad(f)(p))}"];
            p -= step(p);
        }
    }

    /// <summary>The solution of a 2×2 system by Cramer's rule.</summary>
    private static Expr Solve(Expr a, Expr b)
    {
        var determinant = (a[0, 0] * a[1, 1]) - (a[0, 1] * a[1, 0]);
        return Stack([(b[0] * a[1, 1]) - (b[1] * a[0, 1]), (b[1] * a[0, 0]) - (b[0] * a[1, 0])]) / determinant;
    }
}
