// The base of steps that are not kernels: they read and write whole tensors.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Compiles the computations that steps contain.</summary>
internal delegate CompiledProgram ProgramCompiler(Computation computation);

/// <summary>A step that reads and writes whole buffers.</summary>
internal abstract unsafe class Step : IStep
{
    public int Index { get; set; }

    public IEnumerable<(TensorBuffer Buffer, bool IsWritten, bool IsOwn)> Touched =>
        [.. Operands.Select(memory => (memory.Buffer, false, false)), .. Results.Select(memory => (memory.Buffer, true, false))];

    /// <summary>The tensors that it reads.</summary>
    public abstract BufferView[] Operands { get; }

    /// <summary>The tensors that it writes.</summary>
    public abstract BufferView[] Results { get; }

    /// <summary>Called once, after every buffer has been given its place, to compile inner programs.</summary>
    public virtual void Prepare(ProgramCompiler compiler)
    {
    }

    public abstract void Run(Workspace workspace);

    /// <summary>A description of what it does, in one line or more.</summary>
    public abstract IEnumerable<string> Explain();

    public static double* At(double** segments, BufferView memory) => segments[memory.Buffer.Segment] + memory.Buffer.Start + (memory.Element * memory.Buffer.Lead) + memory.Sample;
}
