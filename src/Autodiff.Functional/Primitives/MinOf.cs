// The smallest element along axes.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The smallest of all elements, or of those along some axes. Tied elements share the derivative equally.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element along the reduced axes.</exception>
    public static Expr MinOf(Expr x, Axes axis = default, bool keepDims = false) =>
        new MinOfPrimitive(FoldingOf("MinOf", x, axis, keepDims)).Of(x);
}

/// <summary>The smallest element along some axes. Tied elements share the derivative equally.</summary>
internal sealed record MinOfPrimitive(Folding Axes) : WeightedReduction(Axes)
{
    public override Op Op => Op.MinOf;

    public override Monoid? Monoid => Elementwise.Monoid.Min;

    public static Reader Reader { get; } = Reader.Folding("minof", axes => new MinOfPrimitive(axes));

    public override Spelling Spelling => new("minof") { Template = @"\min⟨axes⟩\left(⟨a⟩\right)" };

    public override bool AreNormalized => true;

    public override double Fold(ReadOnlySpan<double> run) => Folds.Min(run);

    protected override T FoldIn<T>(NumberField<T> field, ReadOnlySpan<T> run)
    {
        var extreme = run[0];
        foreach (var element in run[1..])
        {
            extreme = field.Apply(Op.Min, extreme, element);
        }

        return extreme;
    }

    public override Expr Of(Expr x) => Axes.Count(x.Shape) > 0 ? base.Of(x)
        : throw new ShapeException($"MinOf: shape {x.Shape} has no element along the folded axes; there is no largest or smallest of none.");

    public override PartialDerivative<T> Share<T>(T x, T y) => PartialDerivative<T>.When(1 - T.Apply(Op.Greater, x, y), 1);

    public override bool IsRegular(Storage y) => true;
}
