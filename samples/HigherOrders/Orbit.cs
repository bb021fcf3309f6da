// The orbit of a planet by power series in time: each step is as long as the coefficients say that it may be.

using Autodiff.Functional;
using ScottPlot;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace HigherOrders;

internal static class Orbit
{
    private const int Order = 24;
    private const double Eccentricity = 0.8;

    public static void Show(Page page, string? pictures)
    {
        page.Chapter("A Kepler orbit", "The state is a tree of a position and a velocity; TaylorOde gives the coefficients of the solution through it.");
        page.Run(print =>
        {
            var state = (Position: (Expr)new double[] { 0.2, 0 },
                         Velocity: (Expr)new double[] { 0, 3 });
            var series = TaylorOde(Gravity, state, 24);
            print(series[1].Position);
            print(series[3].Position);
            print(Convergence.Radius(series.Map(s => s.Position)));
        });

        page.Say("Around the sun once, with steps at which the last term is below rounding. The period is 2π, the energy −½:");
        var steps = Revolution().ToArray();
        var (start, end) = (steps[0], steps[^1]);
        page.Table(
            ["", "value"],
            [
                ["steps", $"{steps.Length - 1}"],
                ["shortest step", $"{steps.Skip(1).SkipLast(1).Min(step => step.Length):0.000}"],
                ["longest step", $"{steps.Max(step => step.Length):0.000}"],
                ["distance from the start at the end is below 1e-12", $"{Distance(start.Position, end.Position) < 1e-12}"],
                ["change of energy is below 1e-13", $"{Math.Abs(Energy(start) - Energy(end)) < 1e-13}"],
            ]);

        if (pictures is not null)
        {
            Draw(steps, Path.Combine(pictures, "kepler-orbit.png"));
        }
    }

    private static (Expr Position, Expr Velocity) Gravity((Expr Position, Expr Velocity) state) => (state.Velocity, -state.Position / Pow(Norm(state.Position), 3));

    private static IEnumerable<Step> Revolution()
    {
        var solve = Compile(((Expr Position, Expr Velocity) s) => TaylorOde(Gravity, s, Order));
        (Expr Position, Expr Velocity) state = (new double[] { 1 - Eccentricity, 0 }, new double[] { 0, Math.Sqrt((1 + Eccentricity) / (1 - Eccentricity)) });
        var time = 0.0;
        yield return new(0, state.Position.ToArray(), state.Velocity.ToArray(), 0);
        while (time < Math.Tau)
        {
            var series = solve(state);
            var radius = Convergence.Radius(series.Map(s => s.Position));
            var length = Math.Min(radius * Math.Pow(1e-17, 1.0 / Order), Math.Tau - time);
            state = (Polynomial(series.Map(s => s.Position), length), Polynomial(series.Map(s => s.Velocity), length));
            time = length == Math.Tau - time ? Math.Tau : time + length;
            yield return new(time, state.Position.ToArray(), state.Velocity.ToArray(), length);
        }
    }

    private static double Energy(Step at) => (((at.Velocity[0] * at.Velocity[0]) + (at.Velocity[1] * at.Velocity[1])) / 2) - (1 / Distance(at.Position, [0, 0]));

    private static double Distance(double[] a, double[] b) => Math.Sqrt(((a[0] - b[0]) * (a[0] - b[0])) + ((a[1] - b[1]) * (a[1] - b[1])));

    private static void Draw(Step[] steps, string file)
    {
        using var plot = new Plot();
        var angles = Enumerable.Range(0, 361).Select(degree => degree * Math.Tau / 360);
        var ellipse = plot.Add.ScatterLine(angles.Select(angle => new Coordinates(Math.Cos(angle) - Eccentricity, 0.6 * Math.Sin(angle))).ToArray());
        ellipse.LegendText = "the ellipse";
        var points = plot.Add.ScatterPoints(steps.Select(step => new Coordinates(step.Position[0], step.Position[1])).ToArray());
        points.LegendText = $"{steps.Length - 1} steps of order {Order}";
        points.MarkerSize = 9;
        var sun = plot.Add.Marker(0, 0, MarkerShape.FilledCircle, 16, Colors.Orange);
        sun.LegendText = "the sun";
        plot.Title("An orbit of eccentricity 0.8 by power series in time");
        plot.Axes.SquareUnits();
        plot.ShowLegend(Alignment.UpperLeft);
        plot.SavePng(file, 800, 550);
    }

    private sealed record Step(double Time, double[] Position, double[] Velocity, double Length);
}
