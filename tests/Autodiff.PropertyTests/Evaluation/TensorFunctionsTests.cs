// Values of the tensor functions against plain loops over multi-indices, eagerly and through symbolic variables.

using Autodiff.PropertyTests.Generators;
using FsCheck;

namespace Autodiff.PropertyTests.Evaluation;

public class TensorFunctionsTests
{
    private static readonly Dictionary<string, Gen<StructuralCase>> s_cases =
        new(LinearCases.All.Concat(ReductionCases.All).Concat(ContractionCases.All));

    public static TheoryData<string> Functions => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_value_is_that_of_plain_loops(string function) =>
        StructuralCase.ForAll(s_cases[function], 200, x => x.HasTheValueOfItsLoops());

    [Theory, MemberData(nameof(Functions))]
    public void Built_symbolically_and_substituted_it_is_the_same(string function) =>
        StructuralCase.ForAll(s_cases[function], 100, x => x.IsTheSameBuiltSymbolically());
}
