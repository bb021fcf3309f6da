// How close two tensors must be to count as equal: the one measure all properties use.

namespace Autodiff.PropertyTests.Generators;

internal static class Agreement
{
    /// <summary>What two ways to compute the same derivative exactly may differ by, through rounding alone.</summary>
    public const double Rounding = 1e-10;

    // The vector instructions behind sums and elementary functions round an element by where its array lies in memory, so
    // the same computation repeats to a few units in the last place, not to the bit.
    private const double Repetition = 1e-12;

    /// <summary>
    /// Equal shapes, and elements that differ by at most the tolerance times the largest element (or 1, if that is larger);
    /// infinities equal themselves and nothing else.
    /// </summary>
    public static void Near(Expr expected, Expr actual, double tolerance = Rounding)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var (left, right) = (expected.ToArray(), actual.ToArray());
        var scale = left.Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
        for (var i = 0; i < left.Length; i++)
        {
            if (!left[i].Equals(right[i]) && !(Math.Abs(left[i] - right[i]) <= tolerance * scale))
            {
                Assert.Fail($"Element {i} of {expected.Shape}: expected {left[i]:R}, actual {right[i]:R}, apart by more than {tolerance} of {scale:G3}.");
            }
        }
    }

    /// <summary>The results of one and the same computation done twice.</summary>
    public static void Repeats(Expr expected, Expr actual) => Near(expected, actual, Repetition);

    /// <summary>Equal shapes and the same bits in every element.</summary>
    public static void Identical(Expr expected, Expr actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray().Select(BitConverter.DoubleToInt64Bits), actual.ToArray().Select(BitConverter.DoubleToInt64Bits));
    }

    /// <summary>Σ aᵢbᵢ over tensors of any one shape.</summary>
    public static double Inner(Expr a, Expr b)
    {
        Assert.Equal(a.Shape, b.Shape);
        return a.ToArray().Zip(b.ToArray(), (x, y) => x * y).Sum();
    }
}
