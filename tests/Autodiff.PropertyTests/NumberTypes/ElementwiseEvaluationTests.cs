// Every elementwise primitive in other number types: against its values in doubles, and its derivatives against finite differences in
// double-doubles, which have nearly no rounding error, and against complex steps.

using System.Numerics;
using Autodiff.PropertyTests.Rules;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.NumberTypes;

public class ElementwiseEvaluationTests
{
    // The truncation error of a central difference is about h² and its rounding error 10⁻³⁰/h.
    private const double Step = 1e-9;

    // The magnitude below which errors are absolute, since terms of this size cancel near zeros.
    private const double Smallest = 0.01;

    private static readonly Op[] s_analytic =
    [
        Op.Negate, Op.Sqrt, Op.Cbrt, Op.Exp, Op.Exp2, Op.ExpM1, Op.Log, Op.Log2, Op.Log10, Op.LogP1, Op.Sin, Op.Cos, Op.Tan, Op.Asin, Op.Acos, Op.Atan,
        Op.Sinh, Op.Cosh, Op.Tanh, Op.Asinh, Op.Acosh, Op.Atanh, Op.Sigmoid, Op.Softplus, Op.LogisticDensity, Op.AsinDerivative, Op.LambertW, Op.Sinc, Op.PlusZero,
        Op.Add, Op.Subtract, Op.Multiply, Op.Divide, Op.Pow, Op.Atan2, Op.Hypot, Op.DirectionCosine, Op.ShareOfNorm, Op.Xlogy, Op.SincDerivative, Op.Gaussian,
    ];

    public static TheoryData<Op> Primitives => new(Enum.GetValues<Op>().Where(op => op.IsElementwise()));

    public static TheoryData<Op> Differentiable => new(Enum.GetValues<Op>().Where(op => op.IsElementwise() && !op.StopsDerivatives() && op != Op.StopGradient));

    public static TheoryData<Op> Analytic => new(s_analytic);

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Values_agree_with_those_in_doubles(Op op) => ForAll(op, (variables, point) =>
    {
        var f = ElementwiseTests.Apply(op, variables);
        var expected = ElementwiseTests.Apply(op, [.. point.Select(number => (Expr)number)]).Value;
        Assert.Equal(expected, f.Evaluate(At(variables, point, number => number)));
        Near(expected, f.Evaluate(At(variables, point, number => (DoubleDouble)number)).Hi, 1e-13);
        Near(expected, f.Evaluate(At(variables, point, number => (float)number)), 1e-5 * (1 + point.Max(Math.Abs)) * 10);
        Assert.Equal(expected, f.Evaluate(At(variables, point, number => (Dual<double>)number)).Primal);
    });

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Derivatives_agree_with_differences_of_double_doubles(Op op) => ForAll(op, (variables, point) =>
    {
        var f = ElementwiseTests.Apply(op, variables);
        for (var k = 0; k < point.Length; k++)
        {
            var slope = AD.Grad(x => f.Substitute((variables[k], x)))(variables[k]);
            var expected = slope.Evaluate(At(variables, point, number => number));

            // The derivatives of Dawson's integral have zeros, near which terms of the size of the derivatives of lower order cancel.
            var isDawson = op is Op.Dawson or Op.DawsonDerivative;
            var size = isDawson ? Math.Abs(f.Evaluate(At(variables, point, number => number))) : 0;
            Near(Difference(f, variables, point, k), expected, 1e-13, size);

            // The tree of the derivative, and that of the second one.
            Near(slope.Evaluate(At(variables, point, number => (DoubleDouble)number)).Hi, expected, 1e-13, size);
            var second = AD.Grad(x => slope.Substitute((variables[k], x)))(variables[k]);
            size = isDawson ? Math.Max(size, Math.Abs(expected)) : 0;
            Near(Difference(slope, variables, point, k), second.Evaluate(At(variables, point, number => number)), 2e-13, size);
            Near(
                second.Evaluate(At(variables, point, number => (DoubleDouble)number)).Hi, second.Evaluate(At(variables, point, number => number)), 1e-12, size);
        }
    });

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Tangents_of_dual_numbers_are_the_derivatives(Op op) => ForAll(op, (variables, point) =>
    {
        var f = ElementwiseTests.Apply(op, variables);
        for (var k = 0; k < point.Length; k++)
        {
            var expected = AD.Grad(x => f.Substitute((variables[k], x)))(variables[k]).Evaluate(At(variables, point, number => number));
            var at = At(variables, point, number => (Dual<double>)number);
            at[k].Value = Dual<double>.Variable(point[k]);
            Near(expected, f.Evaluate(at).Tangent, 1e-15);
        }
    });

    // Near a zero of the derivative its terms, which are of the size of the function, cancel.
    [Theory]
    [MemberData(nameof(Analytic))]
    public void A_complex_step_gives_the_derivative(Op op) => ForAll(op, (variables, point) =>
    {
        var f = ElementwiseTests.Apply(op, variables);
        var size = Math.Abs(f.Evaluate(At(variables, point, number => number)));
        for (var k = 0; k < point.Length; k++)
        {
            var at = At(variables, point, number => new Complex(number, 0));
            at[k].Value = new Complex(point[k], 1e-30);
            var slope = AD.Grad(x => f.Substitute((variables[k], x)))(variables[k]).Evaluate(At(variables, point, number => number));
            Near(slope, f.Evaluate(at).Imaginary / 1e-30, 1e-14, size);
        }
    });

    [Theory]
    [InlineData(Op.Abs)]
    [InlineData(Op.Max)]
    [InlineData(Op.Relu)]
    [InlineData(Op.Less)]
    [InlineData(Op.Gamma)]
    public void What_is_not_analytic_is_an_error_of_complex_numbers(Op op)
    {
        Expr[] variables = [Variable("x"), Variable("y")];
        var f = ElementwiseTests.Apply(op, variables.AsSpan(0, ElementwiseTests.RegionOf(op).Operands.Length));
        var error = Assert.Throws<AutodiffException>(() => f.Evaluate((variables[0], Complex.One), (variables[1], Complex.One)));
        Assert.Contains($"{op} is not defined for Complex numbers", error.Message, StringComparison.Ordinal);
    }

    private static double Difference(Expr f, Expr[] variables, double[] point, int k)
    {
        DoubleDouble Shifted(double step)
        {
            var at = At(variables, point, number => (DoubleDouble)number);
            at[k].Value += step;
            return f.Evaluate(at);
        }

        return ((Shifted(Step) - Shifted(-Step)) / (2 * (DoubleDouble)Step)).Hi;
    }

    private static (Expr Variable, T Value)[] At<T>(Expr[] variables, double[] point, Func<double, T> number) => [.. variables.Zip(point, (variable, x) => (variable, number(x)))];

    private static void Near(double expected, double actual, double relative, double least = Smallest)
    {
        var size = Math.Max(Math.Abs(expected), Math.Max(least, Smallest));
        Assert.True(Math.Abs(expected - actual) <= relative * size, $"{actual:r}, not {expected:r}: {Math.Abs(expected - actual) / size:g2}");
    }

    private static void ForAll(Op op, Action<Expr[], double[]> law)
    {
        Expr[] variables = [.. ElementwiseTests.RegionOf(op).Operands.Select((_, k) => Variable($"x{k}"))];
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), Prop.ForAll(ElementwiseTests.PointsOf(op).ToArbitrary(), point => law(variables, point)));
    }
}
