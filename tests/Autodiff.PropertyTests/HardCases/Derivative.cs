// Every way to take the derivative of a function of one scalar, so that a nesting can be tried in all of them.

using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests.HardCases;

internal static class Derivative
{
    public static IReadOnlyList<string> Names { get; } = ["Grad", "Diff", "Vjp", "Jvp", "Backward"];

    public static Func<Func<Expr, Expr>, Func<Expr, Expr>> Named(string name) => name switch
    {
        "Grad" => Grad,
        "Diff" => Diff,
        "Vjp" => f => x => Vjp(f)(x).Pullback(1),
        "Jvp" => f => x => Jvp(f)(x, 1).Tangent,
        _ => f => x =>
        {
            var leaf = Expr.Variable("x", x);
            return Backward(f(leaf), keepGraph: true)[leaf];
        }
        ,
    };
}
