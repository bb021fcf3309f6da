// Gradients of a scalar function at many points: one batch against a loop.

using static Autodiff.Functional.Expr;

namespace Autodiff.Benchmarks;

/// <summary>Per-example gradients. The target for a thousand examples is a twentieth of the loop.</summary>
public class Batching
{
    private readonly Func<Expr, Expr> _grad = AD.Grad(TwentyOperations);
    private readonly Func<Expr, Expr> _batched = AD.Vmap(AD.Grad(TwentyOperations));
    private Expr[] _points = [];
    private Expr _batch = 0;

    [Params(10, 1_000, 100_000)]
    public int Examples { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var points = Rosenbrock.Point(Examples);
        _points = Array.ConvertAll(points, point => (Expr)point);
        _batch = points;
        if (Loop().Zip(Vmap().ToArray(), (right, found) => Math.Abs(right.Value - found)).Any(error => error > 1e-9))
        {
            throw new InvalidOperationException("The gradients disagree.");
        }
    }

    [Benchmark(Baseline = true)]
    public Expr[] Loop() => Array.ConvertAll(_points, point => _grad(point));

    [Benchmark]
    public Expr Vmap() => _batched(_batch);

    private static Expr TwentyOperations(Expr x)
    {
        var y = x;
        for (var i = 0; i < 5; i++)
        {
            y = (Sin(y) * x) + (0.5 * y);
        }

        return y;
    }
}
