// A formula as a tree of its parts, before anything is computed: operands first, so that no walk over it has to recurse.

namespace Autodiff.Functional.Parsing;

internal enum SyntaxKind
{
    Number,

    /// <summary>A name without backquotes.</summary>
    Name,

    /// <summary>A name in backquotes.</summary>
    QuotedName,

    /// <summary>A text in double quotes.</summary>
    Text,

    /// <summary>An elementwise primitive of its children: an operator, or the bars of an absolute value.</summary>
    Operation,

    /// <summary>A function and its arguments; if its number is not 1, the value is raised to that power.</summary>
    Call,

    /// <summary>Items in brackets.</summary>
    List,

    /// <summary>Items in parentheses; one item is only grouped.</summary>
    Tuple,

    /// <summary>A tensor and the items of its indexer.</summary>
    Index,

    /// <summary>The two ends of a range, each of which may be absent.</summary>
    Range,

    /// <summary>The absent end of a range.</summary>
    Absent,

    /// <summary>A position counted from the end, as in ^1.</summary>
    FromEnd,

    /// <summary>The parameters of a function, a name or a tuple of names, and its results.</summary>
    Lambda,

    /// <summary>Definitions in braces, and a result in terms of them.</summary>
    Block,

    /// <summary>A definition in braces: the name, and its value.</summary>
    Definition,

    /// <summary>A labelled argument: its value, after the list that is its label if the label is not a name.</summary>
    Labelled,
}

/// <summary>One part of a formula. What <see cref="Text"/>, <see cref="Number"/> and <see cref="Op"/> mean depends on the kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Position">Where errors point.</param>
/// <param name="Text">The name, label or text.</param>
/// <param name="Number">The number or power.</param>
/// <param name="Op">The primitive of an operation.</param>
/// <param name="FirstChild">Where its children start in the list of all children.</param>
/// <param name="Children">How many children it has.</param>
internal readonly record struct SyntaxNode(SyntaxKind Kind, int Position, string Text, double Number, Op Op, int FirstChild, int Children);

/// <summary>The parts of a text: definitions in order, and the result.</summary>
internal sealed class Syntax
{
    private readonly List<SyntaxNode> _nodes = [];
    private readonly List<int> _children = [];

    /// <summary>The definitions: a name, where it stands, and the part that it names.</summary>
    public List<(string Name, int Position, int Node)> Definitions { get; } = [];

    /// <summary>The part that is the result.</summary>
    public int Result { get; set; }

    public SyntaxNode this[int node] => _nodes[node];

    /// <summary>A child of a part.</summary>
    public int Child(int node, int index) => _children[_nodes[node].FirstChild + index];

    /// <summary>The children of a part.</summary>
    public ReadOnlySpan<int> Children(int node) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_children).Slice(_nodes[node].FirstChild, _nodes[node].Children);

    public int Add(SyntaxKind kind, int position, ReadOnlySpan<int> children, string text = "", double number = 0, Op op = Op.Constant)
    {
        _nodes.Add(new(kind, position, text, number, op, _children.Count, children.Length));
        _children.AddRange(children);
        return _nodes.Count - 1;
    }
}
