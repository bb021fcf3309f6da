// How a verdict is reached: the remainder of the Taylor expansion, with slopes that are right and wrong, in double and in double-double.

using Autodiff.Functional;
using ScottPlot;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Verification;

internal static class Verdicts
{
    private const double At = 0.5;
    private static readonly (string Name, double Factor)[] s_slopes = [("right", 1), ("0.01 % wrong", 1.0001), ("wrong by a factor of 2", 2)];

    public static void Show(Page page, string? pictures)
    {
        page.Chapter("The remainder", "What f(x + h) − f(x) − h·slope leaves of eˢⁱⁿ ˣ at 0.5. With the right slope a tenth of the step leaves a hundredth.");
        var x = Variable("x");
        var (f, slope) = (Exp(Sin(x)), Diff(x => Exp(Sin(x)))(x));
        double InDouble(double factor, double h) =>
            Math.Abs(f.Evaluate<double>((x, At + h)) - f.Evaluate<double>((x, At)) - (h * factor * slope.Evaluate<double>((x, At))));
        double Precise(double factor, double h) => Math.Abs((double)(
            f.Evaluate<DoubleDouble>((x, (DoubleDouble)At + h)) - f.Evaluate<DoubleDouble>((x, At)) - (h * (DoubleDouble)factor * slope.Evaluate<DoubleDouble>((x, At)))));

        double[] steps = [1e-2, 1e-4, 1e-6, 1e-8, 1e-10];
        page.Table(
            ["slope", .. steps.Select(h => $"h = {h:0E+0}")],
            s_slopes.Select(one => (string[])[one.Name, .. steps.Select(h => $"{Precise(one.Factor, h):0.0E+00}")]));
        if (pictures is not null)
        {
            Draw(InDouble, Precise, Path.Combine(pictures, "remainder.png"));
        }
    }

    private static void Draw(Func<double, double, double> inDouble, Func<double, double, double> precise, string file)
    {
        using var plot = new Plot();
        Color[] colours = [Colors.Green, Colors.Orange, Colors.Red];
        double[] exponents = [.. Enumerable.Range(0, 57).Select(i => -i / 4.0)];
        foreach (var (remainder, name, pattern, size) in new[] { (precise, "double-double", LinePattern.Solid, 0f), (inDouble, "double", LinePattern.Dotted, 5f) })
        {
            foreach (var ((slope, factor), colour) in s_slopes.Zip(colours))
            {
                var points = exponents.Select(exponent => new Coordinates(exponent, Math.Log10(remainder(factor, Math.Pow(10, exponent))))).Where(point => double.IsFinite(point.Y));
                var line = plot.Add.Scatter(points.ToArray(), colour);
                (line.LegendText, line.LinePattern, line.MarkerSize, line.LineWidth) = ($"{slope}, in {name}", pattern, size, size == 0 ? 2 : 1);
            }
        }

        plot.Title("Remainder of the Taylor expansion of exp(sin x) at 0.5, by the slope");
        plot.XLabel("log₁₀ of the step h");
        plot.YLabel("log₁₀ of |f(x + h) − f(x) − h·slope|");
        plot.ShowLegend(Alignment.LowerRight);
        plot.SavePng(file, 800, 500);
    }
}
