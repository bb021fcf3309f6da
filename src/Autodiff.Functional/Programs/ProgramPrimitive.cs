// What all primitives that hold programs have in common. Each has a derivative in both modes that is again such a primitive, so that a
// loop of n steps stays one node at every order. Structural zeros are kept by operand and by part of the value, by element only
// through calls, and by matrix through functions of matrices.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Programs;

/// <summary>A primitive that holds programs.</summary>
/// <param name="Operation">What the user called.</param>
internal abstract record ProgramPrimitive(string Operation) : TensorPrimitive
{
    /// <summary>The bodies, in the order they print.</summary>
    public abstract IReadOnlyList<Computation> Computations { get; }

    public override bool MayFail => Computations.Any(body => body.MayFail);

    public sealed override Spelling Spelling => new(Operation.ToLowerInvariant());

    /// <summary>No axis: what a program does along one is its own affair.</summary>
    public sealed override int[] AxesOf(Expr node, int operand) => AxisMap.Nowhere(node.Operand(operand).Rank);

    public abstract override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands);

    /// <summary>The name of what the user called, as a function.</summary>
    protected string NameIn(Notation notation) => notation.Function(Operation.ToLowerInvariant());

    /// <summary>Flows without masks.</summary>
    protected static Sensitivity?[] Unmasked(Expr?[] flows) => Array.ConvertAll(flows, flow => flow is null ? (Sensitivity?)null : new(flow, null));

    /// <summary>The values of flows.</summary>
    protected static Expr?[] ValuesOf(Sensitivity?[] flows) => Array.ConvertAll(flows, flow => flow?.Value);

    protected static Expr[] Some(Expr[] parts, bool[] some) => [.. parts.Where((_, part) => some[part])];

    /// <summary>One for each operand that wants one, in order; null for the others.</summary>
    protected static Expr?[] Spread(Expr[] flows, bool[] wanted)
    {
        var next = 0;
        return Array.ConvertAll(wanted, wants => wants ? flows[next++] : null);
    }
}
