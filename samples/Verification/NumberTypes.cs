// The same expression on other numbers: how many digits of a result are right, and its values as float, decimal, complex and dual numbers.

using System.Numerics;
using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Verification;

internal static class NumberTypes
{
    public static void Show(Page page)
    {
        page.Chapter("How many digits?", "Check.Digits compares a value with that of the same expression in double-double, which has 32 digits.");
        page.Run(print =>
        {
            Func<Expr, Expr> cancels = x => (1 - Cos(x)) / (x * x);
            Func<Expr, Expr> rewritten = x => Pow(Sinc(x / 2), 2) / 2;
            print(Check.Digits(cancels, 1e-6));
            print(Check.Digits(Grad(cancels), 1e-2));
            print(Check.Digits(rewritten, 1e-6));
        });

        page.Chapter("Other number types", "An expression is evaluated with any numbers. Elementary functions need a type that has them.");
        page.Run(print =>
        {
            var x = Variable("x");
            var y = (x * x - 1) / (x + 3);
            print(y.Evaluate<float>((x, 0.1f)));
            print(y.Evaluate<decimal>((x, 0.1m)));
            print(y.Evaluate<Dual<double>>((x, Dual<double>.Variable(0.1))));
            print(Exp(Sin(x)).Evaluate<Complex>((x, new(0.5, 1e-30))).Imaginary / 1e-30);
            print(Grad(x => Exp(Sin(x)))(0.5));
        });
    }
}
