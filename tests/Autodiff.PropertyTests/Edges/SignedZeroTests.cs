// The sign of zero, which equality does not see: it is looked at through 1/x.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Edges;

public class SignedZeroTests
{
    public static TheoryData<string> OddFunctions =>
        ["Sin", "Tan", "Asin", "Atan", "Sinh", "Tanh", "Asinh", "Atanh", "Sqrt", "Cbrt", "ExpM1", "LogP1", "Erf", "Floor", "Ceiling", "Round"];

    // IEEE 754 asks this of the odd functions, of √ and of the roundings.
    [Theory]
    [MemberData(nameof(OddFunctions))]
    public void A_function_that_is_zero_at_zero_keeps_its_sign(string name)
    {
        var f = typeof(Expr).GetMethod(name, [typeof(Expr)])!.CreateDelegate<Func<Expr, Expr>>();

        Assert.Equal(double.NegativeInfinity, (1 / f(-0.0)).Value);
        Assert.Equal(double.PositiveInfinity, (1 / f(0.0)).Value);

        // A vector takes other kernels than a number.
        Expr x = new double[] { 0.0, -0.0, 0.0, -0.0, 0.0, -0.0, 0.0, -0.0, -0.0 };
        Assert.Equal((1 / x).ToArray(), (1 / f(x)).ToArray());
    }

    [Fact]
    public void Arithmetic_keeps_the_sign_of_zero()
    {
        Expr negative = -0.0;

        Assert.Equal(double.NegativeInfinity, (1 / negative).Value);
        Assert.Equal(double.PositiveInfinity, (1 / (negative + 0)).Value);
        Assert.Equal(double.NegativeInfinity, (1 / (negative * 2)).Value);
        Assert.Equal(double.PositiveInfinity, (1 / Abs(negative)).Value);
        Assert.Equal(double.PositiveInfinity, (1 / Max(negative, 0)).Value);
        Assert.Equal(double.NegativeInfinity, (1 / Min(negative, 0)).Value);
    }

    [Fact]
    public void The_side_of_the_cut_is_the_sign_of_zero()
    {
        Assert.Equal(Math.PI, Atan2(0, -1).Value);
        Assert.Equal(-Math.PI, Atan2(-0.0, -1).Value);
        Assert.Equal(-1, Grad(y => Atan2(y, -1))(-0.0).Value);
    }

    [Fact]
    public void Zero_and_negative_zero_are_equal_and_have_equal_slopes()
    {
        Assert.Equal(1, Eq(0, -0.0).Value);
        Assert.Equal(0, Grad(Relu)(-0.0).Value);
        Assert.Equal(0, Grad(Abs)(-0.0).Value);
        Assert.Equal(0.5, Grad(x => Max(x, 0))(-0.0).Value);
        Assert.Equal(2, Grad(Grad(x => x * x))(-0.0).Value);
    }
}
