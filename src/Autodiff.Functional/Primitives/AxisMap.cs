// Which axis of a result each axis of an operand becomes: what tells the loops of a program from the work inside them.

namespace Autodiff.Functional.Primitives;

internal static class AxisMap
{
    /// <summary>No axis of the result: the axis is folded, stretched, cut or moved.</summary>
    public const int None = -1;

    /// <summary>For each axis of an operand the axis of the result that has the same positions; <see cref="None"/> where there is none.</summary>
    public static int[] Of(Expr node, int operand)
    {
        var (from, to) = (node.Operand(operand).Shape, node.Shape);
        return from.Size == 0 || to.Size == 0 ? Nowhere(from.Rank)
            : node.Primitive is TensorPrimitive primitive ? primitive.AxesOf(node, operand)
            : Broadcast(from, to);
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

    /// <summary>The part of a tensor in memory that a selection reads; null if its numbers do not lie so.</summary>
    public static TMemory? Part<TMemory>(TMemory memory, Selection selection, Shape whole, Shape part)
        where TMemory : class, IStridedMemory<TMemory>
    {
        var (starts, lengths) = Box(selection, whole)!.Value;
        return memory.From(starts).Reshaped(Shape.Of([.. lengths]), part);
    }

    /// <summary>The index in a whole of an index in a part of it.</summary>
    public static int[] IndexIn(Selection selection, Shape whole, Shape part, int[] index)
    {
        if (selection is Positions positions)
        {
            int[] taken = [.. index];
            taken[positions.Axis] = positions.Indices[index[positions.Axis]];
            return taken;
        }

        // Elements of a box are in the order of those of the part, whatever its shape.
        var (starts, lengths) = Box(selection, whole)!.Value;
        var there = IndexAt(Shape.Of([.. lengths]), PositionOf(part, index));
        for (var axis = 0; axis < there.Length; axis++)
        {
            there[axis] += starts[axis];
        }

        return there;
    }

    /// <summary>The position in row-major order of an index.</summary>
    public static int PositionOf(Shape shape, ReadOnlySpan<int> index)
    {
        var position = 0;
        for (var axis = 0; axis < index.Length; axis++)
        {
            position = (position * shape[axis]) + index[axis];
        }

        return position;
    }

    /// <summary>The index of a position in row-major order.</summary>
    public static int[] IndexAt(Shape shape, int position)
    {
        var index = new int[shape.Rank];
        for (var axis = index.Length - 1; axis >= 0; axis--)
        {
            (position, index[axis]) = Math.DivRem(position, shape[axis]);
        }

        return index;
    }

    /// <summary>The axes of a selection from a tensor: those that it reads whole.</summary>
    public static int[] Selected(Selection selection, Shape from, Shape to)
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

    /// <summary>The axes of a tensor that is stretched to a shape.</summary>
    public static int[] Broadcast(Shape from, Shape to)
    {
        var map = Nowhere(from.Rank);
        for (var axis = 0; axis < map.Length; axis++)
        {
            var target = axis + to.Rank - from.Rank;
            map[axis] = from[axis] == to[target] ? target : None;
        }

        return map;
    }

    /// <summary>The axes of a tensor that a reduction folds.</summary>
    public static int[] Folded(Folding folding, Shape from)
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

    /// <summary>All axes of a tensor but one, which stay where they are.</summary>
    public static int[] Without(int axis, int rank)
    {
        int[] map = [.. Enumerable.Range(0, rank)];
        map[axis] = None;
        return map;
    }

    /// <summary>The map the other way, from the axes of a result to those of an operand of some rank.</summary>
    public static int[] Inverse(int[] map, int rank)
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

    /// <summary>No axis of the result for any.</summary>
    public static int[] Nowhere(int rank)
    {
        var map = new int[rank];
        Array.Fill(map, None);
        return map;
    }
}
