// The small functions with their derivatives along a direction, written by hand.

namespace Autodiff.Workloads;

/// <summary>Values of <see cref="Scalars"/>, and their derivatives along a direction. The argument is the point, then the direction.</summary>
public static class ScalarsForwardByHand
{
    /// <summary>Rosenbrock's function.</summary>
    public static void Rosenbrock(ReadOnlySpan<double> argument, Span<double> results)
    {
        var (x, y, dx, dy) = (argument[0], argument[1], argument[2], argument[3]);
        var (slope, valley) = (1 - x, y - (x * x));
        (results[0], results[1]) = ((slope * slope) + (100 * valley * valley), (200 * valley * (dy - (2 * x * dx))) - (2 * slope * dx));
    }

    /// <summary>Beale's function.</summary>
    public static void Beale(ReadOnlySpan<double> argument, Span<double> results)
    {
        var (x, y, dx, dy) = (argument[0], argument[1], argument[2], argument[3]);
        var square = y * y;
        var (a, b, c) = (1.5 - x + (x * y), 2.25 - x + (x * square), 2.625 - x + (x * square * y));
        var da = ((y - 1) * dx) + (x * dy);
        var db = ((square - 1) * dx) + (2 * x * y * dy);
        var dc = (((square * y) - 1) * dx) + (3 * x * square * dy);
        (results[0], results[1]) = ((a * a) + (b * b) + (c * c), 2 * ((a * da) + (b * db) + (c * dc)));
    }

    /// <summary>Himmelblau's function.</summary>
    public static void Himmelblau(ReadOnlySpan<double> argument, Span<double> results)
    {
        var (x, y, dx, dy) = (argument[0], argument[1], argument[2], argument[3]);
        var (a, b) = ((x * x) + y - 11, x + (y * y) - 7);
        (results[0], results[1]) = ((a * a) + (b * b), 2 * ((a * ((2 * x * dx) + dy)) + (b * (dx + (2 * y * dy)))));
    }

    /// <summary>The price of a call.</summary>
    public static void BlackScholes(ReadOnlySpan<double> argument, Span<double> results)
    {
        var (spot, strike, volatility, rate, time) = (argument[0], argument[1], argument[2], argument[3], argument[4]);
        var (dSpot, dStrike, dVolatility, dRate, dTime) = (argument[5], argument[6], argument[7], argument[8], argument[9]);
        var root = Math.Sqrt(time);
        var deviation = volatility * root;
        var dDeviation = (dVolatility * root) + (volatility * dTime / (2 * root));
        var drift = rate + (0.5 * volatility * volatility);
        var d1 = (Math.Log(spot / strike) + (drift * time)) / deviation;
        var dD1 = ((dSpot / spot) - (dStrike / strike) + ((dRate + (volatility * dVolatility)) * time) + (drift * dTime) - (d1 * dDeviation)) / deviation;
        var d2 = d1 - deviation;
        var (inMoney, exercised, discounted) = (NormalCdf.At(d1), NormalCdf.At(d2), strike * Math.Exp(-rate * time));
        var dDiscounted = discounted * ((dStrike / strike) - (dRate * time) - (rate * dTime));
        var derivative = (dSpot * inMoney) + (spot * NormalCdf.Density(d1) * dD1)
            - (dDiscounted * exercised) - (discounted * NormalCdf.Density(d2) * (dD1 - dDeviation));
        (results[0], results[1]) = ((spot * inMoney) - (discounted * exercised), derivative);
    }

    /// <summary>The chain of multiplications and sines.</summary>
    public static void Chain(ReadOnlySpan<double> argument, Span<double> results)
    {
        var (x, dx) = (argument[0], argument[1]);
        var (y, dy) = (x, dx);
        for (var i = 0; i < Scalars.ChainLength; i++)
        {
            var (sine, cosine) = Math.SinCos(x * y);
            (y, dy) = (sine, cosine * ((dx * y) + (x * dy)));
        }

        (results[0], results[1]) = (y, dy);
    }
}
