// Square roots, logarithms, pseudo-inverses and solutions of Sylvester equations, with first and second derivatives, against matrices.txt, which make_matrices.py
// beside it computes with 150 digits: for matrices that are graded, defective or nearly so, far from normal, very large or small.

using System.Globalization;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class MatrixTableTests
{
    private const double Rounding = 1.0 / (1L << 52);

    // How many times the effect of rounding the elements of the matrix, at most: the value, its derivative, and the derivative of that. Derivatives are determined to
    // about the condition number of the matrix times rounding.
    private const double Values = 16;
    private const double Slopes = 64;
    private const double Curvatures = 512;

    // Values below are those of 0, to 150 digits.
    private const double OfZero = 1e-140;

    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new() { ["Sqrtm"] = Sqrtm, ["Logm"] = Logm, ["PInv"] = PInv };

    private static readonly Case[] s_cases = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "LinearAlgebra", "matrices.txt"))
        .Where(line => !line.StartsWith('#'))
        .Chunk(5)
        .Select(lines => new Case(lines[0].Split('|'), [.. lines[1..].Select(NumbersOf)]))];

    public static TheoryData<string> Cases => [.. s_cases.Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_and_its_derivatives_are_as_good_as_the_matrix_determines_them(string name)
    {
        var (errorOfValue, errorOfSlope, errorOfCurvature) = Errors(s_cases.Single(each => each.Name == name));
        Assert.True(errorOfValue <= Values, $"{name}: the value is off by {errorOfValue:G3} times what rounding the matrix does.");
        Assert.True(errorOfSlope <= Slopes, $"{name}: the derivative is off by {errorOfSlope:G3} times what rounding the matrix does.");
        Assert.True(errorOfCurvature <= Curvatures, $"{name}: the second derivative is off by {errorOfCurvature:G3} times what rounding the matrix does.");
    }

    private static (double Value, double Slope, double Curvature) Errors(Case each)
    {
        if (each.Function == "Sylvester")
        {
            var (rows, columns) = (each.Rows, each.Columns);
            var x = SolveSylvester(Constant(each.Parts[0], new Shape(rows, rows)), Constant(each.Parts[1], new Shape(columns, columns)), Constant(each.Parts[2], new Shape(rows, columns)));
            return (Distance(each.Parts[3], x) / (Rounding * each.Sensitivity * Size(each.Parts[3])), 0, 0);
        }

        var (f, a) = (s_functions[each.Function], Constant(each.Parts[0], new Shape(each.Rows, each.Columns)));
        Expr direction = Grid(new Shape(each.Rows, each.Columns));
        var (value, slope, curvature) = (Size(each.Parts[1]), Size(each.Parts[2]), Size(each.Parts[3]));
        var size = Size(each.Parts[0]);
        var effect = value < OfZero ? 1 : value * Math.Max(each.Sensitivity, 1);
        var sensitivity = size * Size(PInv(a).ToArray());
        var expected = f(a);
        Func<Expr, Expr> line = t => f(a + (t * direction));
        return (
            Distance(each.Parts[1], expected) / (Rounding * effect),
            Math.Max(Distance(each.Parts[2], Jvp(f)(a, direction).Tangent), Distance(each.Parts[2], JacobianReverse(line)(0))) / (Rounding * Math.Max(slope * sensitivity, curvature < 1e200 ? curvature * size : 0)),
            curvature is > 0 and < 1e200 // others overflow or underflow on the way
                ? Math.Max(Distance(each.Parts[3], Diff(line, 2)(0)), Distance(each.Parts[3], Diff(t => JacobianReverse(line)(t))(0))) / (Rounding * curvature * sensitivity)
                : 0);
    }

    private static Expr Grid(Shape shape) => Generators.Grid.Build(shape, at => Math.Cos((3 * at[0]) + (7 * at[1]) + 1)).ToExpr();

    /// <summary>The root of the sum of the squares of differences, which does not overflow.</summary>
    private static double Distance(double[] expected, Expr actual) => Size([.. expected.Zip(actual.ToArray(), (x, y) => x - y)]);

    private static double Size(double[] x)
    {
        var largest = x.Max(Math.Abs);
        return largest == 0 ? 0 : largest * Math.Sqrt(x.Sum(element => element / largest * (element / largest)));
    }

    private static double[] NumbersOf(string line) => [.. line.Split(' ').Select(number => number switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(number, CultureInfo.InvariantCulture),
    })];

    private sealed record Case(string[] Head, double[][] Parts)
    {
        public string Function => Head[0];

        public string Name => $"{Head[0]}, {Head[1]}";

        public int Rows => int.Parse(Head[2], CultureInfo.InvariantCulture);

        public int Columns => int.Parse(Head[3], CultureInfo.InvariantCulture);

        public double Sensitivity => double.Parse(Head[4], CultureInfo.InvariantCulture);
    }
}
