// Norms along axes: the Euclidean one as a primitive, those of other orders composed.

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
    // Even powers up to this are products of few factors.
    private const double LargestEvenOrder = 64;

    /// <summary>
    /// The Euclidean norm √Σx² of all elements, or along some axes, without overflow of the squares; or the norm (Σ|x|ᵖ)^(1/p) of another order p. Order 1 is Σ|x|, and order ∞ the
    /// largest |x|. The derivative is 0 where the norm is 0; of an order other than 2, an element that is 0 has none, and elements tied for the norm of order ∞ share the derivative equally.
    /// </summary>
    /// <param name="x">The tensor. A matrix is taken as a list of its elements.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <param name="order">p, more than 0; <see cref="double.PositiveInfinity"/> for the largest.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    /// <exception cref="AutodiffException">The order is not more than 0.</exception>
    /// <example><code>
    /// Expr x = new double[] { 3, -4 };
    /// Console.WriteLine((Expr.Norm(x), Expr.Norm(x, order: 1), Expr.Norm(x, order: double.PositiveInfinity))); // (5, 7, 4)
    /// </code></example>
    public static Expr Norm(Expr x, Axes axis = default, bool keepDims = false, double order = 2)
    {
        var folding = FoldingOf("Norm", x, axis, keepDims);
        return order == 2 ? new NormPrimitive(folding).Of(x) : NormOf(x, folding, order);
    }

    /// <summary>The norm of another order than 2, composed of powers and sums.</summary>
    private static Expr NormOf(Expr x, Folding folding, double order)
    {
        if (!(order > 0))
        {
            throw new AutodiffException($"Norm: there is no norm of order {ValueText.Number(order)}; the order is more than 0, such as 1, 2 or double.PositiveInfinity.");
        }

        var sizes = Abs(x);
        if (order == 1 || folding.Count(x.Shape) == 0)
        {
            return SumOver(sizes, folding);
        }

        if (double.IsPositiveInfinity(order))
        {
            return new MaxOfPrimitive(folding).Of(sizes);
        }

        // Elements are divided by the largest one, which does not change the derivative. Where it is infinite, each infinite element counts by its sign.
        var open = folding with { KeepDims = false };
        var largest = Apply(Op.StopGradient, new MaxOfPrimitive(open).Of(sizes));
        var isOrdinary = (largest > 0) & (largest < double.PositiveInfinity);
        var scale = Where(isOrdinary, largest, 1);
        var ratios = x / Reshape(scale, folding.Kept(x.Shape));
        var powers = order % 2 == 0 && order <= LargestEvenOrder ? Pow(ratios, order) : Where(Eq(x, 0), 0, Pow(Abs(ratios), order));
        var sum = SumOver(powers, open);
        var infinite = SumOver(Where(Eq(sizes, double.PositiveInfinity), sizes, 0), open);
        var norm = Where(Eq(largest, double.PositiveInfinity), infinite, Where(Eq(largest, 0), 0, scale * Pow(sum, 1 / order)));
        return folding.KeepDims ? Reshape(norm, folding.Kept(x.Shape)) : norm;
    }
}

/// <summary>√Σx² along some axes. The weights of its derivative are the direction x/‖x‖.</summary>
internal sealed record NormPrimitive(Folding Axes) : WeightedReduction(Axes)
{
    // A norm below this may have lost digits, or its square may have, because it is denormal. Operands of very small or infinite norm are
    // multiplied or divided by a power of two, which is exact.
    private const double ShortestLength = 1e-290;
    private const double Resizing = 1L << 62;

    public override Op Op => Op.Norm;

    public static Reader Reader { get; } = Reader.Folding("norm", axes => new NormPrimitive(axes));

    public override Spelling Spelling => new("norm") { Template = @"\left\lVert ⟨a⟩\right\rVert⟨axes⟩" };

    public override bool AreNormalized => false;

    /// <summary>√Σx²; elements are divided by the largest one first if squares would overflow or underflow.</summary>
    public override double Fold(ReadOnlySpan<double> run)
    {
        var squares = Folds.SumOfSquares(run);
        if (squares is > 1e-280 and < 1e300 || run.IsEmpty)
        {
            return Math.Sqrt(squares);
        }

        var largest = Folds.MaxMagnitude(run);
        if (largest == 0 || !double.IsFinite(largest))
        {
            return largest;
        }

        var sum = 0.0;
        foreach (var element in run)
        {
            sum += element / largest * (element / largest);
        }

        return largest * Math.Sqrt(sum);
    }

    /// <summary>√Σx², with a scale near the largest element, so that no square overflows.</summary>
    protected override T FoldIn<T>(NumberField<T> field, ReadOnlySpan<T> run)
    {
        var largest = 0.0;
        foreach (var element in run)
        {
            largest = Math.Max(largest, field.Magnitude(element));
        }

        var exponent = largest > 0 && double.IsFinite(largest) ? Math.ILogB(largest) : 0;
        var squares = T.Zero;
        foreach (var element in run)
        {
            var scaled = field.Scaled(element, -exponent);
            squares += scaled * scaled;
        }

        return field.Scaled(field.Apply(Op.Sqrt, squares), exponent);
    }

    public override PartialDerivative<T> Share<T>(T x, T y) => PartialDerivative<T>.When(1 - T.Apply(Op.Equal, y, 0), T.Apply(Op.ShareOfNorm, x, y));

    public override bool IsRegular(Storage y) => !y.Span.ContainsAny(double.PositiveInfinity, double.NaN) && !y.Span.ContainsAnyInRange(double.Epsilon, ShortestLength);

    public override PowerSeries Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new NormSeries(this, operands[0], primal);

    protected override PartialDerivative<Term> Weights(Expr x, Expr y, Term beside, bool isRegular)
    {
        var share = Share(new Term(x), beside);
        if (isRegular)
        {
            return share;
        }

        // The direction x/‖x‖ is computed from the rescaled operand: it is a number even where ‖x‖ overflows, and precise even where ‖x‖ has few digits.
        var isTooLong = Eq(beside.Expr, double.PositiveInfinity);
        var resized = x * (y.IsFixed ? Where(isTooLong, 1 / Resizing, Where(beside.Expr < ShortestLength, Resizing, 1)) : 1 / Resizing);
        var direction = Share(new Term(resized), new Term(Beside(Of(resized), x.Shape))).Factor;
        return PartialDerivative<Term>.When(share.Live, y.IsFixed ? direction : new(Where(isTooLong, direction.Expr, share.Factor.Expr)));
    }
}

/// <summary>From y² = Σx²: y₀ yₖ = Σ x₀ xₖ + ½ Σ (Σ xⱼ xₖ₋ⱼ − yⱼ yₖ₋ⱼ) over 0 &lt; j &lt; k, divided by y₀ before anything is multiplied, so that no square overflows.</summary>
internal sealed class NormSeries(NormPrimitive primitive, PowerSeries x, Expr primal) : PowerSeries(primal, x.Table)
{
    private readonly List<(Expr? X, Expr? Y)> _ratios = [];

    protected override Expr? Mask() => primitive.Push(x.Primal, Primal, new Sensitivity(Ones(x.Primal.Shape), x.Live)) is { } flow ? flow.Live : Zeros(Primal.Shape);

    protected override Expr? Next(int order)
    {
        var linear = x.Flow(order) is { } flow ? primitive.Push(x.Primal, Primal, flow)?.Value : null;
        Expr? lower = null;
        for (var j = 1; j < order; j++)
        {
            var (xRatio, yRatio) = RatioAt(j);
            if (Product(xRatio, x[order - j]) is { } squares)
            {
                lower = Sum(lower, new SumPrimitive(primitive.Axes).Of(squares));
            }

            lower = Product(yRatio, this[order - j]) is { } square ? lower is null ? -square : lower - square : lower;
        }

        return Sum(linear, Selected(lower is null ? null : lower / 2, Live));
    }

    /// <summary>xⱼ/y₀ and yⱼ/y₀.</summary>
    private (Expr? X, Expr? Y) RatioAt(int order)
    {
        while (_ratios.Count < order)
        {
            var next = _ratios.Count + 1;
            _ratios.Add((x[next] is { } own ? own / primitive.Beside(Primal, own.Shape) : null, this[next] is { } y ? y / Primal : null));
        }

        return _ratios[order - 1];
    }
}
