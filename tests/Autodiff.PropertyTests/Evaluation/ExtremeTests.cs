// Every function comes to an end at every pair and triple of extreme numbers: no series, fraction or search waits for a change that rounding
// never lets it see.

using System.Globalization;
using Autodiff.Functional.Elementwise;
using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Evaluation;

public class ExtremeTests
{
    private const int Orders = 6;

    private static readonly double[] Sizes =
    [
        0, double.Epsilon, 1e-308, 1e-150, 1e-17, 0.3, 0.5, 0.9999999999999999, 1, 1.0000000000000002, 2, 2.999999999999999, 9.99, 24.9, 29.9, 30.1,
        100, 170.5, 710, 1e5, 4503599627370495.5, 1e17, 1e150, 4e298, double.MaxValue / 2, double.MaxValue, double.PositiveInfinity,
    ];

    private static readonly double[] Extremes = [.. Sizes, .. Sizes.Select(size => -size), double.NaN];

    private static readonly double[] Few = [0, double.Epsilon, -1e-300, 1e-17, -1, 1e150, double.MaxValue, double.PositiveInfinity, double.NaN];

    private static readonly double[] Entries = [0, double.Epsilon, -1e-160, 1, -1e160, double.MaxValue];

    private static readonly Dictionary<string, Func<Expr, Expr>> Reductions = new()
    {
        ["Sum"] = x => Sum(x),
        ["Mean"] = x => Mean(x),
        ["Prod"] = x => Prod(x),
        ["MaxOf"] = x => MaxOf(x),
        ["MinOf"] = x => MinOf(x),
        ["LogSumExp"] = x => LogSumExp(x),
        ["LogSumExp of logarithms"] = x => LogSumExp(Log(x)),
        ["Norm"] = x => Norm(x),
        ["CumSum"] = x => CumSum(x)[^1],
        ["Dot"] = x => Dot(x, x),
    };

    private static readonly Dictionary<string, Func<Expr, Expr>> MatrixFunctions = new()
    {
        ["Det"] = Det,
        ["LogDet"] = LogDet,
        ["Inverse"] = x => Sum(Inverse(x)),
        ["Solve"] = x => Sum(Solve(x, Ones(2))),
        ["SolveTriangular"] = x => Sum(SolveTriangular(x, Ones(2))),
        ["Cholesky"] = x => Sum(Cholesky(x)),
        ["Qr"] = x => Sum(Qr(x).R),
        ["Eigh"] = x => Sum(Eigh(x + Transpose(x)).Values),
        ["Svd"] = x => Sum(Svd(x).S),
        ["Expm"] = x => Sum(Expm(x)),
        ["MatrixFunction"] = x => Sum(MatrixFunction(Exp, x)),
        ["PolarFactor"] = x => Sum(PolarFactor(x)),
        ["Lstsq"] = x => Sum(Lstsq(x, Ones(2))),
        ["Sqrtm"] = x => Sum(Sqrtm(x)),
        ["Logm"] = x => Sum(Logm(x)),
        ["SolveSylvester"] = x => Sum(SolveSylvester(x, x, x)),
        ["SolveBanded"] = x => Sum(SolveBanded(1, 0, x, Ones(2))),
        ["Lu"] = x => Sum(Lu(x).L),
        ["Nuclear norm"] = x => MatrixNorm(x, "nuc"),
        ["MatMul"] = x => Sum(MatMul(x, x)),
    };

    public static TheoryData<Op> Unary => [.. Enum.GetValues<Op>().Where(op => op.IsUnary())];

    public static TheoryData<Op> Binary => [.. Enum.GetValues<Op>().Where(op => op.IsBinary())];

    public static TheoryData<Op> Ternary => [.. Enum.GetValues<Op>().Where(op => op.IsTernary())];

    public static TheoryData<string> ReductionNames => [.. Reductions.Keys];

    public static TheoryData<string> MatrixFunctionNames => [.. MatrixFunctions.Keys];

    [Theory]
    [MemberData(nameof(Unary))]
    public void A_function_of_one_number_ends(Op op) => Watchdog.Watch(dog =>
    {
        foreach (var x in Extremes)
        {
            dog.Call(() => Text(op, x), () => ElementwiseTable.Value(op, x));
            dog.Call(() => $"derivatives of {Text(op, x)}", () => Diff(v => Expr.Apply(op, v), 3)(x));
        }
    });

    [Theory]
    [MemberData(nameof(Binary))]
    public void A_function_of_two_numbers_ends(Op op) => Watchdog.Watch(dog =>
    {
        foreach (var a in FirstOperands(op))
        {
            foreach (var b in Extremes)
            {
                dog.Call(() => Text(op, a, b), () => ElementwiseTable.Value(op, a, b));
                dog.Call(() => $"derivatives of {Text(op, a, b)}", () => Diff(v => Expr.Apply(op, a, v), 2)(b));
                if (!op.HasOrder())
                {
                    dog.Call(() => $"derivatives of {Text(op, a, b)} in the first", () => Diff(v => Expr.Apply(op, v, b), 2)(a));
                }
            }
        }
    });

    [Theory]
    [MemberData(nameof(Ternary))]
    public void A_function_of_three_numbers_ends(Op op) => Watchdog.Watch(dog =>
    {
        foreach (var a in FirstOperands(op))
        {
            foreach (var b in Extremes)
            {
                foreach (var c in Extremes)
                {
                    dog.Call(() => Text(op, a, b, c), () => ElementwiseTable.Value(op, a, b, c));
                }
            }
        }
    });

    [Fact]
    public void Polygammas_of_any_order_end() => Watchdog.Watch(dog =>
    {
        foreach (var order in (int[])[0, 1, 2, 5, 50, 169, 170, 171, 172, 1000, 1_000_000, int.MaxValue - 1, int.MaxValue])
        {
            foreach (var x in Extremes)
            {
                dog.Call(() => Text(Op.Polygamma, order, x), () => Polygamma(order, x));
            }
        }
    });

    [Theory]
    [MemberData(nameof(ReductionNames))]
    public void A_reduction_of_two_or_three_numbers_ends(string name) => Watchdog.Watch(dog =>
    {
        foreach (var x in Pairs(Extremes).Concat(Pairs(Few).SelectMany(pair => Few.Select(c => (double[])[.. pair, c]))))
        {
            dog.Call(() => Text(name, x), () => Reductions[name](x));
            dog.Call(() => $"the gradient of {Text(name, x)}", () => Grad(Reductions[name])(x));
        }
    });

    [Theory]
    [MemberData(nameof(MatrixFunctionNames))]
    public void A_function_of_a_matrix_ends(string name) => Watchdog.Watch(dog =>
    {
        foreach (var row in Pairs(Entries))
        {
            foreach (var other in Pairs(Entries))
            {
                double[] x = [.. row, .. other];
                dog.Call(() => Text(name, x), () => Ends(() => MatrixFunctions[name](Reshape(x, 2, 2))));
                dog.Call(() => $"the gradient of {Text(name, x)}", () => Ends(() => Grad(m => MatrixFunctions[name](m))(Reshape(x, 2, 2))));
            }
        }
    });

    /// <summary>An error is an end, too: what is one is looked at elsewhere.</summary>
    private static void Ends(Action call) => Record.Exception(call);

    /// <summary>An order is a small whole number.</summary>
    private static double[] FirstOperands(Op op) => op.HasOrder() ? [.. Enumerable.Range(0, Orders).Select(order => (double)order)] : Extremes;

    private static IEnumerable<double[]> Pairs(double[] numbers) => numbers.SelectMany(a => numbers.Select(b => (double[])[a, b]));

    private static string Text(object function, params double[] arguments) =>
        $"{function}({string.Join(", ", arguments.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))})";
}
