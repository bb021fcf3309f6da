// The programs of the section "Linear algebra" of docs/functions.md.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    private static Snippet[] LinearAlgebra =>
    [
        new(Console =>
        {
            var basis = Stack([Ones(4), Arange(4)], 1);
            Expr points = new double[] { 1, 3, 5, 7 };
            Console.WriteLine(Lstsq(basis, points)); // [1, 2]
            Console.WriteLine(Grad(y => Lstsq(basis, y)[1])(points)); // [-0.3, -0.1, 0.1, 0.3]
            Console.WriteLine(PInv(Ones(2, 2))); // [[0.25, 0.25], [0.25, 0.25]]
        }),
        new(Console =>
        {
            Console.WriteLine(Sqrtm(new double[,] { { 5, 4 }, { 4, 5 } })); // [[2, 1], [1, 2]]
            Console.WriteLine(Logm(new double[,] { { 2, 1 }, { 1, 2 } })); // [[0.5493061443340549, 0.5493061443340549], [0.5493061443340549, 0.5493061443340549]]

            Expr direction = new double[,] { { 1, 2 }, { 3, 4 } };
            Console.WriteLine(Jvp(Sqrtm)(4 * Eye(2), direction).Tangent); // [[0.25, 0.5], [0.75, 1]]
        }),
        new(Console =>
        {
            Expr bands = new double[,] { { 0, -1, -1 }, { 2, 2, 2 }, { -1, -1, 0 } };
            Console.WriteLine(SolveBanded(1, 1, bands, new double[] { 1, 0, 1 })); // [1, 1, 1]

            Expr a = new double[,] { { 1, 0 }, { 0, 2 } }, b = new double[,] { { 3, 0 }, { 0, 4 } }, c = new double[,] { { 4, 10 }, { 5, 6 } };
            Console.WriteLine(SolveSylvester(a, b, c)); // [[1, 2], [1, 1]]
        }),
        new(Console =>
        {
            var (p, l, u) = Lu(new double[,] { { 2, 5, 8 }, { 4, 2, 2 }, { 1, 0, 6 } });
            Console.WriteLine(p); // [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
            Console.WriteLine(l); // [[1, 0, 0], [0.5, 1, 0], [0.25, -0.125, 1]]
            Console.WriteLine(u); // [[4, 2, 2], [0, 4, 7], [0, 0, 6.375]]
            Console.WriteLine(SignedLogDet(-1e300 * Eye(3))); // (-1, 2072.326583694641)
        }),
        new(Console =>
        {
            Expr x = new double[,] { { 1, -2 }, { 3, 4 } };
            Console.WriteLine(MatrixNorm(x, 1)); // 6
            Console.WriteLine(MatrixNorm(x, double.PositiveInfinity)); // 7
            Console.WriteLine(MatrixNorm(x, "fro")); // 5.477225575051661
            Console.WriteLine(ConditionNumber(Diag(new double[] { 8, 2 }))); // 4
            Console.WriteLine(MatrixRank(Ones(3, 3))); // 1
            Console.WriteLine(Grad(m => MatrixNorm(m, "nuc"))(Diag(new double[] { 3, -3 }))); // [[1, 0], [0, -1]]
        }),
    ];
}
