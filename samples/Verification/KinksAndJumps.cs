// Points without a derivative, and what is said of them.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Verification;

internal static class KinksAndJumps
{
    public static void Show(Page page)
    {
        page.Chapter("Kinks and jumps", "At a kink a derivative between both slopes is right; at a jump there is nothing to check.");
        page.Run(print =>
        {
            print(Check.Gradients(Abs, 0));
            var box = Domain.Box(Shape.Scalar, -2, 2);
            print(Check.Gradients(x => Abs(x - 1) + Relu(x), within: box));
        });

        Func<Expr, Expr>[] functions =
        [
            CustomVjp(x => (Abs(x), c => 2 * c)),
            x => Where(x < 0, x - 1, x + 1),
            x => x * Sin(1 / x),
            Cbrt,
        ];
        string[] names = ["|x|, by a rule with slope 2", "x − 1 or x + 1", "x sin(1/x)", "∛x"];
        page.Table(
            ["at 0", "what is said"],
            names.Zip(functions, (name, f) => (string[])[name, Check.Gradients(f, 0).Match(_ => "right", error => error.Message)]));
    }
}
