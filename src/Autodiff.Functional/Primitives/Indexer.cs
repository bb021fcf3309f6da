// The text of a selection as an indexer, such as [2, 1..4].

using System.Diagnostics;

namespace Autodiff.Functional.Primitives;

internal static class Indexer
{
    /// <summary>The text between the brackets of the indexer that reads a selection, such as <c>2, 1..4</c>.</summary>
    /// <param name="selection">The selection.</param>
    /// <param name="largestList">The most positions that are all written out.</param>
    public static string Text(Selection selection, int largestList = int.MaxValue) => selection switch
    {
        Element element => $"{element.Position}",
        Region region => string.Join(", ", Slices(region)),
        Positions { Axis: var axis, Indices: var indices } =>
            string.Join(", ", [.. Enumerable.Repeat("..", axis), ValueText.Indices(indices, largestList)]),
        _ => throw new UnreachableException($"{selection.GetType()} has no indexer."),
    };

    /// <summary>The selection that an indexer reads from a tensor, for a part of known shape.</summary>
    /// <param name="axes">For each axis from the first on a slice or positions.</param>
    /// <param name="from">The shape of the tensor.</param>
    /// <param name="part">The shape of the part.</param>
    /// <exception cref="ShapeException">The indexer does not fit the tensor, or does not read a part of that shape.</exception>
    public static Selection Read(ReadOnlySpan<(Slice? Slice, int[]? Positions)> axes, Shape from, Shape part)
    {
        if (axes.Length > from.Rank)
        {
            throw new ShapeException($"Slice: an indexer of {axes.Length} slice(s) does not fit shape {from}.");
        }

        if (axes is [.., { Positions: { } positions }])
        {
            var axis = axes.Length - 1;
            var lengths = from.Lengths.ToArray();
            lengths[axis] = positions.Length;
            var outside = Array.FindIndex(positions, position => (uint)position >= (uint)from[axis]);
            return outside < 0 && part == Shape.Of(lengths) ? new Positions(from, part, axis, positions)
                : throw new ShapeException(outside < 0
                    ? $"Take: {positions.Length} position(s) along axis {axis} of shape {from} do not read a part of shape {part}."
                    : $"Take: position {positions[outside]} is outside axis {axis} of shape {from}.");
        }

        var (starts, extents) = (new int[from.Rank], from.Lengths.ToArray());
        for (var axis = 0; axis < axes.Length; axis++)
        {
            (starts[axis], extents[axis]) = axes[axis].Slice?.On(axis, from) ?? throw new ShapeException("Take: only the last index of a place may be positions.");
        }

        if (!extents.Where(length => length != 1).SequenceEqual(part.Where(length => length != 1)))
        {
            throw new ShapeException($"Scatter: the place has shape {Shape.Of(extents)}, and the part {part}; they must be equal.");
        }

        return from.Rank == 1 && part.IsScalar ? Element.At(starts[0]) : Region.Of(from, part, starts, extents);
    }

    /// <summary>
    /// One slice for each axis, without those at the end that are read whole. A region does not record which axes of length 1 were dropped, and a
    /// contiguous region records only its offset. So the axes of the tensor are matched with those of the part from the last on: the text may differ
    /// from what the user wrote, but reads the same elements.
    /// </summary>
    private static List<string> Slices(Region region)
    {
        var (from, to) = (region.From, region.To);
        var strides = from.Strides();
        var slices = new string[from.Rank];
        var next = to.Rank - 1;
        for (var axis = from.Rank - 1; axis >= 0; axis--)
        {
            var start = region.Starts is { } starts ? starts[axis]
                : strides[axis] > 0 && from[axis] > 0 ? region.Offset / strides[axis] % from[axis]
                : 0;
            var kept = next >= 0 && (region.Lengths is { } lengths ? to[next] == lengths[axis] : to[next] <= from[axis]);
            slices[axis] = kept ? RangeText(start, start + to[next--], from[axis]) : $"{start}";
        }

        var last = Array.FindLastIndex(slices, slice => slice != "..");
        return [.. slices[..Math.Max(last + 1, Math.Min(1, slices.Length))]];
    }

    private static string RangeText(int start, int end, int length) =>
        (start == 0 ? "" : $"{start}") + ".." + (end == length ? "" : $"{end}");
}
