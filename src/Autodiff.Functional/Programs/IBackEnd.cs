// The interface between computations and the back ends that compile them.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>
/// Compiles computations into something that runs faster than their bytecode. A back end implements this and <see cref="IExecutable"/>.
/// </summary>
internal interface IBackEnd
{
    /// <summary>Compiles a computation.</summary>
    IExecutable Compile(Computation computation);
}

/// <summary>A compiled computation. It may be run from several threads at once.</summary>
internal interface IExecutable
{
    /// <summary>The results for some arguments, which have the shapes of the parameters.</summary>
    Storage[] Run(ReadOnlySpan<Storage> arguments);
}
