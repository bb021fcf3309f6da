// Where a tensor of a program is while the program is lowered: in memory, or in values of kernels, element by element.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>A tensor of a program.</summary>
/// <param name="shape">Its shape.</param>
/// <param name="classes">The classes of its axes.</param>
internal sealed class LoweredTensor(Shape shape, int[] classes)
{
    public Shape Shape => shape;

    public int[] Classes => classes;

    /// <summary>What the axes are to the kernel that its atoms are values of.</summary>
    public AxisRoles? Roles { get; init; }

    /// <summary>The elements along unrolled axes, in row-major order.</summary>
    public ScalarOperand[]? Atoms { get; init; }

    /// <summary>The tensor in memory.</summary>
    public BufferView? Memory { get; set; }

    /// <summary>The tensor in memory in row-major order.</summary>
    public BufferView? Flat { get; set; }

    /// <summary>The numbers of a constant.</summary>
    public Evaluation.Storage? Constant { get; init; }
}
