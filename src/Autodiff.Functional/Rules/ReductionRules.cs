// The reductions that are not linear: each is, to first order, a weighted sum of its elements. The weights are stated
// here once; forward mode sums weights times tangents, reverse mode hands each element its weight of the cotangent.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Evaluation;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Rules;

internal static class ReductionRules
{
    // A norm below this has lost digits, or its square has. Numbers become longer or shorter by a power of two.
    private const double ShortestLength = 1e-290;
    private const double Resizing = 1L << 62;

    /// <summary>
    /// The share of an element x in the derivative of y = reduce(…, x, …), where y is regular: its weight ∂y/∂x, or where
    /// weights are <see cref="AreNormalized"/> a number proportional to it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Partial<T> Share<T>(Op op, T x, T y)
        where T : struct, IElementary<T> => op switch
        {
            Op.Prod => y / x,
            Op.MaxOf => Partial<T>.When(1 - T.Apply(Op.Less, x, y), 1),
            Op.MinOf => Partial<T>.When(1 - T.Apply(Op.Greater, x, y), 1),
            Op.Norm => Partial<T>.When(1 - T.Apply(Op.Equal, y, 0), T.Apply(Op.ShareOfNorm, x, y)),
            Op.LogSumExp => T.Apply(Op.Exp, x - T.Apply(Op.StopGradient, y)),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a reduction with weights"),
        };

    /// <summary>
    /// Whether the weights are the shares over their sum: equal ones of the elements that tie, and the softmax, whose sum is
    /// 1 only as far as y has digits.
    /// </summary>
    public static bool AreNormalized(Op op) => op is Op.MaxOf or Op.MinOf or Op.LogSumExp;

    /// <summary>
    /// Whether shares can be told from each element and the result alone: no product has vanished or overflowed, no norm has overflowed, no
    /// logarithm is infinite. That of a sum is told from the sum, which has more digits.
    /// </summary>
    public static bool IsRegular(Op op, Storage y) => op switch
    {
        Op.Prod => AreNormal(y.Span),
        Op.LogSum => false,
        Op.Norm => !y.Span.ContainsAny(double.PositiveInfinity, double.NaN) && !y.Span.ContainsAnyInRange(double.Epsilon, ShortestLength),
        Op.LogSumExp => !y.Span.ContainsAny(double.PositiveInfinity, double.NegativeInfinity),
        _ => true,
    };

    private static bool AreNormal(ReadOnlySpan<double> numbers)
    {
        foreach (var number in numbers)
        {
            if (!double.IsNormal(number))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The weights ∂y/∂x of y = reduce(x), of a shape that broadcasts to that of x, masked where y does not depend on an element.</summary>
    public static Partial<Term> Weights(Op op, Folding axes, Expr x, Expr y)
    {
        if (x.Shape.Size == 0)
        {
            return new Term(x);
        }

        // What was folded, with its axes back at length 1, so that it broadcasts against the elements.
        Term Beside(Expr folded) => new(Reshape(folded, axes.Kept(x.Shape)));
        var isRegular = y.IsFixed && IsRegular(op, y.Storage);
        if (op == Op.Prod && !isRegular)
        {
            return new Term(ProductOfOthers(x, axes));
        }

        if (op == Op.LogSum)
        {
            return 1 / Term.Apply(Op.PlusZero, Beside(Reduce(Op.Sum, x, axes)));
        }

        var result = Beside(y);
        var share = Share(op, new Term(x), result);
        if (op == Op.Norm && !isRegular)
        {
            // The direction is a number where the length is none, and has all its digits where the length has few.
            var isTooLong = Eq(result.Expr, double.PositiveInfinity);
            var resized = x * (y.IsFixed ? Where(isTooLong, 1 / Resizing, Where(result.Expr < ShortestLength, Resizing, 1)) : 1 / Resizing);
            var direction = Share(op, new Term(resized), Beside(Reduce(op, resized, axes))).Factor;
            return Partial<Term>.When(share.Live, y.IsFixed ? direction : new(Where(isTooLong, direction.Expr, share.Factor.Expr)));
        }

        if (op == Op.LogSumExp && !isRegular)
        {
            // Where the result is infinite, the elements that equal it share.
            share = new Term(Where(Eq(Abs(result.Expr), double.PositiveInfinity), Eq(x, result.Expr), share.Factor.Expr));
        }

        return AreNormalized(op) ? share.Over(Beside(Reduce(Op.Sum, share.Selected.Expr, axes))) : share;
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
