// What is not selected does not count: its derivative is a zero, not 0·∞.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class Masks
{
    public static void Show(Page page)
    {
        page.Chapter("Masks", "√x has an infinite slope at 0. Where it is not selected it contributes nothing, not 0·∞ = NaN.");
        page.Run(print =>
        {
            print(Grad(x => Where(x > 0, Sqrt(x), 0))(0));
            print(Grad(x => Sum(Where(x > 0, Log(x), x)))(new double[] { -1, 0, 2 }));
            print(Grad(x => Norm(x))(Zeros(3)));
            print(Grad(x => MaxOf(x))(new double[] { 1, 3, 3 }));
        });

        page.Say("Only what a mask leaves out is silenced. A product that happens to be zero is not:");
        page.Run(print =>
        {
            print(Grad(x => Sqrt(x))(0));
            print(Grad(x => Sqrt(x) * Sqrt(x))(0));
        });
    }
}
