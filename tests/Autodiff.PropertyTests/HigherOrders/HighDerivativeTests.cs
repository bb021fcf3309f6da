// Derivatives 0 to 20 of every elementwise function and of compositions, against high_derivatives.csv, which make_high_derivatives.py beside it
// computes with 300 digits.

using System.Globalization;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HigherOrders;

public class HighDerivativeTests
{
    private const int Orders = 20;

    // The relative errors that derivatives up to order 6 and up to order 20 may have.
    private const int LowOrders = 6;
    private const double LowFigure = 1e-13;
    private const double HighFigure = 1e-11;

    // How many roundings each number may have had, where these limit the precision.
    private const double Roundings = 4;

    private static readonly Dictionary<string, Func<Expr, Expr>> s_others = new()
    {
        ["Polygamma3"] = x => Polygamma(3, x),
        ["Reciprocal"] = x => 1 / x,
        ["Square"] = x => x * x,
        ["PowTwoAndHalf"] = x => Pow(x, 2.5),
        ["PowMinusThree"] = x => Pow(x, -3),
        ["PowTenth"] = x => Pow(x, 0.1),
        ["ThreePow"] = x => Pow(3, x),
        ["AtanOfY"] = y => Atan2(y, -1.5),
        ["AtanOfX"] = x => Atan2(2, x),
        ["HypotOfTwo"] = x => Hypot(x, 2),
        ["NormOfThree"] = x => Norm(Stack([x, 2, 1])),
        ["XlogyOfY"] = x => Xlogy(-1.5, x),
        ["LogBetaOfA"] = a => LogBeta(a, 2.5),
        ["LogBetaOfB"] = b => LogBeta(0.3, b),
        ["BetaOfA"] = a => Beta(a, 1.5),
        ["GammaPOfX"] = x => GammaP(2.5, x),
        ["GammaQOfX"] = x => GammaQ(2.5, x),
        ["RationalBell"] = x => 1 / (1 + (x * x)),
        ["SinOfExp"] = x => Sin(Exp(x)),
        ["Bell"] = x => Exp(-(x * x)),
        ["XToTheX"] = x => Pow(x, x),
        ["LogGammaOfSquare"] = x => LogGamma(1 + (x * x)),
        ["TanhOfSin"] = x => Tanh(Sin(x)),
        ["Logistic"] = x => 1 / (1 + Exp(-x)),
        ["ErfOverX"] = x => Erf(x) / x,
        ["Hyperbola"] = x => Sqrt(1 + (x * x)),
        ["BesselOfRoot"] = x => BesselJ0(Sqrt(x)),
        ["LambertOfExp"] = x => LambertW(Exp(x)),
        ["NormalOfLog"] = x => NormalCdf(Log(x)),
        ["DigammaOfExp"] = x => Digamma(Exp(x)),
        ["SincOfSquare"] = x => Sinc(x * x),
        ["ExpSinLogP1"] = x => Exp(Sin(x)) * LogP1(x * x),
        ["Entropy"] = x => -(x * Log(x)),
        ["PowerOfHyperbola"] = x => Pow(1 + (x * x), 0.1),
        ["CubeOfLogistic"] = x => Pow(1 + Exp(-x), -3),
        ["GammaOfSquare"] = x => Gamma(1 + (x * x)),
        ["Polygamma3OfExp"] = x => Polygamma(3, Exp(x)),
        ["LogBetaOfExp"] = x => LogBeta(Exp(x), 2.5),
        ["GammaPOfExp"] = x => GammaP(2.5, Exp(x)),
        ["LogNormalOfSquare"] = x => LogNormalCdf(-(x * x)),
        ["BesselOfSquare"] = x => BesselJ1(x * x),
        ["ErfOfExp"] = x => Erf(Exp(x)),
        ["Cut"] = x => Relu(x) * Abs(x) * Clamp(x, -9, 0.5 * x) + Where(x > 1, Exp(x), Min(Sin(x), Max(x * x, -2 - x))),
        ["LogCosh"] = x => Log(Cosh(x)),
    };

    private static readonly ILookup<string, Row> s_table = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "HigherOrders", "high_derivatives.csv"))
        .Skip(1)
        .Select(line => line.Split(','))
        .ToLookup(fields => fields[0], Row.Of);

    public static TheoryData<string> Names => [.. s_table.Select(rows => rows.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_have_the_precision_that_their_rounded_numbers_allow(string name)
    {
        var derivatives = Derivatives(FunctionOf(name), Orders);
        Assert.All(s_table[name], row => row.AssertHas(derivatives(row.X), "uncompiled"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiled_derivatives_have_the_same_precision(string name)
    {
        var derivatives = Compile(Derivatives(FunctionOf(name), Orders));
        Assert.All(s_table[name], row => row.AssertHas(derivatives(row.X), "compiled"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_of_a_batch_have_the_same_precision(string name)
    {
        Row[] rows = [.. s_table[name]];
        var derivatives = Vmap(Derivatives(FunctionOf(name), Orders))((Expr)Array.ConvertAll(rows, row => row.X));
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].AssertHas(derivatives.Map(derivative => derivative[i]), "in a batch");
        }
    }

    [Fact]
    public void The_document_names_every_derivative_that_rounding_limits() => Assert.Equal(
        s_table.SelectMany(rows => rows).SelectMany(row => row.Limits()),
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "HigherOrders", "limits.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1));

    /// <summary>Primitives whose derivatives of the lowest orders are in Rules/special.csv, and remainders, which are linear in pieces.</summary>
    private static readonly Op[] s_toLowOrders =
    [
        Op.GammaPDerivative, Op.ErfInv, Op.ErfcInv, Op.Erfcx, Op.ErfcxDerivative, Op.Dawson, Op.DawsonDerivative, Op.ExpIntegralE1, Op.ExpIntegralEi, Op.NormalDensityQuantile,
        Op.Remainder, Op.Mod,
    ];

    [Fact]
    public void Every_elementwise_primitive_with_derivatives_is_in_the_table()
    {
        var x = Variable("x");
        var found = s_table.Select(rows => FunctionOf(rows.Key)).SelectMany(f => new[] { f(x), Diff(f, 2)(x) }).SelectMany(PrimitivesOf);
        Assert.Empty(Enum.GetValues<Op>().Where(op => op.IsElementwise() && !op.StopsDerivatives()).Except(found).Except(s_toLowOrders));
    }

    private static HashSet<Op> PrimitivesOf(Expr root)
    {
        var seen = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        PostOrder.Walk(root, seen.Add, _ => { });
        return [.. seen.Select(node => node.Op)];
    }

    private static Func<Expr, Expr> FunctionOf(string name) =>
        s_others.TryGetValue(name, out var f) ? f : typeof(Expr).GetMethod(name, [typeof(Expr)])!.CreateDelegate<Func<Expr, Expr>>();

    /// <param name="Name">The function.</param>
    /// <param name="Argument">The argument, as it is written in the table.</param>
    /// <param name="Derivatives">The derivatives from order 0 on.</param>
    /// <param name="Sensitivities">By how much they change, to first order, if every rounded number changes by its own size.</param>
    private sealed record Row(string Name, string Argument, double[] Derivatives, double[] Sensitivities)
    {
        public double X => Number(Argument);

        /// <summary>The error of a derivative if each of the rounded numbers has an error of <see cref="Roundings"/> halves of a unit in the last place.</summary>
        public double Limit(int order) => Roundings * Math.ScaleB(Sensitivities[order], -53);

        public double Figure(int order) => (order <= LowOrders ? LowFigure : HighFigure) * Math.Abs(Derivatives[order]);

        public void AssertHas(LanguageExt.Seq<Expr> found, string mode)
        {
            Assert.Equal(Derivatives.Length, found.Count);
            for (var order = 0; order <= Orders; order++)
            {
                var (expected, actual) = (Derivatives[order], found[order].Value);
                var allowed = Math.Max(Figure(order), Limit(order));
                Assert.True(
                    Math.Abs(actual - expected) <= allowed,
                    $"Order {order} of {Name} at {Argument}, {mode}, is {actual:R}, but the table has {expected:R}; {allowed:G3} is allowed.");
            }
        }

        /// <summary>The line about this point in limits.md, if there is one.</summary>
        public IEnumerable<string> Limits()
        {
            string[] entries =
            [
                .. Enumerable.Range(0, Orders + 1).Where(order => Limit(order) > Figure(order)).Select(order => Math.Abs(Derivatives[order]) is > 0 and var size
                    ? $"{order}: {Text(Limit(order) / size)}"
                    : $"{order}: ±{Text(Limit(order))}"),
            ];
            return entries.Length == 0 ? [] : [$"| {Name} | {Argument} | {string.Join(", ", entries)} |"];

            static string Text(double number) => number.ToString("0.0e+00", CultureInfo.InvariantCulture);
        }

        public static Row Of(string[] fields) => new(fields[0], fields[1], [.. fields[2..(Orders + 3)].Select(Number)], [.. fields[(Orders + 3)..].Select(Number)]);

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
