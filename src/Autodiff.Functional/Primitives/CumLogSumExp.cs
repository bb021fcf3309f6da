// log Σ exp of the elements up to each one along an axis.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>Element i is log Σ exp xₖ over k = 0 … i along an axis, computed without overflow.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr CumLogSumExp(Expr x, int axis = 0) => CumLogSumExpPrimitive.Of(x, axis);
}

/// <summary>
/// y₀ = x₀, yᵢ = log(exp yᵢ₋₁ + exp xᵢ), whose tangent is the recurrence ẏᵢ = σ(xᵢ − yᵢ₋₁) ẋᵢ + σ(yᵢ₋₁ − xᵢ) ẏᵢ₋₁ with the logistic function σ.
/// </summary>
internal sealed record CumLogSumExpPrimitive(int Axis) : ScanPrimitive(Axis)
{
    public override Op Op => Op.CumLogSumExp;

    public static Reader Reader { get; } = new("cumlogsumexp", call => Of(call.Operand("the operand"), call.Integer("axis") ?? 0));

    public override Spelling Spelling => new("cumlogsumexp");

    protected override Routine Routine => Scans.LogSumExp;

    public static Expr Of(Expr x, int axis) => Of("CumLogSumExp", x, axis, along => new CumLogSumExpPrimitive(along));

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        // log(eˣ + eʸ) = y + log(1 + exp(x − y)), unless y is log 0.
        T[] sums = [.. operands[0].Elements];
        foreach (var (here, before) in Steps(shape, Axis, isReversed: false))
        {
            var y = sums[before];
            sums[here] = double.IsNegativeInfinity(field.Approximate(y)) ? sums[here] : y + field.Apply(Op.Softplus, sums[here] - y);
        }

        return sums;
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent)
    {
        var (own, before) = Shares(point, node);
        return tangent.Times(own, node.Shape) is { } terms ? RecurrencePrimitive.Propagated(before, terms, Axis) : null;
    }

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent)
    {
        var (own, before) = Shares(point, node);
        return RecurrencePrimitive.Collected(before, cotangent, Axis)?.Times(own, node.Shape);
    }

    /// <summary>The shares of each element, and of all before it, in the derivative of the result there. Two equal infinities share equally; of more, each takes half of what those before it had.</summary>
    private (PartialDerivative<Term> Own, Expr Before) Shares(Point point, Expr node)
    {
        var (x, before) = (point.Enter(node.Operand(0)), Previous(point.Enter(node), 0, Axis));
        var difference = Expr.Difference(x, before);
        return (new Term(Expr.Where(IsAfterFirst(node.Shape, Axis), Expr.Sigmoid(difference), 1)), Expr.Sigmoid(-difference));
    }
}
