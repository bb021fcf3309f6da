// Values and derivatives 0 to 4 of the library's functions against reference.csv, which make_reference.py beside it computes
// with an arbitrary-precision library.

using System.Globalization;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Reference;

public class ReferenceTests
{
    private const int Orders = 4;

    // More than a vector register holds, so that the vector kernels run, with a remainder.
    private const int ShortestVector = 9;

    private static readonly Dictionary<string, Function> Functions = new()
    {
        ["Sqrt"] = new(Sqrt),
        ["Cbrt"] = new(Cbrt),
        ["Exp"] = new(Exp),
        ["Exp2"] = new(Exp2),
        ["ExpM1"] = new(ExpM1),
        ["Log"] = new(Log),
        ["Log2"] = new(Log2),
        ["Log10"] = new(Log10),
        ["LogP1"] = new(LogP1),
        ["Sin"] = new(Sin),
        ["Cos"] = new(Cos),
        ["Tan"] = new(Tan),
        ["Asin"] = new(Asin),
        ["Acos"] = new(Acos),
        ["Atan"] = new(Atan),
        ["Sinh"] = new(Sinh),
        ["Cosh"] = new(Cosh),
        ["Tanh"] = new(Tanh),
        ["Asinh"] = new(Asinh),
        ["Acosh"] = new(Acosh),
        ["Atanh"] = new(Atanh),
        ["Sigmoid"] = new(Sigmoid),
        ["Softplus"] = new(Softplus),
        ["Erf"] = new(Erf),
        ["Erfc"] = new(Erfc),
        ["Gamma"] = new(Gamma),
        ["LogGamma"] = new(LogGamma),
        ["Digamma"] = new(Digamma),
        ["Polygamma1"] = new(x => Polygamma(1, x)),
        ["Polygamma2"] = new(x => Polygamma(2, x)),
        ["Polygamma3"] = new(x => Polygamma(3, x)),
        ["LambertW"] = new(LambertW),
        ["Sinc"] = new(Sinc),
        ["BesselJ0"] = new(BesselJ0),
        ["BesselJ1"] = new(BesselJ1),
        ["BesselI0"] = new(BesselI0),
        ["BesselI1"] = new(BesselI1),
        ["NormalCdf"] = new(NormalCdf),
        ["LogNormalCdf"] = new(LogNormalCdf),
        ["NormalQuantile"] = new(NormalQuantile),
        ["Reciprocal"] = new(x => 1 / x),
        ["CompositeA"] = new(x => Exp(Sin(x)) * LogP1(x * x)),
        ["CompositeB"] = new(x => Sigmoid(x) * Tanh(x) / x) { RemovableSingularity = 0 },
        ["CompositeC"] = new(x => Pow(x, x)),
        ["LogSumExp3"] = new(x => LogSumExp(Stack([x, 2 * x, 1 - x]), axis: 0)) { Length = _ => 1 },
        ["Norm3"] = new(x => Norm(Stack([x, (2 * x) - 1, Sin(x)]), axis: 0)),
        ["Pow.x"] = new(Pow, active: 0),
        ["Pow.p"] = new(Pow, active: 1),
        ["Atan2.y"] = new(Atan2, active: 0) { Length = FromOrigin },
        ["Atan2.x"] = new(Atan2, active: 1) { Length = FromOrigin },
        ["Hypot.x"] = new(Hypot, active: 0) { Length = FromOrigin },
        ["Hypot.y"] = new(Hypot, active: 1) { Length = FromOrigin },
        ["Xlogy.x"] = new(Xlogy, active: 0),
        ["Xlogy.y"] = new(Xlogy, active: 1),
        ["LogBeta.a"] = new(LogBeta, active: 0),
        ["LogBeta.b"] = new(LogBeta, active: 1),
        ["Beta.a"] = new(Beta, active: 0),
        ["Beta.b"] = new(Beta, active: 1),
        ["GammaP.x"] = new(GammaP, active: 1),
        ["GammaQ.x"] = new(GammaQ, active: 1),
        ["Divide.x"] = new((a, b) => a / b, active: 0),
        ["Divide.y"] = new((a, b) => a / b, active: 1),
    };

    private static readonly Dictionary<string, Row[]> Table = File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "Reference", "reference.csv"))
        .Skip(1)
        .Select(line => line.Split(','))
        .GroupBy(fields => fields[0])
        .ToDictionary(group => group.Key, group => group
            .Select(fields => new Row(Functions[group.Key], [.. fields[1].Split(';').Select(Number)], [.. fields[2..].Select(Number)]))
            .ToArray());

    public static TheoryData<string> Names => new(Functions.Keys);

    [Fact]
    public void The_table_and_the_functions_tested_are_the_same() =>
        Assert.Equal(Functions.Keys.Order(), Table.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_of_scalars_are_those_of_the_table(string name)
    {
        foreach (var row in Table[name])
        {
            Func<Expr, Expr> reverse = x => row.Function.Of(x, row.Other);
            for (var order = 0; order <= Orders; order++)
            {
                row.AssertIs(reverse(row.Active).Value, order, "reverse");
                row.AssertIs(Diff(x => row.Function.Of(x, row.Other), order)(row.Active).Value, order, "forward");
                reverse = Grad(reverse);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_of_vectors_are_those_of_the_table(string name)
    {
        var table = Table[name];
        Row[] rows = [.. Enumerable.Repeat(table, (ShortestVector / table.Length) + 1).SelectMany(row => row)];
        Expr at = Array.ConvertAll(rows, row => row.Active);
        Expr other = Array.ConvertAll(rows, row => row.Other);
        Func<Expr, Expr> reverse = x => rows[0].Function.Of(x, other);
        var forward = reverse;
        for (var order = 0; order <= Orders; order++)
        {
            var (byReverse, byForward) = (reverse(at).ToArray(), forward(at).ToArray());
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i].AssertIs(byReverse[i], order, "reverse");
                rows[i].AssertIs(byForward[i], order, "forward");
            }

            // Elementwise, the gradient of the sum and the tangent along (1, 1, …) hold each element's own derivative.
            var (lower, lowerForward) = (reverse, forward);
            reverse = Grad(x => Sum(lower(x)));
            forward = x => Jvp(lowerForward)(x, Ones(x.Shape)).Tangent;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double FromOrigin(double[] point) => double.Hypot(point[0], point[1]);

    private sealed record Function
    {
        public Function(Func<Expr, Expr> f) => Of = (x, _) => f(x);

        public Function(Func<Expr, Expr, Expr> f, int active) => (Of, Active) = (active == 0 ? f : (x, other) => f(other, x), active);

        /// <summary>The function of its active argument and, if it has one, of the other.</summary>
        public Func<Expr, Expr, Expr> Of { get; }

        /// <summary>Which argument is active.</summary>
        public int Active { get; }

        /// <summary>Over which length the function changes about a point; max(1, |x|), x being the active argument, if not stated.</summary>
        public Func<double[], double>? Length { get; init; }

        /// <summary>Where the formula, though not the function, is singular.</summary>
        public double? RemovableSingularity { get; init; }
    }

    private sealed record Row(Function Function, double[] Point, double[] Derivatives)
    {
        public double Active => Point[Function.Active];

        public double Other => Point[^(Function.Active + 1)];

        public void AssertIs(double value, int order, string mode) => Assert.True(
            Math.Abs(value - Derivatives[order]) <= Tolerance(order),
            $"Order {order} at {string.Join(", ", Point)}, {mode}: {value:R}, but the table has {Derivatives[order]:R}; {Tolerance(order):G3} is allowed.");

        /// <summary>
        /// 10⁻¹² of the derivative's natural scale, max |f⁽ʲ⁾| Lʲ⁻ᵏ over 1 ≤ j ≤ k with L the length over which f changes (of |f|
        /// itself at order 0); and what a change of the argument by 10⁻¹⁵, some four units in its last place, does.
        /// Near a removable singularity of the formula, at distance r, a rounding error 10⁻¹⁵|f| in its parts becomes
        /// k!·10⁻¹⁵|f|/rᵏ, by Cauchy's estimate.
        /// </summary>
        private double Tolerance(int order)
        {
            var length = Function.Length is { } stated ? stated(Point) : Math.Max(1, Math.Abs(Active));
            var scale = Enumerable.Range(0, order + 1).Skip(order == 0 ? 0 : 1).Max(j => Math.Abs(Derivatives[j]) * Math.Pow(length, j - order));
            var argument = order < Orders ? Math.Abs(Active * Derivatives[order + 1]) : 0;
            var cancellation = Function.RemovableSingularity is { } point
                ? Enumerable.Range(1, order).Aggregate(Math.Abs(Derivatives[0]), (size, j) => size * j / Math.Abs(Active - point))
                : 0;
            return (1e-12 * scale) + (1e-15 * (argument + cancellation));
        }
    }
}
