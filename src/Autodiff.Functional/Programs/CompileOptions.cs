// How compiled code is made and run: what AD.Compile and its kin take as their last argument.

namespace Autodiff.Functional;

/// <summary>How compiled code is made and run.</summary>
/// <param name="Threads">
/// How many threads one call may use, at least 1. Large loops and large products of matrices are divided into parts, which threads
/// share; what is added up in parts is divided the same way for any number of threads, so results are the same to the last bit.
/// </param>
/// <param name="Interpret">
/// Whether loops are interpreted instead of being turned into machine code, as they are in any case where the platform allows no code to be
/// made at run time (NativeAOT, iOS). It takes about ten times as long; results may differ in rounding.
/// </param>
public sealed record CompileOptions(int Threads = 1, bool Interpret = false)
{
    /// <summary>One thread, machine code where the platform allows it.</summary>
    public static CompileOptions Default { get; } = new();

    /// <summary>The options that are meant; an error if they make no sense.</summary>
    internal static CompileOptions Checked(string operation, CompileOptions? options) => options switch
    {
        null => Default,
        { Threads: < 1 } => throw new AutodiffException($"{operation}: the number of threads is {options.Threads}; it is 1 or more."),
        _ => options,
    };
}
