// Routines of numerical analysis for any type of number: a step of Runge and Kutta, Brent's root, a continued fraction.

using System.Numerics;

namespace Autodiff.PropertyTests.GenericMath;

internal static class Routines
{
    /// <summary>A step h of y′ = f(t, y) by the classical method of order 4 (W. Kutta, 1901).</summary>
    internal static T RungeKutta<T>(Func<T, T, T> f, T t, T y, T h)
        where T : IFloatingPointIeee754<T>
    {
        var (two, six) = (T.CreateChecked(2), T.CreateChecked(6));
        var half = h / two;
        var k1 = f(t, y);
        var k2 = f(t + half, y + (half * k1));
        var k3 = f(t + half, y + (half * k2));
        var k4 = f(t + h, y + (h * k3));
        return y + (h / six * (k1 + (two * (k2 + k3)) + k4));
    }

    /// <summary>
    /// A root of f between a and b, where it has different signs (R. P. Brent, 1973, section 4). The root is moved once more by a secant through it, so
    /// that it moves with the numbers that f depends on also if the last step of the search was a bisection.
    /// </summary>
    internal static T Brent<T>(Func<T, T> f, T a, T b)
        where T : IFloatingPointIeee754<T>
    {
        var (two, three, tolerance) = (T.CreateChecked(2), T.CreateChecked(3), T.BitIncrement(T.One) - T.One);
        var (fa, fb) = (f(a), f(b));
        var (c, fc, step, last) = (a, fa, b - a, b - a);
        for (var i = 0; i < 200 && fb != T.Zero; i++)
        {
            if (T.IsNegative(fb) == T.IsNegative(fc))
            {
                (c, fc, step, last) = (a, fa, b - a, b - a);
            }

            if (T.Abs(fc) < T.Abs(fb))
            {
                (a, b, c) = (b, c, b);
                (fa, fb, fc) = (fb, fc, fb);
            }

            var least = two * tolerance * T.Abs(b);
            var middle = (c - b) / two;
            if (T.Abs(middle) <= least)
            {
                break;
            }

            (last, step) = (step, middle);
            if (T.Abs(last) >= least && T.Abs(fa) > T.Abs(fb))
            {
                // Through two points by a line, through three by a parabola in y, if it leads to where the root must be.
                var s = fb / fa;
                var (p, q) = (two * middle * s, T.One - s);
                if (a != c)
                {
                    var (u, v) = (fa / fc, fb / fc);
                    p = s * ((two * middle * u * (u - v)) - ((b - a) * (v - T.One)));
                    q = (u - T.One) * (v - T.One) * (s - T.One);
                }

                if (p > T.Zero)
                {
                    q = -q;
                }

                p = T.Abs(p);
                if (two * p < T.Min((three * middle * q) - T.Abs(least * q), T.Abs(last * q)))
                {
                    step = p / q;
                }
                else
                {
                    last = middle;
                }
            }

            (a, fa) = (b, fb);
            b += T.Abs(step) > least ? step : T.CopySign(least, middle);
            fb = f(b);
        }

        var h = (T.One + T.Abs(b)) * T.Cbrt(tolerance);
        return b - (fb * two * h / (f(b + h) - f(b - h)));
    }

    /// <summary>tan x = x/(1 − x²/(3 − x²/(5 − …))) (J. H. Lambert, 1761), by the algorithm of W. J. Lentz, 1976.</summary>
    internal static T Tangent<T>(T x)
        where T : IFloatingPointIeee754<T>
    {
        var tolerance = T.BitIncrement(T.One) - T.One;
        var (denominator, square) = (T.One, x * x);
        var (fraction, c, d) = (denominator, denominator, T.Zero);
        for (var i = 0; i < 100; i++)
        {
            denominator += T.CreateChecked(2);
            (c, d) = (denominator - (square / c), T.One / (denominator - (square * d)));
            var factor = c * d;
            fraction *= factor;
            if (T.Abs(factor - T.One) <= tolerance)
            {
                break;
            }
        }

        return x / fraction;
    }
}
