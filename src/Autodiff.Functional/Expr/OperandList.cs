// The operands of a node, as a list that can be matched by patterns: e is { Op: Op.Multiply, Operands: [var a, var b] }.

using System.Collections;

namespace Autodiff.Functional;

/// <summary>The operands of a node, left to right. Supports list patterns.</summary>
public readonly struct OperandList : IReadOnlyList<Expr>, IEquatable<OperandList>
{
    private readonly Expr _node;

    internal OperandList(Expr node) => _node = node;

    /// <summary>The number of operands.</summary>
    public int Count => _node is null ? 0 : _node.OperandCount;

    /// <summary>The operand at a position.</summary>
    /// <param name="index">The position, 0 for the leftmost.</param>
    /// <exception cref="ShapeException">There is no such operand.</exception>
    public Expr this[int index] => (uint)index < (uint)Count
        ? _node.Operand(index)
        : throw new ShapeException($"Operands: there is no operand {index}; {(_node is null ? "the list" : _node.Op.ToString())} has {Count}.");

    /// <summary>Whether both are the operands of the same node.</summary>
    /// <param name="left">A list.</param>
    /// <param name="right">A list.</param>
    public static bool operator ==(OperandList left, OperandList right) => left.Equals(right);

    /// <summary>Whether the lists belong to different nodes.</summary>
    /// <param name="left">A list.</param>
    /// <param name="right">A list.</param>
    public static bool operator !=(OperandList left, OperandList right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(OperandList other) => ReferenceEquals(_node, other._node);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is OperandList other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _node is null ? 0 : _node.GetHashCode();

    /// <inheritdoc/>
    public IEnumerator<Expr> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return _node.Operand(index);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
