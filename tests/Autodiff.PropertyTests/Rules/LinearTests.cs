// The functions that move, cut and join elements: their derivatives in every mode, and their transposes.

using Autodiff.PropertyTests.Generators;
using FsCheck;

namespace Autodiff.PropertyTests.Rules;

public class LinearTests
{
    private static readonly Dictionary<string, Gen<StructuralCase>> s_cases = new(LinearCases.All.Concat(IndexCases.All));

    public static TheoryData<string> Functions => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_Jacobian_is_the_same_in_every_mode_and_by_differences(string function) =>
        StructuralCase.ForAll(s_cases[function], 40, x => x.HasOneJacobianInEveryMode());

    [Theory, MemberData(nameof(Functions))]
    public void The_pullback_is_the_transpose_of_the_pushforward(string function) =>
        StructuralCase.ForAll(s_cases[function], 100, x => x.PullsBackByTheTransposeOfPushingForward());

    [Theory, MemberData(nameof(Functions))]
    public void The_function_is_linear_and_its_pullback_is_its_transpose(string function) =>
        StructuralCase.ForAll(s_cases[function], 100, x => x.IsLinearInEachOperand());

    [Theory, MemberData(nameof(Functions))]
    public void The_Hessian_is_the_same_in_every_nesting_and_by_differences(string function) =>
        StructuralCase.ForAll(s_cases[function], 15, x => x.HasOneHessianInEveryNesting());
}
