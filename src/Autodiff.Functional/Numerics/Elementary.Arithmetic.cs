// Primitives that take only a few register operations. Comparisons give 1 and 0, like masks in expressions.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

internal static partial class Elementary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Negate<T>(T x)
        where T : struct, ILanes<T> => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Abs<T>(T x)
        where T : struct, ILanes<T> => T.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sqrt<T>(T x)
        where T : struct, ILanes<T> => T.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Relu<T>(T x)
        where T : struct, ILanes<T> => T.Max(x, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Floor<T>(T x)
        where T : struct, ILanes<T> => T.Floor(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Ceiling<T>(T x)
        where T : struct, ILanes<T> => T.Ceiling(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Round<T>(T x)
        where T : struct, ILanes<T> => T.Round(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T StopGradient<T>(T x)
        where T : struct, ILanes<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T PlusZero<T>(T x)
        where T : struct, ILanes<T> => x + 0;

    /// <summary>a/b, the quotient of an element and a norm; ±1 if both are infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ShareOfNorm<T>(T a, T b)
        where T : struct, ILanes<T> =>
        T.Select(T.Equal(T.Abs(a), double.PositiveInfinity) & T.Equal(b, double.PositiveInfinity), T.CopySign(1, a), a / b);

    /// <summary>−1, 0 or 1; ±0 ↦ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sign<T>(T x)
        where T : struct, ILanes<T> => T.Select(x > 0, 1, T.Select(x < 0, -1, x + 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add<T>(T a, T b)
        where T : struct, ILanes<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Subtract<T>(T a, T b)
        where T : struct, ILanes<T> => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Multiply<T>(T a, T b)
        where T : struct, ILanes<T> => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Divide<T>(T a, T b)
        where T : struct, ILanes<T> => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Min<T>(T a, T b)
        where T : struct, ILanes<T> => T.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Max<T>(T a, T b)
        where T : struct, ILanes<T> => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Less<T>(T a, T b)
        where T : struct, ILanes<T> => (a < b) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LessOrEqual<T>(T a, T b)
        where T : struct, ILanes<T> => (a <= b) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Greater<T>(T a, T b)
        where T : struct, ILanes<T> => (a > b) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T GreaterOrEqual<T>(T a, T b)
        where T : struct, ILanes<T> => (a >= b) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Equal<T>(T a, T b)
        where T : struct, ILanes<T> => T.Equal(a, b) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Clamp<T>(T x, T low, T high)
        where T : struct, ILanes<T> => T.Min(T.Max(x, low), high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Where<T>(T mask, T a, T b)
        where T : struct, ILanes<T> => T.Select(T.Equal(mask, 0), b, a);
}
