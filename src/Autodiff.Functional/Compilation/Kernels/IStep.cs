// The interface of the steps that a program consists of.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>A step of a program: a kernel, or a step of another kind.</summary>
internal interface IStep
{
    /// <summary>Its index among the steps of the program.</summary>
    int Index { get; set; }

    /// <summary>The buffers that it reads and writes, and whether each sample uses only its own numbers of them.</summary>
    IEnumerable<(TensorBuffer Buffer, bool IsWritten, bool IsOwn)> Touched { get; }
}
