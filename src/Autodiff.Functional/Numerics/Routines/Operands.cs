// The operands of a routine.

namespace Autodiff.Functional.Numerics;

/// <summary>The operands of a routine, each in row-major order; those that it does not have are empty.</summary>
internal readonly ref struct Operands(ReadOnlySpan<double> first, ReadOnlySpan<double> second = default, ReadOnlySpan<double> third = default)
{
    public ReadOnlySpan<double> First { get; } = first;

    public ReadOnlySpan<double> Second { get; } = second;

    public ReadOnlySpan<double> Third { get; } = third;
}
