// The axis of a tensor whose slices are read or written at positions that are an operand.

namespace Autodiff.Functional.Primitives;

/// <summary>
/// The axis of a tensor, of shape b… p… n q…, whose slices are read or written at positions of shape b… k…: the slices have shape b… p… k… q…. The
/// batch axes b come first, and each batch has its own positions.
/// </summary>
/// <param name="Axis">The axis of the tensor.</param>
/// <param name="BatchAxes">The number of batch axes, at most <paramref name="Axis"/>.</param>
internal readonly record struct IndexedAxis(int Axis, int BatchAxes)
{
    /// <summary>The same axis when every tensor has a batch axis more in front.</summary>
    public IndexedAxis Batched => new(Axis + 1, BatchAxes + 1);

    public IEnumerable<(string Label, string Text)> Attributes => BatchAxes == 0 ? [("axis", $"{Axis}")] : [("axis", $"{Axis}"), ("batch", $"{BatchAxes}")];

    /// <summary>The axis of a tensor, from the attributes of a formula.</summary>
    public static IndexedAxis Read(Reading call) => new(call.Integer("axis") ?? 0, call.Integer("batch") ?? 0);

    /// <summary>The shape of the slices of a tensor at positions of a shape.</summary>
    public Shape Slices(Shape whole, Shape positions) => new([.. whole.Lengths[..Axis], .. positions.Lengths[BatchAxes..], .. whole.Lengths[(Axis + 1)..]]);

    /// <summary>The shape of the tensor in which slices have positions of a shape along an axis of a length.</summary>
    public Shape Whole(Shape slices, Shape positions, int length) => new([.. slices.Lengths[..Axis], length, .. slices.Lengths[(Axis + positions.Rank - BatchAxes)..]]);

    /// <summary>The sizes that the routines of <see cref="Numerics.Indexing"/> take.</summary>
    public int[] Sizes(Shape whole, Shape positions) =>
    [
        Product(whole.Lengths[..BatchAxes]), Product(whole.Lengths[BatchAxes..Axis]), whole[Axis], Product(whole.Lengths[(Axis + 1)..]), Product(positions.Lengths[BatchAxes..]),
    ];

    /// <summary>The axis map of the tensor to its slices: all axes but this one.</summary>
    public int[] OfWhole(Shape whole, Shape positions)
    {
        var map = AxisMap.Without(Axis, whole.Rank);
        for (var axis = Axis + 1; axis < map.Length; axis++)
        {
            map[axis] += positions.Rank - BatchAxes - 1;
        }

        return map;
    }

    /// <summary>The axis map of the positions to the slices.</summary>
    public int[] OfPositions(Shape positions)
    {
        var map = new int[positions.Rank];
        for (var axis = 0; axis < map.Length; axis++)
        {
            map[axis] = axis < BatchAxes ? axis : axis - BatchAxes + Axis;
        }

        return map;
    }

    /// <summary>The axis map of the positions to the tensor: the batch axes.</summary>
    public int[] OfBatch(Shape positions)
    {
        var map = AxisMap.Nowhere(positions.Rank);
        for (var axis = 0; axis < BatchAxes; axis++)
        {
            map[axis] = axis;
        }

        return map;
    }

    /// <summary>An error unless a tensor has this axis, and its batch axes are those of positions.</summary>
    public void CheckWhole(string operation, Shape whole, Shape positions)
    {
        if (!HasBatchAxes(whole, positions) || Axis >= whole.Rank)
        {
            throw new ShapeException($"{operation}: positions of shape {positions} do not fit axis {Axis} of shape {whole}{BatchText}.");
        }
    }

    /// <summary>An error unless slices have the axes of positions in place of this axis, and the same batch axes.</summary>
    public void CheckSlices(string operation, Shape slices, Shape positions)
    {
        if (!HasBatchAxes(slices, positions) || Axis > slices.Rank || !slices.Lengths[Axis..].StartsWith(positions.Lengths[BatchAxes..]))
        {
            throw new ShapeException($"{operation}: slices of shape {slices} do not have the axes of positions of shape {positions} from axis {Axis} on{BatchText}.");
        }
    }

    private string BatchText => BatchAxes == 0 ? "" : $"; the first {BatchAxes} axes must have equal lengths";

    private bool HasBatchAxes(Shape tensor, Shape positions) => BatchAxes >= 0 && BatchAxes <= Axis && BatchAxes <= tensor.Rank && BatchAxes <= positions.Rank
        && tensor.Lengths[..BatchAxes].SequenceEqual(positions.Lengths[..BatchAxes]);

    private static int Product(ReadOnlySpan<int> lengths)
    {
        var product = 1;
        foreach (var length in lengths)
        {
            product *= length;
        }

        return product;
    }
}
