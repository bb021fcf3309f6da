// All derivatives up to an order in one pass, and what the coefficients say of the series: how far it converges and what it leaves out.

using Autodiff.Functional;
using ScottPlot;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace HigherOrders;

internal static class TaylorPolynomials
{
    private const double At = 0.3;
    private static readonly double[] s_steps = [0.4, 0.8, 1.2, 1.6];

    public static void Show(Page page, string? pictures)
    {
        page.Chapter("All derivatives at once", "Derivatives passes power series through f: n orders cost about n² operations for each one of f.");
        page.Run(print =>
        {
            var sine = Derivatives(x => Sin(Exp(x)), 8)(0.3);
            print(sine[1]);
            print(sine[8]);
            print(Diff(x => Sin(Exp(x)), 8)(0.3));
        });

        page.Chapter("How far a Taylor polynomial reaches", "tanh has poles at ±iπ/2, which the coefficients about 0.3 show.");
        var series = Taylor(Tanh, 40)(At);
        page.Run(print =>
        {
            var tanh = Taylor(Tanh, 40)(0.3);
            print(Convergence.Radius(tanh));
            print(Math.Sqrt(0.09 + Math.PI * Math.PI / 4));
            print(Convergence.Remainder(tanh, 0.8));
            print(Convergence.DigitsLost(tanh, 0.8));
        });

        int[] orders = [4, 8, 16, 24, 32, 40];
        page.Say("The error of the polynomial at distances from the point, by its order:");
        page.Table(
            ["order", .. s_steps.Select(t => $"t = {t}")],
            orders.Select(order => (string[])[$"{order}", .. s_steps.Select(t => Shown(Error(series, order, t)))]));

        if (pictures is not null)
        {
            Draw(series, Path.Combine(pictures, "taylor-error.png"));
        }
    }

    private static double Error(LanguageExt.Seq<Expr> series, int order, double t) =>
        Math.Abs(Polynomial(series.Take(order + 1), t).Value - Math.Tanh(At + t));

    private static string Shown(double error) => error < 1e-14 ? "rounding" : $"{error:0.0E+00}";

    private static void Draw(LanguageExt.Seq<Expr> series, string file)
    {
        using var plot = new Plot();
        foreach (var t in s_steps)
        {
            var line = plot.Add.Scatter(Enumerable.Range(1, 40).Select(order => new Coordinates(order, Math.Log10(Math.Max(Error(series, order, t), 1e-17)))).ToArray());
            line.LegendText = $"t = {t}";
        }

        plot.Title("Error of the Taylor polynomial of tanh about 0.3 (radius of convergence 1.6)");
        plot.XLabel("order");
        plot.YLabel("log₁₀ of the error at 0.3 + t");
        plot.ShowLegend(Alignment.LowerLeft);
        plot.SavePng(file, 800, 500);
    }
}
