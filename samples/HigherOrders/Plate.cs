// A differential operator as a formula: the load that bends a plate to a given shape.

using Autodiff.Functional;
using ScottPlot;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace HigherOrders;

internal static class Plate
{
    private const int Cells = 201;

    public static void Show(Page page, string? pictures)
    {
        page.Chapter("The load of a plate", "A plate under a load q is bent to a deflection w with ∇⁴w = q. Operators are polynomials in the partial derivatives; Apply takes them to functions.");
        var load = page.Run(print =>
        {
            var plate = Operators.Biharmonic(2);
            print(plate);
            Func<Expr, Expr> w = p => Pow(1 - p[0] * p[0], 2)
                * Pow(1 - p[1] * p[1], 2) * (1 + p[0] / 2);
            var load = Apply(plate, w);
            print(load(Zeros(2)));
            print(load(0.9 * Ones(2)));
            print(Grad(load)(Zeros(2)));
            return load;
        });

        page.Say("The first is 80 by hand. Simply supported, a square plate of side 1 bends to sin πx sin πy under 4π⁴ times that load:");
        page.Run(print =>
        {
            Func<Expr, Expr> w = p => Sin(Math.PI * p[0]) * Sin(Math.PI * p[1]);
            var at = Stack([0.2, 0.6]);
            print(Apply(Operators.Biharmonic(2), w)(at));
            print(4 * Math.Pow(Math.PI, 4) * w(at));
        });

        if (pictures is not null)
        {
            Draw(load, Path.Combine(pictures, "plate.png"));
        }
    }

    private static void Draw(Func<Expr, Expr> load, string file)
    {
        var points = new double[Cells * Cells, 2];
        for (var i = 0; i < points.GetLength(0); i++)
        {
            (points[i, 0], points[i, 1]) = (Along(i % Cells), Along(i / Cells));
        }

        var loads = Compile(Vmap(load))(points).ToArray();
        var map = new double[Cells, Cells];
        for (var i = 0; i < loads.Length; i++)
        {
            map[Cells - 1 - (i / Cells), i % Cells] = loads[i];
        }

        using var plot = new Plot();
        var heat = plot.Add.Heatmap(map);
        heat.Position = new CoordinateRect(-1, 1, -1, 1);
        heat.Colormap = new ScottPlot.Colormaps.Turbo();
        plot.Add.ColorBar(heat).Label = "load ∇⁴w";
        plot.Axes.SquareUnits();
        plot.Title("The load that bends a clamped plate to (1 − x²)²(1 − y²)²(1 + x/2)");
        plot.XLabel("x");
        plot.YLabel("y");
        plot.SavePng(file, 700, 560);
    }

    private static double Along(int cell) => -1 + (2.0 * cell / (Cells - 1));
}
