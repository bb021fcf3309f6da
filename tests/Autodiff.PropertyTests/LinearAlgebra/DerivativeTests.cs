// Linear algebra: values in batches, and derivatives in every mode, to second order.

using Autodiff.PropertyTests.Generators;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class DerivativeTests
{
    public static TheoryData<string> Functions => [.. LinearAlgebraCases.All.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void A_batch_is_a_loop(string function) =>
        StructuralCase.ForAll(LinearAlgebraCases.All[function], 100, x => x.HasTheValueOfItsLoops());

    [Theory, MemberData(nameof(Functions))]
    public void A_formula_has_the_same_value_as_numbers(string function) =>
        StructuralCase.ForAll(LinearAlgebraCases.All[function], 40, x => x.IsTheSameBuiltSymbolically());

    [Theory, MemberData(nameof(Functions))]
    public void The_Jacobian_is_the_same_in_every_mode_and_by_differences(string function) =>
        StructuralCase.ForAll(LinearAlgebraCases.All[function], 20, x => x.HasOneJacobianInEveryMode());

    [Theory, MemberData(nameof(Functions))]
    public void The_pullback_is_the_transpose_of_the_pushforward(string function) =>
        StructuralCase.ForAll(LinearAlgebraCases.All[function], 60, x => x.PullsBackByTheTransposeOfPushingForward());

    [Theory, MemberData(nameof(Functions))]
    public void The_Hessian_is_the_same_in_every_nesting_and_by_differences(string function) =>
        StructuralCase.ForAll(LinearAlgebraCases.All[function], 6, x => x.HasOneHessianInEveryNesting());
}
