// The primitives whose operands each fill a part of the result.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>
/// A primitive whose operands each fill a part of the result (Concat, Stack), or are added to it (Scatter). It is linear in all operands
/// together, and its transpose in one operand reads that operand's part of a cotangent.
/// </summary>
internal abstract record JoinPrimitive : TensorPrimitive
{
    public sealed override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new LinearSeries(this, node, operands, primal);

    /// <summary>The part of the result that an operand fills or is added to.</summary>
    public abstract Selection PartOf(Expr node, int operand);

    /// <summary>The tangents, joined as the operands are; those of operands without a tangent are structural zeros.</summary>
    public sealed override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents)
    {
        var values = new Expr[tangents.Length];
        var live = new Expr[tangents.Length];
        for (var operand = 0; operand < values.Length; operand++)
        {
            var shape = node.Operand(operand).Shape;
            (values[operand], live[operand]) = tangents[operand] is { } tangent
                ? (tangent.Value, tangent.Live ?? Expr.Ones(shape))
                : (Expr.Zeros(shape), Expr.Zeros(shape));
        }

        return Sensitivity.Of(Expr.Make(this, node.Shape, values), Expr.Make(this, node.Shape, live) > 0);
    }

    public sealed override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent)
    {
        var flows = new Sensitivity?[wanted.Length];
        for (var operand = 0; operand < flows.Length; operand++)
        {
            flows[operand] = wanted[operand] ? Pull(node, operand, cotangent) : null;
        }

        return flows;
    }

    private Sensitivity? Pull(Expr node, int operand, Sensitivity cotangent)
    {
        var part = PartOf(node, operand);
        return Sensitivity.Of(SelectionPrimitive.Read(part, cotangent.Value), cotangent.Live is null ? null : SelectionPrimitive.Read(part, cotangent.Live));
    }
}

/// <summary>A primitive that puts its operands one after another along an axis: each element of the result is an element of one operand.</summary>
/// <param name="Axis">The axis of the result.</param>
internal abstract record StackingPrimitive(int Axis) : JoinPrimitive
{
    /// <summary>The first position that an operand fills along the axis of the result, and the number of positions.</summary>
    public abstract (int Start, int Length) ExtentOf(Expr node, int operand);

    /// <summary>The operand, and the index in it, of the element that is at an index of the result.</summary>
    public abstract (int Operand, int[] Index) Source(Expr node, int[] index);

    public sealed override int[] Depend(Expr node, int[]?[] operands, IndexSets sets) => IndexSets.Moved(this, node, operands);

    public sealed override Selection PartOf(Expr node, int operand)
    {
        var (starts, lengths) = (new int[node.Rank], node.Shape.Lengths.ToArray());
        (starts[Axis], lengths[Axis]) = ExtentOf(node, operand);
        return Region.Of(node.Shape, node.Operand(operand).Shape, starts, lengths);
    }

    public sealed override Evaluation.Storage Evaluate(Shape shape, ReadOnlySpan<Evaluation.Storage> operands) => Evaluation.LayoutKernels.Join(Axis, operands, shape);

    public sealed override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands) => NumberTensor<T>.Moved(this, shape, operands);

    public sealed override Expr Batch(Expr node, Batched[] operands, int size) =>
        Expr.Make(this with { Axis = Axis + 1 }, Batched.With(size, node.Shape), Array.ConvertAll(operands, operand => operand.ForEach(size)));

    public sealed override Formulas.Fragment Print(Notation notation, Expr node, ReadOnlySpan<Formulas.Fragment> operands) =>
        notation.Spelled(Spelling, [notation.Listed(operands)], Attributes(node));
}
