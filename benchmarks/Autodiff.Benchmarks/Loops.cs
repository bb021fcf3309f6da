// Loops as one node against the same loops written out, and Jacobians against the function on a batch.

using static Autodiff.Functional.Expr;

namespace Autodiff.Benchmarks;

/// <summary>10,000 steps of an oscillator: a scan may cost no more than the steps written out.</summary>
public class Loops
{
    private const int Steps = 10_000;
    private static readonly Expr s_forces = Rosenbrock.Point(Steps);

    public static IEnumerable<string> States => ["scalar", "vector"];

    [ParamsSource(nameof(States))]
    public string State { get; set; } = "";

    private Expr Init => State == "scalar" ? 0.1 : new double[] { 0.1, 0.2, 0.3, 0.4 };

    [Benchmark(Baseline = true)]
    public Expr Value() => WrittenOut(0.5);

    [Benchmark]
    public Expr ValueOfFold() => Folded(0.5);

    [Benchmark]
    public Expr Gradient() => AD.Grad(WrittenOut)(0.5);

    [Benchmark]
    public Expr GradientOfFold() => AD.Grad(Folded)(0.5);

    private static Expr Step(Expr state, Expr force) => state.Rank == 0
        ? (Sin(state) * 0.5) + (force * state) - (state * state * 0.1)
        : state + (0.01 * Stack([state[1], -Sin(state[0]) * force, state[3], state[0] - state[2]]));

    private Expr Folded(Expr p) => Sum(AD.Fold((state, force) => Step(state, force * p), Init, s_forces));

    private Expr WrittenOut(Expr p)
    {
        var state = Init;
        for (var i = 0; i < Steps; i++)
        {
            state = Step(state, s_forces[i] * p);
        }

        return Sum(state);
    }
}

/// <summary>The Jacobian of a function from 100 to 100, which may cost three times the function on a batch of 100.</summary>
public class Jacobians
{
    private static readonly Expr s_weights = Reshape(Sin(Arange(10_000)), 100, 100);
    private static readonly Expr s_point = Cos(Arange(100));

    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["two layers"] = x => Tanh(MatMul(s_weights, Sin(MatMul(s_weights, x)))),
        ["elementwise and running sums"] = x => (Sin(x) * Exp(-x * x)) + CumSum(x),
        ["built of scalars"] = x => Stack([.. Enumerable.Range(0, 100).Select(i => Sin(x[i]) * x[(i + 1) % 100])]),
    };

    public static IEnumerable<string> Functions => s_functions.Keys;

    [ParamsSource(nameof(Functions))]
    public string Function { get; set; } = "";

    [Benchmark(Baseline = true)]
    public Expr Batch() => AD.Vmap(s_functions[Function])(s_weights);

    [Benchmark]
    public Expr Reverse() => AD.JacobianReverse(s_functions[Function])(s_point);

    [Benchmark]
    public Expr Forward() => AD.JacobianForward(s_functions[Function])(s_point);
}
