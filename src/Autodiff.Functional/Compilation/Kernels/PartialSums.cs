// The memory in which each chunk of work adds up, before its sums are combined with those of other chunks.


using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Numbers that every chunk of the work has of its own, until they are combined with those of a buffer.</summary>
/// <param name="Buffer">The buffer that they are combined with at the end.</param>
/// <param name="Monoid">The operation that combines two numbers.</param>
/// <param name="Start">Where they start in the memory of a chunk, in doubles.</param>
/// <param name="Lanes">How many there are for each number of the buffer.</param>
internal sealed record PartialSums(TensorBuffer Buffer, Monoid Monoid, int Start, int Lanes)
{
    public int Size => checked((int)Buffer.Size * Lanes);
}
