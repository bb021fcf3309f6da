// The programs of the section "Elementwise functions" of docs/functions.md.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    private static Snippet[] Elementwise =>
    [
        new(Console =>
        {
            Expr x = new double[] { -7, 7 };
            Console.WriteLine(Mod(x, 3)); // [2, 1]
            Console.WriteLine(x % 3); // [-1, 1]
            Console.WriteLine(Grad(y => Sum(Mod(x, y)))(3)); // 1
            Console.WriteLine(Clamp(x, max: 0)); // [-7, 0]
        }),
        new(Console =>
        {
            Expr x = new double[] { 4, -1 };
            Console.WriteLine(NanTo(Sqrt(x), 0)); // [2, 0]
            Console.WriteLine(Grad(v => Sum(NanTo(Sqrt(v), 0)))(x)); // [0.25, 0]
            Console.WriteLine(Log1mExp(-1e-20)); // -46.051701859880914
            Console.WriteLine(LogSigmoid(-1000)); // -1000
            Console.WriteLine(Logit(1e-300)); // -690.7755278982137
            Console.WriteLine(Grad(Silu)(double.PositiveInfinity)); // 1
        }),
    ];
}
