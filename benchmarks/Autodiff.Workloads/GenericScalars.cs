// The small functions for any number type of .NET's generic math.

using System.Numerics;
using MathNet.Numerics;

namespace Autodiff.Workloads;

/// <summary>The functions of <see cref="Scalars"/>, of any type of number.</summary>
public static class GenericScalars
{
    /// <summary>Rosenbrock's (1 − x)² + 100(y − x²)².</summary>
    public static T Rosenbrock<T>(T x, T y)
        where T : IFloatingPointIeee754<T>
    {
        var (slope, valley) = (T.One - x, y - (x * x));
        return (slope * slope) + (T.CreateChecked(100) * valley * valley);
    }

    /// <summary>Beale's (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)².</summary>
    public static T Beale<T>(T x, T y)
        where T : IFloatingPointIeee754<T>
    {
        var (once, twice) = (x * y, x * y * y);
        var (a, b, c) = (T.CreateChecked(1.5) - x + once, T.CreateChecked(2.25) - x + twice, T.CreateChecked(2.625) - x + (twice * y));
        return (a * a) + (b * b) + (c * c);
    }

    /// <summary>Himmelblau's (x² + y − 11)² + (x + y² − 7)².</summary>
    public static T Himmelblau<T>(T x, T y)
        where T : IFloatingPointIeee754<T>
    {
        var (a, b) = ((x * x) + y - T.CreateChecked(11), x + (y * y) - T.CreateChecked(7));
        return (a * a) + (b * b);
    }

    /// <summary>The price of a European call (F. Black and M. Scholes, 1973).</summary>
    public static T BlackScholes<T, TNormal>(T spot, T strike, T volatility, T rate, T time)
        where T : IFloatingPointIeee754<T>
        where TNormal : INormalCdf<T>
    {
        var deviation = volatility * T.Sqrt(time);
        var d1 = (T.Log(spot / strike) + ((rate + (T.CreateChecked(0.5) * volatility * volatility)) * time)) / deviation;
        return (spot * TNormal.At(d1)) - (strike * T.Exp(-rate * time) * TNormal.At(d1 - deviation));
    }

    /// <summary>y ← sin(xy), 50 times from y = x.</summary>
    public static T Chain<T>(T x)
        where T : IFloatingPointIeee754<T>
    {
        var y = x;
        for (var i = 0; i < Scalars.ChainLength; i++)
        {
            y = T.Sin(x * y);
        }

        return y;
    }
}

/// <summary>The normal distribution function, which generic math does not have.</summary>
public interface INormalCdf<T>
{
    /// <summary>Φ(x).</summary>
    static abstract T At(T x);
}

/// <summary>Φ on doubles and on numbers with tangents, by its density.</summary>
public readonly struct NormalCdf : INormalCdf<double>, INormalCdf<Dual<double>>, INormalCdf<Jet<double>>
{
    /// <inheritdoc/>
    public static double At(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    /// <inheritdoc/>
    public static Dual<double> At(Dual<double> x) => x.Chain(At(x.Primal), Density(x.Primal));

    /// <inheritdoc/>
    public static Jet<double> At(Jet<double> x) => x.Chain(At(x.Primal), Density(x.Primal));

    /// <summary>φ(x) = Φ′(x).</summary>
    public static double Density(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
}
