// The programs of docs/trees.md, in its order. DocumentTests holds the document's text and output against them.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static class TreesDocument
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            var x = Variable("x");
            var slope = Grad(Grad(v => Exp(-v * v / 2)))(x);
            Console.WriteLine(slope.Nodes().Count); // 23
            Console.WriteLine(slope.Simplify());
            // let t1 = x^2
            // exp(-(t1 / 2)) * (t1 - 1)
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            Console.WriteLine((x / 3 * 3 + x - x).Simplify()); // x
            Console.WriteLine((Pow(x, y - 1) * x / Exp(Log(y))).Simplify()); // x^y / y
            Console.WriteLine((1 - Pow(Cos(x), 2)).Simplify()); // sin(x)^2
            Console.WriteLine((Sqrt(x * x) + Sqrt(4 * y)).Simplify()); // abs(x) + 2 * sqrt(y)
            Console.WriteLine((y * x + 3 + x * y + Pow(x, 2)).Simplify()); // x^2 + 2 * x * y + 3
            Console.WriteLine(Grad(v => v / (1 + v * v))(x).Simplify());
            // let t1 = x^2
            // (1 - t1) / (t1 + 1)^2
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            Console.WriteLine(Pow(x + 1, 3).Expand()); // x^3 + 3 * x^2 + 3 * x + 1
            Console.WriteLine((Pow(x + y, 2) - Pow(x - y, 2)).Expand()); // 4 * x * y
            Console.WriteLine((x * y + Pow(x, 2) + 3 * x - 1).Collect(x)); // x^2 + (y + 3) * x - 1
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            var formula = Sin(x) * Cos(x) + Sin(y) * y;
            Console.WriteLine(string.Join(" ", formula.Nodes().Select(node => node.Op))); // Variable Sin Cos Multiply Variable Sin Multiply Add
            Console.WriteLine(formula.Depth); // 3
            Console.WriteLine(formula.Count(Op.Sin)); // 2
            Console.WriteLine(formula.Rewrite(node => node.Op == Op.Sin ? node.Operands[0] : node)); // x * cos(x) + y * y
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            var joined = Rule.Of((a, b) => Exp(a) * Exp(b), (a, b) => Exp(a + b));
            var halved = Rule.Of(a => Sin(a) * Cos(a), a => Sin(2 * a) / 2);
            var odd = Rule.Of((a, n) => Log(Pow(a, n)), (a, n) => n * Log(a), when: (_, n) => n.IsConcrete && n.Value % 2 != 0);
            Console.WriteLine(joined); // exp(a) * exp(b) => exp(a + b)
            Console.WriteLine((Exp(x) * y * Exp(2 * x)).Rewrite(joined)); // exp(x) * y * exp(2 * x)
            Console.WriteLine((Exp(x) * Exp(2 * x) * (Cos(y) * Sin(y))).Rewrite(joined, halved)); // exp(x + 2 * x) * (sin(2 * y) / 2)
            Console.WriteLine((Log(Pow(x, 2)) + Log(Pow(y, 3))).Rewrite(odd)); // log(x^2) + 3 * log(y)
        }),
        new(Console =>
        {
            Expr Formula() => Sin(Variable("x")) + 1;
            Console.WriteLine(Formula() == Formula()); // False
            Console.WriteLine(Comparer.Structural.Equals(Formula(), Formula())); // True

            var v = Variable("v", new Shape(3));
            Expr Loop() => Fold((product, item) => product * item, (Expr)1, v);
            Console.WriteLine(Comparer.Structural.Equals(Loop(), Loop())); // True
        }),
    ];
}
