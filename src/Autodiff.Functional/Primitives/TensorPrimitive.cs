// What a primitive that is no elementwise function states of itself. Every engine asks these objects, and knows no primitive by name: a new
// primitive is a new file in this folder, and what it does not state the compiler asks for.

using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Primitives;

/// <summary>A primitive that moves, folds or combines the elements of tensors.</summary>
/// <remarks>It is differentiated in all its operands at once; most state that by operand (<see cref="OperandwisePrimitive"/>).</remarks>
internal abstract record TensorPrimitive : NodePrimitive
{
    /// <summary>Forward mode (pushforward): how the result moves when operands do.</summary>
    /// <param name="point">The primal values.</param>
    /// <param name="node">The node.</param>
    /// <param name="tangents">Those of the operands, of which one at least moves; null for one that does not.</param>
    /// <returns>The tangent of the result; null if it does not move.</returns>
    public abstract Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents);

    /// <summary>Reverse mode (pullback): what a cotangent of the result gives to each operand.</summary>
    /// <param name="point">The primal values.</param>
    /// <param name="node">The node.</param>
    /// <param name="wanted">Which operands want a cotangent.</param>
    /// <param name="cotangent">That of the result.</param>
    /// <returns>A cotangent of each operand that wants one; null for the others, and where nothing flows.</returns>
    public abstract Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent);

    /// <summary>Batching: the same for every sample, of operands that have one more axis in front.</summary>
    /// <param name="node">The node of one sample.</param>
    /// <param name="operands">The operands, of which one at least is batched.</param>
    /// <param name="size">The number of samples.</param>
    /// <returns>The result for every sample, stacked along a leading axis.</returns>
    public abstract Expr Batch(Expr node, Batched[] operands, int size);

    /// <summary>
    /// For each axis of an operand the axis of the result that has the same positions; <see cref="AxisMap.None"/> where there is none. The
    /// compiler makes one loop of such axes.
    /// </summary>
    /// <param name="node">The node, of which no tensor is empty.</param>
    /// <param name="operand">Which operand.</param>
    public abstract int[] AxesOf(Expr node, int operand);

    /// <summary>How it is spelled in formulas.</summary>
    public abstract Spelling Spelling { get; }

    /// <summary>What stands beside the operands in a call, each with its label, which may be empty.</summary>
    public virtual IEnumerable<(string Label, string Text)> Arguments(Expr node) => [];

    /// <summary>The node as a formula.</summary>
    public virtual Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands) => notation.Spelled(Spelling, operands, Arguments(node));
}

/// <summary>A primitive that is differentiated in one operand at a time: the tangents of the result add up.</summary>
internal abstract record OperandwisePrimitive : TensorPrimitive
{
    /// <summary>Forward mode: how the result moves when one operand does; null if it does not.</summary>
    public abstract Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent);

    /// <summary>Reverse mode: what a cotangent of the result gives to one operand; null if nothing.</summary>
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

/// <summary>A linear map of one operand: it is its own derivative, and states its transpose.</summary>
internal abstract record LinearPrimitive : OperandwisePrimitive
{
    /// <summary>The transpose, applied to a cotangent of the result.</summary>
    public abstract Expr Transpose(Expr node, Expr cotangent);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(x => Expr.Make(this, node.Shape, [x]));

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => cotangent.Through(y => Transpose(node, y));
}
