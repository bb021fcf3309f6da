// Products with a Jacobian that would not fit in memory, from the left and from the right.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class WithoutJacobian
{
    public static void Show(Page page)
    {
        page.Chapter("A Jacobian too large to make", "y = x², a million elements: J has 10¹² elements, the products with it 10⁶.");
        page.Run(print =>
        {
            Func<Expr, Expr> f = x => x * x;
            var (x, v) = (Arange(1_000_000), Ones(1_000_000));
            var (y, tangent) = Jvp(f)(x, v);
            var (_, pullback) = Vjp(f)(x);
            var (_, pushforward) = Linearize(f)(x);
            print(y[^1]);
            print(tangent[^3..]);
            print(pullback(v)[^3..]);
            print(pushforward(3 * v)[^3..]);
        });
    }
}
