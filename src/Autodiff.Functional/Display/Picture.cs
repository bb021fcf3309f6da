// The walk from a graph to a picture, for every drawing language: which vertices and edges there are, and what each
// vertex says.

namespace Autodiff.Functional.Display;

internal enum VertexKind
{
    Variable,
    Constant,
    Operation,
    Result,
}

/// <summary>One vertex: the lines of its label, and the adjoint, which is empty where none is shown.</summary>
internal sealed record Vertex(VertexKind Kind, IReadOnlyList<string> Lines, string Adjoint)
{
    /// <summary>Pale fills under dark text: readable on a white page and on a dark one.</summary>
    public static (string Fill, string Line) Colours(VertexKind kind) => kind switch
    {
        VertexKind.Variable => ("#dbeafe", "#2563eb"),
        VertexKind.Constant => ("#f1f5f9", "#94a3b8"),
        VertexKind.Operation => ("#fef9c3", "#ca8a04"),
        _ => ("#dcfce7", "#16a34a"),
    };
}

internal sealed class Picture
{
    public const string TextColour = "#0f172a";
    public const string EdgeColour = "#64748b";
    public const string AdjointColour = "#b91c1c";

    /// <summary>The most operations in the formula of an adjoint that a label shows.</summary>
    private const int LongestFormula = 3;

    private readonly Adjoints? _adjoints;
    private readonly DiagramNotation _notation = DiagramNotation.Instance;
    private readonly Names _names = new(DiagramNotation.Instance.Name);
    private readonly Dictionary<Expr, string> _nameOf = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, int> _vertexOf = new(ReferenceEqualityComparer.Instance);
    private readonly List<Vertex> _vertices = [];
    private readonly List<(int From, int To)> _edges = [];

    public Picture(Expr root, Adjoints? adjoints)
    {
        _adjoints = adjoints;
        var result = root.Meant();
        var nodes = result.Ancestry().Where(node => !node.IsFreshLeaf).ToList();
        NameAll(nodes, result);
        foreach (var node in nodes)
        {
            if (node.Op == Op.Constant)
            {
                // Drawn at each use; one that nothing uses is the whole picture.
                if (ReferenceEquals(node, result))
                {
                    _vertices.Add(VertexOf(node, VertexKind.Constant));
                }
            }
            else if (node.IsDefinition() && SharesName(node))
            {
                _vertexOf.Add(node, _vertexOf[node.Operand(0).Meant()]);
            }
            else
            {
                Add(node);
            }
        }

        if (_vertices[^1].Kind == VertexKind.Operation)
        {
            _vertices[^1] = _vertices[^1] with { Kind = VertexKind.Result };
        }
    }

    public IReadOnlyList<Vertex> Vertices => _vertices;

    /// <summary>The edges by their vertices' positions: those into a vertex are in the order of its operands.</summary>
    public IReadOnlyList<(int From, int To)> Edges => _edges;

    private void NameAll(List<Expr> nodes, Expr result)
    {
        var uses = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes)
        {
            if (node.Name.Case is string name)
            {
                _nameOf.Add(node, _names.Variable(name));
            }

            foreach (var operand in node.Operands)
            {
                uses[operand.Meant()] = uses.GetValueOrDefault(operand.Meant()) + 1;
            }
        }

        // An operation that only a named leaf uses is that name's definition: they are one vertex.
        foreach (var node in nodes)
        {
            if (node.IsDefinition() && node.Operand(0).Meant() is { Op: not Op.Variable } definition && uses[definition] == 1)
            {
                _nameOf.Add(definition, _nameOf[node]);
            }
        }

        if (!_nameOf.ContainsKey(result) && _names.TryTake("y"))
        {
            _nameOf.Add(result, "y");
        }

        foreach (var node in nodes)
        {
            if (!_nameOf.ContainsKey(node) && (node.Op != Op.Constant || !DiagramNotation.IsBrief(node.Shape)))
            {
                _nameOf.Add(node, _names.Next(node.Op == Op.Constant ? "c" : "v"));
            }
        }
    }

    private bool SharesName(Expr definition) => _nameOf.TryGetValue(definition.Operand(0).Meant(), out var name) && name == _nameOf[definition];

    private void Add(Expr node)
    {
        var operands = node.Op == Op.Variable && !node.IsDefinition() ? [] : node.Operands.Select(operand => operand.Meant()).ToArray();
        var sources = Array.ConvertAll(operands, operand =>
        {
            if (operand.Op == Op.Constant)
            {
                _vertices.Add(VertexOf(operand, VertexKind.Constant));
                return _vertices.Count - 1;
            }

            return _vertexOf[operand];
        });
        var place = _vertices.Count;
        _edges.AddRange(sources.Select(source => (source, place)));
        _vertexOf.Add(node, place);
        _vertices.Add(operands.Length == 0
            ? VertexOf(node, VertexKind.Variable)
            : VertexOf(node, VertexKind.Operation, node.Op == Op.Variable ? TermOf(operands[0]).Text : _notation.Operation(node, Array.ConvertAll(operands, TermOf)).Text));
    }

    private Vertex VertexOf(Expr node, VertexKind kind, string formula = "")
    {
        var name = _nameOf.GetValueOrDefault(node, "");
        var value = node.IsConcrete && DiagramNotation.IsBrief(node.Shape) ? _notation.Constant(node).Text : "";
        var lines = new List<string> { formula.Length > 0 ? $"{name} = {formula}" : name };
        if (value.Length > 0)
        {
            if (formula.Length > 0)
            {
                lines.Add($"= {value}");
            }
            else
            {
                lines[0] = name.Length > 0 ? $"{name} = {value}" : value;
            }
        }

        if (node.Rank > 0)
        {
            lines.Add($"shape {node.Shape}");
        }

        return new(kind, lines, AdjointOf(node, name));
    }

    private string AdjointOf(Expr node, string name) => node.Op != Op.Constant && _adjoints?.Find(node).Case is Expr adjoint
        ? $"{DiagramNotation.Barred(name)} = {(HasRoom(adjoint) ? TermOf(adjoint).Text : "…")}"
        : "";

    private bool HasRoom(Expr adjoint) => adjoint.IsConcrete ? DiagramNotation.IsBrief(adjoint.Shape) : IsShort(adjoint);

    /// <summary>Whether a formula over the nodes of the picture has so few operations that a label has room for it.</summary>
    private bool IsShort(Expr formula)
    {
        var pending = new Stack<Expr>([formula]);
        var operations = 0;
        while (operations <= LongestFormula && pending.TryPop(out var node))
        {
            if (!node.Op.IsLeaf() && !_nameOf.ContainsKey(node))
            {
                operations++;
                foreach (var operand in node.Operands)
                {
                    pending.Push(operand.Meant());
                }
            }
        }

        return operations <= LongestFormula;
    }

    /// <summary>What stands for a node in a label: its name, or else its value or its formula, which must be short.</summary>
    private Term TermOf(Expr node) => _nameOf.TryGetValue(node, out var name) ? Term.Atom(name)
        : node.IsConcrete ? _notation.Constant(node)
        : node.Name.Case is string other ? Term.Atom(_notation.Name(other))
        : _notation.Operation(node, [.. node.Operands.Select(operand => TermOf(operand.Meant()))]);
}
