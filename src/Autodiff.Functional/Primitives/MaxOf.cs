// The largest element along axes.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The largest of all elements, or of those along some axes. Tied elements share the derivative equally.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element along the reduced axes.</exception>
    public static Expr MaxOf(Expr x, Axes axis = default, bool keepDims = false) =>
        new MaxOfPrimitive(FoldingOf("MaxOf", x, axis, keepDims)).Of(x);
}

/// <summary>The largest element along some axes. Tied elements share the derivative equally.</summary>
internal sealed record MaxOfPrimitive(Folding Axes) : WeightedReduction(Axes)
{
    public override Op Op => Op.MaxOf;

    public override Monoid? Monoid => Elementwise.Monoid.Max;

    public static Reader Reader { get; } = Reader.Folding("maxof", axes => new MaxOfPrimitive(axes));

    public override Spelling Spelling => new("maxof") { Template = @"\max⟨axes⟩\left(⟨a⟩\right)" };

    public override bool AreNormalized => true;

    public override double Fold(ReadOnlySpan<double> run) => Folds.Max(run);

    protected override T FoldIn<T>(NumberField<T> field, ReadOnlySpan<T> run)
    {
        var extreme = run[0];
        foreach (var element in run[1..])
        {
            extreme = field.Apply(Op.Max, extreme, element);
        }

        return extreme;
    }

    public override Expr Of(Expr x) => Axes.Count(x.Shape) > 0 ? base.Of(x)
        : throw new ShapeException($"MaxOf: shape {x.Shape} has no element along the folded axes; there is no largest or smallest of none.");

    public override PartialDerivative<T> Share<T>(T x, T y) => PartialDerivative<T>.When(1 - T.Apply(Op.Less, x, y), 1);

    public override bool IsRegular(Storage y) => true;
}
