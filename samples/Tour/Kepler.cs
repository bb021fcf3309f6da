// Newton's method with Grad for the slope; then the derivatives of the whole iteration, through its while loop.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class Kepler
{
    public static void Show(Page page)
    {
        page.Chapter("Kepler's equation", "E − e sin E = M gives the place of a planet; Newton's method solves it for E.");
        page.Run(print =>
        {
            Func<Expr, Expr, Expr> anomaly = (m, e) =>
            {
                Func<Expr, Expr> equation = x => x - e * Sin(x) - m;
                Expr x = Math.PI;
                while (Abs(equation(x)) > 1e-14)
                {
                    x -= equation(x) / Grad(equation)(x);
                }

                return x;
            };
            var x = anomaly(1, 0.8);
            print(x);
            print(Grad(anomaly)(1, 0.8));
            print((1 / (1 - 0.8 * Cos(x)), Sin(x) / (1 - 0.8 * Cos(x))));
        });
        page.Say("Grad differentiates the loop: ∂E/∂M and ∂E/∂e, above their closed forms. The iterations:");
        page.Table(["k", "E", "E − e sin E − M"], Iterations(1, 0.8));
    }

    private static IEnumerable<string[]> Iterations(Expr m, Expr e)
    {
        Expr Equation(Expr x) => x - (e * Sin(x)) - m;
        Expr x = Math.PI;
        for (var k = 0; k <= 5; k++)
        {
            yield return [$"{k}", $"{x}", $"{Equation(x)}"];
            x -= Equation(x) / Grad(Equation)(x);
        }
    }
}
