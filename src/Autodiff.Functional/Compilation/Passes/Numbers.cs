// What can be seen of a constant's numbers.

using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Numbers
{
    /// <summary>The one number that stands everywhere, to the bit; null if there are several, or none.</summary>
    public static double? Single(Storage x)
    {
        if (x.Size == 0)
        {
            return null;
        }

        return x.IsUniform || x.Size == 1 || !MemoryMarshal.Cast<double, long>(x.Span).ContainsAnyExcept(BitConverter.DoubleToInt64Bits(x[0])) ? x[0] : null;
    }
}
