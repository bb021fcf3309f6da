// One scalar operand of an instruction during lowering, before it is known which kernel will use it.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>A number for every sample and iteration of loops: a value of a kernel, doubles in memory, or a constant.</summary>
internal readonly record struct ScalarOperand(Kernel? Kernel, int Value, MemoryReference? Reference, double Number)
{
    /// <summary>Whether it is a constant, which depends on no kernel and no memory.</summary>
    public bool IsKnown => Kernel is null && Reference is null;

    public static ScalarOperand Of(double number) => new(null, 0, null, number);

    public static ScalarOperand Of(MemoryReference reference) => new(null, 0, reference, 0);

    public static ScalarOperand Of(Kernel kernel, int value) => new(kernel, value, null, 0);

    /// <summary>The first step, as a kernel over a space, that can use it.</summary>
    public int Earliest(KernelSpace space) =>
        Kernel is not null ? Kernel.Space.Equals(space) ? Kernel.Index : Kernel.Index + 1
        : Reference is not null ? Reference.Buffer.LastWriter + 1
        : 0;

    /// <summary>The value in a kernel that stands for this operand: its own value, or a load, or a constant, which is appended if needed.</summary>
    public int In(Kernel kernel) =>
        Kernel == kernel && Kernel is not null ? Value
        : Kernel is not null ? kernel.Load(Kernel.Export(Value))
        : Reference is not null ? kernel.Load(Reference)
        : kernel.Number(Number);
}
