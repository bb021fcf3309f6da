// Registers of doubles. The width is a type parameter, so a function is written once for registers of 512, 256 and 128 bits and for single
// numbers at the end of a run. The result for a number has the same bits in every width, because each member is one operation that
// IEEE 754 defines exactly.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

/// <summary>A register of doubles. A comparison gives a mask: all bits of a lane are 1 where it holds, and 0 elsewhere.</summary>
internal interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>One number in every lane.</summary>
    static abstract implicit operator T(double value);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator -(T x);

    static abstract T operator <(T a, T b);

    static abstract T operator <=(T a, T b);

    static abstract T operator >(T a, T b);

    static abstract T operator >=(T a, T b);

    static abstract T operator &(T a, T b);

    static abstract T operator |(T a, T b);

    static abstract T operator ^(T a, T b);

    /// <summary>The bits of a that are not in b.</summary>
    static abstract T AndNot(T a, T b);

    static abstract T Equal(T a, T b);

    /// <summary>The first register's lanes where the mask holds, the second's elsewhere.</summary>
    static abstract T Select(T mask, T then, T otherwise);

    /// <summary>Whether a mask holds in any lane.</summary>
    static abstract bool Any(T mask);

    /// <summary>The mask that holds in the given number of first lanes.</summary>
    static abstract T FirstLanes(int count);

    /// <summary>All lanes joined into one number: the lower half with the upper half, until one lane is left.</summary>
    static abstract double Joined<TFold>(T x)
        where TFold : struct, IFold;

    static abstract T Abs(T x);

    /// <summary>The absolute value of one number with the sign of another.</summary>
    static abstract T CopySign(T size, T sign);

    static abstract T Sqrt(T x);

    static abstract T Floor(T x);

    static abstract T Ceiling(T x);

    /// <summary>The nearest whole number; the even one of two that are equally near.</summary>
    static abstract T Round(T x);

    /// <summary>As <see cref="Math.Min(double, double)"/>: NaN if an operand is, and −0 &lt; +0.</summary>
    static abstract T Min(T a, T b);

    /// <summary>As <see cref="Math.Max(double, double)"/>: NaN if an operand is, and −0 &lt; +0.</summary>
    static abstract T Max(T a, T b);

    /// <summary>x limited to the range from low to high, where low &lt; high; NaN stays NaN.</summary>
    static abstract T Bound(T x, T low, T high);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract T FusedMultiplyAdd(T a, T b, T c);

    /// <summary>The sum of the bits, read as 64-bit integers.</summary>
    static abstract T AddBits(T a, T b);

    /// <summary>The difference of the bits, read as 64-bit integers.</summary>
    static abstract T SubtractBits(T a, T b);

    static abstract T ShiftLeft(T x, int count);

    /// <summary>The bits shifted to the right; zeros enter from the left.</summary>
    static abstract T ShiftRight(T x, int count);

    /// <summary>x · 2ⁿ, rounded once, for a whole n with |n| ≤ 2044, if 2^(n/2) · x is not subnormal.</summary>
    static abstract T Scale(T x, T n);

    /// <summary><see cref="Scale"/> by two multiplications, for hardware without an instruction for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static T ScaleInTwo(T x, T n)
    {
        // There are two factors because 2ⁿ may be too small or too large for a double although the result is not. Adding a whole number to
        // the shift leaves that number plus the bias of exponents in the lowest bits.
        const double Shift = 6755399441055744 + 1023;
        var half = T.Floor(n * 0.5);
        return x * T.ShiftLeft(half + Shift, 52) * T.ShiftLeft(n - half + Shift, 52);
    }

    static abstract T Load(ref readonly double first);

    static abstract void Store(T x, ref double first);
}
