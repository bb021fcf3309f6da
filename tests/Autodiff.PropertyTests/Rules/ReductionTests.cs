// The reductions, over every choice of axes: their derivatives in every mode, to second order.

using Autodiff.PropertyTests.Generators;

namespace Autodiff.PropertyTests.Rules;

public class ReductionTests
{
    public static TheoryData<string> Functions => [.. ReductionCases.All.Keys];

    public static TheoryData<string> LinearFunctions => [.. ReductionCases.Linear.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_Jacobian_is_the_same_in_every_mode_and_by_differences(string function) =>
        StructuralCase.ForAll(ReductionCases.All[function], 40, x => x.HasOneJacobianInEveryMode());

    [Theory, MemberData(nameof(Functions))]
    public void The_pullback_is_the_transpose_of_the_pushforward(string function) =>
        StructuralCase.ForAll(ReductionCases.All[function], 100, x => x.PullsBackByTheTransposeOfPushingForward());

    [Theory, MemberData(nameof(LinearFunctions))]
    public void A_linear_one_has_its_own_transpose_as_its_pullback(string function) =>
        StructuralCase.ForAll(ReductionCases.Linear[function], 100, x => x.IsLinearInEachOperand());

    [Theory, MemberData(nameof(Functions))]
    public void The_Hessian_is_the_same_in_every_nesting_and_by_differences(string function) =>
        StructuralCase.ForAll(ReductionCases.All[function], 15, x => x.HasOneHessianInEveryNesting());
}
