// The programs of the section "Order" of docs/functions.md.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    private static Snippet[] Order =>
    [
        new(Console =>
        {
            Expr x = new double[] { 3, 1, 4, 1, 5 };
            Console.WriteLine(Sort(x)); // [1, 1, 3, 4, 5]
            Console.WriteLine(ArgSort(x)); // [1, 3, 0, 2, 4]
            var (values, indices) = TopK(x, 2);
            Console.WriteLine(values); // [5, 4]
            Console.WriteLine(indices); // [4, 2]
            Console.WriteLine(IndexOfMax(x)); // 4
            Console.WriteLine(SearchSorted(Sort(x), new double[] { 1, 3.5 })); // [0, 3]
        }),
        new(Console =>
        {
            Expr x = new double[] { 3, 1, 4, 1, 5 };
            Console.WriteLine(Median(x)); // 3
            Console.WriteLine(Quantile(x, new double[] { 0.25, 0.9 })); // [1, 4.6]
            Console.WriteLine(Grad(v => Quantile(v, 0.9))(x)); // [0, 0, 0.40000000000000013, 0, 0.5999999999999999]
            Console.WriteLine(Grad(q => Quantile(x, q))(0.9)); // 4
        }),
    ];
}
