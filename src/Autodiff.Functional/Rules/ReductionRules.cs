// The reductions that are not linear: each is, to first order, a weighted sum of its elements. The weights are stated
// here once; forward mode sums weights times tangents, reverse mode hands each element its weight of the cotangent.

using System.Numerics.Tensors;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Rules;

internal static class ReductionRules
{
    /// <summary>The weights ∂y/∂x of y = reduce(x), of a shape that broadcasts to that of x, masked where y does not depend on an element.</summary>
    public static Partial<Term> Weights(Op op, Folding axes, Expr x, Expr y)
    {
        if (x.Shape.Size == 0)
        {
            return new Term(x);
        }

        // What was folded, with its axes back at length 1, so that it broadcasts against the elements.
        Term Beside(Expr folded) => new(Reshape(folded, axes.Kept(x.Shape)));
        var result = Beside(y);

        // Elements that share the derivative equally; the others do not matter.
        Partial<Term> Shares(Expr elements) => Partial<Term>.When(new(elements), 1 / Beside(Reduce(Op.Sum, elements, axes)));
        switch (op)
        {
            case Op.Prod:
                // Dividing is right, and cheaper, where no product has vanished or overflowed.
                return y.IsFixed && TensorPrimitives.IsNormalAll(y.Storage.Span) ? result / new Term(x) : new Term(ProductOfOthers(x, axes));
            case Op.MaxOf or Op.MinOf:
                return Shares(1 - Elementwise(op == Op.MaxOf ? Op.Less : Op.Greater, x, result.Expr));
            case Op.Norm:
                return Partial<Term>.When(new(1 - Eq(result.Expr, 0)), new Term(x) / result);
            case Op.LogSumExp:
                // The softmax, from the distances to the largest element. Where that is infinite, those that equal it share.
                var largest = AD.StopGradient(Beside(Reduce(Op.MaxOf, x, axes)).Expr);
                var terms = new Term(Exp(x - largest));
                var softmax = terms / Beside(Reduce(Op.Sum, terms.Expr, axes));
                return y.IsFixed && !y.Storage.Span.ContainsAny(double.PositiveInfinity, double.NegativeInfinity)
                    ? softmax
                    : new Term(Where(Eq(Abs(largest), double.PositiveInfinity), Shares(Eq(x, largest)).Factor.Expr * Eq(x, largest), softmax.Expr));
            default:
                throw new ArgumentOutOfRangeException(nameof(op), op, "not a reduction with weights");
        }
    }

    /// <summary>
    /// For each element the product of all others along the axes, without dividing: right where elements are 0. It is the
    /// product of the elements before it and of those after it, each a running product found by doubling.
    /// </summary>
    private static Expr ProductOfOthers(Expr x, Folding axes)
    {
        int[] kept = [.. Enumerable.Range(0, x.Rank).Except(axes.Indices)];
        var order = new Permutation([.. kept, .. axes.Indices]);
        var permuted = Permute(x, order.Order);
        var rows = Reshape(permuted, new Shape(Shape.Of([.. kept.Select(axis => x.Shape[axis])]).Size, axes.Count(x.Shape)));
        var others = ProductOfEarlier(rows) * Flip(ProductOfEarlier(Flip(rows, 1)), 1);
        return Permute(Reshape(others, permuted.Shape), order.Inverse().Order);
    }

    private static Expr ProductOfEarlier(Expr rows)
    {
        var (count, length) = (rows.Shape[0], rows.Shape[1]);
        if (length == 0)
        {
            return rows;
        }

        // products[i] = x[i−1] · … over a window that doubles until it reaches the start.
        var products = Concat([Ones(count, 1), rows[.., ..^1]], 1);
        for (var step = 1; step < length; step *= 2)
        {
            products *= Concat([Ones(count, step), products[.., ..^step]], 1);
        }

        return products;
    }
}
