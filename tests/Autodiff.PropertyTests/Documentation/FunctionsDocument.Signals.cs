// The programs of the section "Signals" of docs/functions.md.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    private static Snippet[] Signals =>
    [
        new(Console =>
        {
            Expr x = new double[] { 1, 2, 3 };
            Console.WriteLine(Convolve(x, new double[] { 0, 1, 0.5 })); // [0, 1, 2.5, 4, 1.5]
            Console.WriteLine(Convolve(x, new double[] { 0, 1, 0.5 }, ConvolutionMode.Same)); // [1, 2.5, 4]
            Console.WriteLine(Grad(kernel => Sum(Convolve(x, kernel)))(new double[] { 0, 1, 0.5 })); // [6, 6, 6]
        }),
        new(Console =>
        {
            var image = Reshape(Arange(16), 1, 1, 4, 4);
            var kernel = Reshape(new double[] { 1, 0, 0, -1 }, 1, 1, 2, 2);
            Console.WriteLine(Conv(image, kernel, stride: 2)); // [[[[-5, -5], [-5, -5]]]]
            var back = Grad(v => Sum(Conv(v, kernel, stride: 2)))(image);
            Console.WriteLine(back[0, 0]); // [[1, 0, 1, 0], [0, -1, 0, -1], [1, 0, 1, 0], [0, -1, 0, -1]]
            Console.WriteLine(Norm(back - ConvTranspose(Ones(1, 1, 2, 2), kernel, stride: 2))); // 0
        }),
        new(Console =>
        {
            var image = Reshape(Arange(16), 1, 1, 4, 4);
            Console.WriteLine(MaxPool(image, 2)); // [[[[5, 7], [13, 15]]]]
            Console.WriteLine(MeanPool(image, 3, stride: 3, padding: 1)[0, 0]); // [[1.1111111111111112, 2], [4.666666666666667, 5.555555555555555]]
            Console.WriteLine(MeanPool(image, 3, stride: 3, padding: 1, countPadding: false)[0, 0]); // [[2.5, 4.5], [10.5, 12.5]]
        }),
        new(Console =>
        {
            Expr places = new double[] { 1, 2, 3 };
            Expr values = new double[] { 3, 2, 0 };
            Expr x = new double[] { 0, 2.5, 3.25 };
            Console.WriteLine(Interp(x, places, values)); // [3, 1, 0]
            Console.WriteLine(Grad(x => Sum(Interp(x, places, values)))(x)); // [0, -2, 0]
            Console.WriteLine(Grad(values => Interp(2.5, places, values))(values)); // [0, 0.5, 0.5]
        }),
    ];
}
