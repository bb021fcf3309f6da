// The tangents of a jet, and their arithmetic. Plain numbers are computed a register at a time; other types one at a time.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Autodiff.Functional.ForwardMode;

/// <summary>The tangents of a jet, within it.</summary>
[InlineArray(Length)]
internal struct TangentBuffer<T>
    where T : IFloatingPointIeee754<T>
{
    public const int Length = 16;

    private T _first;

    /// <summary>Tangents that are all 0.</summary>
    public static TangentBuffer<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var zero = default(TangentBuffer<T>);
            if (!typeof(T).IsValueType)
            {
                ((Span<T>)zero).Fill(T.Zero);
            }

            return zero;
        }
    }

    /// <summary>A partial derivative times each tangent, by <see cref="TangentArithmetic.Times"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Times(ref TangentBuffer<T> result, T partial, in TangentBuffer<T> x)
    {
        if (Vector512<T>.IsSupported)
        {
            for (var i = 0; i < Length; i += Vector512<T>.Count)
            {
                Times(partial, Register(in x, i)).StoreUnsafe(ref result._first, (nuint)i);
            }
        }
        else
        {
            for (var i = 0; i < Length; i++)
            {
                result[i] = TangentArithmetic.Times(partial, x[i]);
            }
        }
    }

    /// <summary>The sums of the tangents of two numbers, each times a partial derivative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Combination(ref TangentBuffer<T> result, T partialOfX, in TangentBuffer<T> x, T partialOfY, in TangentBuffer<T> y)
    {
        if (Vector512<T>.IsSupported)
        {
            for (var i = 0; i < Length; i += Vector512<T>.Count)
            {
                (Times(partialOfX, Register(in x, i)) + Times(partialOfY, Register(in y, i))).StoreUnsafe(ref result._first, (nuint)i);
            }
        }
        else
        {
            for (var i = 0; i < Length; i++)
            {
                result[i] = TangentArithmetic.Sum(TangentArithmetic.Times(partialOfX, x[i]), TangentArithmetic.Times(partialOfY, y[i]));
            }
        }
    }

    /// <summary>The sums of the tangents of two numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum(ref TangentBuffer<T> result, in TangentBuffer<T> x, in TangentBuffer<T> y)
    {
        if (Vector512<T>.IsSupported)
        {
            for (var i = 0; i < Length; i += Vector512<T>.Count)
            {
                (Register(in x, i) + Register(in y, i)).StoreUnsafe(ref result._first, (nuint)i);
            }
        }
        else
        {
            for (var i = 0; i < Length; i++)
            {
                result[i] = TangentArithmetic.Sum(x[i], y[i]);
            }
        }
    }

    /// <summary>How many tangents there are up to the last that is not exactly 0.</summary>
    public static int CountUsed(in TangentBuffer<T> x)
    {
        var count = Length;
        while (count > 0 && TangentArithmetic.IsZero(x[count - 1]))
        {
            count--;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Register(in TangentBuffer<T> x, int start) => Vector512.LoadUnsafe(in x._first, (nuint)start);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Times(T partial, Vector512<T> tangents) =>
        Vector512.ConditionalSelect(Vector512.Equals(tangents, Vector512<T>.Zero), tangents, tangents * partial);
}
