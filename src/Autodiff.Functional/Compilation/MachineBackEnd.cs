// The back end that compiles computations to machine code.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

/// <summary>Compiles computations to machine code, or to kernels that are interpreted if the options ask for that.</summary>
internal sealed record MachineBackEnd(CompileOptions Options) : IBackEnd
{
    public IExecutable Compile(Computation computation) => Executable.Of(computation, Options);
}
