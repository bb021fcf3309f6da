// Linear recurrences along an axis: the derivatives of running products, extremes and log Σ exp, which need no division.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>
/// s₀ = b₀ and sᵢ = bᵢ + aᵢ sᵢ₋₁ along an axis, or from its end on. The derivative of a recurrence is one with the same coefficients:
/// ṡᵢ = (ḃᵢ + ȧᵢ sᵢ₋₁) + aᵢ ṡᵢ₋₁. Its transpose runs the other way, and each coefficient stands at the state that it multiplies: λᵢ = s̄ᵢ + aᵢ₊₁ λᵢ₊₁.
/// </summary>
/// <param name="Axis">The axis.</param>
/// <param name="IsReversed">Whether it runs from the end.</param>
/// <param name="IsTransposed">Whether a coefficient stands at the state that it multiplies, and not at the one that it leads to.</param>
internal sealed record RecurrencePrimitive(int Axis, bool IsReversed, bool IsTransposed) : ScanPrimitive(Axis)
{
    public override Op Op => Op.Recurrence;

    public static Reader Reader { get; } = new("recurrence", call =>
    {
        var (a, b) = (call.Operand("the coefficients"), call.Operand("the terms"));
        return new RecurrencePrimitive(b.Shape.Axis(call.Integer("axis") ?? 0, "Recurrence"), call.Flag("reverse"), call.Flag("transposed")).Of(a, b);
    });

    public override Spelling Spelling => new("recurrence");

    public override bool RunsFromEnd => IsReversed;

    protected override Routine Routine => IsTransposed ? Scans.TransposedRecurrence : Scans.Recurrence;

    private RecurrencePrimitive Transpose => this with { IsReversed = !IsReversed, IsTransposed = !IsTransposed };

    public Expr Of(Expr a, Expr b) => a.Shape == b.Shape
        ? Make(this, b.Shape, [a, b])
        : throw new ShapeException($"Recurrence: coefficients of shape {a.Shape} and terms of shape {b.Shape} must have one shape.");

    /// <summary>The sensitivity of a recurrence with some coefficients along an axis, from that of its terms.</summary>
    public static Sensitivity? Propagated(Expr a, Sensitivity terms, int axis) => new RecurrencePrimitive(axis, IsReversed: false, IsTransposed: false).Propagated(a, terms);

    /// <summary>The transpose of <see cref="Propagated(Expr, Sensitivity, int)"/>: the cotangent of the terms, from that of the states.</summary>
    public static Sensitivity? Collected(Expr a, Sensitivity cotangent, int axis) => new RecurrencePrimitive(axis, IsReversed: true, IsTransposed: true).Propagated(a, cotangent);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var (a, states) = (operands[0].Elements, (T[])[.. operands[1].Elements]);
        foreach (var (here, before) in Steps(shape, Axis, IsReversed))
        {
            states[here] += a[IsTransposed ? before : here] * states[before];
        }

        return states;
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent)
    {
        var terms = operand == 1 ? tangent
            : IsTransposed ? tangent.Times(new Term(point.Enter(node)), node.Shape) is { } products ? Shifted(products, IsReversed) : null
            : tangent.Times(StatesBefore(point, node), node.Shape);
        return terms is { } flow ? Propagated(point.Enter(node.Operand(0)), flow) : null;
    }

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent)
    {
        var terms = Transpose.Propagated(point.Enter(node.Operand(0)), cotangent);
        return operand == 1 || terms is not { } flow ? terms
            : IsTransposed ? Shifted(flow, !IsReversed)?.Times(new Term(point.Enter(node)), node.Shape)
            : flow.Times(StatesBefore(point, node), node.Shape);
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => IsTransposed ? [.. base.Attributes(node), ("transposed", "true")] : base.Attributes(node);

    /// <summary>A state before the first live term is a structural zero, whatever its coefficient is.</summary>
    private Sensitivity? Propagated(Expr a, Sensitivity terms)
    {
        if (terms.Live is not { } mask)
        {
            return new(Of(a, terms.Value), null);
        }

        var live = Make(new CumSumPrimitive(Axis, IsReversed), mask.Shape, [mask]) > 0;
        return Sensitivity.Of(Of(Where(IsTransposed ? live : Previous(live, 0, Axis, IsReversed), a, 0), terms.Value), live);
    }

    /// <summary>The sensitivity of the element before each one, in a direction; that of the first is a structural zero.</summary>
    private Sensitivity? Shifted(Sensitivity x, bool isReversed) =>
        Sensitivity.Of(Previous(x.Value, 0, Axis, isReversed), Previous(x.Live ?? Ones(x.Value.Shape), 0, Axis, isReversed));

    /// <summary>The state that each coefficient multiplies; the first coefficient multiplies none.</summary>
    private PartialDerivative<Term> StatesBefore(Point point, Expr node) =>
        PartialDerivative<Term>.When(new(IsAfterFirst(node.Shape, Axis, IsReversed)), new(Previous(point.Enter(node), 0, Axis, IsReversed)));
}
