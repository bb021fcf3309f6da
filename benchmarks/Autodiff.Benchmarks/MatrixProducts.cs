// Products of matrices: the kernels of compiled code against MathNet's managed product and the loops one would write.

using Autodiff.Functional.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Autodiff.Benchmarks;

/// <summary>One thread, double precision. A product of m×k by k×n takes 2mkn operations.</summary>
public unsafe class MatrixProducts
{
    private readonly ManagedLinearAlgebraProvider _mathNet = new();
    private double[] _a = [];
    private double[] _b = [];
    private double[] _c = [];
    private double[] _scratch = [];
    private MatrixProductShape _shape;

    [Params("8x8x64", "32x32x256", "128x128x64", "64x64x26", "16x1000x16", "256x256x256", "1000x1000x1")]
    public string Lengths { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        MathNet.Numerics.Control.MaxDegreeOfParallelism = 1;
        var lengths = Array.ConvertAll(Lengths.Split('x'), int.Parse);
        _shape = new(lengths[0], lengths[1], lengths[2]);
        var random = new Random(1);
        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-9, 10))];
        _a = Numbers(_shape.M * _shape.K);
        _b = Numbers(_shape.K * _shape.N);
        _c = new double[_shape.M * _shape.N];
        _scratch = new double[MatrixProduct.ScratchSize<double>(_shape)];
        var expected = Loops().ToArray();
        if (!Kernels().AsSpan().SequenceEqual(expected) || !MathNetManaged().AsSpan().SequenceEqual(expected))
        {
            throw new InvalidOperationException("The products disagree.");
        }
    }

    [Benchmark(Baseline = true)]
    public double[] Kernels()
    {
        fixed (double* a = _a, b = _b, c = _c, scratch = _scratch)
        {
            MatrixProduct.Run(_shape, a, b, c, scratch);
        }

        return _c;
    }

    [Benchmark]
    public double[] MathNetManaged()
    {
        _mathNet.MatrixMultiply(_b, _shape.N, _shape.K, _a, _shape.K, _shape.M, _c);
        return _c;
    }

    [Benchmark]
    public double[] Loops()
    {
        var (m, k, n) = (_shape.M, _shape.K, _shape.N);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var p = 0; p < k; p++)
                {
                    sum += _a[(i * k) + p] * _b[(p * n) + j];
                }

                _c[(i * n) + j] = sum;
            }
        }

        return _c;
    }
}
