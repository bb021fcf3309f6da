// Every wrong use that the tables of the tests list is an error of the stated type, which starts with the operation and says what
// was done.

using Autodiff.PropertyTests.Batches;
using Autodiff.PropertyTests.LinearAlgebra;

namespace Autodiff.PropertyTests.Errors;

public class ExampleTests
{
    /// <summary>The examples of all tables.</summary>
    internal static IReadOnlyList<Example> All { get; } =
    [
        .. TransformErrorTests.All,
        .. SingularTests.All,
        .. VmapErrorTests.All,
        .. ProgramErrorTests.All,
        .. CompileErrorTests.All,
        .. ImplicitErrorTests.All,
        .. DataErrorTests.All,
    ];

    public static TheoryData<Example> Examples => [.. All];

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_misuse_has_the_stated_type_and_says_what_was_done(Example example)
    {
        var error = example.Caught();

        Assert.IsType(example.Error, error);
        Assert.StartsWith(example.Says[0], error.Message, StringComparison.Ordinal);
        Assert.All(example.Says, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
