// Rosenbrock's function Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², built of scalars, of vectors, and by hand.

namespace Autodiff.Benchmarks;

internal static class Rosenbrock
{
    /// <summary>The operations that each term takes.</summary>
    public const int OperationsPerTerm = 8;

    public static double[] Point(int n)
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
    }

    public static Expr OfScalars(Expr x)
    {
        Expr sum = 0;
        for (var i = 0; i < x.Shape[0] - 1; i++)
        {
            var (a, b) = (x[i], x[i + 1]);
            var (valley, slope) = (b - (a * a), 1 - a);
            sum = sum + (100 * valley * valley) + (slope * slope);
        }

        return sum;
    }

    public static double ByHand(double[] x)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length - 1; i++)
        {
            var (valley, slope) = (x[i + 1] - (x[i] * x[i]), 1 - x[i]);
            sum += (100 * valley * valley) + (slope * slope);
        }

        return sum;
    }

    public static double[] GradientByHand(double[] x)
    {
        var gradient = new double[x.Length];
        for (var i = 0; i < x.Length - 1; i++)
        {
            var (valley, slope) = (x[i + 1] - (x[i] * x[i]), 1 - x[i]);
            gradient[i] -= (400 * x[i] * valley) + (2 * slope);
            gradient[i + 1] += 200 * valley;
        }

        return gradient;
    }
}

/// <summary>A function built of scalars: the cost of one operation, per operation. The target is 60 ns, flat in the size.</summary>
public class ScalarRosenbrock
{
    private readonly Func<Expr, (Expr Value, Expr Gradient)> _valueAndGrad = AD.ValueAndGrad(Rosenbrock.OfScalars);
    private double[] _point = [];
    private Expr _x = 0;
    private Expr _variable = 0;

    /// <summary>The number of variables; each takes 8 operations.</summary>
    [Params(125, 1_000, 10_000, 125_000)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _point = Rosenbrock.Point(N);
        _x = _point;
        _variable = Expr.Variable("x", _x);
        var (expected, actual) = (Rosenbrock.GradientByHand(_point), _valueAndGrad(_x).Gradient.ToArray());
        if (expected.Zip(actual, (right, found) => Math.Abs(right - found)).Any(error => error > 1e-9))
        {
            throw new InvalidOperationException("The gradients disagree.");
        }
    }

    [Benchmark(Baseline = true)]
    public double[] HandWrittenGradient() => Rosenbrock.GradientByHand(_point);

    [Benchmark]
    public Expr Value() => Rosenbrock.OfScalars(_variable);

    [Benchmark]
    public Expr ValueAndGradient() => _valueAndGrad(_x).Gradient;
}

/// <summary>The same function on vectors of a million elements. The target for the gradient is 6 × the hand-written loop.</summary>
public class VectorRosenbrock
{
    private readonly Func<Expr, Expr> _grad = AD.Grad(Scalars.RosenbrockOfVector);
    private double[] _point = [];
    private Expr _x = 0;

    [Params(1_000, 1_000_000)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _point = Rosenbrock.Point(N);
        _x = _point;
    }

    [Benchmark(Baseline = true)]
    public double[] HandWrittenGradient() => Rosenbrock.GradientByHand(_point);

    [Benchmark]
    public double HandWrittenValue() => Rosenbrock.ByHand(_point);

    [Benchmark]
    public Expr Value() => Scalars.RosenbrockOfVector(_x);

    [Benchmark]
    public Expr Gradient() => _grad(_x);
}
