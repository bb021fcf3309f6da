// Derivatives of solutions by the implicit function theorem: of a minimiser, of a root, and of a fixed point.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Programs;

internal static class Implicit
{
    public static void Show(Page page)
    {
        page.Chapter("A penalty tuned on a validation set", "Ridge regression: w(λ) minimises ½|Xw − y|² + ½λ|w|² on 15 rows of 8 numbers; λ is to minimise the error on 15 other rows, through the ArgMin.");
        var (x, y, xTest, yTest) = Rows();
        var error = page.Run(print =>
        {
            Func<Expr, Expr> ridge = λ => ArgMin(
                w => Sum(Pow(MatMul(x, w) - y, 2)) / 2 + λ * Dot(w, w) / 2,
                x0: Zeros(8));
            Func<Expr, Expr> error = log =>
                Mean(Pow(MatMul(xTest, ridge(Exp(log))) - yTest, 2));
            var normal = MatMul(Transpose(x), x) + Eye(8);
            print(ridge(1)[..3]);
            print(Solve(normal, MatMul(Transpose(x), y))[..3]);
            print(Jacobian(ridge)(1)[..3]);
            print(-Solve(normal, ridge(1))[..3]);
            return error;
        });
        page.Say("Each above its closed form: w = (XᵀX + λI)⁻¹Xᵀy and dw/dλ = −(XᵀX + λI)⁻¹w. Newton's method on log λ:");
        page.Table(["k", "λ", "validation error", "|its slope|"], Iterations(error));

        page.Chapter("Kepler's equation again", "E − e sin E = M: the root's derivatives cost one linear solve, however many steps found it.");
        page.Run(print =>
        {
            Func<Expr, Expr, Expr> anomaly = (m, e) =>
                Root(x => x - e * Sin(x) - m, x0: Math.PI);
            var x = anomaly(1, 0.8);
            print(x);
            print(Grad(anomaly)(1, 0.8));
            var slope = 1 / (1 - 0.8 * Cos(x));
            print((slope, Sin(x) * slope));
            print(Diff(m => anomaly(m, 0.8), 2)(1));
            print(-0.8 * Sin(x) * Pow(slope, 3));
        });

        page.Chapter("A fixed point", "√a is where Heron's step x ← (x + a/x)/2 stays; its derivatives are ½a^−½, −¼a^−3⁄2, ⅜a^−5⁄2.");
        page.Run(print =>
        {
            Func<Expr, Expr> root = a => FixedPoint(x => (x + a / x) / 2, x0: 1);
            print(root(4));
            print(Grad(root)(4));
            print(Diff(root, 2)(4));
            print(Diff(root, 3)(4));
            print(Vmap(Grad(root))(new double[] { 1, 4, 16 }));
        });
    }

    private static IEnumerable<string[]> Iterations(Func<Expr, Expr> error)
    {
        Expr log = 2;
        for (var k = 0; k <= 4; k++, log -= Diff(error)(log) / Diff(error, 2)(log))
        {
            yield return [$"{k}", $"{Exp(log)}", $"{error(log)}", $"{Abs(Diff(error)(log)).Value:F6}"];
        }
    }

    private static (Expr X, Expr Y, Expr XTest, Expr YTest) Rows()
    {
        var chance = new Chance(1970);
        Expr x = chance.Normal(30, 8), noise = 2 * chance.Normal(30, 1);
        var y = MatMul(x, new double[] { 1, -1, 0.5, 0, 0, 0, 0, 0 }) + noise[.., 0];
        return (x[..15], y[..15], x[15..], y[15..]);
    }
}
