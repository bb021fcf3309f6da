// The arguments of the indexer in x[0], x[^1], x[1..] and x[.., 0]: one Slice for each axis.

namespace Autodiff.Functional;

/// <summary>
/// What an indexer keeps of one axis: a single position (which drops the axis) or a range (which keeps it).
/// Converts implicitly from <see cref="int"/>, <see cref="Index"/> and <see cref="Range"/>.
/// </summary>
public readonly struct Slice : IEquatable<Slice>
{
    private readonly Range _range;

    private Slice(Range range, bool isPosition)
    {
        _range = range;
        IsPosition = isPosition;
    }

    /// <summary>Whether this keeps a single position, so that its axis is dropped from the result.</summary>
    public bool IsPosition { get; }

    /// <summary>The single position at <paramref name="index"/>.</summary>
    /// <param name="index">The position: <c>2</c> from the start or <c>^1</c> from the end.</param>
    public static implicit operator Slice(Index index) => new(new Range(index, index), true);

    /// <summary>The single position at <paramref name="index"/>.</summary>
    /// <param name="index">The position, 0 or more; count from the end with <c>^1</c>.</param>
    /// <exception cref="ShapeException">The index is negative.</exception>
    public static implicit operator Slice(int index) => index >= 0
        ? new Index(index)
        : throw new ShapeException($"Slice: index {index} is negative; count from the end with ^{-(long)index}.");

    /// <summary>The positions of a range.</summary>
    /// <param name="range">The range, such as <c>1..</c>, <c>..^1</c> or <c>..</c> for all.</param>
    public static implicit operator Slice(Range range) => new(range, false);

    /// <summary>Whether two slices keep the same positions.</summary>
    /// <param name="left">A slice.</param>
    /// <param name="right">A slice.</param>
    public static bool operator ==(Slice left, Slice right) => left.Equals(right);

    /// <summary>Whether two slices differ.</summary>
    /// <param name="left">A slice.</param>
    /// <param name="right">A slice.</param>
    public static bool operator !=(Slice left, Slice right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Slice other) => _range.Equals(other._range) && IsPosition == other.IsPosition;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Slice other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_range, IsPosition);

    /// <summary>The text between brackets: <c>2</c>, <c>^1</c>, <c>1..^2</c>, <c>..</c>.</summary>
    public override string ToString() =>
        IsPosition ? _range.Start.ToString()
        : (_range.Start.Equals(Index.Start) ? "" : _range.Start.ToString()) + ".." + (_range.End.Equals(Index.End) ? "" : _range.End.ToString());

    /// <summary>The single position.</summary>
    internal Index Position => _range.Start;

    /// <summary>The first position kept and the number of positions, for an axis of a shape.</summary>
    internal (int Start, int Length) On(int axis, Shape shape)
    {
        var length = shape[axis];
        var start = _range.Start.GetOffset(length);
        if (IsPosition)
        {
            return start >= 0 && start < length
                ? (start, 1)
                : throw new ShapeException($"Slice: index {this} is outside axis {axis} of shape {shape}; its length is {length}.");
        }

        var end = _range.End.GetOffset(length);
        return start >= 0 && start <= end && end <= length
            ? (start, end - start)
            : throw new ShapeException($"Slice: range {this} is outside axis {axis} of shape {shape}; its length is {length}.");
    }
}
