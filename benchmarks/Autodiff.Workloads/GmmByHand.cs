// The mixture's objective and gradient written by hand: what the library's code is measured against.

using MathNet.Numerics;

namespace Autodiff.Workloads;

/// <summary>Loops over numbers, with only the triangles multiplied. It has its own work space: one for each thread.</summary>
public sealed class GmmByHand(GmmProblem problem)
{
    private readonly int _d = problem.Dimension;
    private readonly int _k = problem.Components;
    private readonly double[] _diagonals = new double[problem.Components * problem.Dimension];
    private readonly double[] _sums = new double[problem.Components];
    private readonly double[] _terms = new double[problem.Components];
    private readonly double[] _centred = new double[problem.Components * problem.Dimension];
    private readonly double[] _whitened = new double[problem.Components * problem.Dimension];
    private readonly double _constant = Constant(problem);

    /// <summary>The objective.</summary>
    /// <param name="parameters">The parameters, as in <see cref="GmmProblem.Parameters"/>.</param>
    public double Value(ReadOnlySpan<double> parameters)
    {
        var value = Start(parameters);
        for (var i = 0; i < problem.Count; i++)
        {
            Terms(parameters, problem.Samples.AsSpan(i * _d, _d));
            value += LogSumExp(_terms);
        }

        return value;
    }

    /// <summary>The objective and its gradient, which goes to the end of the results.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="results">The value, and a number for each parameter.</param>
    public void ValueAndGradient(ReadOnlySpan<double> parameters, Span<double> results)
    {
        results.Clear();
        var gradient = results[1..];
        var alphas = gradient[.._k];
        var means = gradient.Slice(_k, _k * _d);
        var factors = gradient[(_k + (_k * _d))..];
        var value = Start(parameters);
        PriorGradient(parameters[(_k + (_k * _d))..], factors);
        for (var i = 0; i < problem.Count; i++)
        {
            Terms(parameters, problem.Samples.AsSpan(i * _d, _d));
            var logarithm = LogSumExp(_terms);
            value += logarithm;
            for (var k = 0; k < _k; k++)
            {
                var share = Math.Exp(_terms[k] - logarithm);
                alphas[k] += share;
                var size = problem.FactorSize;
                AddShare(share, k, parameters.Slice(_k + (_k * _d) + (k * size), size), means.Slice(k * _d, _d), factors.Slice(k * size, size));
            }
        }

        var total = LogSumExp(parameters[.._k]);
        for (var k = 0; k < _k; k++)
        {
            alphas[k] -= problem.Count * Math.Exp(parameters[k] - total);
        }

        results[0] = value;
    }

    /// <summary>What all samples share: the diagonals, the sums of their logarithms, and the terms of the objective without a sample.</summary>
    private double Start(ReadOnlySpan<double> parameters)
    {
        var factors = parameters[(_k + (_k * _d))..];
        var (value, squares, logarithms) = (_constant - (problem.Count * LogSumExp(parameters[.._k])), 0.0, 0.0);
        for (var k = 0; k < _k; k++)
        {
            var factor = factors.Slice(k * problem.FactorSize, problem.FactorSize);
            var sum = 0.0;
            for (var j = 0; j < _d; j++)
            {
                var diagonal = Math.Exp(factor[j]);
                _diagonals[(k * _d) + j] = diagonal;
                squares += diagonal * diagonal;
                sum += factor[j];
            }

            foreach (var entry in factor[_d..])
            {
                squares += entry * entry;
            }

            _sums[k] = sum + parameters[k];
            logarithms += sum;
        }

        return value + (0.5 * problem.Gamma * problem.Gamma * squares) - (problem.M * logarithms);
    }

    /// <summary>For every component x − μ, Q(x − μ), and the logarithm of its density times its weight.</summary>
    private void Terms(ReadOnlySpan<double> parameters, ReadOnlySpan<double> sample)
    {
        for (var k = 0; k < _k; k++)
        {
            var mean = parameters.Slice(_k + (k * _d), sample.Length);
            var lower = parameters.Slice(_k + (_k * _d) + (k * problem.FactorSize) + _d, problem.FactorSize - _d);
            var diagonal = _diagonals.AsSpan(k * _d, sample.Length);
            var centred = _centred.AsSpan(k * _d, sample.Length);
            var whitened = _whitened.AsSpan(k * _d, sample.Length);
            for (var j = 0; j < sample.Length; j++)
            {
                centred[j] = sample[j] - mean[j];
                whitened[j] = diagonal[j] * centred[j];
            }

            for (var j = 0; j < centred.Length; j++)
            {
                var below = whitened[(j + 1)..];
                var column = lower[..below.Length];
                var scale = centred[j];
                for (var i = 0; i < column.Length; i++)
                {
                    below[i] += column[i] * scale;
                }

                lower = lower[column.Length..];
            }

            var square = 0.0;
            foreach (var y in whitened)
            {
                square += y * y;
            }

            _terms[k] = _sums[k] - (0.5 * square);
        }
    }

    /// <summary>One sample's part of the gradient of one component, of whose density it has a share.</summary>
    private void AddShare(double share, int k, ReadOnlySpan<double> factor, Span<double> meanGradient, Span<double> factorGradient)
    {
        var diagonal = _diagonals.AsSpan(k * _d, _d);
        var centred = _centred.AsSpan(k * _d, _d);
        var whitened = _whitened.AsSpan(k * _d, _d);
        var lower = factor[_d..];
        var lowerGradient = factorGradient[_d..];
        for (var j = 0; j < centred.Length; j++)
        {
            var below = whitened[(j + 1)..];
            var column = lower[..below.Length];
            var columnGradient = lowerGradient[..below.Length];
            var (scale, sum) = (share * centred[j], diagonal[j] * whitened[j]);
            factorGradient[j] += share - (scale * sum);
            for (var i = 0; i < below.Length; i++)
            {
                columnGradient[i] -= scale * below[i];
                sum += column[i] * below[i];
            }

            meanGradient[j] += share * sum;
            lower = lower[below.Length..];
            lowerGradient = lowerGradient[below.Length..];
        }
    }

    private void PriorGradient(ReadOnlySpan<double> factors, Span<double> gradient)
    {
        var square = problem.Gamma * problem.Gamma;
        for (var k = 0; k < _k; k++)
        {
            var start = k * problem.FactorSize;
            for (var j = 0; j < problem.FactorSize; j++)
            {
                gradient[start + j] = j >= _d
                    ? square * factors[start + j]
                    : (square * _diagonals[(k * _d) + j] * _diagonals[(k * _d) + j]) - problem.M;
            }
        }
    }

    private static double LogSumExp(ReadOnlySpan<double> terms)
    {
        var (largest, sum) = (terms[0], 0.0);
        foreach (var term in terms)
        {
            largest = Math.Max(largest, term);
        }

        foreach (var term in terms)
        {
            sum += Math.Exp(term - largest);
        }

        return largest + Math.Log(sum);
    }

    /// <summary>What does not depend on the parameters.</summary>
    private static double Constant(GmmProblem problem)
    {
        var (d, freedom) = (problem.Dimension, problem.Dimension + problem.M + 1);
        var logGamma = 0.25 * d * (d - 1) * Math.Log(Math.PI);
        for (var j = 0; j < d; j++)
        {
            logGamma += SpecialFunctions.GammaLn(0.5 * (freedom - j));
        }

        return (-0.5 * problem.Count * d * Math.Log(2 * Math.PI))
            - (problem.Components * ((freedom * d * (Math.Log(problem.Gamma) - (0.5 * Math.Log(2)))) - logGamma));
    }
}
