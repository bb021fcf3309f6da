// The roles that the axes of a tensor have in the kernel that computes it: samples, loops, or unrolled.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>The roles of the axes of a tensor in the kernel that computes it.</summary>
/// <param name="Domains">The iteration domain of each axis; negative for an axis of length 1.</param>
/// <param name="Samples">The axis in the lanes of registers; −1 if there is none.</param>
/// <param name="Loops">The axes that are loops, outermost first, ordered by domain.</param>
/// <param name="Unrolled">All other axes, in order.</param>
internal sealed record AxisRoles(int[] Domains, int Samples, int[] Loops, int[] Unrolled)
{
    /// <summary>The roles of a scalar, which has no axes.</summary>
    public static AxisRoles Scalar { get; } = new([], -1, [], []);

    public bool IsOutside(int axis) => axis == Samples || Array.IndexOf(Loops, axis) >= 0;

    public KernelSpace Space(Shape shape) => new(
        Samples < 0 ? -1 : Domains[Samples],
        Samples < 0 ? 1 : shape[Samples],
        Array.ConvertAll(Loops, axis => Domains[axis]),
        Array.ConvertAll(Loops, axis => shape[axis]));
}
