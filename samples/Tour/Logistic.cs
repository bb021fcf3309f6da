// The sigmoid, built from exp: every digit of its derivative, and the derivative as a formula.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class Logistic
{
    public static void Show(Page page)
    {
        page.Chapter("Sigmoid", "σ(x) = 1 / (1 + e⁻ˣ) at x = 1, in double precision, and σ′ = σ(1 − σ).");
        page.Run(print =>
        {
            Func<Expr, Expr> sigmoid = x => 1 / (1 + Exp(-x));
            var y = sigmoid(1);
            print(y);
            print(y * (1 - y));
            print(Grad(Sigmoid)(1));
            print(Grad(sigmoid)(1));
        });
        page.Say("The primitive Sigmoid has a rule of its own. Composed of four operations, it rounds four times.");

        page.Say("As a graph:");
        var adjoints = page.Run(print =>
        {
            var x = Variable("x", 1);
            var y = 1 / (1 + Exp(-x));
            var adjoints = Backward(y);
            print(adjoints[x]);
            return adjoints;
        });
        page.Graph("sigmoid", adjoints);
        page.Say("A variable without a value makes a formula, to be differentiated, printed, and evaluated later:");
        page.Run(print =>
        {
            var x = Variable("x");
            var y = 1 / (1 + Exp(-x));
            var slope = Backward(y)[x];
            print(y);
            print(y.ToLatex());
            print(slope);
            print(slope.Substitute((x, 1)));
        });
    }
}
