// Elementary functions of registers of doubles: what compiled loops call, and what stands for the same primitives when a
// program is interpreted. Straight-line code without tables: argument reduction, a polynomial by fused multiply-adds, and
// what is lost in rounding carried along where two units in the last place would not be kept otherwise. Special values are
// those of ElementwiseTable.Value. The families are in the files beside this one.
//
// Coefficients interpolate at Chebyshev nodes, computed by Numerics/make_coefficients.py in the tests, to a relative error
// below 2⁻⁵⁵ of the function.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

/// <summary>Functions of every lane of a register.</summary>
/// <remarks>
/// The maximal errors stated were measured against values of 40 digits; an ulp is the spacing of doubles at the exact
/// value. A lane's result depends on no other lane, and has the same bits in a register of any width.
/// </remarks>
internal static partial class Elementary
{
    /// <summary>
    /// Of functions of many operations. Inlined, they would use up the number of locals up to which the compiler inlines, and single operations
    /// would be calls; and they are not to begin as unoptimized code, which is a hundred times slower.
    /// </summary>
    private const MethodImplOptions Apart = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    private const double Ln2 = 0.6931471805599453;

    /// <summary>log 2 to 42 bits, so that products with the exponents of doubles are exact.</summary>
    private const double Ln2High = 0.6931471805598903;

    /// <summary>log 2 − <see cref="Ln2High"/>.</summary>
    private const double Ln2Low = 5.497923018708371e-14;

    private const double Log2E = 1.4426950408889634;

    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>The exponent in the bits of 1.</summary>
    private const double ExponentOffset = 1023;

    /// <summary>Added and subtracted again, it rounds to a whole number, which stands in the last bits of the sum.</summary>
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

    /// <summary>The bits of a small whole number as the number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T WholeNumber<T>(T bits)
        where T : struct, ILanes<T> => (bits | (1L << 52)) - (1L << 52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Bits<T>(long bits)
        where T : struct, ILanes<T> => BitConverter.Int64BitsToDouble(bits);

    /// <summary>Where there is a number: NaN compares with nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T IsNumber<T>(T x)
        where T : struct, ILanes<T> => T.Equal(x, x);
}
