// Derivatives of small functions along a direction, by dual numbers and by hand.

using System.Runtime.CompilerServices;

namespace Autodiff.Benchmarks;

/// <summary>Values and derivatives along a direction.</summary>
[MemoryDiagnoser]
public class DualNumbers
{
    // Lambdas all: a delegate of a static method takes a nanosecond longer.
    private static readonly Dictionary<string, (Action<ReadOnlySpan<double>, Span<double>> ByHand, Action<ReadOnlySpan<double>, Span<double>> ByDual, double[] Argument)> s_functions = new()
    {
        ["Rosenbrock, 2"] = ((p, results) => ScalarsForwardByHand.Rosenbrock(p, results), (p, results) => Write(GenericScalars.Rosenbrock<Dual<double>>(new(p[0], p[2]), new(p[1], p[3])), results), [-1.2, 1, 0.6, 0.8]),
        ["Beale"] = ((p, results) => ScalarsForwardByHand.Beale(p, results), (p, results) => Write(GenericScalars.Beale<Dual<double>>(new(p[0], p[2]), new(p[1], p[3])), results), [1, 0.8, 0.6, 0.8]),
        ["Himmelblau"] = ((p, results) => ScalarsForwardByHand.Himmelblau(p, results), (p, results) => Write(GenericScalars.Himmelblau<Dual<double>>(new(p[0], p[2]), new(p[1], p[3])), results), [1, 0.8, 0.6, 0.8]),
        ["Black–Scholes"] = ((p, results) => ScalarsForwardByHand.BlackScholes(p, results), (p, results) => BlackScholes(p, results), [42, 40, 0.2, 0.1, 0.5, 0.1, 0.2, 0.3, 0.4, 0.5]),
        ["chain of 100"] = ((p, results) => ScalarsForwardByHand.Chain(p, results), (p, results) => Write(GenericScalars.Chain<Dual<double>>(new(p[0], p[1])), results), [1.3, 0.7]),
    };

    private readonly double[] _results = new double[2];
    private Action<ReadOnlySpan<double>, Span<double>> _byHand = (_, _) => { };
    private Action<ReadOnlySpan<double>, Span<double>> _byDual = (_, _) => { };
    private double[] _argument = [];

    public static IEnumerable<string> Functions => s_functions.Keys;

    [ParamsSource(nameof(Functions))]
    public string Function { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        (_byHand, _byDual, _argument) = s_functions[Function];
        ByHand();
        double[] expected = [.. _results];
        ByDual();
        Measured.MustBe(expected, _results);
    }

    // Both optimised at once: the runtime would else learn which function is called, and make it part of this method.
    [Benchmark(Baseline = true)]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ByHand() => _byHand(_argument, _results);

    [Benchmark]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ByDual() => _byDual(_argument, _results);

    private static void BlackScholes(ReadOnlySpan<double> p, Span<double> results) => Write(
        GenericScalars.BlackScholes<Dual<double>, NormalCdf>(new(p[0], p[5]), new(p[1], p[6]), new(p[2], p[7]), new(p[3], p[8]), new(p[4], p[9])), results);

    private static void Write(Dual<double> y, Span<double> results) => (results[0], results[1]) = y;
}
