// What all primitives that hold computations have in common. The derivatives of each, in both modes, are again such primitives, so a loop
// of n steps stays one node at every order. Structural zeros are tracked by operand and by part of the value; calls track them by
// element, and functions of matrices by matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Programs;

/// <summary>A primitive that holds computations.</summary>
/// <param name="Operation">The name of what the user called.</param>
internal abstract record ProgramPrimitive(string Operation) : TensorPrimitive
{
    /// <summary>The computations, in the order in which they are printed.</summary>
    public abstract IReadOnlyList<Computation> Computations { get; }

    /// <summary>
    /// What distinguishes it from another primitive of its type that was made by the same operation and holds the same computations, as a value with
    /// equality; null if there is nothing.
    /// </summary>
    public abstract object? Settings { get; }

    public override bool MayFail => Computations.Any(computation => computation.MayFail);

    public sealed override Spelling Spelling => new(Operation.ToLowerInvariant());

    /// <summary>No axis of an operand corresponds to an axis of the value: nothing is known of what a computation does along an axis.</summary>
    public sealed override int[] AxesOf(Expr node, int operand) => AxisMap.Nowhere(node.Operand(operand).Rank);

    public abstract override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands);

    /// <summary>The name of what the user called, as a function.</summary>
    protected string NameIn(Notation notation) => notation.Function(Operation.ToLowerInvariant());

    /// <summary>Sensitivities without masks.</summary>
    protected static Sensitivity?[] Unmasked(Expr?[] flows) => Array.ConvertAll(flows, flow => flow is null ? (Sensitivity?)null : new(flow, null));

    /// <summary>The values of sensitivities.</summary>
    protected static Expr?[] ValuesOf(Sensitivity?[] flows) => Array.ConvertAll(flows, flow => flow?.Value);

    protected static Expr[] Some(Expr[] parts, bool[] some) => [.. parts.Where((_, part) => some[part])];

    /// <summary>Assigns the cotangents, in order, to the operands that are wanted; null for the others.</summary>
    protected static Expr?[] Spread(Expr[] flows, bool[] wanted)
    {
        var next = 0;
        return Array.ConvertAll(wanted, wants => wants ? flows[next++] : null);
    }
}
