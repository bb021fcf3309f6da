// Sparse Jacobians and Hessians, after preparation: how many times the function they cost, and how the cost grows with the size.

using MathNet.Numerics.LinearAlgebra.Double;
using static Autodiff.Functional.Expr;

namespace Autodiff.Benchmarks;

/// <summary>The tridiagonal Jacobian of Broyden's function (3 − 2xᵢ)xᵢ − xᵢ₋₁ − 2xᵢ₊₁ + 1, over the function, compiled.</summary>
public class TridiagonalJacobian
{
    private static readonly Func<Expr, Expr> s_broyden = x =>
        ((3 - (2 * x)) * x) - Concat([Zeros(1), x[..^1]]) - (2 * Concat([x[1..], Zeros(1)])) + 1;

    private double[] _x = [];
    private double[] _result = [];
    private double[] _values = [];
    private Expr _eager = 0;
    private CompiledFunction? _function;
    private CompiledSparseFunction? _jacobian;
    private SparseMatrix? _matrix;

    [Params(10_000, 100_000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _x = [.. Enumerable.Range(0, Size).Select(i => Math.Sin(i))];
        _eager = _x;
        _function = AD.CompileFor(s_broyden, new(Size));
        _jacobian = AD.CompileSparseJacobian(s_broyden, new(Size));
        _result = new double[Size];
        _values = new double[_jacobian.Pattern.Count];
        _matrix = _jacobian.Invoke(_x);
    }

    [Benchmark(Baseline = true)]
    public void CompiledFunction() => _function!.Invoke(_x, _result);

    [Benchmark]
    public Expr EagerFunction() => s_broyden(_eager);

    [Benchmark]
    public void Values() => _jacobian!.Invoke(_x, _values);

    [Benchmark]
    public void IntoMatrix() => _jacobian!.Invoke(_x, _matrix!);

    [Benchmark]
    public SparseMatrix NewMatrix() => _jacobian!.Invoke(_x);

    [Benchmark]
    public CompiledSparseFunction Preparation() => AD.CompileSparseJacobian(s_broyden, new(Size));
}

/// <summary>The tridiagonal Hessian of Rosenbrock's function, over its gradient, compiled.</summary>
[MemoryDiagnoser]
public class RosenbrockHessian
{
    private static readonly Func<Expr, Expr> s_rosenbrock = x => Sum((100 * Pow(x[1..] - Pow(x[..^1], 2), 2)) + Pow(1 - x[..^1], 2));

    private double[] _x = [];
    private double[] _result = [];
    private double[] _values = [];
    private CompiledFunction? _gradient;
    private CompiledSparseFunction? _hessian;

    [Params(10_000, 100_000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _x = [.. Enumerable.Range(0, Size).Select(i => Math.Sin(i))];
        _gradient = AD.CompileFor(AD.Grad(s_rosenbrock), new(Size));
        _hessian = AD.CompileSparseHessian(s_rosenbrock, new(Size));
        _result = new double[Size];
        _values = new double[_hessian.Pattern.Count];
    }

    [Benchmark(Baseline = true)]
    public void Gradient() => _gradient!.Invoke(_x, _result);

    [Benchmark]
    public void Values() => _hessian!.Invoke(_x, _values);

    [Benchmark]
    public SparseMatrix NewMatrix() => _hessian!.Invoke(_x);

    [Benchmark]
    public CompiledSparseFunction Preparation() => AD.CompileSparseHessian(s_rosenbrock, new(Size));
}
