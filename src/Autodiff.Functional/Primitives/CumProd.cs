// Running products along an axis.

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
    /// The running products along an axis: element i is the product of elements 0 … i. Its derivatives are computed without divisions, so elements may be 0.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr CumProd(Expr x, int axis = 0) => CumProdPrimitive.Of(x, axis);
}

/// <summary>y₀ = x₀, yᵢ = yᵢ₋₁ xᵢ, whose tangent is the recurrence ẏᵢ = ẋᵢ yᵢ₋₁ + xᵢ ẏᵢ₋₁.</summary>
internal sealed record CumProdPrimitive(int Axis) : ScanPrimitive(Axis)
{
    public override Op Op => Op.CumProd;

    public static Reader Reader { get; } = new("cumprod", call => Of(call.Operand("the operand"), call.Integer("axis") ?? 0));

    public override Spelling Spelling => new("cumprod");

    protected override Routine Routine => Scans.Product;

    public static Expr Of(Expr x, int axis) => Of("CumProd", x, axis, along => new CumProdPrimitive(along));

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        T[] products = [.. operands[0].Elements];
        foreach (var (here, before) in Steps(shape, Axis, isReversed: false))
        {
            products[here] *= products[before];
        }

        return products;
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) =>
        tangent.Times(Before(point, node), node.Shape) is { } terms ? RecurrencePrimitive.Propagated(point.Enter(node.Operand(0)), terms, Axis) : null;

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) =>
        RecurrencePrimitive.Collected(point.Enter(node.Operand(0)), cotangent, Axis)?.Times(Before(point, node), node.Shape);

    /// <summary>The product of the elements before each one.</summary>
    private PartialDerivative<Term> Before(Point point, Expr node) => new Term(Previous(point.Enter(node), 1, Axis));
}
