// How far two doubles are apart, counted in doubles.

namespace Autodiff.PropertyTests.Evaluation;

internal static class Ulps
{
    /// <summary>The number of doubles between a and b; 0 if both are NaN, and +0 is one apart from −0.</summary>
    public static ulong Between(double a, double b)
    {
        if (double.IsNaN(a) || double.IsNaN(b))
        {
            return double.IsNaN(a) && double.IsNaN(b) ? 0 : ulong.MaxValue;
        }

        var (low, high) = (Math.Min(Position(a), Position(b)), Math.Max(Position(a), Position(b)));
        return (ulong)high - (ulong)low;
    }

    /// <summary>Doubles in increasing order have increasing positions; that of −0 is −1.</summary>
    private static long Position(double x) => BitConverter.DoubleToInt64Bits(x) is var bits && bits >= 0 ? bits : ~(bits ^ long.MinValue);
}
