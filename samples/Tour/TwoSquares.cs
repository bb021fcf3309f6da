// A function and its derivatives as functions; the same computation as a graph, swept backward and drawn.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class TwoSquares
{
    public static void Show(Page page)
    {
        page.Chapter("Two squares", "y = (x − 1)² + (x + 1)² at x = 4.5. Grad takes a function and returns its derivative, here 4x.");
        page.Run(print =>
        {
            Func<Expr, Expr> f = x => Pow(x - 1, 2) + Pow(x + 1, 2);
            print(f(4.5));
            print(Grad(f)(4.5));
            print(Grad(Grad(f))(4.5));
        });

        page.Say("As a graph: named nodes, and Backward, which finds the adjoint v̄ = ∂y/∂v of every node v.");
        var adjoints = page.Run(print =>
        {
            var x = Variable("x", 4.5);
            var (a, b) = (Variable("a", x - 1), Variable("b", x + 1));
            var (c, d) = (Variable("c", Pow(a, 2)), Variable("d", Pow(b, 2)));
            var y = c + d;
            var adjoints = Backward(y);
            print(adjoints[x]);
            return adjoints;
        });
        page.Graph("two-squares", adjoints);

        page.Say("It draws itself: ToMermaid for Markdown, ToDot for Graphviz. y.ToMermaid(adjoints) is");
        page.Verbatim(adjoints.Result.ToMermaid(adjoints));
    }
}
