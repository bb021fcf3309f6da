// The text of a selection as an indexer, such as [2, 1..4].

using System.Diagnostics;

namespace Autodiff.Functional.Primitives;

internal static class Indexer
{
    /// <summary>The text between the brackets of the indexer that reads a selection, such as <c>2, 1..4</c>.</summary>
    public static string Text(Selection selection) => selection switch
    {
        Element element => $"{element.Position}",
        Region region => string.Join(", ", Slices(region)),
        Positions { Axis: var axis, Indices: var indices } =>
            string.Join(", ", [.. Enumerable.Repeat("..", axis), ValueText.Indices(indices)]),
        _ => throw new UnreachableException($"{selection.GetType()} has no indexer."),
    };

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
