// What the axes of a tensor are to the kernel that computes it.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>What the axes of a tensor are to the kernel that computes it.</summary>
/// <param name="Classes">The class of each axis; negative for an axis of length 1.</param>
/// <param name="Samples">The axis in the lanes of registers; −1 if there is none.</param>
/// <param name="Loops">The axes that are loops, by class.</param>
/// <param name="Unrolled">All others, in order.</param>
internal sealed record AxisRoles(int[] Classes, int Samples, int[] Loops, int[] Unrolled)
{
    /// <summary>Of a scalar, which has no axes.</summary>
    public static AxisRoles OfNumbers { get; } = new([], -1, [], []);

    public bool IsOutside(int axis) => axis == Samples || Array.IndexOf(Loops, axis) >= 0;

    public KernelSpace Space(Shape shape) => new(
        Samples < 0 ? -1 : Classes[Samples],
        Samples < 0 ? 1 : shape[Samples],
        Array.ConvertAll(Loops, axis => Classes[axis]),
        Array.ConvertAll(Loops, axis => shape[axis]));
}
