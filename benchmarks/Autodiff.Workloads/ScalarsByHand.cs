// The small functions with their derivatives written by hand. Results are the value, then the gradient.

using MathNet.Numerics;

namespace Autodiff.Workloads;

/// <summary>Values and gradients of <see cref="Scalars"/>.</summary>
public static class ScalarsByHand
{
    /// <summary>Rosenbrock's function of two numbers.</summary>
    public static void Rosenbrock(ReadOnlySpan<double> point, Span<double> results)
    {
        var (x, y) = (point[0], point[1]);
        var (slope, valley) = (1 - x, y - (x * x));
        results[0] = (slope * slope) + (100 * valley * valley);
        results[1] = (-2 * slope) - (400 * x * valley);
        results[2] = 200 * valley;
    }

    /// <summary>Beale's function.</summary>
    public static void Beale(ReadOnlySpan<double> point, Span<double> results)
    {
        var (x, y) = (point[0], point[1]);
        var square = y * y;
        var (a, b, c) = (1.5 - x + (x * y), 2.25 - x + (x * square), 2.625 - x + (x * square * y));
        results[0] = (a * a) + (b * b) + (c * c);
        results[1] = 2 * ((a * (y - 1)) + (b * (square - 1)) + (c * ((square * y) - 1)));
        results[2] = 2 * x * (a + (2 * b * y) + (3 * c * square));
    }

    /// <summary>Himmelblau's function.</summary>
    public static void Himmelblau(ReadOnlySpan<double> point, Span<double> results)
    {
        var (x, y) = (point[0], point[1]);
        var (a, b) = ((x * x) + y - 11, x + (y * y) - 7);
        results[0] = (a * a) + (b * b);
        results[1] = (4 * x * a) + (2 * b);
        results[2] = (2 * a) + (4 * y * b);
    }

    /// <summary>The price of a call and its five derivatives, in the order of the arguments.</summary>
    public static void BlackScholes(ReadOnlySpan<double> market, Span<double> results)
    {
        var (spot, strike, volatility, rate, time) = (market[0], market[1], market[2], market[3], market[4]);
        var root = Math.Sqrt(time);
        var deviation = volatility * root;
        var d1 = (Math.Log(spot / strike) + ((rate + (0.5 * volatility * volatility)) * time)) / deviation;
        var d2 = d1 - deviation;
        var (inMoney, exercised, discount) = (NormalCdf(d1), NormalCdf(d2), Math.Exp(-rate * time));
        var density = Math.Exp(-0.5 * d1 * d1) / Math.Sqrt(2 * Math.PI);
        results[0] = (spot * inMoney) - (strike * discount * exercised);
        results[1] = inMoney;
        results[2] = -discount * exercised;
        results[3] = spot * density * root;
        results[4] = strike * time * discount * exercised;
        results[5] = (spot * density * volatility / (2 * root)) + (rate * strike * discount * exercised);
    }

    /// <summary>The chain of multiplications and sines.</summary>
    public static void Chain(ReadOnlySpan<double> point, Span<double> results)
    {
        var (x, y, slope) = (point[0], point[0], 1.0);
        for (var i = 0; i < Scalars.ChainLength; i++)
        {
            var (sine, cosine) = Math.SinCos(x * y);
            slope = cosine * (y + (x * slope));
            y = sine;
        }

        (results[0], results[1]) = (y, slope);
    }

    /// <summary>Rosenbrock's function of n variables.</summary>
    public static void RosenbrockOfVector(ReadOnlySpan<double> x, Span<double> results)
    {
        var gradient = results.Slice(1, x.Length);
        var (sum, carry) = (0.0, 0.0);
        for (var i = 0; i < x.Length - 1; i++)
        {
            var (valley, slope) = (x[i + 1] - (x[i] * x[i]), 1 - x[i]);
            sum += (100 * valley * valley) + (slope * slope);
            gradient[i] = carry - (400 * x[i] * valley) - (2 * slope);
            carry = 200 * valley;
        }

        gradient[^1] = carry;
        results[0] = sum;
    }

    private static double NormalCdf(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));
}
