// Steps that are no kernels: they read and write whole tensors.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Compiles the programs that steps hold.</summary>
internal delegate CompiledProgram ProgramCompiler(Computation body);

/// <summary>A step that reads and writes whole buffers.</summary>
internal abstract unsafe class Step : IStep
{
    public int Index { get; set; }

    public IEnumerable<(TensorBuffer Buffer, bool IsWritten, bool IsOwn)> Touched =>
        [.. Operands.Select(memory => (memory.Buffer, false, false)), .. Results.Select(memory => (memory.Buffer, true, false))];

    /// <summary>What it reads.</summary>
    protected abstract BufferView[] Operands { get; }

    /// <summary>What it writes.</summary>
    protected abstract BufferView[] Results { get; }

    /// <summary>Called once, when every buffer has its place.</summary>
    public virtual void Prepare(ProgramCompiler compiler)
    {
    }

    public abstract void Run(Workspace workspace);

    /// <summary>What it does, one line or more.</summary>
    public abstract IEnumerable<string> Explain();

    public static double* At(double** places, BufferView memory) => places[memory.Buffer.Place] + memory.Buffer.Start + (memory.Element * memory.Buffer.Lead) + memory.Sample;
}
