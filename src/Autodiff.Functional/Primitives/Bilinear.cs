// What the derivatives of all bilinear primitives have in common: products of tensors, and convolutions.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Primitives;

internal static class Bilinear
{
    /// <summary>The image of a sensitivity under a bilinear map whose other operand is given: the tangent of the result, or the cotangent of an operand.</summary>
    /// <param name="flow">The sensitivity.</param>
    /// <param name="other">The other operand.</param>
    /// <param name="product">The map. Its terms are products of an element of the one and an element of the other, each at most once.</param>
    /// <param name="termByTerm">The image, given the mask and the other operand, in which every product with a structural zero is 0.</param>
    /// <returns>The image; null if all its elements are structural zeros.</returns>
    public static Sensitivity? Flow(Sensitivity flow, Expr other, Func<Expr, Expr, Expr> product, Func<Expr, Expr, Sensitivity?> termByTerm)
    {
        if (flow.Live is not { } live)
        {
            return new(product(flow.Value, other), null);
        }

        // A structural zero times an infinite coefficient must add 0 to the sum, but 0 · ∞ is NaN.
        if (other.IsConcrete && !other.Storage.IsFinite)
        {
            return termByTerm(live, other);
        }

        // Coefficients without a value, as in a batch, may turn out to be infinite at structural zeros. So an element to which only structural zeros
        // contribute is set to 0 by a mask.
        var (value, reached) = (product(flow.Value, other), product(live, Ones(other.Shape)) > 0);
        return other.IsConcrete ? Sensitivity.Of(value, reached) : Sensitivity.Selected(value, reached);
    }
}

/// <summary>A bilinear primitive both of whose operands move: Σ product(aⱼ, bₖ₋ⱼ).</summary>
internal sealed class BilinearSeries(TensorPrimitive primitive, Expr node, PowerSeries[] operands, Expr primal) : LinearSeries(primitive, node, operands, primal)
{
    private readonly TensorPrimitive _primitive = primitive;
    private readonly (PowerSeries A, PowerSeries B) _operands = (operands[0], operands[1]);

    protected override Expr? Next(int order)
    {
        var sum = base.Next(order);
        for (var j = 1; j < order; j++)
        {
            sum = _operands.A[j] is { } a && _operands.B[order - j] is { } b ? Sum(sum, Make(_primitive, Primal.Shape, [a, b])) : sum;
        }

        return sum;
    }
}
