// Reductions where a part of the elements alone would overflow or vanish.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Evaluation;

public class ReductionKernelsTests
{
    /// <summary>Powers of two, so that the product is exact in whatever order it is formed.</summary>
    [Fact]
    public void A_product_is_a_number_where_only_a_partial_product_is_none()
    {
        var random = new System.Random(4);
        for (var n = 2; n <= 70; n++)
        {
            var exponents = Enumerable.Range(0, n - 1).Select(_ => random.Next(-900, 900)).ToList();
            while (Math.Abs(exponents.Sum()) > 900)
            {
                exponents[random.Next(n - 1)] = 0;
            }

            exponents.Add(-exponents.Sum() + random.Next(-3, 4));
            double[] x = [.. exponents.Select(exponent => Math.ScaleB(random.Next(2) == 0 ? 1 : -1, exponent))];
            var expected = Math.ScaleB(x.Aggregate(1, (sign, number) => sign * Math.Sign(number)), exponents.Sum());
            Assert.Equal(expected, Prod(x).Value);
            Assert.Equal([expected, expected], Prod(Stack([x, x]), 1).ToArray());
            Assert.Equal([expected, expected], Prod(Stack([x, x], 1), 0).ToArray());
        }
    }

    [Theory]
    [InlineData(new[] { 1e200, 1e200, 0 }, 0)]
    [InlineData(new[] { 1e200, 1e200, -0.0 }, -0.0)]
    [InlineData(new[] { 1e-200, -1e-200 }, -0.0)]
    [InlineData(new[] { 1e200, -1e200 }, double.NegativeInfinity)]
    [InlineData(new[] { double.PositiveInfinity, 1e-300, 1e-300 }, double.PositiveInfinity)]
    [InlineData(new[] { double.PositiveInfinity, 0 }, double.NaN)]
    [InlineData(new[] { double.NaN, 0 }, double.NaN)]
    [InlineData(new[] { 1e-160, 1e-160 }, 1e-320)]
    public void A_product_at_an_edge(double[] x, double expected) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected) | (double.IsNaN(expected) ? long.MinValue : 0), BitConverter.DoubleToInt64Bits(Prod(x).Value) | (double.IsNaN(expected) ? long.MinValue : 0));
}
