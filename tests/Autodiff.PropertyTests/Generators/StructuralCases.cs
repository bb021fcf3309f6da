// All random calls of functions of tensors.

using FsCheck;

namespace Autodiff.PropertyTests.Generators;

internal static class StructuralCases
{
    /// <summary>Calls whose values are compared with plain loops.</summary>
    public static IReadOnlyDictionary<string, Gen<StructuralCase>> WithLoops { get; } = new Dictionary<string, Gen<StructuralCase>>(
        LinearCases.All.Concat(ReductionCases.All).Concat(ContractionCases.All).Concat(ConvolutionCases.All).Concat(IndexCases.All).Concat(OrderCases.All));

    /// <summary>These and calls of linear algebra.</summary>
    public static IReadOnlyDictionary<string, Gen<StructuralCase>> All { get; } = new Dictionary<string, Gen<StructuralCase>>(WithLoops.Concat(LinearAlgebraCases.All));
}
