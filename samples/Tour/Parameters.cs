// Parameters in the type a program has for them anyway: a record, whose gradient is a record.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal sealed record Line(Expr Slope, Expr Offset);

internal static class Parameters
{
    public static void Show(Page page)
    {
        page.Chapter("Parameters", "record Line(Expr Slope, Expr Offset) is fitted by gradient descent. Its gradient is a Line too.");
        page.Run(print =>
        {
            double[] x = [0, 1, 2, 3], y = [1, 3, 5, 7];
            Func<Line, Expr> loss = line =>
                Mean(Pow(line.Slope * x + line.Offset - y, 2));
            var line = new Line(0, 0);
            print(Grad(loss)(line));
            for (var step = 0; step < 500; step++)
            {
                var slope = Grad(loss)(line);
                line = Tree.Map2(line, slope, (p, dp) => p - 0.1 * dp);
            }

            print(line.Slope);
            print(line.Offset);
        });
    }
}
