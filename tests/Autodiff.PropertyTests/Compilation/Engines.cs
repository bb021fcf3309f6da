// The ways that compiled code is run, all of which must agree.

namespace Autodiff.PropertyTests.Compiling;

internal static class Engines
{
    /// <summary>What compiled code and the library's own evaluation of the same program may differ by.</summary>
    public const double Same = 1e-12;

    public static readonly IReadOnlyList<CompileOptions> All = [new(), new(Interpret: true)];
}
