// What Backward returns: the adjoint of every variable, and on request of every node, for drawing.

using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Autodiff.Functional.Rules;
using Autodiff.Functional.Transforms;
using LanguageExt;

namespace Autodiff.Functional;

/// <summary>
/// The adjoints x̄ = ⟨seed, ∂y/∂x⟩ of a swept graph: an immutable map from every variable under the result, in the order
/// the graph first uses them, to an expression of the variable's shape.
/// </summary>
/// <remarks>
/// The indexer also answers for nodes between the variables and the result, and gives zeros for an expression that the
/// result does not depend on.
/// </remarks>
public sealed class Adjoints : IReadOnlyDictionary<Expr, Expr>
{
    private readonly Dictionary<Expr, Expr> _variables;
    private readonly Lazy<Dictionary<Expr, Expr>> _nodes;

    internal Adjoints(Transforms.Schedule schedule, Sensitivity seed, bool keepGraph)
    {
        Result = schedule.Results[0];
        keepGraph |= !schedule.IsNumeric || schedule.HasFreshLeaf;
        var detach = !keepGraph;
        _nodes = new(() => AllNodes(schedule, seed, keepGraph, detach));
        var found = detach ? NumericReverseSweep.Run(schedule, [seed]) : _nodes.Value;
        _variables = new(ReferenceEqualityComparer.Instance);
        for (var place = 0; place < schedule.Count; place++)
        {
            if (schedule.Node(place) is { IsFreshLeaf: false } node && schedule.IsVariable(node))
            {
                _variables.Add(node, found.TryGetValue(node, out var adjoint) ? adjoint : Expr.Zeros(node.Shape));
            }
        }
    }

    /// <summary>The expression that was swept.</summary>
    public Expr Result { get; }

    /// <summary>The number of variables under the result.</summary>
    public int Count => _variables.Count;

    /// <summary>The variables under the result.</summary>
    public IEnumerable<Expr> Keys => _variables.Keys;

    /// <summary>The adjoints of the variables.</summary>
    public IEnumerable<Expr> Values => _variables.Values;

    /// <summary>
    /// The adjoint of a variable or of any node under the result; zeros of its shape if the result does not depend on it.
    /// </summary>
    /// <param name="key">The node.</param>
    /// <exception cref="AutodiffException">The node is null.</exception>
    public Expr this[Expr key] => key is null ? throw AutodiffException.Null("Adjoints", "the expression")
        : Find(key).IfNone(() => Expr.Zeros(key.Shape));

    /// <summary>The adjoint of a node, or none if nothing flows to it.</summary>
    /// <param name="node">A variable or any node under the result.</param>
    /// <exception cref="AutodiffException">The node is null.</exception>
    public Option<Expr> Find(Expr node) => node is null ? throw AutodiffException.Null("Adjoints", "the expression")
        : _variables.TryGetValue(node, out var adjoint) || _nodes.Value.TryGetValue(node, out adjoint) ? Option<Expr>.Some(adjoint)
        : Option<Expr>.None;

    /// <summary>Whether a node is a variable under the result.</summary>
    /// <param name="key">The node.</param>
    /// <exception cref="AutodiffException">The node is null.</exception>
    public bool ContainsKey(Expr key) => _variables.ContainsKey(key ?? throw AutodiffException.Null("Adjoints", "the expression"));

    /// <summary>The adjoint of a variable, if it is one under the result.</summary>
    /// <param name="key">The variable.</param>
    /// <param name="value">Its adjoint.</param>
    /// <exception cref="AutodiffException">The variable is null.</exception>
    public bool TryGetValue(Expr key, [MaybeNullWhen(false)] out Expr value) =>
        _variables.TryGetValue(key ?? throw AutodiffException.Null("Adjoints", "the expression"), out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Expr, Expr>> GetEnumerator() => _variables.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Dictionary<Expr, Expr> AllNodes(Transforms.Schedule schedule, Sensitivity seed, bool keepGraph, bool detach)
    {
        var nodes = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        var cotangents = ReverseSweep.Run(schedule, [seed], keepGraph);
        for (var place = 0; place < cotangents.Length; place++)
        {
            if (schedule.Node(place) is { } node && cotangents[place] is { } cotangent)
            {
                nodes.Add(node, detach ? cotangent.Value.Detached() : cotangent.Value);
            }
        }

        return nodes;
    }
}
