// The arguments of the indexer in x[0], x[^1], x[1..], x[.., 0] and x[Slice.Every(2)]: one Slice for each axis.

namespace Autodiff.Functional;

/// <summary>
/// What an indexer keeps of one axis: a single position (which drops the axis), a range (which keeps it), or every so many positions of one
/// (<see cref="Every(int)"/>). Converts implicitly from <see cref="int"/>, <see cref="Index"/> and <see cref="Range"/>.
/// </summary>
public readonly struct Slice : IEquatable<Slice>
{
    private readonly Range _range;

    // The step less 1, so that the default is a step of 1.
    private readonly int _skipped;

    private Slice(Range range, bool isPosition, int step = 1)
    {
        _range = range;
        IsPosition = isPosition;
        _skipped = step - 1;
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

    /// <summary>Every so many positions of the whole axis, from the first on: 0, step, 2·step, ….</summary>
    /// <param name="step">The distance of positions, 1 or more.</param>
    /// <exception cref="ShapeException">The step is not positive.</exception>
    /// <example><code>
    /// Expr x = new double[] { 0, 1, 2, 3, 4 };
    /// Console.WriteLine(x[Slice.Every(2)]); // [0, 2, 4]
    /// Console.WriteLine(x[Slice.Every(2, 1..^1)]); // [1, 3]
    /// </code></example>
    public static Slice Every(int step) => Every(step, ..);

    /// <summary>Every so many positions of a range, from its first on.</summary>
    /// <param name="step">The distance of positions, 1 or more.</param>
    /// <param name="range">The range, such as <c>1..</c> or <c>..^1</c>.</param>
    /// <exception cref="ShapeException">The step is not positive.</exception>
    public static Slice Every(int step, Range range) => step > 0
        ? new(range, false, step)
        : throw new ShapeException($"Slice: the step {step} is not positive; steps are 1 or more, and Flip(x, axis) reverses an axis.");

    /// <summary>Whether two slices keep the same positions.</summary>
    /// <param name="left">A slice.</param>
    /// <param name="right">A slice.</param>
    public static bool operator ==(Slice left, Slice right) => left.Equals(right);

    /// <summary>Whether two slices differ.</summary>
    /// <param name="left">A slice.</param>
    /// <param name="right">A slice.</param>
    public static bool operator !=(Slice left, Slice right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Slice other) => _range.Equals(other._range) && IsPosition == other.IsPosition && _skipped == other._skipped;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Slice other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_range, IsPosition, _skipped);

    /// <summary>The text between brackets: <c>2</c>, <c>^1</c>, <c>1..^2</c>, <c>..</c>; with a step <c>1..^2 by 3</c>.</summary>
    public override string ToString() =>
        IsPosition ? _range.Start.ToString()
        : (_range.Start.Equals(Index.Start) ? "" : _range.Start.ToString()) + ".." + (_range.End.Equals(Index.End) ? "" : _range.End.ToString()) + (_skipped == 0 ? "" : $" by {Step}");

    /// <summary>The single position.</summary>
    internal Index Position => _range.Start;

    /// <summary>The distance of the positions that are kept.</summary>
    internal int Step => _skipped + 1;

    /// <summary>The first position of the range and the number of positions in it, for an axis of a shape; a step passes some of them over.</summary>
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
