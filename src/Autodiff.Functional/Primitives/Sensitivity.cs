// A tangent or a cotangent of a node, with the mask of its structural zeros.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// A tangent (forward mode) or cotangent (reverse mode) of one node, which pushforwards and pullbacks take and return. Where a
/// <c>Sensitivity?</c> is null, all elements are structural zeros. A structural zero stays 0 whatever it is multiplied by, even ∞ or NaN, because
/// the mask is applied after each multiplication.
/// </summary>
/// <param name="Value">The tangent or cotangent, in the shape of the node; 0 at structural zeros.</param>
/// <param name="Live">
/// The mask, in the same shape: 0 at structural zeros, and not 0 at all other elements, which are called live. Null if all elements are live.
/// </param>
internal readonly record struct Sensitivity(Expr Value, Expr? Live)
{
    /// <summary>
    /// The product with a partial derivative, broadcast to a shape. An element is live if it is live in both; null if it is known that none is.
    /// </summary>
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

    /// <summary>
    /// A sensitivity of any value, which is set to 0 where the mask is 0. It has no mask if it is known that all elements are live; null if it is
    /// known that none is.
    /// </summary>
    public static Sensitivity? Selected(Expr value, Expr? live) =>
        Of(value, live) is { } known ? known with { Value = known.Live is null ? value : Where(known.Live, value, 0) } : null;

    /// <summary>
    /// A sensitivity of a value that already is 0 where the mask is 0. It has no mask if it is known that all elements are live; null if it is known
    /// that none is.
    /// </summary>
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
    /// The sum of pieces of a sensitivity, each added at the elements that its selection reads, in one node for all pieces. An element is live if
    /// it is live in some piece; elements that no piece covers are structural zeros. Null if it is known that no element is live.
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

    /// <summary>The sum of two sensitivities of one node: the values are added, and an element is live if it is live in either.</summary>
    public Sensitivity Plus(Sensitivity other)
    {
        var sum = (new Term(Value) + new Term(other.Value)).Expr;
        return Live is null || other.Live is null ? new(sum, null) : Of(sum, Max(Live, other.Live)) ?? new(sum, Zeros(sum.Shape));
    }

    /// <summary>
    /// The image under a linear map whose coefficients are 0 and 1. The mask is mapped too, so an element of the image is live if any element is live
    /// of which it is the sum. Null if it is known that none is.
    /// </summary>
    public Sensitivity? Through(Func<Expr, Expr> map) => Of(map(Value), Live is null ? null : map(Live) > 0);

    /// <summary>The transpose of broadcasting from a shape: the sum over the axes that broadcasting has lengthened or added.</summary>
    public Sensitivity? SumTo(Shape shape) => Value.Shape == shape ? this : Through(x => SumTo(x, shape));

    /// <summary>The transpose of broadcasting from a shape, of a tensor.</summary>
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

    /// <summary>The mask of the elements that some selection reads.</summary>
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
