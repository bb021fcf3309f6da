// The memory that a program needs to run.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>The memory that a program needs, in doubles.</summary>
/// <param name="Arena">For buffers that lie between groups.</param>
/// <param name="Tile">For the samples of one tile, for each thread.</param>
/// <param name="Chunks">For the partial sums of all chunks of a group.</param>
internal readonly record struct MemorySize(long Arena, long Tile, long Chunks)
{
    /// <summary>The doubles in a line of the caches (64 bytes). Buffers of at least this size start at multiples of it, so that a load of a register does not cross lines.</summary>
    public const int Line = 8;

    public static int RoundedUp(int count) => (count + Line - 1) / Line * Line;

    public static long RoundedUp(long count) => (count + Line - 1) / Line * Line;
}
