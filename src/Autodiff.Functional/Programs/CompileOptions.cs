// How compiled code is made and run: the last argument of AD.Compile and related functions.

namespace Autodiff.Functional;

/// <summary>How compiled code is made and run.</summary>
/// <param name="Threads">
/// How many threads one call may use, at least 1. Large loops and large products of matrices are divided into parts, which threads
/// share; sums are divided in the same way for any number of threads, so results are the same to the last bit.
/// </param>
/// <param name="Interpret">
/// Whether loops are interpreted instead of compiled to machine code. They are interpreted in any case if the platform allows no code to be
/// generated at run time (NativeAOT, iOS). Interpretation takes about ten times as long; results may differ in rounding.
/// </param>
public sealed record CompileOptions(int Threads = 1, bool Interpret = false)
{
    /// <summary>One thread, machine code where the platform allows it.</summary>
    public static CompileOptions Default { get; } = new();

    /// <summary>The given options, or the default ones for null; an error if the number of threads is below 1.</summary>
    internal static CompileOptions Checked(string operation, CompileOptions? options) => options switch
    {
        null => Default,
        { Threads: < 1 } => throw new AutodiffException($"{operation}: the number of threads is {options.Threads}; it is 1 or more."),
        _ => options,
    };
}
