// What a program is made of.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>What a program does in turn: a kernel, or a step of another kind.</summary>
internal interface IStep
{
    /// <summary>Its place among the steps of the program.</summary>
    int Index { get; set; }

    /// <summary>What it reads and writes, and whether each sample its own.</summary>
    IEnumerable<(TensorBuffer Buffer, bool IsWritten, bool IsOwn)> Touched { get; }
}
