// The result of Backward: the adjoint of every variable, and on request of every node, for drawing.

using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;
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
    private readonly Lazy<Expr[]> _order;

    internal Adjoints(Expr result, Sensitivity seed, bool keepGraph)
    {
        Result = result;
        using var graph = new ActiveGraph([result], null);
        keepGraph |= !graph.IsNumeric || graph.HasFreshLeaf;
        _nodes = keepGraph ? new(AllNodes(graph, seed, keepGraph)) : new(() => AllNumbers(result, seed));
        _order = new(InOrderOfUse);

        // The adjoints of variables that are numbers are listed by place, the last first; adjoints that are expressions are kept for all nodes.
        var numbers = keepGraph ? [] : NumericReverseSweep.Run(graph, [seed]);
        var next = numbers.Count - 1;
        _variables = new(numbers.Count, NodeComparer.Instance);
        for (var place = 0; place < graph.Count; place++)
        {
            if (graph.Node(place) is { IsFreshLeaf: false } node && graph.IsVariable(node))
            {
                var adjoint = next >= 0 && numbers[next].Place == place ? numbers[next--].Cotangent : keepGraph ? _nodes.Value.GetValueOrDefault(node) : null;
                _variables.Add(node, adjoint ?? Expr.Zeros(node.Shape));
            }
        }
    }

    /// <summary>The expression that was swept.</summary>
    public Expr Result { get; }

    /// <summary>The number of variables under the result.</summary>
    public int Count => _variables.Count;

    /// <summary>The variables under the result.</summary>
    public IEnumerable<Expr> Keys => _order.Value;

    /// <summary>The adjoints of the variables.</summary>
    public IEnumerable<Expr> Values => _order.Value.Select(variable => _variables[variable]);

    /// <summary>
    /// The adjoint of a variable or of any node under the result; zeros of its shape if the result does not depend on it.
    /// </summary>
    /// <param name="key">The node.</param>
    /// <exception cref="AutodiffException">The node is null.</exception>
    public Expr this[Expr key] => key is null ? throw AutodiffException.Null("Adjoints", "the expression")
        : Find(key).IfNone(() => Expr.Zeros(key.Shape));

    /// <summary>The adjoint of a node, or none if the result does not depend on it.</summary>
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
    public IEnumerator<KeyValuePair<Expr, Expr>> GetEnumerator() => _order.Value.Select(variable => KeyValuePair.Create(variable, _variables[variable])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The variables in the order in which a depth-first walk from the left first leaves them; computed only when asked for.</summary>
    private Expr[] InOrderOfUse()
    {
        var seen = new System.Collections.Generic.HashSet<Expr>(NodeComparer.Instance);
        var order = new List<Expr>(_variables.Count);
        PostOrder.Walk(Result, node => node.NewestLeaf > 0 && seen.Add(node), node =>
        {
            if (_variables.ContainsKey(node))
            {
                order.Add(node);
            }
        });
        return [.. order];
    }

    /// <summary>The adjoints of all nodes. The graph is walked again, so that it need not be kept for callers that only ask for variables.</summary>
    private static Dictionary<Expr, Expr> AllNumbers(Expr result, Sensitivity seed)
    {
        using var graph = new ActiveGraph([result], null);
        return AllNodes(graph, seed, keepGraph: false);
    }

    private static Dictionary<Expr, Expr> AllNodes(ActiveGraph graph, Sensitivity seed, bool keepGraph)
    {
        var nodes = new Dictionary<Expr, Expr>(NodeComparer.Instance);
        var cotangents = ReverseSweep.Run(graph, [seed], keepGraph);
        for (var place = 0; place < cotangents.Length; place++)
        {
            if (graph.Node(place) is { } node && cotangents[place] is { } cotangent)
            {
                nodes.Add(node, keepGraph ? cotangent.Value : cotangent.Value.Detached());
            }
        }

        return nodes;
    }

    /// <summary>Compares nodes by identity, and hashes them by the serial numbers that their makers gave them. (Numbers have none, but no node under a result is one.)</summary>
    private sealed class NodeComparer : IEqualityComparer<Expr>
    {
        public static NodeComparer Instance { get; } = new();

        public bool Equals(Expr? x, Expr? y) => ReferenceEquals(x, y);

        public int GetHashCode(Expr node) => (int)node.SerialNumber;
    }
}
