// The programs of the section "Special functions" of docs/functions.md.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    private static Snippet[] Special =>
    [
        new(Console =>
        {
            var (p, slope) = ValueAndGrad(a => GammaP(a, 3))(2);
            Console.WriteLine($"{p.Value:f12} {slope.Value:f12}"); // 0.800851726529 -0.197425419579
        }),
        new(Console =>
        {
            Expr StudentCdf(Expr t, Expr nu) => 1 - (BetaInc(nu / 2, 0.5, nu / (nu + (t * t))) / 2);
            Console.WriteLine($"{StudentCdf(2, 5).Value:f12}"); // 0.949030260585
            Console.WriteLine($"{Grad(nu => StudentCdf(2, nu))(5).Value:f12}"); // 0.005696884352
        }),
        new(Console =>
        {
            Console.WriteLine((Factorial(5), Binomial(5, 2), Binomial(0.5, 2))); // (120, 10, -0.125)
            Console.WriteLine($"{Zeta(2).Value:f12} {Diff(Zeta)(2).Value:f12}"); // 1.644934066848 -0.937548254316
        }),
        new(Console =>
        {
            Console.WriteLine($"{BesselKScaled(0.5, 1e6).Value:e6} {Diff(x => BesselKScaled(0.5, x))(1e6).Value:e6}"); // 1.253314e-003 -6.266571e-010
            Console.WriteLine(Diff(Erfcx)(Variable("x"))); // 2 * x * erfcx(x) - 1.1283791670955126
        }),
    ];
}
