// A tangent or a cotangent on its way through the graph, with the mask of its structural zeros.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// A tangent (forward) or cotangent (reverse) of one node, of the node's shape. Where <see cref="Live"/> is given, its
/// zeros mark elements that nothing flows through; the value is 0 there and stays 0 whatever it is multiplied by.
/// </summary>
internal readonly record struct Sensitivity(Expr Value, Expr? Live)
{
    /// <summary>The value times a factor that applies where a mask holds; null where nothing is left.</summary>
    public Sensitivity? Times(PartialDerivative<Term> partial, Shape shape)
    {
        if (partial.IsZero)
        {
            return null;
        }

        var value = BroadcastTo((new Term(Value) * partial.Factor).Expr, shape);
        var live = Live is null ? null : BroadcastTo(Live, shape);
        if (partial.IsMasked)
        {
            var mask = BroadcastTo(partial.Live.Expr, shape);
            live = live is null ? mask : live * mask;
        }

        return Selected(value, live);
    }

    /// <summary>Sets what the mask marks as dead to 0; null where the mask is known and nothing lives.</summary>
    public static Sensitivity? Selected(Expr value, Expr? live) =>
        Of(value, live) is { } known ? known with { Value = known.Live is null ? value : Where(known.Live, value, 0) } : null;

    /// <summary>A value that already is 0 where the mask is: without the mask if it is known that all live, null if that nothing does.</summary>
    public static Sensitivity? Of(Expr value, Expr? live)
    {
        if (live is not { IsFixed: true })
        {
            return new(value, live);
        }

        var mask = live.Storage;
        return (mask.IsUniform ? mask[0] != 0 : !mask.Span.Contains(0.0)) ? new(value, null)
            : (mask.IsUniform ? mask[0] == 0 : !mask.Span.ContainsAnyExcept(0.0)) ? null
            : new(value, live.Detached());
    }

    /// <summary>
    /// Pieces of a tensor, each added where a selection reads it, in one node for all of them. What no piece covers is a
    /// structural zero, as is what every piece over it marks so.
    /// </summary>
    public static Sensitivity? Gathered(Shape shape, IReadOnlyList<(Selection Selection, Sensitivity Flow)> pieces)
    {
        Selection[] selections = [.. pieces.Select(piece => piece.Selection)];
        return Of(
            Scatter(shape, selections, [.. pieces.Select(piece => piece.Flow.Value)]),
            pieces.Any(piece => piece.Flow.Live is not null)
                ? Scatter(shape, selections, [.. pieces.Select(piece => piece.Flow.Live ?? Ones(piece.Flow.Value.Shape))]) > 0
                : Covered(shape, selections));
    }

    /// <summary>Two flows that meet: the values add, and an element lives if it does in either.</summary>
    public Sensitivity Plus(Sensitivity other)
    {
        var sum = (new Term(Value) + new Term(other.Value)).Expr;
        return Live is null || other.Live is null ? new(sum, null) : Of(sum, Max(Live, other.Live)) ?? new(sum, Zeros(sum.Shape));
    }

    /// <summary>The result of a linear map of 0/1 coefficients on the value, and on the mask; null where nothing lives.</summary>
    public Sensitivity? Through(Func<Expr, Expr> map) => Of(map(Value), Live is null ? null : map(Live) > 0);

    /// <summary>The transpose of broadcasting: sums the axes along which a tensor of the shape was stretched.</summary>
    public Sensitivity? SumTo(Shape shape) => Value.Shape == shape ? this : Through(x => SumTo(x, shape));

    public static Expr SumTo(Expr x, Shape shape)
    {
        if (x.Shape == shape)
        {
            return x;
        }

        var leading = x.Rank - shape.Rank;
        var stretched = new List<int>();
        for (var axis = 0; axis < x.Rank; axis++)
        {
            if (axis < leading || (shape[axis - leading] == 1 && x.Shape[axis] != 1))
            {
                stretched.Add(axis);
            }
        }

        return Reshape(SumOver(x, new([.. stretched], KeepDims: false)), shape);
    }

    private static Expr Covered(Shape shape, Selection[] selections)
    {
        var covered = new double[shape.Size];
        foreach (var selection in selections)
        {
            LayoutKernels.Fill(covered, selection, 1);
        }

        return Constant(new Storage(shape, covered));
    }
}
