// Derivatives of high order, by series and by nesting: how the cost grows with the order, and with the length of the graph.

using static Autodiff.Functional.Expr;

namespace Autodiff.Benchmarks;

/// <summary>Derivatives of sin(eˣ): one power series, or first derivatives nested.</summary>
public class HigherOrders
{
    private readonly Func<Expr, Expr>[] _nested = new Func<Expr, Expr>[9];

    [Params(1, 2, 4, 6, 8)]
    public int Order { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _nested[0] = x => Sin(Exp(x));
        for (var order = 1; order < _nested.Length; order++)
        {
            _nested[order] = AD.Grad(_nested[order - 1]);
        }
    }

    [Benchmark(Baseline = true)]
    public Expr Series() => AD.Diff(_nested[0], Order)(0.5);

    [Benchmark]
    public Expr Nested() => _nested[Order](0.5);
}

/// <summary>A chain of sines: the cost of one operation, which should not depend on how long the chain is.</summary>
public class Chain
{
    private Func<Expr, Expr> _grad = x => x;
    private Func<Expr, Expr> _second = x => x;

    [Params(1_000, 10_000, 100_000, 1_000_000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _grad = AD.Grad(Sines);
        _second = AD.Grad(_grad);
    }

    [Benchmark(Baseline = true)]
    public Expr Value() => Sines(Variable("x", 0.5));

    [Benchmark]
    public Expr Gradient() => _grad(0.5);

    [Benchmark]
    public Expr SecondDerivative() => _second(0.5);

    private Expr Sines(Expr x)
    {
        for (var i = 0; i < Length; i++)
        {
            x = Sin(x);
        }

        return x;
    }
}
