// The reductions: primitives that fold all elements along some axes into one. A reduction that is not linear is a weighted sum to first order,
// and states the weight of one element.

using System.Numerics;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>A primitive that folds all elements along some axes into one.</summary>
/// <param name="Axes">The axes that are folded.</param>
internal abstract record Reduction(Folding Axes) : OperandwisePrimitive, IReducer
{
    /// <summary>The operation that folds whole rows at a time, element by element; null if only runs of numbers can be folded.</summary>
    public virtual Monoid? Monoid => null;

    public abstract double Fold(ReadOnlySpan<double> run);

    public virtual void Mend(ReadOnlySpan<double> rows, Span<double> folded)
    {
    }

    /// <summary>The reduction of a tensor, as a node.</summary>
    public virtual Expr Of(Expr x) => Make(this, Axes.Reduce(x.Shape), [x]);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => ReductionKernels.Reduce(this, Axes, shape, operands[0]);

    public sealed override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var from = operands[0].Shape;
        var strides = from.Strides();
        int[] kept = [.. Enumerable.Range(0, from.Rank).Where(axis => !Axes.Folds(axis))];
        int[] Offsets(int[] axes) => AxisMap.Offsets(Shape.Of(Array.ConvertAll(axes, axis => from[axis])), Array.ConvertAll(axes, axis => strides[axis]));
        var (starts, steps) = (Offsets(kept), Offsets(Axes.Indices));
        var folds = new T[shape.Size];
        var run = new T[steps.Length];
        for (var i = 0; i < folds.Length; i++)
        {
            for (var step = 0; step < run.Length; step++)
            {
                run[step] = operands[0].Elements[starts[i] + steps[step]];
            }

            folds[i] = FoldIn(field, run);
        }

        return folds;
    }

    /// <summary>The fold of a run of numbers of any type.</summary>
    protected abstract T FoldIn<T>(NumberField<T> field, ReadOnlySpan<T> run)
        where T : INumberBase<T>;

    public override Expr Batch(Expr node, Batched[] operands, int size) =>
        (this with { Axes = new(Array.ConvertAll(Axes.Indices, axis => axis + 1), Axes.KeepDims) }).Of(operands[0].Value);

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Folded(Axes, node.Operand(0).Shape);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node)
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

    /// <summary>A tensor of the shape of the result, with the folded axes restored at length 1, so that it broadcasts against the operand.</summary>
    public Expr Beside(Expr folded, Shape operand) => Reshape(folded, Axes.Kept(operand));
}

/// <summary>
/// A reduction whose partial derivative with respect to an element (its weight) is a function of the element and the result. The tangent of the
/// result is the weighted sum of the tangents; the cotangent of an element is its weight times that of the result.
/// </summary>
/// <param name="Axes">The axes that are folded.</param>
internal abstract record WeightedReduction(Folding Axes) : Reduction(Axes)
{
    /// <summary>
    /// The share of an element x in the derivative of y = reduce(…, x, …), if y is regular (<see cref="IsRegular"/>): its weight ∂y/∂x or, if
    /// <see cref="AreNormalized"/>, a number proportional to it.
    /// </summary>
    public abstract PartialDerivative<T> Share<T>(T x, T y)
        where T : struct, IElementary<T>;

    /// <summary>
    /// Whether the weights are the shares divided by their sum. This holds for the largest element, whose ties have equal weights, and for the
    /// softmax, whose shares e^(x − y) have the sum 1 only up to the rounding error of y.
    /// </summary>
    public abstract bool AreNormalized { get; }

    /// <summary>
    /// Whether the shares can be computed from each element and the result alone: no product has underflowed or overflowed, no norm has
    /// overflowed, and no logarithm is infinite. Otherwise a rule on expressions computes the weights, which may use all elements.
    /// </summary>
    public abstract bool IsRegular(Storage y);

    public sealed override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => Push(point.Enter(node.Operand(0)), point.Enter(node), tangent);

    /// <summary>The tangent of the result y = reduce(x) for a tangent of x.</summary>
    public Sensitivity? Push(Expr x, Expr y, Sensitivity tangent) => tangent.Times(Weights(x, y), x.Shape)?.Through(weighted => new SumPrimitive(Axes).Of(weighted));

    public sealed override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent)
    {
        var shape = node.Operand(0).Shape;
        return new Sensitivity(Beside(cotangent.Value, shape), cotangent.Live is null ? null : Beside(cotangent.Live, shape)).Times(
            Weights(point.Enter(node.Operand(0)), point.Enter(node)), shape);
    }

    /// <summary>
    /// The weights ∂y/∂x of y = reduce(x), in a shape that broadcasts to that of x. Elements on which y does not depend are structural zeros.
    /// </summary>
    /// <param name="x">The operand, which has elements.</param>
    /// <param name="y">The result.</param>
    /// <param name="beside">The result with the folded axes restored at length 1.</param>
    /// <param name="isRegular">Whether the result is known to be regular.</param>
    protected virtual PartialDerivative<Term> Weights(Expr x, Expr y, Term beside, bool isRegular) => Normalized(Share(new Term(x), beside), x.Shape);

    /// <summary>The weights, given the shares of a tensor of the shape: divided by their sum if <see cref="AreNormalized"/>.</summary>
    protected PartialDerivative<Term> Normalized(PartialDerivative<Term> share, Shape shape) =>
        AreNormalized ? share.Over(new(Beside(new SumPrimitive(Axes).Of(share.Selected.Expr), shape))) : share;

    private PartialDerivative<Term> Weights(Expr x, Expr y) =>
        x.Shape.Size == 0 ? new Term(x) : Weights(x, y, new(Beside(y, x.Shape)), y.IsFixed && IsRegular(y.Storage));
}
