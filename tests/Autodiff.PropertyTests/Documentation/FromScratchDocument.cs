// The programs of docs/from-scratch.md, in its order. DocumentTests holds the document's text and output against them.

using static Autodiff.PropertyTests.Documentation.FromScratch.AD;
using static Autodiff.PropertyTests.Documentation.FromScratch.Expr;

namespace Autodiff.PropertyTests.Documentation.FromScratch;

internal static class FromScratchDocument
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            var x = Variable("x", 2);
            var y = x * Sin(x) + 1;
            Console.WriteLine(y); // 2.8185948536513634
            Console.WriteLine(y.ToFormula()); // ((x * Sin(x)) + 1)
            Console.WriteLine((y.Op, y.Operands[0].Op, y.Operands[1].Op)); // (Add, Multiply, Constant)

            var six = 2 * (Expr)3;
            Console.WriteLine((six.Op, six.Operands.Count)); // (Constant, 0)
        }),
        new(Console =>
        {
            var (a, b) = (Variable("a", 6), Variable("b", 3));
            var quotient = ElementwiseTable.PartialDerivative(Op.Divide, 1, [a, b], a / b)!;
            Console.WriteLine(quotient.Factor); // -0.6666666666666666
            Console.WriteLine(quotient.Factor.ToFormula()); // ((-1 * (a / b)) / b)

            var larger = ElementwiseTable.PartialDerivative(Op.Where, 1, [a > b, a, b], Where(a > b, a, b))!;
            Console.WriteLine(larger.Factor); // 1
            Console.WriteLine(larger.Live!.ToFormula()); // (a > b)
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x", 2), Variable("y", 3));
            var product = x * y;
            var graph = new ActiveGraph([x, y], product + Exp(product));
            Console.WriteLine(string.Join("; ", graph.Nodes().Select(node => node.ToFormula())));
            // x; y; (x * y); Exp((x * y)); ((x * y) + Exp((x * y)))
            Console.WriteLine(ForwardSweep.Run(graph, 1, 0)); // 1213.2863804782053
            Console.WriteLine(ForwardSweep.Run(graph, 0, 1)); // 808.8575869854702
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x", 2), Variable("y", 3));
            var cotangents = ReverseSweep.Run(new ActiveGraph([x, y], x * y + Exp(x * y)), 1);
            Console.WriteLine((cotangents[0], cotangents[1])); // (1213.2863804782053, 808.8575869854702)
        }),
        new(Console =>
        {
            Console.WriteLine(Grad(x => x * x * x)(2)); // 12
            Console.WriteLine(Diff(x => x * x * x)(2)); // 12
            Console.WriteLine(Grad((x, y) => x * y + Exp(x * y))(2, 3)); // (1213.2863804782053, 808.8575869854702)
        }),
        new(Console =>
        {
            Func<Expr, Expr> cube = x => x * x * x;
            Console.WriteLine(Grad(Grad(cube))(2)); // 12
            Console.WriteLine(Diff(Grad(cube))(2)); // 12
            Console.WriteLine(Grad(Diff(Grad(cube)))(2)); // 6
        }),
        new(Console =>
        {
            Console.WriteLine(Grad(x => x * Grad(y => x + y)(1))(1)); // 1
            Console.WriteLine(Grad(x => x * Grad(y => x * y)(2))(3)); // 6
            Console.WriteLine(Diff(x => x * Diff(y => x + y)(1))(1)); // 1
        }),
        new(Console =>
        {
            var slope = Grad(x => x * Sin(x));
            Console.WriteLine(slope(2).ToFormula()); // 0.07700375373139719
            Console.WriteLine(slope(Variable("x", 2)).ToFormula()); // ((1 * Sin(x)) + ((1 * x) * Cos(x)))
        }),
        new(Console =>
        {
            Func<Expr, Expr> root = x => Where(x > 0, Sqrt(x), 0);
            Console.WriteLine(Grad(root)(4)); // 0.25
            Console.WriteLine(Grad(root)(0)); // 0
            Console.WriteLine(Diff(root)(0)); // 0
            Console.WriteLine(Grad(Grad(root))(0)); // 0

            Console.WriteLine(0 * (0.5 / Sqrt(0))); // NaN
            Console.WriteLine(Grad(x => Sqrt(x) * Sqrt(x))(0)); // NaN
        }),
    ];
}
