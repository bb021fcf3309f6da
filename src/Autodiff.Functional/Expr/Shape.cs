// The shape of a tensor, compared by value, with the computations on shapes that every operation needs.

using System.Collections;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

/// <summary>
/// The lengths of a tensor's axes, outermost first (row-major). Rank 0 is a scalar. Compared by value;
/// <c>default(Shape)</c> is <see cref="Scalar"/>.
/// </summary>
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly int[]? _lengths;

    /// <summary>A shape of the given axis lengths, for F#.</summary>
    /// <param name="lengths">The length of each axis, at least 0; none for a scalar.</param>
    /// <exception cref="ShapeException">A length is negative, or there are more than 2³¹−1 elements.</exception>
    [OverloadResolutionPriority(-1)]
    public Shape(params int[] lengths)
        : this(AutodiffException.NotNull("Shape", "the array of lengths", lengths).AsSpan())
    {
    }

    /// <summary>A shape of the given axis lengths, such as <c>new Shape(2, 3)</c> for a 2×3 matrix.</summary>
    /// <param name="lengths">The length of each axis, at least 0; none for a scalar.</param>
    /// <exception cref="ShapeException">A length is negative, or there are more than 2³¹−1 elements.</exception>
    public Shape(params ReadOnlySpan<int> lengths)
    {
        foreach (var length in lengths)
        {
            if (length < 0)
            {
                throw new ShapeException($"Shape: the length {length} in ({string.Join(", ", lengths.ToArray())}) is negative; lengths are 0 or more.");
            }
        }

        this = Of(lengths.ToArray());
    }

    /// <summary>Takes ownership of the array.</summary>
    private Shape(int[] lengths, bool isScalar) => _lengths = isScalar ? null : lengths;

    /// <summary>The shape of a single number: rank 0, one element.</summary>
    public static Shape Scalar => default;

    /// <summary>The number of axes.</summary>
    public int Rank => _lengths is null ? 0 : _lengths.Length;

    /// <summary>The number of elements: the product of the lengths, 1 for a scalar.</summary>
    public int Size
    {
        get
        {
            var size = 1;
            foreach (var length in Lengths)
            {
                size *= length;
            }

            return size;
        }
    }

    /// <summary>The length of an axis.</summary>
    /// <param name="axis">The axis, 0 for the outermost.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int this[int axis] => axis >= 0 && axis < Rank
        ? _lengths![axis]
        : throw new ShapeException($"Shape: {this} has no axis {axis}; its axes are 0 to {Rank - 1}.");

    /// <summary>The length of an axis counted from either end, such as <c>shape[^1]</c> for the last.</summary>
    /// <param name="axis">The axis.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int this[Index axis] => axis.GetOffset(Rank) is var position && position >= 0 && position < Rank
        ? _lengths![position]
        : throw new ShapeException(Rank == 0 ? $"Shape: a scalar has no axis {axis}." : $"Shape: {this} has no axis {axis}; its axes are ^{Rank} to ^1.");

    /// <summary>The lengths as a span, outermost axis first.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    int IReadOnlyCollection<int>.Count => Rank;

    internal bool IsScalar => _lengths is null;

    /// <summary>Whether two shapes have equal lengths.</summary>
    /// <param name="left">A shape.</param>
    /// <param name="right">A shape.</param>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ in rank or in a length.</summary>
    /// <param name="left">A shape.</param>
    /// <param name="right">A shape.</param>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Shape other) => _lengths == other._lengths || Lengths.SequenceEqual(other.Lengths);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Lengths);

    /// <summary>The lengths in parentheses: <c>(2, 3)</c>, <c>(3)</c>, and <c>()</c> for a scalar.</summary>
    public override string ToString() => $"({string.Join(", ", _lengths ?? [])})";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_lengths ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A shape that takes ownership of an array of lengths, none of them negative.</summary>
    /// <exception cref="ShapeException">There are more elements than an array can hold.</exception>
    internal static Shape Of(int[] lengths, string operation = "Shape")
    {
        long size = 1;
        foreach (var length in lengths)
        {
            size = Math.Min(size * length, int.MaxValue);
        }

        return size <= Array.MaxLength || lengths.Contains(0)
            ? new(lengths, lengths.Length == 0)
            : throw new ShapeException($"{operation}: shape ({string.Join(", ", lengths)}) has more than {Array.MaxLength} elements, the most one tensor can hold.");
    }

    /// <summary>The strides in row-major order: for each axis the distance, in elements, from one position to the next.</summary>
    internal int[] Strides()
    {
        var strides = new int[Rank];
        var step = 1;
        for (var axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= _lengths![axis];
        }

        return strides;
    }

    internal static int Hash(ReadOnlySpan<int> numbers)
    {
        var hash = default(HashCode);
        foreach (var number in numbers)
        {
            hash.Add(number);
        }

        return hash.ToHashCode();
    }

    /// <summary>This shape followed by another: the shape of a Jacobian is the output shape followed by the input shape.</summary>
    internal Shape Concat(Shape other) => Of([.. Lengths, .. other.Lengths]);

    /// <summary>Maps an axis that may count from the end (−1 is the last) to 0 … rank−1.</summary>
    internal int Axis(int axis, string operation)
    {
        var positive = axis < 0 ? axis + Rank : axis;
        return positive >= 0 && positive < Rank
            ? positive
            : throw new ShapeException(Rank == 0
                ? $"{operation}: axis {axis} does not exist in a scalar; leave the axis out."
                : $"{operation}: axis {axis} does not exist in shape {this}; use 0 to {Rank - 1}, or -{Rank} to -1 counted from the end.");
    }

    /// <summary>The shape that both operands of a primitive stretch to under NumPy's broadcasting rule.</summary>
    internal static Shape Broadcast(Shape a, Shape b, Op op) => a._lengths == b._lengths || b.IsScalar ? a
        : a.IsScalar ? b
        : Broadcast(a, b, op.Name());

    /// <summary>The shape that both operands stretch to under NumPy's broadcasting rule.</summary>
    internal static Shape Broadcast(Shape a, Shape b, string operation) => TryBroadcast(a, b, operation) ?? throw Mismatch(a, b, operation);

    /// <summary>The shape that both operands stretch to, or null if they do not.</summary>
    internal static Shape? TryBroadcast(Shape a, Shape b, string operation)
    {
        if (a._lengths == b._lengths || b.IsScalar)
        {
            return a;
        }

        if (a.IsScalar)
        {
            return b;
        }

        var rank = Math.Max(a.Rank, b.Rank);
        var lengths = new int[rank];
        for (var fromEnd = 1; fromEnd <= rank; fromEnd++)
        {
            var left = fromEnd <= a.Rank ? a._lengths![^fromEnd] : 1;
            var right = fromEnd <= b.Rank ? b._lengths![^fromEnd] : 1;
            if (left != right && left != 1 && right != 1)
            {
                return null;
            }

            lengths[^fromEnd] = left == 1 ? right : left;
        }

        return lengths.AsSpan().SequenceEqual(a.Lengths) ? a : lengths.AsSpan().SequenceEqual(b.Lengths) ? b : Of(lengths, operation);
    }

    private static ShapeException Mismatch(Shape a, Shape b, string operation)
    {
        var fromEnd = 1;
        while (a._lengths![^fromEnd] == b._lengths![^fromEnd] || a._lengths[^fromEnd] == 1 || b._lengths[^fromEnd] == 1)
        {
            fromEnd++;
        }

        return new($"{operation}: shapes {a} and {b} do not broadcast: axis {-fromEnd} has lengths {a._lengths[^fromEnd]} and {b._lengths[^fromEnd]}; they must be equal, or one of them 1.");
    }
}
