// Small functions of a few numbers: what one operation costs, without anything to spread it over.

using static Autodiff.Functional.Expr;

namespace Autodiff.Workloads;

/// <summary>Test functions of optimisation, a price, and a chain of a hundred operations.</summary>
public static class Scalars
{
    /// <summary>The multiplications, and the sines, of <see cref="Chain"/>.</summary>
    public const int ChainLength = 50;

    /// <summary>Rosenbrock's (1 − x)² + 100(y − x²)².</summary>
    public static Expr Rosenbrock(Expr x, Expr y)
    {
        var (slope, valley) = (1 - x, y - (x * x));
        return (slope * slope) + (100 * valley * valley);
    }

    /// <summary>Beale's (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)².</summary>
    public static Expr Beale(Expr x, Expr y) =>
        Pow(1.5 - x + (x * y), 2) + Pow(2.25 - x + (x * y * y), 2) + Pow(2.625 - x + (x * y * y * y), 2);

    /// <summary>Himmelblau's (x² + y − 11)² + (x + y² − 7)².</summary>
    public static Expr Himmelblau(Expr x, Expr y) => Pow((x * x) + y - 11, 2) + Pow(x + (y * y) - 7, 2);

    /// <summary>The price of a European call (F. Black and M. Scholes, 1973) in [spot, strike, volatility, rate, time].</summary>
    public static Expr BlackScholes(Expr market)
    {
        var (spot, strike, volatility, rate, time) = (market[0], market[1], market[2], market[3], market[4]);
        var deviation = volatility * Sqrt(time);
        var d1 = (Log(spot / strike) + ((rate + (0.5 * volatility * volatility)) * time)) / deviation;
        return (spot * NormalCdf(d1)) - (strike * Exp(-rate * time) * NormalCdf(d1 - deviation));
    }

    /// <summary>y ← sin(xy), 50 times from y = x.</summary>
    public static Expr Chain(Expr x)
    {
        var y = x;
        for (var i = 0; i < ChainLength; i++)
        {
            y = Sin(x * y);
        }

        return y;
    }

    /// <summary>Rosenbrock's function of n variables, Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².</summary>
    public static Expr RosenbrockOfVector(Expr x)
    {
        var (a, b) = (x[..^1], x[1..]);
        var (valley, slope) = (b - (a * a), 1 - a);
        return (100 * Sum(valley * valley)) + Sum(slope * slope);
    }
}
