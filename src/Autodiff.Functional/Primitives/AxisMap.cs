// Which axis of a result corresponds to each axis of an operand. The compiler runs one loop over axes that correspond.

namespace Autodiff.Functional.Primitives;

/// <summary>
/// Axis maps, and the indices of selected elements. An axis map belongs to a primitive and one of its operands: an array with an entry for each
/// axis of the operand. The entry is the axis of the result that has the same positions, which means that each position of the result depends
/// on the same position of the operand only; it is <see cref="None"/> if there is no such axis. The compiler runs one loop over axes that
/// correspond.
/// </summary>
internal static class AxisMap
{
    /// <summary>The entry of an axis that corresponds to none of the result: it is folded, broadcast, read in part, or its positions are mixed.</summary>
    public const int None = -1;

    /// <summary>The axis map of an operand of a node; all entries are <see cref="None"/> if the operand or the result has no elements.</summary>
    public static int[] Of(Expr node, int operand)
    {
        var (from, to) = (node.Operand(operand).Shape, node.Shape);
        return from.Size == 0 || to.Size == 0 ? Nowhere(from.Rank)
            : node.Primitive is TensorPrimitive primitive ? primitive.AxesOf(node, operand)
            : Broadcast(from, to);
    }

    /// <summary>
    /// The axis map of a reshape: axes correspond if their lengths are equal, and so are the products of the lengths of all axes before them. Axes of
    /// length 1 correspond to none.
    /// </summary>
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

    /// <summary>
    /// Divides the axes of two shapes of the same size into the smallest groups with equal products of lengths: axes First to Last − 1 of the
    /// one have the same elements as axes Start to End − 1 of the other. Axes of length 1 neither form nor start a group.
    /// </summary>
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

    /// <summary>The box that a selection reads: the first position and the length along each axis; null for <see cref="Positions"/>.</summary>
    public static (int[] Starts, int[] Lengths)? Box(Selection selection, Shape from) => selection switch
    {
        Element element => ([element.Position], [1]),
        Region region => region.Box,
        _ => null,
    };

    /// <summary>
    /// The elements that a selection of an element or a box reads, as a view of the memory of the whole tensor; null if strides cannot express it.
    /// </summary>
    public static TMemory? Part<TMemory>(TMemory memory, Selection selection, Shape whole, Shape part)
        where TMemory : class, IStridedMemory<TMemory>
    {
        var (starts, lengths) = Box(selection, whole)!.Value;
        return memory.From(starts).Reshaped(Shape.Of([.. lengths]), part);
    }

    /// <summary>The index in the whole tensor of the element that a selection reads to the given index of the part.</summary>
    public static int[] IndexIn(Selection selection, Shape whole, Shape part, int[] index)
    {
        if (selection is Positions positions)
        {
            int[] taken = [.. index];
            taken[positions.Axis] = positions.Indices[index[positions.Axis]];
            return taken;
        }

        // The part has the elements of the box in the same order, although its shape differs if axes were dropped.
        var (starts, lengths) = Box(selection, whole)!.Value;
        var there = IndexAt(Shape.Of([.. lengths]), PositionOf(part, index));
        for (var axis = 0; axis < there.Length; axis++)
        {
            there[axis] += starts[axis];
        }

        return there;
    }

    /// <summary>The position in row-major order of the element at an index.</summary>
    public static int PositionOf(Shape shape, ReadOnlySpan<int> index)
    {
        var position = 0;
        for (var axis = 0; axis < index.Length; axis++)
        {
            position = (position * shape[axis]) + index[axis];
        }

        return position;
    }

    /// <summary>The index of the element at a position in row-major order.</summary>
    public static int[] IndexAt(Shape shape, int position)
    {
        var index = new int[shape.Rank];
        for (var axis = index.Length - 1; axis >= 0; axis--)
        {
            (position, index[axis]) = Math.DivRem(position, shape[axis]);
        }

        return index;
    }

    /// <summary>For each index of a shape, in row-major order, the sum of its positions, each times a stride.</summary>
    public static int[] Offsets(Shape shape, ReadOnlySpan<int> strides)
    {
        var offsets = new int[shape.Size];
        var filled = Math.Min(1, offsets.Length);
        for (var axis = shape.Rank - 1; axis >= 0 && filled > 0; axis--)
        {
            var block = filled;
            for (; filled < block * shape[axis]; filled++)
            {
                offsets[filled] = offsets[filled - block] + strides[axis];
            }
        }

        return offsets;
    }

    /// <summary>The axis map of a selection from a tensor: only axes that are read whole correspond to axes of the result.</summary>
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

    /// <summary>The axis map of a tensor that is broadcast to a shape.</summary>
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

    /// <summary>The axis map of an operand whose first axes are broadcast to the first axes of the result, and whose other axes correspond to none.</summary>
    public static int[] Leading(Shape from, int axes, Shape to, int resultAxes)
    {
        var map = Nowhere(from.Rank);
        Broadcast(new(from.Lengths[..axes]), new(to.Lengths[..resultAxes])).CopyTo(map, 0);
        return map;
    }

    /// <summary>The axis map of a tensor that is reduced along some axes.</summary>
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

    /// <summary>The map of every axis to itself, except one that corresponds to none.</summary>
    public static int[] Without(int axis, int rank)
    {
        int[] map = [.. Enumerable.Range(0, rank)];
        map[axis] = None;
        return map;
    }

    /// <summary>The inverse of a map whose entries are axes of a tensor of the given rank.</summary>
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

    /// <summary>The map in which no axis corresponds to any.</summary>
    public static int[] Nowhere(int rank)
    {
        var map = new int[rank];
        Array.Fill(map, None);
        return map;
    }
}
