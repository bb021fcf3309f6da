// Products along axes.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The product of all elements, or along some axes. The derivative is also correct where elements are 0.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Expr Prod(Expr x, Axes axis = default, bool keepDims = false) =>
        new ProdPrimitive(FoldingOf("Prod", x, axis, keepDims)).Of(x);
}

/// <summary>Πx along some axes. The weight of an element is the product of the others.</summary>
internal sealed record ProdPrimitive(Folding Axes) : WeightedReduction(Axes)
{
    public override Op Op => Op.Prod;

    public override Monoid? Monoid => Elementwise.Monoid.Product;

    public static Reader Reader { get; } = Reader.Folding("prod", axes => new ProdPrimitive(axes)) with { Synonym = "Π" };

    public override Spelling Spelling => new("prod") { Unicode = "Π", Template = @"\prod⟨axes⟩ ⟨a:Product⟩", TemplateLevel = Level.Sum };

    public override bool AreNormalized => false;

    public override double Fold(ReadOnlySpan<double> run)
    {
        var product = Folds.Product(run);
        return double.IsNormal(product) || (product == 0 && run.Contains(0.0)) ? product : ScaledProduct(run, 0, 1);
    }

    protected override T FoldIn<T>(NumberField<T> field, ReadOnlySpan<T> run)
    {
        var product = T.One;
        foreach (var factor in run)
        {
            product *= factor;
        }

        return product;
    }

    public override void Mend(ReadOnlySpan<double> rows, Span<double> folded)
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = double.IsNormal(folded[i]) ? folded[i] : ScaledProduct(rows, i, folded.Length);
        }
    }

    public override PartialDerivative<T> Share<T>(T x, T y) => y / x;

    public override bool IsRegular(Storage y) => AreNormal(y.Span);

    // A quotient that is differentiated again would leave rounding errors where second derivatives are 0.
    protected override PartialDerivative<Term> Weights(Expr x, Expr y, Term beside, bool isRegular) =>
        isRegular && y.IsNumbers ? base.Weights(x, y, beside, isRegular) : new Term(ProductOfOthers(x, Axes));

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

    /// <summary>The product of every <c>step</c>-th element from <c>first</c> on; no partial product overflows or underflows.</summary>
    private static double ScaledProduct(ReadOnlySpan<double> x, int first, int step)
    {
        WideNumber product = 1;
        for (var i = first; i < x.Length; i += step)
        {
            product *= x[i];
        }

        return product.Value;
    }

    /// <summary>
    /// For each element the product of all others along the axes, without a division, so that it is correct where elements are 0: the product of
    /// the elements before it, times that of the elements after it. Both are running products, computed by doubling.
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

        // products[i] is the product of the elements in a window that ends before i. The window doubles until it reaches the start.
        var products = Concat([Ones(count, 1), rows[.., ..^1]], 1);
        for (var step = 1; step < length; step *= 2)
        {
            products *= Concat([Ones(count, step), products[.., ..^step]], 1);
        }

        return products;
    }
}
