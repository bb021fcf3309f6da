// A graph as a person reads it: functions that only derivatives are made of are replaced by their ordinary forms.

using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Primitives;

/// <summary>The nodes of a graph, and the nodes that are read in place of some of them. Nothing is replaced in a graph that is written as it is.</summary>
internal sealed class OrdinaryGraph
{
    private readonly Dictionary<Expr, Expr> _forms = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Expr> _masks = new(ReferenceEqualityComparer.Instance);

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

    /// <summary>An expression in which the forms that are read have taken the places of the nodes.</summary>
    public Expr Of(Expr root)
    {
        var made = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        foreach (var node in Nodes)
        {
            made.Add(node, node.Over(operand => made.GetValueOrDefault(this[operand], operand)));
        }

        return made[this[root]];
    }

    private void FindForms(IReadOnlyList<Expr> nodes)
    {
        var uses = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        foreach (var operand in nodes.SelectMany(node => node.Operands))
        {
            uses[operand] = uses.GetValueOrDefault(operand) + 1;
        }

        foreach (var node in nodes)
        {
            if (IsMask(node))
            {
                _masks.Add(node);
            }

            if (FormOf(node, uses) is { } form)
            {
                _forms.Add(node, this[form]);
            }
        }
    }

    /// <summary>The ordinary form of a node, over its own operands or over those of an operand that nothing else uses; null if it has none.</summary>
    private Expr? FormOf(Expr node, Dictionary<Expr, int> uses)
    {
        switch (node)
        {
            case { Op: Op.Where }:
                return Choice(node);
            case { Op: Op.Multiply, Operands: [var a, var b] } when ReferenceEquals(a, b) && OrdinaryForm.IsRoot(a.Op) && uses[a] == 2:
                return OrdinaryForm.OfSquare(a.Op, TermsOf(a)).Expr;
            case { Op: Op.Multiply, Operands: [var four, { Op: Op.LogisticDensity, Operands: [{ Op: Op.Multiply, Operands: [var two, var x] }] } density] }
                when IsNumber(four, 4) && IsNumber(two, 2) && uses[density] == 1:
                return OrdinaryForm.OfTanhDerivative(new Term(x)).Expr;
            case { Op: Op.Multiply, Operands: [var a, var b] } when BecomesNumber(a) || BecomesNumber(b):
                return (new Term(this[a]) * new Term(this[b])).Expr;
            case var mask when Denied(mask) is { } complement && Denied(complement) is { } same:
                return same;
        }

        var order = node.Op.HasOrder() ? (node.Operand(0) is { Op: Op.Constant, IsScalar: true } number ? number.Scalar : double.NaN) : 0;
        return node.Op.IsElementwise() && OrdinaryForm.Exists(node.Op, order) ? OrdinaryForm.Of(node.Op, (int)order, TermsOf(node)).Expr : null;
    }

    /// <summary>
    /// A choice in its ordinary form: where a condition is denied, the branches change places; a branch does not ask again what is known in it; and
    /// a condition that only excludes infinity, where the value is 0, is left out. Null if it has this form.
    /// </summary>
    private Expr? Choice(Expr node)
    {
        var (condition, then, otherwise) = (node.Operand(0), node.Operand(1), node.Operand(2));
        while (Denied(condition) is { } denied)
        {
            (condition, then, otherwise) = (denied, otherwise, then);
        }

        condition = this[condition];
        if (condition is { Op: Op.Equal, Operands: [_, var infinity] } && IsNumber(infinity, double.PositiveInfinity) && IsNumber(then, 0) && otherwise.Shape == node.Shape)
        {
            return this[otherwise];
        }

        var (first, second) = (Within(condition, true, this[then]), Within(condition, false, this[otherwise]));
        return ReferenceEquals(condition, node.Operand(0)) && ReferenceEquals(first, this[then]) && ReferenceEquals(second, this[otherwise]) ? null
            : Expr.Where(condition, first, second) is var choice && choice.Shape == node.Shape ? choice
            : null;
    }

    /// <summary>The mask that a node is the complement of; null if it is none.</summary>
    private Expr? Denied(Expr mask) => mask switch
    {
        { Op: Op.Subtract, Operands: [var one, var denied] } when IsNumber(one, 1) && _masks.Contains(denied) => denied,
        { Op: Op.Equal, Operands: [var denied, var zero] } when IsNumber(zero, 0) && _masks.Contains(denied) => denied,
        _ => null,
    };

    /// <summary>A branch of a choice, in which the outcome of the condition is known.</summary>
    private Expr Within(Expr condition, bool holds, Expr branch)
    {
        Expr Known(Expr x) => x is { Op: Op.Where, Operands: [var asked, var then, var otherwise] } && ReferenceEquals(asked, condition) ? (holds ? then : otherwise) : x;
        return branch is { Op: Op.Multiply, Operands: [var a, var b] } && (Known(this[a]), Known(this[b])) is var (left, right) && !(ReferenceEquals(left, this[a]) && ReferenceEquals(right, this[b]))
            ? (new Term(left) * new Term(right)).Expr
            : Known(branch);
    }

    /// <summary>Whether all elements of a node are 0 or 1: of a comparison, a product of masks, or the complement of a mask.</summary>
    private bool IsMask(Expr node) => node.Op.IsComparison() || node switch
    {
        { Op: Op.Multiply, Operands: [var a, var b] } => _masks.Contains(a) && _masks.Contains(b),
        { Op: Op.Subtract, Operands: [var one, var mask] } => IsNumber(one, 1) && _masks.Contains(mask),
        _ => false,
    };

    /// <summary>Whether the form of a node is a number, so that products with it may be simplified.</summary>
    private bool BecomesNumber(Expr node) => node.Op != Op.Constant && this[node] is { Op: Op.Constant, IsScalar: true };

    private static bool IsNumber(Expr x, double value) => x is { Op: Op.Constant, IsScalar: true } && x.Scalar == value;

    private static Term[] TermsOf(Expr node) => [.. node.Operands.Select(operand => new Term(operand))];

    /// <summary>The nodes that the results are made of when forms are read in place of the nodes that have one.</summary>
    private List<Expr> Read(IReadOnlyList<Expr> nodes, IEnumerable<Expr> results)
    {
        // What the graph reads from outside of it is not entered: parameters, and constants.
        var entered = new HashSet<Expr>(nodes.SelectMany(node => node.Operands), ReferenceEqualityComparer.Instance);
        entered.ExceptWith(nodes);
        var read = new List<Expr>();
        foreach (var result in results)
        {
            PostOrder.Walk(this[result], entered.Add, read.Add, operand => this[operand]);
        }

        return read;
    }
}
