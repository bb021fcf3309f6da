// Runs folded into one number: against sums without rounding errors and against loops, in registers of all widths.

using System.Numerics;
using Autodiff.Functional.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Autodiff.PropertyTests.Numerics;

public class FoldsTests
{
    private const int LongestRun = 140;

    [Fact]
    public void Sums_of_whole_numbers_are_exact()
    {
        for (var n = 0; n <= LongestRun; n++)
        {
            var x = Whole(n, 1);
            var y = Whole(n, 2);
            Assert.Equal(x.Sum(), Folds.Sum(x));
            Assert.Equal(x.Sum(Math.Abs), Folds.SumOfMagnitudes(x));
            Assert.Equal(x.Zip(y, (a, b) => a * b).Sum(), Folds.Dot(x, y));
            Assert.Equal(x.Sum(a => a * a), Folds.SumOfSquares(x));
            Assert.Equal(n == 0 ? double.NegativeInfinity : x.Max(), Folds.Max(x));
            Assert.Equal(n == 0 ? double.PositiveInfinity : x.Min(), Folds.Min(x));
            Assert.Equal(n == 0 ? 0 : x.Max(Math.Abs), Folds.MaxMagnitude(x));
            var signs = Array.ConvertAll(x, number => number < 0 ? -1.0 : number > 0 ? 2 : 1);
            Assert.Equal(signs.Aggregate(1.0, (a, b) => a * b), Folds.Product(signs));
        }
    }

    [Fact]
    public void Sums_do_not_depend_on_the_place_in_memory()
    {
        var numbers = Random(LongestRun + 9, 5);
        for (var n = 0; n <= LongestRun; n++)
        {
            var whole = new double[n + 9];
            var sums = Enumerable.Range(0, 9).Select(offset =>
            {
                numbers.AsSpan(0, n).CopyTo(whole.AsSpan(offset));
                return (Folds.Sum(whole.AsSpan(offset, n)), Folds.Dot(whole.AsSpan(offset, n), numbers.AsSpan(0, n)), Folds.Product(whole.AsSpan(offset, n)));
            });
            Assert.Single(sums.Distinct());
        }
    }

    [Fact]
    public void A_number_that_is_none_is_seen_in_every_place()
    {
        for (var n = 1; n <= LongestRun; n++)
        {
            for (var place = 0; place < n; place++)
            {
                var x = Whole(n, 3);
                x[place] = double.NaN;
                Assert.True(double.IsNaN(Folds.Sum(x)) && double.IsNaN(Folds.Product(x)) && double.IsNaN(Folds.Dot(x, x)));
                Assert.True(double.IsNaN(Folds.Max(x)) && double.IsNaN(Folds.Min(x)) && double.IsNaN(Folds.MaxMagnitude(x)));
                x[place] = double.NegativeInfinity;
                Assert.Equal(double.NegativeInfinity, Folds.Sum(x));
                Assert.Equal(double.NegativeInfinity, Folds.Min(x));
                Assert.Equal(double.PositiveInfinity, Folds.MaxMagnitude(x));
                Assert.Equal(double.PositiveInfinity, Folds.SumOfSquares(x));
            }
        }
    }

    [Fact]
    public void The_larger_zero_is_the_positive_one()
    {
        for (var n = 2; n <= LongestRun; n++)
        {
            var x = new double[n];
            Array.Fill(x, -0.0);
            x[n / 2] = 0;
            Assert.False(double.IsNegative(Folds.Max(x)));
            Assert.True(double.IsNegative(Folds.Min(x)));
        }
    }

    [Fact]
    public void Sums_are_accurate() => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(
        Gen.Choose(0, 20_000).SelectMany(n => Gen.Choose(0, int.MaxValue).Select(seed => Random(n, seed))).ToArbitrary(), AssertAccurate));

    [Fact]
    public void Long_sums_of_equal_numbers_are_accurate()
    {
        var tenths = new double[1_000_000];
        Array.Fill(tenths, 0.1);
        AssertAccurate(tenths);
    }

    [Fact]
    public void Registers_of_all_widths_agree()
    {
        for (var n = 0; n <= LongestRun; n++)
        {
            var x = Whole(n, 4);
            Assert.Equal(x.Sum(), Folds.Fold<Lanes1, Folds.SumOf>(x, x));
            Assert.Equal(x.Sum(), Folds.Fold<Lanes128, Folds.SumOf>(x, x));
            Assert.Equal(x.Sum(), Folds.Fold<Lanes256, Folds.SumOf>(x, x));
            Assert.Equal(x.Sum(), Folds.Fold<Lanes512, Folds.SumOf>(x, x));
            Assert.Equal(x.Sum(a => a * a), Folds.Fold<Lanes128, Folds.SumOfProducts>(x, x));
            Assert.Equal(x.Sum(a => a * a), Folds.Fold<Lanes256, Folds.SumOfRoundedProducts>(x, x));
        }
    }

    /// <summary>The error is at most a unit roundoff of the sum of magnitudes for each addition that a number goes through.</summary>
    private static void AssertAccurate(double[] x)
    {
        const double UnitRoundoff = 1.1102230246251565e-16;
        var additions = Math.Min(x.Length, 256 + (x.Length / 1_024));
        var squares = Array.ConvertAll(x, number => number * number);
        Assert.InRange(Math.Abs(Folds.Sum(x) - ExactSum(x)), 0, additions * UnitRoundoff * x.Sum(Math.Abs));
        Assert.InRange(Math.Abs(Folds.SumOfSquares(x) - ExactSum(squares)), 0, (additions + 1) * UnitRoundoff * squares.Sum());
    }

    private static double[] Whole(int count, int seed)
    {
        var random = new System.Random((1_000 * count) + seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-1_000, 1_000))];
    }

    private static double[] Random(int count, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (4 * random.NextDouble()) - 2)];
    }

    /// <summary>The sum rounded once, for numbers that are whole multiples of 2⁻²⁰⁰.</summary>
    private static double ExactSum(double[] numbers)
    {
        var sum = BigInteger.Zero;
        foreach (var number in numbers)
        {
            var bits = BitConverter.DoubleToInt64Bits(number);
            var exponent = (int)((bits >> 52) & 0x7FF);
            var size = new BigInteger((bits & ((1L << 52) - 1)) | (exponent > 0 ? 1L << 52 : 0));
            var shift = Math.Max(exponent, 1) - 1075 + 200;
            sum += (shift >= 0 ? size << shift : size >> -shift) * Math.Sign(number);
        }

        return (double)sum / Math.ScaleB(1, 200);
    }
}
