// Convolutions and their transposes in the input and in the kernel, and the largest elements of windows: derivatives in every mode, to second order, and the values of large convolutions.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Rules;

public class ConvolutionTests
{
    public static TheoryData<string> Functions => [.. ConvolutionCases.All.Keys];

    public static TheoryData<string> Bilinear => [.. ConvolutionCases.Bilinear.Keys];

    [Fact]
    public void Large_ones_have_the_values_of_plain_loops() => Prop.ForAll(ConvolutionCases.Large.ToArbitrary(), c =>
    {
        var (x, kernel, y) = (Tensors.Direction(new(c.Input), 1), Tensors.Direction(new(c.Kernel), 2), Tensors.Direction(new(c.Output), 3));
        Agreement.Near(c.OutputOf(Grid.Of(x), Grid.Of(kernel)).ToExpr(), ConvolutionCases.Of(c, ConvolutionTensor.Output, [x, kernel]), 1e-13);
        Agreement.Near(c.InputOf(Grid.Of(y), Grid.Of(kernel)).ToExpr(), ConvolutionCases.Of(c, ConvolutionTensor.Input, [y, kernel]), 1e-13);
        Agreement.Near(c.KernelOf(Grid.Of(x), Grid.Of(y)).ToExpr(), ConvolutionCases.Of(c, ConvolutionTensor.Kernel, [x, y]), 1e-13);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Theory, MemberData(nameof(Functions))]
    public void The_Jacobian_is_the_same_in_every_mode_and_by_differences(string function) => StructuralCase.ForAll(ConvolutionCases.All[function], 20, x => x.HasOneJacobianInEveryMode());

    [Theory, MemberData(nameof(Functions))]
    public void The_pullback_is_the_transpose_of_the_pushforward(string function) =>
        StructuralCase.ForAll(ConvolutionCases.All[function], 60, x => x.PullsBackByTheTransposeOfPushingForward());

    [Theory, MemberData(nameof(Bilinear))]
    public void The_map_is_linear_in_each_operand(string function) => StructuralCase.ForAll(ConvolutionCases.Bilinear[function], 60, x => x.IsLinearInEachOperand());

    [Theory, MemberData(nameof(Functions))]
    public void The_Hessian_is_the_same_in_every_nesting_and_by_differences(string function) => StructuralCase.ForAll(ConvolutionCases.All[function], 6, x => x.HasOneHessianInEveryNesting());

    [Fact]
    public void Nothing_is_computed_for_an_empty_batch()
    {
        Assert.Equal(new Shape(0, 1, 3937, 3937), Conv(Zeros(0, 1, 4000, 4000), Ones(1, 1, 64, 64)).Shape);
        Assert.Equal(0, Sum(Grad(kernel => Sum(Conv(Zeros(0, 1, 4000, 4000), kernel)))(Ones(1, 1, 64, 64))).Value);
    }

    [Fact]
    public void Windows_may_have_any_stride_and_no_more_than_a_tensor_holds()
    {
        Assert.Equal([1.0], MaxPool(Ones(1, 1, 4), window: 3, stride: int.MaxValue, padding: 2).ToArray());
        Assert.Contains("MaxPool", Assert.Throws<ShapeException>(() => MaxPool(Ones(1, 1, 1000), window: 2147483591, stride: 1, padding: 2147483590)).Message, StringComparison.Ordinal);
    }
}
