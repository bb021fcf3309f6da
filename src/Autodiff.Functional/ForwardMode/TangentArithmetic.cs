// Arithmetic of tangents. A tangent that is exactly 0 is that of a constant: through a function it stays 0, also where the partial derivative is
// infinite or NaN, so that √ of the constant 0, or of the number of another variable, does no harm.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional.ForwardMode;

internal static class TangentArithmetic
{
    /// <summary>Whether a tangent is exactly 0 in all its parts. An expression is 0 if it is the constant 0, whatever its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsZero<T>(T tangent)
        where T : IFloatingPointIeee754<T> => typeof(T) == typeof(double) ? (double)(object)tangent == 0 : tangent.Equals(T.Zero);

    /// <summary>
    /// A partial derivative times a tangent; 0 if the tangent is 0. A factor that is the expression 1 is left out. Of numbers with tangents it is the
    /// product of FusedMultiplyAdd, which, unlike the operator, keeps their tangents 0 beside an infinite factor.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Times<T>(T partial, T tangent)
        where T : IFloatingPointIeee754<T> =>
        IsZero(tangent) ? tangent
        : Kind<T>.HasTangents ? T.FusedMultiplyAdd(partial, tangent, T.Zero)
        : typeof(T).IsValueType ? partial * tangent
        : tangent.Equals(T.One) ? partial
        : partial.Equals(T.One) ? tangent
        : partial * tangent;

    /// <summary>The sum of two tangents. Of two expressions, a constant 0 is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum<T>(T a, T b)
        where T : IFloatingPointIeee754<T> => typeof(T).IsValueType ? a + b : IsZero(a) ? b : IsZero(b) ? a : a + b;

    /// <summary>The tangent (ẋ − (x/y)ẏ)/y of a quotient x/y, without what is 0: at y = 0, a constant is to stay one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfQuotient<T>(T quotient, T tangentOfX, T y, T tangentOfY)
        where T : IFloatingPointIeee754<T> =>
        !IsZero(tangentOfY) ? (IsZero(tangentOfX) ? -(quotient * tangentOfY) : tangentOfX - (quotient * tangentOfY)) / y
        : IsZero(tangentOfX) ? tangentOfX
        : tangentOfX / y;
}
