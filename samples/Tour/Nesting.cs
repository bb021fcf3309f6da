// Derivatives inside functions that are differentiated: each derivative keeps to its own variable.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class Nesting
{
    public static void Show(Page page)
    {
        page.Chapter("Nesting", "An inner derivative may use the variable of an outer one. Each has its own leaf: no confusion.");
        page.Run(print =>
        {
            print(Grad(x => x * Grad(y => x + y)(1))(1));
            print(Grad(x => x * Grad(y => x * y)(2))(3));
            print(Diff(x => Exp(2 * x), 6)(0));
        });

        page.Say("The modes mix. H·v as the tangent of the gradient, as the gradient of the tangent, and by name:");
        page.Run(print =>
        {
            Func<Expr, Expr> f = x => Sum(Sin(x) * Flip(x));
            double[] x = [1, 2, 3], v = [1, 1, 0];
            print(Jvp(Grad(f))(x, v).Tangent);
            print(Grad(x => Jvp(f)(x, v).Tangent)(x));
            print(Hvp(f)(x, v));
        });

        page.Say("A minimiser written as a loop, y*(x) = argmin over y of y⁴/4 + y²/2 − xy, differentiated twice:");
        page.Run(print =>
        {
            Func<Expr, Expr> argmin = x =>
            {
                var slope = Grad(y => Pow(y, 4) / 4 + y * y / 2 - x * y);
                Expr y = 0;
                while (Abs(slope(y)) > 1e-14)
                {
                    y -= slope(y) / Grad(slope)(y);
                }

                return y;
            };
            print(argmin(10));
            print(Grad(argmin)(10));
            print(Grad(Grad(argmin))(10));
        });
        page.Say("In theory y*³ + y* = x: y* = 2 at x = 10, with derivatives 1/13 and −12/2197.");
    }
}
