// Elementary functions of registers of doubles. Compiled kernels call them, and the interpreter uses them for the same primitives. They are
// straight-line code without tables: argument reduction, a polynomial by fused multiply-adds, and, where the error would exceed two ulps
// otherwise, rounding errors that are carried along. Special values are those of ElementwiseTable.Value. The functions are in the files
// named Elementary.*.cs.
//
// The polynomials interpolate at Chebyshev nodes; Numerics/make_coefficients.py in the tests computes their coefficients, so that the
// relative error of the function is below 2⁻⁵⁵.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

/// <summary>Functions that are applied to every lane of a register.</summary>
/// <remarks>
/// The maximal errors stated were measured against values of 40 digits; an ulp is the spacing of doubles at the exact
/// value. A lane's result depends on no other lane, and has the same bits in a register of any width.
/// </remarks>
internal static partial class Elementary
{
    /// <summary>
    /// The options of functions with many operations. They are not inlined: the JIT compiler stops inlining at a number of local variables, which
    /// they would use up, so that single operations would become calls. They are optimized at their first call, because unoptimized code is
    /// a hundred times slower.
    /// </summary>
    private const MethodImplOptions Apart = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    private const double Ln2 = 0.6931471805599453;

    /// <summary>log 2 to 42 bits, so that products with the exponents of doubles are exact.</summary>
    private const double Ln2High = 0.6931471805598903;

    /// <summary>log 2 − <see cref="Ln2High"/>.</summary>
    private const double Ln2Low = 5.497923018708371e-14;

    private const double Log2E = 1.4426950408889634;

    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>The bias of exponents: the value of the exponent field in the bits of 1.</summary>
    private const double ExponentOffset = 1023;

    /// <summary>1.5·2⁵²: adding it and subtracting it again rounds to a whole number, which is in the lowest bits of the sum.</summary>
    private const double Rounder = 6755399441055744;

    /// <summary>a·b = product + error, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Product<T>(T a, T b, out T error)
        where T : struct, ILanes<T>
    {
        var product = a * b;
        error = T.FusedMultiplyAdd(a, b, -product);
        return product;
    }

    /// <summary>a + b = sum + error, exactly, for |a| ≥ |b| (T. J. Dekker).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OrderedSum<T>(T a, T b, out T error)
        where T : struct, ILanes<T>
    {
        var sum = a + b;
        error = a - sum + b;
        return sum;
    }

    /// <summary>a + b = sum + error, exactly (D. E. Knuth).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T>(T a, T b, out T error)
        where T : struct, ILanes<T>
    {
        var sum = a + b;
        var rest = sum - a;
        error = a - (sum - rest) + (b - rest);
        return sum;
    }

    /// <summary>The double whose value is the given bits, read as a whole number below 2⁵².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T WholeNumber<T>(T bits)
        where T : struct, ILanes<T> => (bits | (1L << 52)) - (1L << 52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Bits<T>(long bits)
        where T : struct, ILanes<T> => BitConverter.Int64BitsToDouble(bits);

    /// <summary>The mask of lanes that are not NaN (NaN is unequal to itself).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T IsNumber<T>(T x)
        where T : struct, ILanes<T> => T.Equal(x, x);
}
