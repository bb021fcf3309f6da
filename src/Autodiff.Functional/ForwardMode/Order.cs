// A choice by the order of two numbers, where a derivative rule has a kink or a special point.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional.ForwardMode;

/// <summary>A number with tangents, as an object: whether it is made of expressions, and how it then chooses.</summary>
internal interface IChoice
{
    /// <summary>Whether its primals and tangents are expressions, or numbers made of expressions.</summary>
    bool IsOfExpressions { get; }
}

/// <summary>A number with tangents that chooses among its kind part by part.</summary>
internal interface IChoice<T> : IChoice
{
    /// <summary>See <see cref="Order.Choose"/>.</summary>
    T Choose(T a, T b, T less, T equal, T greater, T unordered);
}

internal static class Order
{
    /// <summary>
    /// One of four numbers, by the order of the primals of a and b. Numbers are compared, and one is taken. Expressions become masks, since a formula
    /// must hold for all values of its variables; numbers made of expressions choose each of their parts by the same masks.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Choose<T>(T a, T b, T less, T equal, T greater, T unordered)
        where T : IFloatingPointIeee754<T> =>
        Kind<T>.IsOfExpressions ? ChooseByMasks(a, b, less, equal, greater, unordered)
        : a < b ? less
        : a > b ? greater
        : a == b ? equal
        : unordered;

    private static T ChooseByMasks<T>(T a, T b, T less, T equal, T greater, T unordered)
        where T : IFloatingPointIeee754<T>
    {
        if (a is IChoice<T> number)
        {
            return number.Choose(a, b, less, equal, greater, unordered);
        }

        var (left, right) = ((Expr)(object)a, (Expr)(object)b);
        var ordered = Expr.Where(left > right, (Expr)(object)greater, Expr.Where(Expr.Eq(left, right), (Expr)(object)equal, (Expr)(object)unordered));
        return (T)(object)Expr.Where(left < right, (Expr)(object)less, ordered);
    }
}

/// <summary>What is known of a type of number. These are constants for the compiler once it optimises.</summary>
internal static class Kind<T>
{
    /// <summary>Whether a number of the type has tangents itself.</summary>
    public static readonly bool HasTangents = default(T) is IChoice;

    /// <summary>Whether it is an expression, or a number whose primal and tangents are made of expressions.</summary>
    public static readonly bool IsOfExpressions = typeof(T) == typeof(Expr) || default(T) is IChoice { IsOfExpressions: true };
}
