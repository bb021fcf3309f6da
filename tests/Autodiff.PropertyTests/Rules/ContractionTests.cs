// The products of tensors: linear in each operand, with derivatives in every mode, to second order.

using Autodiff.PropertyTests.Generators;

namespace Autodiff.PropertyTests.Rules;

public class ContractionTests
{
    public static TheoryData<string> Functions => [.. ContractionCases.All.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_Jacobian_is_the_same_in_every_mode_and_by_differences(string function) =>
        StructuralCase.ForAll(ContractionCases.All[function], 40, x => x.HasOneJacobianInEveryMode());

    [Theory, MemberData(nameof(Functions))]
    public void The_pullback_is_the_transpose_of_the_pushforward(string function) =>
        StructuralCase.ForAll(ContractionCases.All[function], 100, x => x.PullsBackByTheTransposeOfPushingForward());

    [Theory, MemberData(nameof(Functions))]
    public void The_product_is_linear_in_each_operand_and_its_pullback_is_its_transpose(string function) =>
        StructuralCase.ForAll(ContractionCases.All[function], 100, x => x.IsLinearInEachOperand());

    [Theory, MemberData(nameof(Functions))]
    public void The_Hessian_is_the_same_in_every_nesting_and_by_differences(string function) =>
        StructuralCase.ForAll(ContractionCases.All[function], 15, x => x.HasOneHessianInEveryNesting());
}
