// The primitives that fold axes away. Those that are not linear are weighted sums to first order: each states the weight of one element.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>A primitive that folds axes away.</summary>
/// <param name="Axes">The axes.</param>
internal abstract record Reduction(Folding Axes) : OperandwisePrimitive, IReducer
{
    /// <summary>The operation that folds whole rows at a time; null if only runs can be folded.</summary>
    public virtual Monoid? Monoid => null;

    public abstract double Fold(ReadOnlySpan<double> run);

    public virtual void Mend(ReadOnlySpan<double> rows, Span<double> folded)
    {
    }

    /// <summary>The node over a tensor.</summary>
    public virtual Expr Of(Expr x) => Make(this, Axes.Reduce(x.Shape), [x]);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => ReductionKernels.Reduce(this, Axes, shape, operands[0]);

    public override Expr Batch(Expr node, Batched[] operands, int size) =>
        (this with { Axes = new(Array.ConvertAll(Axes.Indices, axis => axis + 1), Axes.KeepDims) }).Of(operands[0].Value);

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Folded(Axes, node.Operand(0).Shape);

    public override IEnumerable<(string Label, string Text)> Arguments(Expr node)
    {
        if (!Axes.IsAll(node.Operand(0).Shape))
        {
            yield return ("axis", Axes.Indices is [var only] ? $"{only}" : ValueText.Indices(Axes.Indices));
        }

        if (Axes.KeepDims)
        {
            yield return ("keepdims", "true");
        }
    }

    /// <summary>What was folded, with its axes back at length 1, so that it broadcasts against the elements of the operand.</summary>
    protected Expr Beside(Expr folded, Shape operand) => Reshape(folded, Axes.Kept(operand));
}

/// <summary>A reduction of which the derivative in an element is a weight, told from the element and the result.</summary>
internal abstract record WeightedReduction(Folding Axes) : Reduction(Axes)
{
    /// <summary>
    /// The share of an element x in the derivative of y = reduce(…, x, …), where y is regular: its weight ∂y/∂x, or where
    /// weights are <see cref="AreNormalized"/> a number proportional to it.
    /// </summary>
    public abstract PartialDerivative<T> Share<T>(T x, T y)
        where T : struct, IElementary<T>;

    /// <summary>
    /// Whether the weights are the shares over their sum: equal ones of the elements that tie, and the softmax, whose sum is
    /// 1 only as far as y has digits.
    /// </summary>
    public abstract bool AreNormalized { get; }

    /// <summary>
    /// Whether shares can be told from each element and the result alone: no product has vanished or overflowed, no norm has overflowed, no
    /// logarithm is infinite.
    /// </summary>
    public abstract bool IsRegular(Storage y);

    public sealed override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) =>
        tangent.Times(Weights(point, node), node.Operand(0).Shape)?.Through(x => new SumPrimitive(Axes).Of(x));

    public sealed override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent)
    {
        var shape = node.Operand(0).Shape;
        return new Sensitivity(Beside(cotangent.Value, shape), cotangent.Live is null ? null : Beside(cotangent.Live, shape)).Times(Weights(point, node), shape);
    }

    /// <summary>The weights ∂y/∂x of y = reduce(x), of a shape that broadcasts to that of x, masked where y does not depend on an element.</summary>
    /// <param name="x">The operand, not empty.</param>
    /// <param name="y">The result.</param>
    /// <param name="beside">The result with its axes back at length 1.</param>
    /// <param name="isRegular">Whether the result is known to be regular.</param>
    protected virtual PartialDerivative<Term> Weights(Expr x, Expr y, Term beside, bool isRegular) => Normalized(Share(new Term(x), beside), x.Shape);

    /// <summary>Weights out of shares.</summary>
    protected PartialDerivative<Term> Normalized(PartialDerivative<Term> share, Shape shape) =>
        AreNormalized ? share.Over(new(Beside(new SumPrimitive(Axes).Of(share.Selected.Expr), shape))) : share;

    private PartialDerivative<Term> Weights(Point point, Expr node)
    {
        var (x, y) = (point.Enter(node.Operand(0)), point.Enter(node));
        return x.Shape.Size == 0 ? new Term(x) : Weights(x, y, new(Beside(y, x.Shape)), y.IsFixed && IsRegular(y.Storage));
    }
}
