// The programs of the section "Indices that are expressions" of docs/functions.md.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    private static Snippet[] Indices =>
    [
        new(Console =>
        {
            Expr table = new double[] { 10, 20, 30, 40 };
            Expr i = new double[] { 3, 0, 0 };
            Console.WriteLine(Take(table, i)); // [40, 10, 10]
            Console.WriteLine(table[(Expr)2]); // 30
            Console.WriteLine(Grad(t => Sum(Take(t, i) * Take(t, i)))(table)); // [40, 0, 0, 80]
            Console.WriteLine(Update(table, i[..1], 0)); // [10, 20, 30, 0]
        }),
        new(Console =>
        {
            Expr amounts = new double[] { 5, 2, 4, 1 };
            Expr shop = new double[] { 0, 2, 0, 2 };
            Console.WriteLine(SegmentSum(amounts, shop, 3)); // [9, 0, 3]
            Console.WriteLine(SegmentMax(amounts, shop, 3)); // [5, -Infinity, 2]
            Console.WriteLine(ScatterAdd(shop, 1, length: 3)); // [2, 0, 2]
            Console.WriteLine(OneHot(shop[..2], 3)); // [[1, 0, 0], [0, 0, 1]]
        }),
        new(Console =>
        {
            Expr next = new double[] { 2, 0, 1 };
            Func<Expr, Expr> walk = start => Iterate(4, at => next[at], start);
            Console.WriteLine(Compile(Vmap(walk))(new double[] { 0, 1, 2 })); // [2, 0, 1]
        }),
    ];
}
