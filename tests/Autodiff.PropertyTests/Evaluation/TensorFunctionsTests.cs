// Values of the tensor functions against plain loops over multi-indices, eagerly and through symbolic variables.

using Autodiff.PropertyTests.Generators;

namespace Autodiff.PropertyTests.Evaluation;

public class TensorFunctionsTests
{
    public static TheoryData<string> Functions => [.. StructuralCases.WithLoops.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_value_is_that_of_plain_loops(string function) =>
        StructuralCase.ForAll(StructuralCases.WithLoops[function], 200, x => x.HasTheValueOfItsLoops());

    [Theory, MemberData(nameof(Functions))]
    public void Built_symbolically_and_substituted_it_is_the_same(string function) =>
        StructuralCase.ForAll(StructuralCases.WithLoops[function], 100, x => x.IsTheSameBuiltSymbolically());
}
