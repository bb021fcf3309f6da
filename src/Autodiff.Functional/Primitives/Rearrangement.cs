// The primitives that move elements without computing with them.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>A primitive each element of whose result is an element of an operand.</summary>
internal abstract record Rearrangement : OperandwisePrimitive
{
    /// <summary>Which element of which operand stands at an index of the result.</summary>
    public abstract (int Operand, int[] Index) Source(Expr node, int[] index);
}

/// <summary>A rearrangement of one operand that can be had without moving anything: the same memory, seen with other steps.</summary>
internal abstract record View : Rearrangement
{
    /// <summary>The memory of the operand as that of the result; null if no steps say it.</summary>
    public abstract TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class, IStridedMemory<TMemory>;
}

/// <summary>A tensor in memory: where it starts, and a step along each axis.</summary>
internal interface IStridedMemory<TMemory>
    where TMemory : class, IStridedMemory<TMemory>
{
    /// <summary>A tensor whose axis i has the step of axis <c>axes[i]</c>; no step at all where that is negative.</summary>
    TMemory WithAxes(ReadOnlySpan<int> axes);

    /// <summary>An axis from its last position to its first.</summary>
    TMemory Reversed(int axis, int length);

    /// <summary>The tensor from some position along each axis on.</summary>
    TMemory From(ReadOnlySpan<int> starts);

    /// <summary>The same numbers under another shape; null if they do not lie so.</summary>
    TMemory? Reshaped(Shape from, Shape to);
}
