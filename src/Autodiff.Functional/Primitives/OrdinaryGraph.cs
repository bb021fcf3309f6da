// A graph as a person reads it: functions that only derivatives are made of are replaced by their ordinary forms.

using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Primitives;

/// <summary>The nodes of a graph, and the nodes that are read in place of some of them. Nothing is replaced in a graph that is written as it is.</summary>
internal sealed class OrdinaryGraph
{
    private readonly Dictionary<Expr, Expr> _forms = new(ReferenceEqualityComparer.Instance);

    /// <param name="nodes">The nodes of the graph, operands first.</param>
    /// <param name="results">The nodes that are not only operands of others.</param>
    /// <param name="isOrdinary">Whether functions are replaced.</param>
    public OrdinaryGraph(IReadOnlyList<Expr> nodes, IEnumerable<Expr> results, bool isOrdinary)
    {
        Nodes = nodes;
        if (isOrdinary)
        {
            FindForms(nodes);
        }

        if (_forms.Count > 0)
        {
            Nodes = Read(nodes, results);
        }
    }

    /// <summary>The nodes that are read, operands first.</summary>
    public IReadOnlyList<Expr> Nodes { get; }

    /// <summary>The node that is read in place of a node; mostly that node.</summary>
    public Expr this[Expr node] => _forms.GetValueOrDefault(node, node);

    private void FindForms(IReadOnlyList<Expr> nodes)
    {
        var uses = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        foreach (var operand in nodes.SelectMany(node => node.Operands))
        {
            uses[operand] = uses.GetValueOrDefault(operand) + 1;
        }

        foreach (var node in nodes)
        {
            if (FormOf(node, uses) is { } form)
            {
                _forms.Add(node, this[form]);
            }
        }
    }

    /// <summary>The ordinary form of a node over its own operands, or over those of an operand that nothing else uses; null if it has none.</summary>
    private static Expr? FormOf(Expr node, Dictionary<Expr, int> uses)
    {
        if (node is { Op: Op.Multiply, Operands: [var a, var b] })
        {
            return ReferenceEquals(a, b) && OrdinaryForm.IsRoot(a.Op) && uses[a] == 2 ? OrdinaryForm.OfSquare(a.Op, TermsOf(a)).Expr
                : IsNumber(a, 4) && b is { Op: Op.LogisticDensity, Operands: [{ Op: Op.Multiply, Operands: [var two, var x] }] } && IsNumber(two, 2) && uses[b] == 1
                    ? OrdinaryForm.OfTanhDerivative(new Term(x)).Expr
                : null;
        }

        // Where a condition is denied, the other branch is taken.
        if (node is { Op: Op.Where, Operands: [{ Operands: [var left, var right] } condition, var then, var otherwise] })
        {
            var denied = condition.Op == Op.Subtract && IsNumber(left, 1) ? right : condition.Op == Op.Equal && IsNumber(right, 0) ? left : null;
            return denied is not null && IsMask(denied) ? Expr.Where(denied, otherwise, then) : null;
        }

        var order = node.Op.HasOrder() ? (node.Operand(0) is { Op: Op.Constant, IsScalar: true } number ? number.Scalar : double.NaN) : 0;
        return node.Op.IsElementwise() && OrdinaryForm.Exists(node.Op, order) ? OrdinaryForm.Of(node.Op, (int)order, TermsOf(node)).Expr : null;
    }

    /// <summary>Whether a node is 0 or 1: a comparison, or the product of two.</summary>
    private static bool IsMask(Expr x) => x.Op.IsComparison() || (x is { Op: Op.Multiply, Operands: [var a, var b] } && a.Op.IsComparison() && b.Op.IsComparison());

    private static bool IsNumber(Expr x, double value) => x is { Op: Op.Constant, IsScalar: true } && x.Scalar == value;

    private static Term[] TermsOf(Expr node) => [.. node.Operands.Select(operand => new Term(operand))];

    /// <summary>The nodes that the results are made of when forms are read in place of the nodes that have one.</summary>
    private List<Expr> Read(IReadOnlyList<Expr> nodes, IEnumerable<Expr> results)
    {
        var all = new List<Expr>();
        var known = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes)
        {
            PostOrder.Walk(this[node], known.Add, all.Add);
        }

        var read = new HashSet<Expr>(results.Select(result => this[result]), ReferenceEqualityComparer.Instance);
        for (var i = all.Count - 1; i >= 0; i--)
        {
            if (read.Contains(all[i]))
            {
                read.UnionWith(all[i].Operands.Select(operand => this[operand]));
            }
        }

        return all.FindAll(read.Contains);
    }
}
