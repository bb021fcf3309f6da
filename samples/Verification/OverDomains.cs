// Gradients that are checked over a domain: one that is right, a rule that is wrong, and what the report of it says.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Verification;

internal static class OverDomains
{
    public static void Show(Page page)
    {
        page.Chapter("Is my gradient right?", "Check.Gradients tries a function at the edges of a domain, at extreme magnitudes and at random points.");
        page.Run(print =>
        {
            Func<Expr, Expr> loss = x => Log(x[0]) * Sqrt(x[1]);
            print(Check.Gradients(loss, within: Domain.Positive(new Shape(2))));
            print(Check.Gradients(LogDet, within: Domain.PositiveDefinite(3)));
            print(Check.Gradients(p => -Sum(p * Log(p)), within: Domain.Simplex(4)));
            var both = Domain.Pair(Domain.Ball(new Shape(2, 2)), Domain.Ball(new Shape(2)));
            print(Check.Gradients(MatMul, within: both));
        });

        page.Say("A rule by hand for x/(1 + x²). It forgets to square the denominator, which does not show at 0, and is found over a domain:");
        var report = page.Run(print =>
        {
            var squash = CustomVjp(
                x => (x / (1 + x * x), c => c * (1 - x * x) / (1 + x * x)), "squash");
            print(Check.Gradients(squash, 0));
            var box = Domain.Box(new Shape(2), -8, 8);
            var outcome = Check.Gradients(x => Sum(squash(x) * x), within: box, order: 1);
            print(outcome.IsSucc);
            return outcome.Match(_ => "", error => error.Message);
        });
        page.Verbatim(report);
    }
}
