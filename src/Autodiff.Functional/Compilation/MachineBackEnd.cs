// The back end that makes machine code.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

/// <summary>Compiles bodies to machine code, or to what interprets the same kernels.</summary>
internal sealed record MachineBackEnd(CompileOptions Options) : IBackEnd
{
    public IExecutable Compile(Computation body) => Executable.Of(body, Options);
}
