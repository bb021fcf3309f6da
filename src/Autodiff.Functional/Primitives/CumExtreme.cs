// Running maxima and minima along an axis.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The running maxima along an axis: element i is the largest of elements 0 … i. All from the first NaN on are NaN. Tied elements share the derivative equally, as in <see cref="MaxOf"/>.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr CumMax(Expr x, int axis = 0) => CumExtremePrimitive.Of("CumMax", x, axis, isSmallest: false);

    /// <summary>
    /// The running minima along an axis: element i is the smallest of elements 0 … i. All from the first NaN on are NaN. Tied elements share the derivative equally, as in <see cref="MinOf"/>.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr CumMin(Expr x, int axis = 0) => CumExtremePrimitive.Of("CumMin", x, axis, isSmallest: true);
}

/// <summary>
/// The largest or smallest element up to each one. Its tangent is the mean of the tangents of those that equal it: a running sum of these that starts
/// anew where the extreme changes, divided by their number.
/// </summary>
internal sealed record CumExtremePrimitive(int Axis, bool IsSmallest) : ScanPrimitive(Axis)
{
    public override Op Op => Op.CumExtreme;

    public static Reader[] Readers { get; } =
    [
        new("cummax", call => Of("CumMax", call.Operand("the operand"), call.Integer("axis") ?? 0, isSmallest: false)),
        new("cummin", call => Of("CumMin", call.Operand("the operand"), call.Integer("axis") ?? 0, isSmallest: true)),
    ];

    public override Spelling Spelling => new(IsSmallest ? "cummin" : "cummax");

    protected override Routine Routine => Scans.Extreme;

    protected override bool Choice => IsSmallest;

    public static Expr Of(string operation, Expr x, int axis, bool isSmallest) => Of(operation, x, axis, along => new CumExtremePrimitive(along, isSmallest));

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        T[] extremes = [.. operands[0].Elements];
        foreach (var (here, before) in Steps(shape, Axis, isReversed: false))
        {
            extremes[here] = field.Apply(IsSmallest ? Op.Min : Op.Max, extremes[before], extremes[here]);
        }

        return extremes;
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent)
    {
        var (isExtreme, keeps, count) = Ties(point, node);
        return tangent.Times(PartialDerivative<Term>.When(new(isExtreme), 1), node.Shape) is { } terms
            ? RecurrencePrimitive.Propagated(keeps, terms, Axis)?.Times(1 / new Term(count), node.Shape)
            : null;
    }

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent)
    {
        var (isExtreme, keeps, count) = Ties(point, node);
        return cotangent.Times(1 / new Term(count), node.Shape) is { } means
            ? RecurrencePrimitive.Collected(keeps, means, Axis)?.Times(PartialDerivative<Term>.When(new(isExtreme), 1), node.Shape)
            : null;
    }

    /// <summary>Whether each element is the extreme so far, whether the extreme is that of the element before, and how many elements up to this one are the extreme. A NaN shares with the extreme before it.</summary>
    private (Expr IsExtreme, Expr Keeps, Expr Count) Ties(Point point, Expr node)
    {
        var (x, y) = (point.Enter(node.Operand(0)), point.Enter(node));

        // Of two elements that do not differ, and of one that is NaN, none is beyond the other.
        Expr Reaches(Expr element) => 1 - (IsSmallest ? element > y : element < y);
        var (isExtreme, keeps) = (Reaches(x), Reaches(Previous(y, double.NaN, Axis)));
        return (isExtreme, keeps, new RecurrencePrimitive(Axis, IsReversed: false, IsTransposed: false).Of(keeps, isExtreme));
    }
}
