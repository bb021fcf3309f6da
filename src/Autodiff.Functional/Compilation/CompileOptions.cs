// How compiled code is made and run: what AD.Compile and its kin take as their last argument.

namespace Autodiff.Functional;

/// <summary>The numbers that compiled code takes and gives.</summary>
public enum Precision
{
    /// <summary>64-bit numbers, as everywhere in the library.</summary>
    Double,

    /// <summary>32-bit numbers at both ends: arguments and results are rounded to about 7 digits; what lies between is computed in 64 bits.</summary>
    Single,
}

/// <summary>How compiled code is made and run.</summary>
/// <param name="Threads">
/// How many threads one call may use, at least 1. It is a limit, not a demand: a call runs on one thread at present. Results are the same to
/// the last bit for any number of threads.
/// </param>
/// <param name="Precision">The numbers that the code takes and gives.</param>
/// <param name="Interpret">
/// Whether the program is interpreted where it could be turned into machine code, which it is if all it computes with are numbers. Programs on
/// tensors, and all where the platform allows no code to be made at run time (NativeAOT, iOS), are interpreted in any case.
/// </param>
public sealed record CompileOptions(int Threads = 1, Precision Precision = Precision.Double, bool Interpret = false)
{
    /// <summary>One thread, double precision, machine code where the platform allows it.</summary>
    public static CompileOptions Default { get; } = new();

    /// <summary>The options that are meant; an error if they make no sense.</summary>
    internal static CompileOptions Checked(string operation, CompileOptions? options) => options switch
    {
        null => Default,
        { Threads: < 1 } => throw new AutodiffException($"{operation}: the number of threads is {options.Threads}; it is 1 or more."),
        _ => options,
    };
}
