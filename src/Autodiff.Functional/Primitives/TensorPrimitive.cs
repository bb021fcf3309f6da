// The base classes of the primitives that are not elementwise. Sweeps, batching, printing and the axes of compiled loops use a primitive only
// through these members, so a new primitive is one new file; a member that it lacks is an error of the C# compiler.

using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Primitives;

/// <summary>A primitive that moves, folds or combines the elements of tensors, with its attributes.</summary>
/// <remarks>
/// Its derivatives with respect to all operands are stated together; most primitives state them for one operand at a time
/// (<see cref="OperandwisePrimitive"/>).
/// </remarks>
internal abstract record TensorPrimitive : NodePrimitive
{
    /// <summary>The pushforward (forward mode): the tangent of the result, from those of the operands.</summary>
    /// <param name="point">The primal values.</param>
    /// <param name="node">The node that is differentiated.</param>
    /// <param name="tangents">The tangent of each operand; null if all its elements are structural zeros. At least one is not null.</param>
    /// <returns>The tangent of the result; null if all its elements are structural zeros.</returns>
    public abstract Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents);

    /// <summary>The pullback (reverse mode): the cotangents of the operands, from that of the result.</summary>
    /// <param name="point">The primal values.</param>
    /// <param name="node">The node that is differentiated.</param>
    /// <param name="wanted">For each operand, whether its cotangent is needed.</param>
    /// <param name="cotangent">The cotangent of the result.</param>
    /// <returns>The cotangent of each operand; null if it is not needed, or if all its elements are structural zeros.</returns>
    public abstract Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent);

    /// <summary>Batching: the same operation on every sample.</summary>
    /// <param name="node">The node for one sample.</param>
    /// <param name="operands">The operands, of which at least one is batched: it has the batch axis before the axes of a sample.</param>
    /// <param name="size">The number of samples.</param>
    /// <returns>The results for all samples, stacked along a leading batch axis.</returns>
    public abstract Expr Batch(Expr node, Batched[] operands, int size);

    /// <summary>Taylor mode: the power series of the result, given those of the operands.</summary>
    /// <param name="node">The node.</param>
    /// <param name="operands">The series of the operands, of which at least one is not constant.</param>
    /// <param name="primal">The value of the node.</param>
    /// <param name="table">The series that these belong to.</param>
    /// <returns>The series; null if it is found from the pushforward.</returns>
    public virtual PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => null;

    /// <summary>
    /// The axis map of an operand (see <see cref="AxisMap"/>): for each of its axes the axis of the result that has the same positions, or
    /// <see cref="AxisMap.None"/> if there is none. The compiler runs one loop over such axes.
    /// </summary>
    /// <param name="node">The node; its result and this operand have elements.</param>
    /// <param name="operand">The number of the operand.</param>
    public abstract int[] AxesOf(Expr node, int operand);

    /// <summary>
    /// Sparsity: the sets of inputs that the elements of the result depend on, given those of the operands (see <see cref="IndexSets"/>). An element
    /// depends on an input if the derivative may be other than 0 for some values. What is stated here holds for every primitive; one that
    /// depends on less than its axis maps say, states that.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="operands">The dependence of each operand; null if it depends on no input. At least one is not null.</param>
    /// <param name="sets">The sets.</param>
    public virtual int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        int[]? union = null;
        for (var operand = 0; operand < operands.Length; operand++)
        {
            union = operands[operand] is { } own ? sets.Union(union, sets.Along(own, node.Operand(operand).Shape, node.Shape, AxisMap.Of(node, operand))) : union;
        }

        return union!;
    }

    /// <summary>How the primitive is written in formulas.</summary>
    public abstract Spelling Spelling { get; }

    /// <summary>
    /// What a formula states of the node beside its operands, such as an axis, each with its label, which may be empty. Two nodes of the same operation
    /// and shape, with the same operands and attributes, compute the same, unless they hold computations.
    /// </summary>
    public virtual IEnumerable<(string Label, string Text)> Attributes(Expr node) => [];

    /// <summary>The node as a formula, from the formulas of its operands.</summary>
    public virtual Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands) => notation.Spelled(Spelling, operands, Attributes(node));
}

/// <summary>A primitive that states its derivatives for one operand at a time: the tangents of the result for each are added.</summary>
internal abstract record OperandwisePrimitive : TensorPrimitive
{
    /// <summary>The tangent of the result for a tangent of one operand; null if all its elements are structural zeros.</summary>
    public abstract Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent);

    /// <summary>The cotangent of one operand for a cotangent of the result; null if all its elements are structural zeros.</summary>
    public abstract Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent);

    public override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents)
    {
        Sensitivity? sum = null;
        for (var operand = 0; operand < tangents.Length; operand++)
        {
            if (tangents[operand] is { } tangent && Push(point, node, operand, tangent) is { } flow)
            {
                sum = sum is { } already ? already.Plus(flow) : flow;
            }
        }

        return sum;
    }

    public sealed override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent)
    {
        var flows = new Sensitivity?[wanted.Length];
        for (var operand = 0; operand < flows.Length; operand++)
        {
            flows[operand] = wanted[operand] ? Pull(point, node, operand, cotangent) : null;
        }

        return flows;
    }
}

/// <summary>
/// A linear map of one operand, with coefficients 0 and 1, since masks are mapped by it too. Its pushforward is the map itself; its pullback is
/// the transpose, which it states.
/// </summary>
internal abstract record LinearPrimitive : OperandwisePrimitive
{
    public sealed override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new LinearSeries(this, node, operands, primal);

    /// <summary>The transpose, applied to a cotangent of the result.</summary>
    public abstract Expr Transpose(Expr node, Expr cotangent);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(x => Expr.Make(this, node.Shape, [x]));

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => cotangent.Through(y => Transpose(node, y));
}
