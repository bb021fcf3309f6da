// A call of a function as one node: what Checkpoint, CustomVjp and CustomJvp make.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (x, c) ↦ f(x, c) for arguments x and what the function captured c, with a derivative that is the body's own, or given by a
/// rule. A rule speaks of the arguments alone: nothing may be differentiated in what it captured.
/// </summary>
/// <param name="Operation">What the user called, for errors.</param>
/// <param name="Value">From arguments and captured to one result.</param>
/// <param name="Arguments">How many of the operands are arguments.</param>
/// <param name="Rule">From arguments, captured and a tangent of the first argument to the tangent of the result, or from a cotangent of the result to one of the first argument; null for the body's own derivative.</param>
/// <param name="IsPullback">Whether the rule is the second of these.</param>
internal sealed record Function(string Operation, Body Value, int Arguments, Body? Rule, bool IsPullback) : IProgram
{
    public IReadOnlyList<Body> Bodies => [Value];

    public Shape Shape => Value.Results[0].Shape;

    public Expr Node(ReadOnlySpan<Expr> operands) => Expr.Make(Op.Call, this, Shape, operands);

    public Storage Run(ReadOnlySpan<Storage> operands) => Value.Code.Run(operands)[0];

    /// <summary>A function whose one result is that of a body, or the vector of its results, to be run when it is needed and not kept.</summary>
    public static Function Of(string operation, Body body) =>
        new(operation, Body.Over(body.Parameters, [Packing.Pack(body.Results)]), body.Parameters.Length, null, false);

    /// <summary>Two functions are the same if they are one.</summary>
    public bool Equals(Function? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
