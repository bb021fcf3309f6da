// Divided differences against divided_differences.csv, which make_divided_differences.py in the folder Reference computes at 400
// digits, and at points where a function is not smooth.

using System.Globalization;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Programs;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Evaluation;

public class DividedDifferencesTests
{
    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["exp"] = Exp,
        ["sqrt"] = Sqrt,
        ["log"] = Log,
        ["cos"] = Cos,
        ["reciprocal"] = x => 1 / x,
        ["tanh"] = Tanh,
        ["power"] = x => Pow(x, 0.3),
        ["fast"] = x => Cos(16 * x),
        ["flat"] = x => Exp(-1 / x),
        ["bell"] = x => Exp(-x * x),
        ["step"] = x => Atan(64 * x),
        ["cube"] = x => Pow(x, 3),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void They_are_right_to_a_few_roundings_however_near_the_points_are(string function)
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Reference", "divided_differences.csv")).Select(line => line.Split(',')).Where(row => row[0] == function).ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var (points, value, scale) = (row[1].Split(';').Select(Number).ToArray(), Number(row[2]), Number(row[3]));
            var found = Of(s_functions[function], points)[[.. Enumerable.Range(0, points.Length)]];
            Assert.True(Math.Abs(found - value) <= 8e-15 * scale, $"{function} at {row[1]}: {found:R}, but the table has {row[2]}.");
        }
    }

    [Fact]
    public void Those_of_points_with_others_between_are_as_right()
    {
        double[] points = [0.5, 0.5, 0.5000001, 0.75, 1, 1.000000000001, 2, 2, 3.5, 4];
        var differences = Of(Sqrt, points);
        for (var i = 0; i < points.Length; i++)
        {
            for (var j = i; j < points.Length; j++)
            {
                var (a, b) = (Math.Sqrt(points[i]), Math.Sqrt(points[j]));
                Assert.Equal(1, differences[[i, j]] * (a + b), 2e-15);
                for (var k = j; k < points.Length; k++)
                {
                    // With roots a, b and c: −1/((a + b)(b + c)(c + a)).
                    var c = Math.Sqrt(points[k]);
                    Assert.Equal(-1, differences[[i, j, k]] * (a + b) * (b + c) * (c + a), 4e-15);
                }
            }
        }
    }

    [Fact]
    public void Terms_that_cancel_in_the_function_or_a_derivative_do_no_harm()
    {
        foreach (var gap in new[] { 1e-15, 1e-12, 1e-9, 1e-6, 1e-3 })
        {
            // Of f = (x − 1)², f[1, y] = y − 1.
            var y = 1 + gap;
            var square = Of(x => (x * x) - (2 * x) + 1, [1, y, 1 + (2 * gap)]);
            Assert.Equal(y - 1, square[[0, 1]], 1e-15);
            Assert.Equal(1, square[[0, 1, 2]], 1e-15);

            // Of f = x/(1 + x²), f[1, 1, y] = −1/(2(1 + y²)) and f[1, 1, y, y] = y/(1 + y²)².
            var quotient = Of(x => x / (1 + (x * x)), [1, 1, y, y]);
            Assert.Equal(-1 / (2 * (1 + (y * y))), quotient[[0, 1, 2]], 1e-15);
            Assert.Equal(y / (1 + (y * y)) / (1 + (y * y)), quotient[[0, 1, 2, 3]], 4e-15);

            // Of f = 1 − cos x, which is 0 to rounding, f[0, 0, x] = (1 − cos x)/x² = ½ − x²/24 + x⁴/720.
            Assert.Equal(0.5 - (gap * gap / 24) + Math.Pow(gap, 4) / 720, Of(x => 1 - Cos(x), [0, 0, gap])[[0, 1, 2]], 1e-15);
        }
    }

    [Fact]
    public void Infinite_derivatives_at_one_end_spoil_nothing_else()
    {
        var differences = Of(Sqrt, [0, 0, 0.25, 4]);
        Assert.Equal(double.PositiveInfinity, differences[[0, 1]]);
        Assert.Equal(2, differences[[1, 2]], 1e-15);
        Assert.Equal(0.5, differences[[0, 3]], 1e-15);
    }

    [Fact]
    public void Across_a_kink_a_jump_or_a_pole_they_are_what_subtraction_says()
    {
        Assert.Equal(-0.1 / 1.9, Of(Abs, [-1, 0.9])[[0, 1]], 1e-15);
        Assert.Equal(0, Of(Abs, [-1, 1])[[0, 1]]);
        Assert.Equal(2.0 / 3, Of(Abs, [-1, 0.5, 1])[[0, 1, 2]], 1e-15);
        Assert.Equal(1 / 1e-9, Of(Abs, [-1e-9, 1e-9, 1e-9])[[0, 1, 2]] * 2, 1e-5);
        Assert.Equal(2 / 1.5, Of(Sign, [-1, 0.5])[[0, 1]], 1e-15);
        Assert.Equal(0, Of(Floor, [0.25, 0.75])[[0, 1]]);
        Assert.Equal(1 / 0.75, Of(Floor, [0.5, 1.25])[[0, 1]], 1e-15);
        Assert.Equal(1.0 / 2, Of(x => 1 / x, [-1, 2])[[0, 1]], 1e-15);
        Assert.Equal(-(1 - (1 / 1.21)) / 2.1, Of(x => 1 / (x * x), [-1, 1.1])[[0, 1]], 1e-14);
    }

    [Fact]
    public void An_oscillation_far_faster_than_the_points_are_apart_ends_in_bounded_time()
    {
        var calls = 0;
        var differences = new DividedDifferences([1, 1.5], (order, x) => ++calls > 0 && order == 0 ? new(Math.Cos(1e8 * x), 1) : new(-1e8 * Math.Sin(1e8 * x), 1e8), 1);
        Assert.Equal((Math.Cos(1.5e8) - Math.Cos(1e8)) / 0.5, differences[[0, 1]], 1e-15);
        Assert.True(calls < 20_000);
    }

    private static DividedDifferences Of(Func<Expr, Expr> f, double[] points)
    {
        var values = new FunctionValues(new(Computation.Trace("MatrixFunction", [Shape.Scalar], x => [f(x[0])]).Computation), [], 0);
        return new(points, (order, x) => values.Derivative(order, x, 0), points.Length - 1);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
