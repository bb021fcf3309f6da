// What the parts of some work add up apart from each other.


using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Numbers that every part of the work has of its own, until they are combined with those of a buffer.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Monoid">What combines two numbers.</param>
/// <param name="Start">Where they are in the memory of a part.</param>
/// <param name="Lanes">How many there are for each of the buffer.</param>
internal sealed record PartialSums(TensorBuffer Buffer, Monoid Monoid, int Start, int Lanes)
{
    public int Size => checked((int)Buffer.Size * Lanes);
}
