// The derivatives of a function that is given by an equation: one linear solve for each order, and none for the search.

using Autodiff.Functional;
using ScottPlot;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace HigherOrders;

internal static class ImplicitFunction
{
    public static void Show(Page page, string? pictures)
    {
        page.Chapter("The tenth derivative of an implicit function", "y⁵ + y = x defines y(x), for which there is no formula. Its coefficients about 0 are known: (−1)ᵏ C(5k, k)/(4k + 1).");
        var bring = page.Run(print =>
        {
            Func<Expr, Expr> y = x => Root(y => Pow(y, 5) + y - x, x0: x);
            var coefficients = Taylor(y, 13)(0);
            print((coefficients[1], coefficients[5], coefficients[9], coefficients[13]));
            print(Diff(y, 10)(2));
            return y;
        });

        page.Say("The equation holds for the series, order by order: y(t)⁵ + y(t) is 2 + t. It converges up to where 5y⁴ + 1 = 0.");
        page.Run(print =>
        {
            Func<Expr, Expr> y = x => Root(y => Pow(y, 5) + y - x, x0: x);
            var back = Series(y => Pow(y, 5) + y)(Taylor(y, 10)(2));
            print((back[0], back[1]));
            print(back.Skip(2).ForAll(c => Math.Abs(c.Value) < 1e-12));
            print(Convergence.Radius(Taylor(y, 40)(2)));
            var s = 0.8 / Math.Pow(5, 0.25) / Math.Sqrt(2);
            print(Math.Sqrt((2 - s) * (2 - s) + s * s));
        });

        if (pictures is not null)
        {
            Draw(bring, Path.Combine(pictures, "implicit-function.png"));
        }
    }

    private static void Draw(Func<Expr, Expr> y, string file)
    {
        using var plot = new Plot();
        double[] xs = [.. Enumerable.Range(0, 181).Select(i => -1 + (i / 30.0))];
        var exact = plot.Add.ScatterLine(xs.Select(x => new Coordinates(x, y(x).Value)).ToArray(), Colors.Black);
        exact.LineWidth = 3;
        exact.LegendText = "y⁵ + y = x";
        foreach (var order in new[] { 1, 2, 4, 10 })
        {
            var series = Taylor(y, order)(2);
            var line = plot.Add.ScatterLine(xs.Select(x => new Coordinates(x, Polynomial(series, x - 2).Value)).Where(point => Math.Abs(point.Y) < 1.6).ToArray());
            line.LegendText = $"order {order}";
        }

        plot.Add.Marker(2, 1, MarkerShape.FilledCircle, 10, Colors.Black);
        plot.Title("Taylor polynomials about x = 2 of a function given by an equation");
        plot.XLabel("x");
        plot.YLabel("y");
        plot.ShowLegend(Alignment.LowerRight);
        plot.SavePng(file, 800, 500);
    }
}
