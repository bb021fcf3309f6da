// The seam between programs and what compiles them.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>Turns bodies into something that runs faster than their interpreter. A back end implements this and <see cref="IExecutable"/>.</summary>
internal interface IBackEnd
{
    /// <summary>Compiles a body.</summary>
    IExecutable Compile(Computation body);
}

/// <summary>A compiled body. It may be run from several threads at once.</summary>
internal interface IExecutable
{
    /// <summary>The results for some arguments, which have the shapes of the parameters.</summary>
    Storage[] Run(ReadOnlySpan<Storage> arguments);
}
