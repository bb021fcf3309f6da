// Derivatives held against finite differences: by eye, and as a check of a point and of a domain, with an error that says what is wrong.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class Verification
{
    public static void Show(Page page)
    {
        page.Chapter("Verification", "Numeric has the signatures of AD and uses values only. Check holds every mode against it.");
        page.Run(print =>
        {
            Func<Expr, Expr> f = x => Exp(-x * x) * LogGamma(x);
            print(Grad(f)(1.5));
            print(Numeric.Grad(f)(1.5));
            print(Check.Gradients(f, 1.5, order: 2));
            print(Check.Gradients(f, within: Domain.Box(Shape.Scalar, 0.5, 3)));
        });

        page.Say("A derivative that is wrong on purpose:");
        page.Run(print =>
        {
            var check = Check.Gradients(x => x * StopGradient(x), 2);
            print(check.Match(_ => "right", error => error.Message));
        });
    }
}
