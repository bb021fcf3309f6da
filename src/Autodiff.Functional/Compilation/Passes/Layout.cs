// A pass that applies identities of the primitives that move elements: moves that follow one another become one, and what is read from a
// tensor put together from parts is read from the parts. No element is computed with, so all of this is exact.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal sealed class Layout
{
    // A read looks at all pieces of a Scatter, so a Scatter of more pieces than this is left alone.
    private const int FewPieces = 16;

    // The start of each part of a joined tensor, in elements, kept so that many reads of many parts take linear time.
    private readonly Dictionary<Expr, int[]> _starts = new(ReferenceEqualityComparer.Instance);

    private Layout()
    {
    }

    public static Computation Simplify(Computation computation)
    {
        if (!Array.Exists(computation.Nodes, MovesElements))
        {
            return computation;
        }

        var layout = new Layout();
        return Rewriting.Apply(computation, node => layout.Simpler(node) ?? node);
    }

    /// <summary>The same elements under another shape.</summary>
    public static Expr Reshape(Expr x, Shape shape)
    {
        while (x.Primitive is ReshapePrimitive && (x.Shape != shape || x.Operand(0).Primitive is ReshapePrimitive))
        {
            x = x.Operand(0);
        }

        return x.Shape == shape ? x
            : x.Primitive is BroadcastPrimitive && x.Operand(0).Shape.Size == 1 ? Expr.BroadcastTo(Reshape(x.Operand(0), Shape.Scalar), shape)
            : Expr.Reshape(x, shape);
    }

    /// <summary>The tensor stretched to a shape.</summary>
    public static Expr BroadcastTo(Expr x, Shape shape)
    {
        while (x.Primitive is BroadcastPrimitive || (x.Primitive is ReshapePrimitive && HasMoreLeadingOnes(x.Shape, x.Operand(0).Shape)))
        {
            x = x.Operand(0);
        }

        return x.Shape.Size == shape.Size ? Reshape(x, shape) : Expr.BroadcastTo(x.Shape.Size == 1 ? Reshape(x, Shape.Scalar) : x, shape);
    }

    /// <summary>The axes in another order.</summary>
    public static Expr Permute(Expr x, int[] order)
    {
        while (x.Primitive is PermutePrimitive permute)
        {
            var inner = permute.Permutation.Order;
            (x, order) = (x.Operand(0), Array.ConvertAll(order, axis => inner[axis]));
        }

        // Axes of length 1 may stand anywhere.
        var shape = x.Shape;
        var longer = Array.FindAll(order, axis => shape[axis] != 1);
        return longer.AsSpan().SequenceEqual([.. longer.Order()])
            ? Reshape(x, Shape.Of(Array.ConvertAll(order, axis => shape[axis])))
            : Expr.Permute(x, order);
    }

    /// <summary>Whether this pass has an identity for the primitive of a node.</summary>
    private static bool MovesElements(Expr node) => node.Primitive is Reduction or CumSumPrimitive or Rearrangement or JoinPrimitive;

    private Expr? Simpler(Expr node) => node.Primitive switch
    {
        ReshapePrimitive when node.Operand(0).Primitive is ReshapePrimitive or BroadcastPrimitive => Reshape(node.Operand(0), node.Shape) is var x && IsReshapeOf(x, node.Operand(0)) ? null : x,
        BroadcastPrimitive when node.Operand(0) is var x && (x.Primitive is BroadcastPrimitive or ReshapePrimitive || x.Shape.Size == node.Shape.Size || (x.Shape.Size == 1 && !x.IsScalar)) =>
            BroadcastTo(x, node.Shape) is var y && y.Primitive is BroadcastPrimitive && ReferenceEquals(y.Operand(0), x) ? null : y,
        PermutePrimitive permute => Permute(node.Operand(0), permute.Permutation.Order) is var x && x.Primitive is PermutePrimitive && ReferenceEquals(x.Operand(0), node.Operand(0)) ? null : x,
        Reduction and not (NormPrimitive or LogSumPrimitive) and { Axes: var folding } when folding.Count(node.Operand(0).Shape) == 1 => Reshape(node.Operand(0), node.Shape),
        CumSumPrimitive { Axis: var axis } when node.Shape[axis] == 1 => node.Operand(0),
        FlipPrimitive { Axis: var axis } when node.Shape[axis] == 1 => node.Operand(0),
        FlipPrimitive flip when node.Operand(0) is { Primitive: FlipPrimitive inner } x && inner.Axis == flip.Axis => x.Operand(0),
        TakePrimitive { Positions: var positions } => Run(node.Operand(0), positions),
        SlicePrimitive { Selection: var selection } => LayoutKernels.StartOfRun(selection) is { } start ? OfRun(node.Operand(0), node.Shape, start) ?? OfBox(node, selection) : OfBox(node, selection),
        ScatterPrimitive { Placement: var placement } => Placed(node, placement),
        _ => null,
    };

    private static bool IsReshapeOf(Expr x, Expr operand) => x.Primitive is ReshapePrimitive && ReferenceEquals(x.Operand(0), operand);

    private static bool HasMoreLeadingOnes(Shape shape, Shape fewer) =>
        shape.Rank > fewer.Rank && shape.Lengths[(shape.Rank - fewer.Rank)..].SequenceEqual(fewer.Lengths);

    /// <summary>A selection of consecutive positions as a slice; null if the positions are not consecutive.</summary>
    private static Expr? Run(Expr x, Positions positions)
    {
        var indices = positions.Indices;
        for (var i = 1; i < indices.Length; i++)
        {
            if (indices[i] != indices[i - 1] + 1)
            {
                return null;
            }
        }

        if (indices.Length == 0)
        {
            return null;
        }

        var starts = new int[x.Rank];
        starts[positions.Axis] = indices[0];
        return Slice(x, positions.Part, starts, positions.Part.Lengths.ToArray());
    }

    /// <summary>A box of a tensor under a shape, as a reshape if it is the whole tensor.</summary>
    public static Expr Slice(Expr x, Shape part, int[] starts, int[] lengths)
    {
        if (x.Shape.Size == part.Size)
        {
            return Reshape(x, part);
        }

        if (x.Rank == 1 && part.IsScalar)
        {
            return Expr.Make(SlicePrimitive.OfElement(starts[0]), part, [x]);
        }

        // A slice that is no run has the axes of the box, but for those of length 1: kernels read it where it lies.
        var region = Region.Of(x.Shape, part, starts, lengths);
        return region.Starts is null || Longer(part.Lengths).SequenceEqual(Longer(lengths))
            ? Expr.Make(new SlicePrimitive(region), part, [x])
            : Reshape(Slice(x, Shape.Of(lengths), starts, lengths), part);

        static int[] Longer(ReadOnlySpan<int> lengths) => Array.FindAll(lengths.ToArray(), length => length != 1);
    }

    /// <summary>A run of elements in row-major order as a slice, if the run is a box; null if not.</summary>
    private static Expr? Slice(Expr x, Shape part, int start)
    {
        if (x.Shape.Size == part.Size)
        {
            return Reshape(x, part);
        }

        if (part.Size == 0)
        {
            return null;
        }

        var (starts, lengths) = new Region(x.Shape, part, start, null, null).Box;
        for (var axis = 0; axis < x.Rank; axis++)
        {
            if (starts[axis] + lengths[axis] > x.Shape[axis])
            {
                return null;
            }
        }

        return Shape.Of(lengths).Size == part.Size && Region.Of(x.Shape, part, starts, lengths) is { Starts: null } region && region.Offset == start
            ? Slice(x, part, starts, lengths)
            : null;
    }

    /// <summary>A run of elements in row-major order, read from the operand that it comes from; null if it does not come from one operand.</summary>
    private Expr? OfRun(Expr x, Shape part, int start)
    {
        if (x.Shape.Size == part.Size || part.Size == 0)
        {
            return part.Size == 0 ? null : Reshape(x, part);
        }

        switch (x.Primitive)
        {
            case ReshapePrimitive:
                return Slice(x.Operand(0), part, start);
            case SlicePrimitive inner when LayoutKernels.StartOfRun(inner.Selection) is { } before:
                return Slice(x.Operand(0), part, before + start);
            case StackingPrimitive stacking when x.Shape.Lengths[..stacking.Axis] is var outer && !outer.ContainsAnyExcept(1):
                var starts = StartsOf(x);
                var operand = Array.BinarySearch(starts, start);
                operand = operand < 0 ? ~operand - 1 : operand;
                while (x.Operand(operand).Shape.Size == 0)
                {
                    operand++;
                }

                return start + part.Size <= starts[operand] + x.Operand(operand).Shape.Size ? Slice(x.Operand(operand), part, start - starts[operand]) : null;
            default:
                return null;
        }
    }

    private int[] StartsOf(Expr joined)
    {
        if (!_starts.TryGetValue(joined, out var starts))
        {
            starts = new int[joined.OperandCount];
            for (var i = 1; i < starts.Length; i++)
            {
                starts[i] = starts[i - 1] + joined.Operand(i - 1).Shape.Size;
            }

            _starts.Add(joined, starts);
        }

        return starts;
    }

    /// <summary>A box of elements, read from the operand that it comes from; null if it does not come from one operand.</summary>
    private Expr? OfBox(Expr node, Selection selection)
    {
        var x = node.Operand(0);
        if (selection is not Region region || node.Shape.Size == 0)
        {
            return null;
        }

        var (starts, lengths) = region.Box;
        switch (x.Primitive)
        {
            case SlicePrimitive { Selection: Region inner }:
                return Within(inner, starts, lengths) is var (first, sizes) ? Slice(x.Operand(0), node.Shape, first, sizes) : null;
            case ConcatPrimitive concat:
                return OfConcat(x, concat.Axis, node.Shape, starts, lengths);
            case StackPrimitive { Axis: var axis } when lengths[axis] == 1:
                return Slice(x.Operand(starts[axis]), node.Shape, Without(starts, axis), Without(lengths, axis));
            case StackPrimitive { Axis: var axis } when node.Rank == x.Rank:
                var some = x.Operands.Skip(starts[axis]).Take(lengths[axis]);
                var within = Without(lengths, axis);
                var stack = Expr.Stack([.. some.Select(operand => Slice(operand, Shape.Of([.. within]), Without(starts, axis), within))], axis);
                return Reshape(stack, node.Shape);
            case ScatterPrimitive { Placement: { Selections.Length: <= FewPieces } placement }:
                return OfScatter(x, placement, node.Shape, starts, lengths);
            case BroadcastPrimitive:
                return OfBroadcast(x.Operand(0), node.Shape, starts, lengths);
            case PermutePrimitive { Permutation.Order: var order }:
                var (from, count) = (new int[order.Length], new int[order.Length]);
                for (var axis = 0; axis < order.Length; axis++)
                {
                    (from[order[axis]], count[order[axis]]) = (starts[axis], lengths[axis]);
                }

                var box = Slice(x.Operand(0), Shape.Of(count), from, count);
                return Reshape(Permute(box, order), node.Shape);
            default:
                return null;
        }
    }

    private Expr? OfConcat(Expr x, int along, Shape part, int[] starts, int[] lengths)
    {
        var inner = x.Shape.Size / x.Shape[along];
        var places = StartsOf(x);
        var operand = Array.BinarySearch(places, starts[along] * inner);
        operand = operand < 0 ? ~operand - 1 : operand;
        while (x.Operand(operand).Shape.Size == 0)
        {
            operand++;
        }

        var first = starts[along] - (places[operand] / inner);
        if (first + lengths[along] > x.Operand(operand).Shape[along])
        {
            return null;
        }

        int[] own = [.. starts];
        own[along] = first;
        return Slice(x.Operand(operand), part, own, lengths);
    }

    /// <summary>A box of a Scatter, read from the single piece that it lies in (plus 0, which placing a piece adds), or zeros if it lies in none.</summary>
    private static Expr? OfScatter(Expr x, Placement placement, Shape part, int[] starts, int[] lengths)
    {
        Expr? read = null;
        for (var i = 0; i < placement.Selections.Length; i++)
        {
            if ((placement.Selections[i] is Element element ? ([element.Position], [1]) : (placement.Selections[i] as Region)?.Box) is not var (from, count))
            {
                return null;
            }

            var axes = Enumerable.Range(0, starts.Length);
            if (axes.Any(axis => starts[axis] >= from[axis] + count[axis] || from[axis] >= starts[axis] + lengths[axis]))
            {
                continue;
            }

            if (read is not null || axes.Any(axis => starts[axis] < from[axis] || starts[axis] + lengths[axis] > from[axis] + count[axis]))
            {
                return null;
            }

            read = Slice(Reshape(x.Operand(i), Shape.Of([.. count])), part, [.. axes.Select(axis => starts[axis] - from[axis])], lengths);
        }

        return read is null ? Expr.Zeros(part) : read + 0;
    }

    /// <summary>A box of a stretched tensor: a box of the tensor, which is then stretched.</summary>
    private static Expr OfBroadcast(Expr x, Shape part, int[] starts, int[] lengths)
    {
        var leading = starts.Length - x.Rank;
        var (own, count) = (new int[x.Rank], new int[x.Rank]);
        for (var axis = 0; axis < x.Rank; axis++)
        {
            (own[axis], count[axis]) = x.Shape[axis] == 1 ? (0, 1) : (starts[leading + axis], lengths[leading + axis]);
        }

        return Reshape(BroadcastTo(Slice(x, Shape.Of([.. count]), own, count), Shape.Of([.. lengths])), part);
    }

    /// <summary>A box within a box, as a box of the whole; null if the inner one was reshaped by more than axes of length 1.</summary>
    private static (int[] Starts, int[] Lengths)? Within(Region inner, int[] starts, int[] lengths)
    {
        var (innerStarts, innerLengths) = inner.Box;
        int[] axes = [.. Enumerable.Range(0, innerLengths.Length).Where(axis => innerLengths[axis] != 1)];
        int[] own = [.. Enumerable.Range(0, inner.Part.Rank).Where(axis => inner.Part[axis] != 1)];
        if (!axes.Select(axis => innerLengths[axis]).SequenceEqual(own.Select(axis => inner.Part[axis])))
        {
            return null;
        }

        int[] from = [.. innerStarts];
        int[] count = [.. innerLengths];
        foreach (var (axis, part) in axes.Zip(own))
        {
            from[axis] += starts[part];
            count[axis] = lengths[part];
        }

        return (from, count);
    }

    private static int[] Without(int[] lengths, int axis) => [.. lengths.AsSpan(0, axis), .. lengths.AsSpan(axis + 1)];

    /// <summary>Leaves out zeros that are placed in zeros. A piece that fills the whole becomes that piece plus 0, as placing makes −0 to 0.</summary>
    private static Expr? Placed(Expr node, Placement placement)
    {
        var pieces = node.Operands.ToArray();
        var kept = Enumerable.Range(0, pieces.Length).Where(i => pieces[i] is not { Op: Op.Constant } || Numbers.Single(pieces[i].Storage) is not 0).ToArray();
        return kept.Length == 0 ? Expr.Zeros(node.Shape)
            : kept.Length < pieces.Length ? Expr.Scatter(node.Shape, Array.ConvertAll(kept, i => placement.Selections[i]), Array.ConvertAll(kept, i => pieces[i]))
            : pieces is [var piece] && placement.Selections[0] is not Positions && piece.Shape == node.Shape ? piece + 0
            : null;
    }
}
