// Identities of the primitives that move elements: what moves them twice moves them once, and what is read from something put
// together is read from its parts. No element is computed with, so all of this is exact.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal sealed class Layout
{
    // Every read of a tensor put together from pieces looks at all of them.
    private const int FewPieces = 16;

    // Where the parts of joined tensors start, so that many reads of many parts take linear time.
    private readonly Dictionary<Expr, int[]> _starts = [];

    private Layout()
    {
    }

    public static Body Simplify(Body body)
    {
        if (!body.Uses(MovesElements))
        {
            return body;
        }

        var layout = new Layout();
        return Rewriting.Apply(body, node => layout.Simpler(node) ?? node);
    }

    /// <summary>The same elements under another shape.</summary>
    public static Expr Reshape(Expr x, Shape shape)
    {
        while (x.Op == Op.Reshape && (x.Shape != shape || x.Operand(0).Op == Op.Reshape))
        {
            x = x.Operand(0);
        }

        return x.Shape == shape ? x
            : x.Op == Op.BroadcastTo && x.Operand(0).Shape.Size == 1 ? Expr.BroadcastTo(Reshape(x.Operand(0), Shape.Scalar), shape)
            : Expr.Reshape(x, shape);
    }

    /// <summary>The tensor stretched to a shape.</summary>
    public static Expr BroadcastTo(Expr x, Shape shape)
    {
        while (x.Op == Op.BroadcastTo || (x.Op == Op.Reshape && HasMoreLeadingOnes(x.Shape, x.Operand(0).Shape)))
        {
            x = x.Operand(0);
        }

        return x.Shape.Size == shape.Size ? Reshape(x, shape) : Expr.BroadcastTo(x.Shape.Size == 1 ? Reshape(x, Shape.Scalar) : x, shape);
    }

    /// <summary>The axes in another order.</summary>
    public static Expr Permute(Expr x, int[] order)
    {
        while (x.Op == Op.Permute)
        {
            var inner = ((Permutation)x.Attribute!).Order;
            (x, order) = (x.Operand(0), Array.ConvertAll(order, axis => inner[axis]));
        }

        // Axes of length 1 may stand anywhere.
        var shape = x.Shape;
        var longer = Array.FindAll(order, axis => shape[axis] != 1);
        return longer.AsSpan().SequenceEqual([.. longer.Order()])
            ? Reshape(x, Shape.Of(Array.ConvertAll(order, axis => shape[axis])))
            : Expr.Permute(x, order);
    }

    /// <summary>Whether there is an identity of a primitive here.</summary>
    private static bool MovesElements(Op op) => op.IsReduction() || op is >= Op.CumSum and <= Op.Take;

    private Expr? Simpler(Expr node) => (node.Op, node.Attribute) switch
    {
        (Op.Reshape, _) when node.Operand(0).Op is Op.Reshape or Op.BroadcastTo => Reshape(node.Operand(0), node.Shape) is var x && IsReshapeOf(x, node.Operand(0)) ? null : x,
        (Op.BroadcastTo, _) when node.Operand(0) is var x && (x.Op is Op.BroadcastTo or Op.Reshape || x.Shape.Size == node.Shape.Size || (x.Shape.Size == 1 && !x.IsScalar)) =>
            BroadcastTo(x, node.Shape) is var y && y.Op == Op.BroadcastTo && ReferenceEquals(y.Operand(0), x) ? null : y,
        (Op.Permute, Permutation permutation) => Permute(node.Operand(0), permutation.Order) is var x && x.Op == Op.Permute && ReferenceEquals(x.Operand(0), node.Operand(0)) ? null : x,
        (Op.Sum or Op.Prod or Op.MaxOf or Op.MinOf or Op.LogSumExp, Folding folding) when folding.Count(node.Operand(0).Shape) == 1 => Reshape(node.Operand(0), node.Shape),
        (Op.Flip or Op.CumSum, Axis axis) when node.Shape[axis.Index] == 1 => node.Operand(0),
        (Op.Flip, Axis axis) when node.Operand(0) is { Op: Op.Flip, Attribute: Axis inner } x && inner.Index == axis.Index => x.Operand(0),
        (Op.Take, Positions positions) => Run(node.Operand(0), positions),
        (Op.Slice, Selection selection) => LayoutKernels.StartOfRun(selection) is { } start ? OfRun(node.Operand(0), node.Shape, start) ?? OfBox(node) : OfBox(node),
        (Op.Scatter, Placement placement) => Placed(node, placement),
        _ => null,
    };

    private static bool IsReshapeOf(Expr x, Expr operand) => x.Op == Op.Reshape && ReferenceEquals(x.Operand(0), operand);

    private static bool HasMoreLeadingOnes(Shape shape, Shape fewer) =>
        shape.Rank > fewer.Rank && shape.Lengths[(shape.Rank - fewer.Rank)..].SequenceEqual(fewer.Lengths);

    /// <summary>Positions that follow one another are a slice.</summary>
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

    /// <summary>A box of a tensor.</summary>
    public static Expr Slice(Expr x, Shape part, int[] starts, int[] lengths) =>
        x.Shape.Size == part.Size ? Reshape(x, part)
        : x.Rank == 1 && part.IsScalar ? Expr.Make(Op.Slice, Element.At(starts[0]), part, [x])
        : Expr.Make(Op.Slice, Region.Of(x.Shape, part, starts, lengths), part, [x]);

    /// <summary>A run of elements as a slice, if the run is a box; null if not.</summary>
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

    /// <summary>A run of elements, read from where it comes from.</summary>
    private Expr? OfRun(Expr x, Shape part, int start)
    {
        if (x.Shape.Size == part.Size || part.Size == 0)
        {
            return part.Size == 0 ? null : Reshape(x, part);
        }

        switch (x.Op)
        {
            case Op.Reshape:
                return Slice(x.Operand(0), part, start);
            case Op.Slice when LayoutKernels.StartOfRun((Selection)x.Attribute!) is { } before:
                return Slice(x.Operand(0), part, before + start);
            case Op.Concat or Op.Stack when x.Shape.Lengths[..((Axis)x.Attribute!).Index] is var outer && !outer.ContainsAnyExcept(1):
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

    /// <summary>A box of elements, read from where they come from.</summary>
    private Expr? OfBox(Expr node)
    {
        var x = node.Operand(0);
        if (node.Attribute is not Region region || node.Shape.Size == 0)
        {
            return null;
        }

        var (starts, lengths) = region.Box;
        switch (x.Op)
        {
            case Op.Slice when x.Attribute is Region inner:
                return Within(inner, starts, lengths) is var (first, sizes) ? Slice(x.Operand(0), node.Shape, first, sizes) : null;
            case Op.Concat:
                return OfConcat(x, ((Axis)x.Attribute!).Index, node.Shape, starts, lengths);
            case Op.Stack when ((Axis)x.Attribute!).Index is var axis && lengths[axis] == 1:
                return Slice(x.Operand(starts[axis]), node.Shape, Without(starts, axis), Without(lengths, axis));
            case Op.Stack when node.Rank == x.Rank && ((Axis)x.Attribute!).Index is var axis:
                var some = x.Operands.Skip(starts[axis]).Take(lengths[axis]);
                var within = Without(lengths, axis);
                var stack = Expr.Stack([.. some.Select(operand => Slice(operand, Shape.Of([.. within]), Without(starts, axis), within))], axis);
                return Reshape(stack, node.Shape);
            case Op.Scatter when ((Placement)x.Attribute!).Selections.Length <= FewPieces:
                return OfScatter(x, (Placement)x.Attribute!, node.Shape, starts, lengths);
            case Op.BroadcastTo:
                return OfBroadcast(x.Operand(0), node.Shape, starts, lengths);
            case Op.Permute:
                var order = ((Permutation)x.Attribute!).Order;
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

    /// <summary>What is read from a single piece, to which placing it adds 0, or from none.</summary>
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

    /// <summary>What is read from a stretched tensor is a stretched part of it.</summary>
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

    /// <summary>A box within a box; null if the inner one was given other axes, but for some of length 1.</summary>
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

    /// <summary>Zeros that are placed in zeros add nothing; a piece that fills the whole is that piece, but for the sign of its zeros.</summary>
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
