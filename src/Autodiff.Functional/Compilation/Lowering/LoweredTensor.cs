// What lowering knows of a tensor of a program: where it lies in memory, or which values of kernels its elements are.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>A tensor of a program during lowering.</summary>
/// <param name="shape">The shape of the tensor.</param>
/// <param name="domains">The iteration domains of its axes.</param>
internal sealed class LoweredTensor(Shape shape, int[] domains)
{
    public Shape Shape => shape;

    public int[] Domains => domains;

    /// <summary>The roles of the axes in the kernel that computes <see cref="Scalars"/>.</summary>
    public AxisRoles? Roles { get; init; }

    /// <summary>The scalar operands, one for each position of the unrolled axes, in row-major order.</summary>
    public ScalarOperand[]? Scalars { get; init; }

    /// <summary>The tensor in memory.</summary>
    public BufferView? Memory { get; set; }

    /// <summary>The tensor in memory in row-major order.</summary>
    public BufferView? Flat { get; set; }

    /// <summary>The numbers of a constant.</summary>
    public Evaluation.Storage? Constant { get; init; }
}
