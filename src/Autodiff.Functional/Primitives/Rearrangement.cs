// The primitives that move elements without computing with them.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>A primitive whose result consists of elements of its operand, such as Flip or BroadcastTo.</summary>
internal abstract record Rearrangement : OperandwisePrimitive
{
    public sealed override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new LinearSeries(this, node, operands, primal);

    public sealed override int[] Depend(Expr node, int[]?[] operands, IndexSets sets) => IndexSets.Moved(this, node, operands);

    public sealed override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands) => NumberTensor<T>.Moved(this, shape, operands);

    /// <summary>The operand, and the index in it, of the element that is at an index of the result.</summary>
    public abstract (int Operand, int[] Index) Source(Expr node, int[] index);
}

/// <summary>A rearrangement of one operand that often needs no copy: the result is the memory of the operand, read with other strides.</summary>
internal abstract record View : Rearrangement
{
    /// <summary>The result as a view of the operand's memory; null if strides cannot express it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="memory">The operand in memory.</param>
    public abstract TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class, IStridedMemory<TMemory>;
}

/// <summary>A tensor in memory, given by a start and a stride for each axis. Views are stated in these terms; the compiler implements them.</summary>
internal interface IStridedMemory<TMemory>
    where TMemory : class, IStridedMemory<TMemory>
{
    /// <summary>A view whose axis i has the stride of axis <c>axes[i]</c> of this tensor, or, if that is negative, the stride 0.</summary>
    TMemory WithAxes(ReadOnlySpan<int> axes);

    /// <summary>A view with the positions of one axis, of the given length, in reverse order.</summary>
    TMemory Reversed(int axis, int length);

    /// <summary>A view of every so many positions of one axis, from the first on.</summary>
    TMemory Stepped(int axis, int step);

    /// <summary>A view that starts at the given position along each axis.</summary>
    TMemory From(ReadOnlySpan<int> starts);

    /// <summary>The same elements in row-major order under another shape; null if strides cannot express it.</summary>
    TMemory? Reshaped(Shape from, Shape to);
}
