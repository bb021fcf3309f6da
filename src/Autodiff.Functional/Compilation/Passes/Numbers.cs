// What the passes can tell from the numbers of a constant.

using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Numbers
{
    /// <summary>The one number that all elements of a constant equal, to the bit; null if they differ, or if there are none.</summary>
    public static double? Single(Storage x)
    {
        if (x.Size == 0)
        {
            return null;
        }

        return x.IsUniform || x.Size == 1 || !MemoryMarshal.Cast<double, long>(x.Span).ContainsAnyExcept(BitConverter.DoubleToInt64Bits(x[0])) ? x[0] : null;
    }
}
