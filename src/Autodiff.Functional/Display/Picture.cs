// Turns a graph into a picture, independent of the drawing language: decides which vertices and edges there are, and what each vertex says.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Display;

internal enum VertexKind
{
    Variable,
    Constant,
    Operation,
    Result,
}

/// <summary>One vertex: the lines of its label, and its adjoint, which is empty if none is shown.</summary>
internal sealed record Vertex(VertexKind Kind, IReadOnlyList<string> Lines, string Adjoint)
{
    /// <summary>The colours of a vertex: pale fills under dark text are readable on a white page and on a dark one.</summary>
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

    /// <summary>The most operands of a formula in a label.</summary>
    private const int LongestFormula = 6;

    private readonly DiagramNotation _notation = DiagramNotation.Instance;
    private readonly Names _names = new(DiagramNotation.Instance.Name);
    private readonly Dictionary<Expr, string> _nameOf = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, string> _adjointOf = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, int> _vertexOf = new(ReferenceEqualityComparer.Instance);
    private readonly List<Vertex> _vertices = [];
    private readonly List<(int From, int To)> _edges = [];

    public Picture(Expr root, Adjoints? adjoints)
    {
        var result = root.Meant();
        var nodes = result.Ancestry().Where(node => !node.IsTransparent()).ToList();
        NameAll(nodes, result);
        if (adjoints is not null)
        {
            LabelAdjoints(nodes, adjoints);
        }

        foreach (var node in nodes)
        {
            if (node.Op == Op.Constant)
            {
                // A constant is drawn at each use; only a constant that is the whole picture is drawn here.
                if (ReferenceEquals(node, result))
                {
                    _vertices.Add(VertexOf(node, VertexKind.Constant));
                }
            }
            else if (IsOneWithOperand(node))
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

    /// <summary>The edges, as positions of their vertices. The edges to one vertex are in the order of its operands.</summary>
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

            foreach (var operand in DrawnOperands(node))
            {
                uses[operand] = uses.GetValueOrDefault(operand) + 1;
            }
        }

        // An operation that only a named leaf uses is the definition of that name: the two are one vertex.
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
            var isConstant = node.Op == Op.Constant;
            if (!_nameOf.ContainsKey(node) && (!isConstant || (uses.ContainsKey(node) && !DiagramNotation.IsBrief(node.Shape))))
            {
                _nameOf.Add(node, _names.Next(isConstant ? "c" : "v"));
            }
        }
    }

    /// <summary>Whether a leaf only names the operation under it, so that the two are one vertex.</summary>
    private bool IsOneWithOperand(Expr node) =>
        node.IsDefinition() && _nameOf.TryGetValue(node.Operand(0).Meant(), out var name) && name == _nameOf[node];

    private void Add(Expr node)
    {
        var operands = DrawnOperands(node);
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
        _vertices.Add(operands.Length == 0 ? VertexOf(node, VertexKind.Variable) : VertexOf(node, VertexKind.Operation, Step(node, operands)));
    }

    /// <summary>The operands that a node has edges from. The value that a variable was given is not drawn as a vertex.</summary>
    private static Expr[] DrawnOperands(Expr node) =>
        node.Op == Op.Variable && !node.IsDefinition() ? [] : [.. node.Operands.Select(operand => operand.Meant())];

    /// <summary>The one operation that a vertex computes, over the names of its operands.</summary>
    private string Step(Expr node, Expr[] operands) =>
        operands.Length > LongestFormula ? $"{(node.Primitive is ProgramPrimitive program ? program.Operation : node.Op.ToString()).ToLowerInvariant()}(…)"
        : node.Op == Op.Variable ? TermOf(operands[0]).Text
        : _notation.Operation(node, Array.ConvertAll(operands, TermOf)).Text;

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

        return new(kind, lines, _adjointOf.GetValueOrDefault(node, ""));
    }

    /// <summary>
    /// The adjoints' labels, in the order of a reverse sweep: a symbolic adjoint is written in terms of those before it,
    /// as v̄₁ = v̄₂ × v₂.
    /// </summary>
    private void LabelAdjoints(List<Expr> nodes, Adjoints adjoints)
    {
        foreach (var node in Enumerable.Reverse(nodes))
        {
            if (node.Op != Op.Constant && !IsOneWithOperand(node) && adjoints.Find(node).Case is Expr found)
            {
                var (name, adjoint) = (DiagramNotation.Barred(_nameOf[node]), found.Meant());
                _adjointOf.Add(node, $"{name} = {(HasRoom(adjoint) ? TermOf(adjoint).Text : "…")}");
                if (!adjoint.IsConcrete && !adjoint.Op.IsLeaf())
                {
                    _nameOf.TryAdd(adjoint, name);
                }
            }
        }
    }

    private bool HasRoom(Expr adjoint) => adjoint.IsConcrete ? DiagramNotation.IsBrief(adjoint.Shape) : IsShort(adjoint);

    /// <summary>Whether a formula over the nodes of the picture is short enough for a label.</summary>
    private bool IsShort(Expr formula)
    {
        var pending = new Stack<Expr>([formula]);
        var operands = 0;
        while (pending.TryPop(out var node))
        {
            if (!node.Op.IsLeaf() && !_nameOf.ContainsKey(node))
            {
                operands += node.OperandCount;
                if (operands > LongestFormula)
                {
                    return false;
                }

                foreach (var operand in node.Operands)
                {
                    pending.Push(operand.Meant());
                }
            }
        }

        return true;
    }

    /// <summary>The text of a node in a label: its name, or otherwise its value or its formula, which must be short.</summary>
    private Fragment TermOf(Expr node) => _nameOf.TryGetValue(node, out var name) ? Fragment.Atom(name)
        : node.IsConcrete ? _notation.Constant(node)
        : node.Name.Case is string other ? Fragment.Atom(_notation.Name(other))
        : _notation.Operation(node, [.. node.Operands.Select(operand => TermOf(operand.Meant()))]);
}
