// Elements chosen from a tensor: one of a vector, a box, or positions along an axis.

namespace Autodiff.Functional;

/// <summary>
/// Elements chosen from a tensor, read into one of shape <see cref="To"/> by Slice and Take, and written back by Scatter,
/// which is their transpose.
/// </summary>
internal abstract record Selection
{
    /// <summary>The shape of the selected elements.</summary>
    public abstract Shape To { get; }

    /// <summary>The same selection from every sample of a batch of tensors of a shape.</summary>
    public abstract Selection Batched(Shape from, int size);
}

/// <summary>One element of a vector: the commonest slice in code on scalars. The objects for the first 1024 positions are shared.</summary>
internal sealed record Element(int Position) : Selection
{
    private static readonly Element[] s_first = [.. Enumerable.Range(0, 1024).Select(position => new Element(position))];

    public override Shape To => Shape.Scalar;

    public override Selection Batched(Shape from, int size) =>
        Region.Of(new([size, .. from.Lengths]), new(size), [0, Position], [size, 1]);

    public static Element At(int position) => position < s_first.Length ? s_first[position] : new(position);
}

/// <summary>
/// A box of the tensor: a range of positions along each axis. If the box is one contiguous run, <see cref="Starts"/> and
/// <see cref="Lengths"/> are null, and the offset and the shape of the part describe it completely.
/// </summary>
internal sealed record Region(Shape From, Shape Part, int Offset, int[]? Starts, int[]? Lengths) : Selection
{
    public override Shape To => Part;

    /// <summary>The first position and the length along each axis.</summary>
    public (int[] Starts, int[] Lengths) Box => Starts is null ? BoxOfRun() : (Starts, Lengths!);

    public override Selection Batched(Shape from, int size)
    {
        var (starts, lengths) = Box;
        return Of(new([size, .. From.Lengths]), new([size, .. Part.Lengths]), [0, .. starts], [size, .. lengths]);
    }

    public static Region Of(Shape from, Shape to, int[] starts, int[] lengths)
    {
        var strides = from.Strides();
        var offset = 0;
        var contiguous = true;
        var partial = false;
        for (var axis = 0; axis < starts.Length; axis++)
        {
            offset += starts[axis] * strides[axis];

            // A box is contiguous if every axis after the first one that keeps more than one position is kept whole.
            contiguous &= !partial || lengths[axis] == from[axis];
            partial |= lengths[axis] > 1;
        }

        // An empty box gets the offset 0, because its computed offset may be beyond the end of the tensor.
        return to.Size == 0 ? new(from, to, 0, null, null) : contiguous ? new(from, to, offset, null, null) : new(from, to, offset, starts, lengths);
    }

    public bool Equals(Region? other) => other is not null && From == other.From && Part == other.Part && Offset == other.Offset
        && Starts.AsSpan().SequenceEqual(other.Starts) && Lengths.AsSpan().SequenceEqual(other.Lengths);

    public override int GetHashCode() => HashCode.Combine(Part, Offset, Shape.Hash(Starts));

    /// <summary>
    /// The box of a contiguous run: the last axes are whole, the axis before them is a range, and the first axes are single positions.
    /// </summary>
    private (int[] Starts, int[] Lengths) BoxOfRun()
    {
        var starts = new int[From.Rank];
        var lengths = new int[From.Rank];
        var (offset, left) = (Offset, Part.Size);
        for (var axis = From.Rank - 1; axis >= 0; axis--)
        {
            (offset, starts[axis]) = From[axis] == 0 ? (offset, 0) : Math.DivRem(offset, From[axis]);
            lengths[axis] = left == 0 ? 0 : Math.Min(left, From[axis]);
            left = left == 0 ? 0 : left / lengths[axis];
        }

        return (starts, lengths);
    }
}

/// <summary>Positions along one axis, in any order and possibly repeated.</summary>
internal sealed record Positions(Shape From, Shape Part, int Axis, int[] Indices) : Selection
{
    // How many leading positions enter the hash code, so that hashing a long list stays cheap; they distinguish nearly all selections.
    private const int Hashed = 8;

    public override Shape To => Part;

    public override Selection Batched(Shape from, int size) =>
        new Positions(new([size, .. From.Lengths]), new([size, .. Part.Lengths]), Axis + 1, Indices);

    public bool Equals(Positions? other) =>
        other is not null && From == other.From && Part == other.Part && Axis == other.Axis && Indices.AsSpan().SequenceEqual(other.Indices);

    /// <summary>A hash of the shape, the axis and the first positions.</summary>
    public override int GetHashCode() => HashCode.Combine(Part, Axis, Shape.Hash(Indices.AsSpan(0, Math.Min(Hashed, Indices.Length))));
}

/// <summary>Where each operand of a Scatter is added into the result.</summary>
internal sealed record Placement(Shape Shape, Selection[] Selections)
{
    public bool Equals(Placement? other) => other is not null && Shape == other.Shape && Selections.AsSpan().SequenceEqual(other.Selections);

    public override int GetHashCode() => HashCode.Combine(Shape, Selections.Length, Selections.Length == 0 ? null : Selections[0]);
}
