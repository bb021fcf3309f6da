// The sign of zero, which equality does not see: it is looked at through 1/x.

using System.Globalization;
using Autodiff.PropertyTests.Compiling;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Edges;

public class SignedZeroTests
{
    private static readonly double[] s_sizes = [0, 1e-300, 0.5, 40, 800, 1e4, 1e200, double.PositiveInfinity];

    private static readonly double[] s_points = [.. s_sizes, .. s_sizes.Select(size => -size)];

    private static readonly double[] s_orders = [0, 1, 2];

    private static readonly double[] s_others = [0.5, -3, 0, 1e200, -1e200];

    public static TheoryData<Op> Unary => [.. Enum.GetValues<Op>().Where(op => op.IsUnary())];

    public static TheoryData<Op> Binary => [.. Enum.GetValues<Op>().Where(op => op.IsBinary())];

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

    [Theory]
    [MemberData(nameof(Unary))]
    public void A_derivative_that_vanishes_has_the_same_sign_in_every_mode_and_engine(Op op) => AssertOneSign(x => Expr.Apply(op, x));

    [Theory]
    [MemberData(nameof(Binary))]
    public void A_partial_derivative_that_vanishes_has_the_same_sign_in_every_mode_and_engine(Op op)
    {
        foreach (var other in op.HasOrder() ? s_orders : s_others)
        {
            AssertOneSign(x => Expr.Apply(op, other, x));
            if (!op.HasOrder())
            {
                AssertOneSign(x => Expr.Apply(op, x, other));
            }
        }
    }

    [Fact]
    public void A_chain_keeps_the_sign_of_a_derivative_that_vanishes()
    {
        AssertOneSign(x => Exp(-x));
        AssertOneSign(x => 3 * Exp(-(2 * x)));
        AssertOneSign(x => Sigmoid(-x) / -2);
        AssertOneSign(x => Tanh(Exp(-x)));
        Assert.Equal(double.NegativeInfinity, (1 / Grad(x => Exp(-x))(1e4)).Value);
        Expr far = new double[] { 1e4, 1e5 };
        Assert.All((1 / Grad(x => Sum(Exp(-x)))(far)).ToArray(), number => Assert.Equal(double.NegativeInfinity, number));
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

    private static void AssertOneSign(Func<Expr, Expr> f)
    {
        var variable = Variable("x");
        var formula = Grad(f)(variable);
        Func<double, double>[] compiled = [.. Engines.All.Select(options => CompileScalar(Grad(f), options))];
        foreach (var x in s_points)
        {
            var expected = Diff(f)(x).Value;
            var point = Variable("x", x);
            Expr? nested = null;
            Grad(t => nested = Grad(f)(x - (0 * t)))(1);
            (string Mode, double Found)[] all =
            [
                ("Grad", Grad(f)(x).Value),
                ("Backward", Backward(f(point))[point].Value),
                ("Backward with a graph", Backward(f(point), keepGraph: true)[point].Value),
                ("a formula", formula.Substitute((variable, (Expr)x)).Value),
                ("Grad inside Grad", nested!.Value),
                ("Grad on a vector", Grad(v => Sum(f(v)))(Enumerable.Repeat(x, 9).ToArray())[0].Value),
                .. compiled.Select(derivative => ("compiled", derivative(x))),
            ];
            foreach (var (mode, found) in all)
            {
                Assert.True(
                    expected != 0 ? (double.IsNaN(expected) ? double.IsNaN(found) : found != 0) : found == 0 && double.IsNegative(found) == double.IsNegative(expected),
                    $"The derivative of {f(variable)} at {Show(x)} is {Show(expected)} by Diff and {Show(found)} by {mode}.");
            }
        }
    }

    private static string Show(double x) => x == 0 && double.IsNegative(x) ? "-0" : x.ToString("R", CultureInfo.InvariantCulture);
}
