// How much memory a program needs.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>How much memory a program needs, in numbers.</summary>
/// <param name="Arena">For what lies between its groups.</param>
/// <param name="Tile">For the samples of one tile, for each thread.</param>
/// <param name="Parts">For what the parts of the work of a group add up, each its own.</param>
internal readonly record struct MemorySize(long Arena, long Tile, long Parts)
{
    /// <summary>Numbers that a register holds start where a line of the caches does.</summary>
    public const int Line = 8;

    public static int RoundedUp(int count) => (count + Line - 1) / Line * Line;

    public static long RoundedUp(long count) => (count + Line - 1) / Line * Line;
}
