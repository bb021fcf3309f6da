// Laws of one's own, tried and shrunk as derivatives are.

using Autodiff.Functional;
using LanguageExt.Common;
using static Autodiff.Functional.Expr;
using static LanguageExt.Prelude;

namespace Verification;

internal static class StatedLaws
{
    public static void Show(Page page)
    {
        page.Chapter("Laws", "A law says something of every point of a domain. A point where it fails is shrunk.");
        var report = page.Run(print =>
        {
            var vectors =
                from length in Domain.Integers(1, 5)
                from x in Domain.Box(new Shape(length), -1000, 1000)
                select x;
            Law<Expr> SumsToOne(Func<Expr, Expr> softmax) => new("The softmax", vectors, x =>
                Sum(softmax(x)) is var sum && Math.Abs(sum.Value - 1) < 1e-12
                    ? unit
                    : Error.New($"its sum is {sum}"));
            print(SumsToOne(x => Exp(x - LogSumExp(x))).Run());
            var outcome = SumsToOne(x => Exp(x) / Sum(Exp(x))).Run();
            print(outcome.IsSucc);
            return outcome.Match(_ => "", error => error.Message);
        });
        page.Verbatim(report);
    }
}
