// How much a gradient costs, measured in values: the theory of reverse mode promises a small constant.

using static Autodiff.Functional.Expr;

namespace Autodiff.Benchmarks;

/// <summary>Vectorised functions of 100,000 elements. The target is a gradient of at most 4 × the value.</summary>
public class GradientOverValue
{
    private const int Size = 100_000;

    private static readonly Expr s_first = Sin(Reshape(Arange(200 * 100), 200, 100));
    private static readonly Expr s_second = Cos(Reshape(Arange(100 * 50), 100, 50));

    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["elementwise"] = x => Sum(Sin(x) * Exp(-(x * x))),
        ["transcendental chain"] = x => Sum(Tanh(Log(1 + Exp(Sin(x))))),
        ["logistic loss"] = x => Mean(Softplus(-(x * Tanh(x)))),
        ["log-sum-exp of rows"] = x => Sum(LogSumExp(Reshape(x, 100, -1), axis: 1)),
        ["norms of rows"] = x => Sum(Norm(Reshape(x, -1, 10), axis: 1)),
        ["largest of rows"] = x => Sum(MaxOf(Reshape(x, -1, 10), axis: 1)),
        ["products of rows"] = x => Sum(Prod(Reshape(x, -1, 10), axis: 1)),
        ["broadcast rows and columns"] = x => Sum(Sigmoid(Reshape(x, 100, -1) + Mean(Reshape(x, 100, -1), axis: 0) - Mean(Reshape(x, 100, -1), axis: 1, keepDims: true))),
        ["two-layer network"] = x => Sum(Tanh(MatMul(Tanh(MatMul(Reshape(x, 500, 200), s_first)), s_second))),
        ["running sums"] = x => Sum(Cos(CumSum(x) / Size)),
        ["slices"] = x => Sum(Sqrt(1 + Pow(x[1..] - x[..^1], 2))),
    };

    private Func<Expr, Expr> _f = x => x;
    private Func<Expr, Expr> _grad = x => x;
    private Expr _x = 0;

    [ParamsSource(nameof(Functions))]
    public string Function { get; set; } = "";

    public static IEnumerable<string> Functions => s_functions.Keys;

    [GlobalSetup]
    public void Setup()
    {
        _f = s_functions[Function];
        _grad = AD.Grad(_f);
        _x = Rosenbrock.Point(Size);
    }

    [Benchmark(Baseline = true)]
    public Expr Value() => _f(_x);

    [Benchmark]
    public Expr Gradient() => _grad(_x);
}
