// The programs of the section "Shapes" of docs/functions.md.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    private static Snippet[] Shapes =>
    [
        new(Console =>
        {
            Expr x = new double[] { 1, 2, 3, 4, 5 };
            Console.WriteLine(x[Slice.Every(2)]); // [1, 3, 5]
            Console.WriteLine(x[Slice.Every(2, 1..^1)]); // [2, 4]
            Console.WriteLine(Pad(x[..2], (1, 2))); // [0, 1, 2, 0, 0]
            Console.WriteLine(Roll(x, 1)); // [5, 1, 2, 3, 4]
            Console.WriteLine(Differences(x * x)); // [3, 5, 7, 9]
            Console.WriteLine(Tile(x[..2], 2, 2)); // [[1, 2, 1, 2], [1, 2, 1, 2]]
            Console.WriteLine(Repeat(x[..2], 2)); // [1, 1, 2, 2]
            Console.WriteLine(Split(x, [1, 3])[1]); // [2, 3]
        }),
        new(Console =>
        {
            var matrices = Reshape(Arange(12), 2, 2, 3);
            Console.WriteLine(Diag(matrices, offset: 1)); // [[1, 5], [7, 11]]
            Console.WriteLine(Trace(matrices)); // [4, 16]
            Console.WriteLine(Tril(matrices)[0]); // [[0, 0, 0], [3, 4, 0]]
            Console.WriteLine(SwapAxes(matrices, 0, -1).Shape); // (3, 2, 2)
            Console.WriteLine(TensorDot(matrices, matrices, ([0, 1], [0, 1])).Shape); // (3, 3)
            Console.WriteLine(Cross(new double[] { 1, 0, 0 }, new double[] { 0, 1, 0 })); // [0, 0, 1]
            Console.WriteLine(Kron(Eye(2), Stack(1, 2))); // [[1, 2, 0, 0], [0, 0, 1, 2]]
        }),
        new(Console =>
        {
            var grid = MeshGrid(Linspace(0, 1, 3), Arange(1, 3));
            Console.WriteLine(grid[0]); // [[0, 0.5, 1], [0, 0.5, 1]]
            Console.WriteLine(grid[1]); // [[1, 1, 1], [2, 2, 2]]
            Console.WriteLine(Full(new(1, 2), 7)); // [[7, 7]]
            Console.WriteLine(Dot(grid[0], Ones(3))); // [1.5, 1.5]
            Console.WriteLine(Grad(end => Sum(Linspace(0, end, 3)))(1)); // 1.5
        }),
    ];
}
