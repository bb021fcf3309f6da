// Turns a graph into a formula, in one pass over the nodes, operands first: decides which terms are written in place, and which are named and
// written once. The length of each line is bounded, so the cost is linear in the size of the graph.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Display;

internal sealed class Formula
{
    /// <summary>The fewest characters of a part that is named: naming a shorter one would hardly shorten the line.</summary>
    private const int ShortestPart = 12;

    // The most elements of a constant that is written wherever it is used.
    private const int FewElements = 3;

    // The most nodes of a derivative that is simplified: reading a longer one takes longer than computing it.
    private const int MostSimplified = 10_000;

    private readonly Notation _notation;
    private readonly Names _names;
    private readonly OrdinaryGraph _graph;
    private readonly Dictionary<Expr, int> _uses = new(ReferenceEqualityComparer.Instance);

    // The text of a node: the name of a variable or a definition (_named), or the term itself until it is used (_unnamed).
    private readonly Dictionary<Expr, Fragment> _named = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, Fragment> _unnamed = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Name, string Text)> _definitions = [];

    private Formula(Expr root, Notation notation, Names names)
    {
        (_notation, _names) = (notation, names);
        _graph = new(root.Ancestry(), [root], notation.IsOrdinary);
        foreach (var node in _graph.Nodes)
        {
            if (node.Name.Case is string name)
            {
                _named.Add(node, Fragment.Atom(_names.Variable(name)));
            }

            if (!node.IsTransparent())
            {
                foreach (var operand in node.Operands)
                {
                    var meant = Meant(operand);
                    _uses[meant] = _uses.GetValueOrDefault(meant) + 1;
                }
            }
        }
    }

    /// <summary>The formula of what is read in place of an expression.</summary>
    public static string Write(Expr root, Notation notation)
    {
        // The functions inside the loops and branches of a derivative that is read are written in the same way.
        var read = Read(root);
        return Write(read, notation == TextNotation.Plain && !ReferenceEquals(read, root) ? TextNotation.Ordinary : notation, new(notation.Name));
    }

    /// <summary>
    /// What a person reads in place of an expression: a derivative in ordinary functions and simplified, if it is not too long for that, and anything else as
    /// it is.
    /// </summary>
    public static Expr Read(Expr root)
    {
        if (!root.IsDerivative || root.Ancestry().Count > MostSimplified)
        {
            return root;
        }

        // What is constant is computed before functions are replaced: an ordinary form, such as x cos x − sin x over x², may have no value where the function has one.
        var simple = root.Simplify();
        return new OrdinaryGraph(simple.Ancestry(), [simple], isOrdinary: true).Of(simple).Simplify();
    }

    /// <summary>The formula in plain text, with nothing left out.</summary>
    public static string WriteCompletely(Expr root)
    {
        var names = new Names(TextNotation.Plain.Name);
        return Write(root, new CompleteNotation(names), names);
    }

    private static string Write(Expr root, Notation notation, Names names)
    {
        var formula = new Formula(root, notation, names);
        foreach (var node in formula._graph.Nodes)
        {
            formula.Visit(node);
        }

        return notation.Lines(formula._definitions, formula.TermOf(formula.Meant(root)).Text);
    }

    /// <summary>The node that a reader sees in place of this one.</summary>
    private Expr Meant(Expr node) => _graph[node.Meant()];

    private void Visit(Expr node)
    {
        if (node.IsTransparent())
        {
            return;
        }

        if (node.Op == Op.Constant)
        {
            _unnamed.Add(node, _notation.Constant(node));
            if (_uses.GetValueOrDefault(node) > 1 && IsLong(node))
            {
                Define(node);
            }
        }
        else if (node.Op != Op.Variable)
        {
            _unnamed.Add(node, _notation.Operation(node, Terms(node)));
            if (_uses.GetValueOrDefault(node) > 1 && !IsPartOfVariable(node))
            {
                Define(node);
            }
        }
        else if (node.IsDefinition())
        {
            _definitions.Add((_named[node].Text, Use(Meant(node.Operand(0))).Text));
        }
    }

    /// <summary>
    /// The terms of a node's operands. If the line would become too long, the longest of them are named first. In a complete notation whatever is
    /// computed for a program has a name, because the functions of the program read it in several places.
    /// </summary>
    private Fragment[] Terms(Expr node)
    {
        var operands = node.Operands.Select(Meant).ToArray();
        if (_notation.IsComplete && node.Primitive is ProgramPrimitive)
        {
            foreach (var operand in operands.Distinct().Where(operand => !operand.Op.IsLeaf() && _unnamed.ContainsKey(operand)))
            {
                Define(operand);
            }
        }

        var length = operands.Sum(operand => TermOf(operand).Text.Length);
        if (length > _notation.LineLength)
        {
            foreach (var operand in operands.Distinct().Where(IsLong).OrderByDescending(operand => _unnamed[operand].Text.Length).ToArray())
            {
                if (length <= _notation.LineLength)
                {
                    break;
                }

                length -= _unnamed[operand].Text.Length;
                Define(operand);
            }
        }

        return Array.ConvertAll(operands, Use);
    }

    /// <summary>Gives a term a name, and a line of its own.</summary>
    private void Define(Expr node)
    {
        _unnamed.Remove(node, out var term);
        var name = _names.Next("t");
        _definitions.Add((name, term.Text));
        _named.Add(node, Fragment.Atom(name));
    }

    /// <summary>
    /// Whether a term may be named. Constants of few elements are written wherever they are used, others are named if they are used twice, whatever the style
    /// and the length of the lines: so what is read from a formula is written as that formula again.
    /// </summary>
    private bool IsLong(Expr node) =>
        _unnamed.TryGetValue(node, out var term) && (node.Op == Op.Constant ? node.Shape.Size > FewElements : term.Text.Length >= ShortestPart);

    private Fragment TermOf(Expr node) => _named.TryGetValue(node, out var name) ? name : _unnamed[node];

    /// <summary>The term of an operand. If this is its only use, it is not kept any longer.</summary>
    private Fragment Use(Expr node)
    {
        var term = TermOf(node);
        if (_uses[node] == 1)
        {
            _unnamed.Remove(node);
        }

        return term;
    }

    /// <summary>Whether a node is an element of a variable: it reads like a variable, so it is written wherever it is used.</summary>
    private bool IsPartOfVariable(Expr node) => node.Op == Op.Slice && Meant(node.Operand(0)).Op == Op.Variable;
}
