// Which axis of a result each axis of an operand becomes: what tells the loops of a program from the work inside them.

namespace Autodiff.Functional.Compilation;

internal static class AxisMap
{
    /// <summary>No axis of the result: the axis is folded, stretched, cut or moved.</summary>
    public const int None = -1;

    /// <summary>For each axis of an operand the axis of the result that has the same positions; <see cref="None"/> where there is none.</summary>
    public static int[] Of(Expr node, int operand)
    {
        var (from, to) = (node.Operand(operand).Shape, node.Shape);
        return node switch
        {
            _ when from.Size == 0 || to.Size == 0 => Nowhere(from.Rank),
            _ when node.Op.IsElementwise() || node.Op == Op.BroadcastTo => Broadcast(from, to),
            _ when node.Op.IsReduction() => Folded((Folding)node.Attribute!, from),
            _ when node.Op.IsContraction() => Lettered((Contraction)node.Attribute!, operand),
            { Op: Op.Permute } => ((Permutation)node.Attribute!).Inverse().Order,
            { Op: Op.Reshape } => Reshaped(from, to),
            { Op: Op.Slice or Op.Take } => Selected((Selection)node.Attribute!, from, to),
            { Op: Op.Scatter } => Inverse(Selected(((Placement)node.Attribute!).Selections[operand], to, from), from.Rank),
            { Op: Op.Flip or Op.Concat or Op.CumSum } => Without(((Axis)node.Attribute!).Index, from.Rank),
            { Op: Op.Stack } => Stacked(((Axis)node.Attribute!).Index, from.Rank),
            _ => Nowhere(from.Rank),
        };
    }

    /// <summary>Axes of one shape that are axes of another under the same order of elements: equal lengths between equal products.</summary>
    public static int[] Reshaped(Shape from, Shape to)
    {
        var map = Nowhere(from.Rank);
        foreach (var (first, last, start, end) in Groups(from, to))
        {
            if (last == first + 1 && end == start + 1)
            {
                map[first] = start;
            }
        }

        return map;
    }

    /// <summary>The smallest runs of axes of two shapes of one size that have equal products, axes of length 1 left out.</summary>
    public static IEnumerable<(int First, int Last, int Start, int End)> Groups(Shape from, Shape to)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            while (i < from.Rank && from[i] == 1)
            {
                i++;
            }

            while (j < to.Rank && to[j] == 1)
            {
                j++;
            }

            if (i == from.Rank || j == to.Rank)
            {
                yield break;
            }

            var (first, start) = (i, j);
            var (left, right) = ((long)from[i++], (long)to[j++]);
            while (left != right)
            {
                if (left < right)
                {
                    left *= from[i++];
                }
                else
                {
                    right *= to[j++];
                }
            }

            yield return (first, i, start, j);
        }
    }

    /// <summary>The box that a selection reads: the first position and the length along each axis; null if it is none.</summary>
    public static (int[] Starts, int[] Lengths)? Box(Selection selection, Shape from) => selection switch
    {
        Element element => ([element.Position], [1]),
        Region region => region.Box,
        _ => null,
    };

    private static int[] Selected(Selection selection, Shape from, Shape to)
    {
        if (selection is Positions positions)
        {
            return Without(positions.Axis, from.Rank);
        }

        var (_, lengths) = Box(selection, from)!.Value;
        var map = Reshaped(Shape.Of([.. lengths]), to);
        for (var axis = 0; axis < map.Length; axis++)
        {
            map[axis] = lengths[axis] == from[axis] ? map[axis] : None;
        }

        return map;
    }

    private static int[] Broadcast(Shape from, Shape to)
    {
        var map = Nowhere(from.Rank);
        for (var axis = 0; axis < map.Length; axis++)
        {
            var target = axis + to.Rank - from.Rank;
            map[axis] = from[axis] == to[target] ? target : None;
        }

        return map;
    }

    private static int[] Folded(Folding folding, Shape from)
    {
        var map = Nowhere(from.Rank);
        var next = 0;
        for (var axis = 0; axis < map.Length; axis++)
        {
            var isFolded = Array.BinarySearch(folding.Indices, axis) >= 0;
            map[axis] = isFolded ? None : next;
            next += isFolded && !folding.KeepDims ? 0 : 1;
        }

        return map;
    }

    private static int[] Lettered(Contraction contraction, int operand) =>
        [.. contraction.Inputs[operand].Select(letter => contraction.Output.IndexOf(letter, StringComparison.Ordinal))];

    private static int[] Without(int axis, int rank)
    {
        int[] map = [.. Enumerable.Range(0, rank)];
        map[axis] = None;
        return map;
    }

    private static int[] Stacked(int axis, int rank) => [.. Enumerable.Range(0, rank).Select(from => from < axis ? from : from + 1)];

    private static int[] Inverse(int[] map, int rank)
    {
        var inverse = Nowhere(rank);
        for (var axis = 0; axis < map.Length; axis++)
        {
            if (map[axis] != None)
            {
                inverse[map[axis]] = axis;
            }
        }

        return inverse;
    }

    private static int[] Nowhere(int rank)
    {
        var map = new int[rank];
        Array.Fill(map, None);
        return map;
    }
}
