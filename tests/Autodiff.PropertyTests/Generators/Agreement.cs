// Assertions that two tensors are equal, exactly or within a tolerance. All property tests use these.

namespace Autodiff.PropertyTests.Generators;

internal static class Agreement
{
    /// <summary>The tolerance for two exact ways to compute a derivative, which differ by rounding errors only.</summary>
    public const double Rounding = 1e-10;

    // The tolerance for the same computation done twice, in which single operations may be rounded differently: a few units in the last place.
    private const double Repetition = 1e-12;

    /// <summary>
    /// Asserts that shapes are equal, and that elements differ by at most the tolerance times the largest finite element (or 1, if that is larger).
    /// Infinities and NaN are equal to themselves only.
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

    /// <summary>Asserts that the results of the same computation, done twice, are equal up to a few units in the last place.</summary>
    public static void Repeats(Expr expected, Expr actual) => Near(expected, actual, Repetition);

    /// <summary>Asserts equal shapes and the same bits in every element. The sign of a NaN has no meaning, and a formula does not show it.</summary>
    public static void Identical(Expr expected, Expr actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray().Select(Bits), actual.ToArray().Select(Bits));

        static long Bits(double value) => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value);
    }

    /// <summary>The inner product Σ aᵢbᵢ of two tensors of the same shape.</summary>
    public static double Inner(Expr a, Expr b)
    {
        Assert.Equal(a.Shape, b.Shape);
        return a.ToArray().Zip(b.ToArray(), (x, y) => x * y).Sum();
    }
}
