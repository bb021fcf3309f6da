// The part of a graph that a sweep has to pass, in order: which nodes lie between the variables and the result.

namespace Autodiff.Functional.Transforms;

/// <summary>
/// The nodes under a result that depend on the variables of a sweep, operands before the nodes made of them. Found by a
/// depth-first walk with a stack of its own, in time linear in the nodes and edges seen; nothing older than the
/// variables is entered.
/// </summary>
internal sealed class Schedule
{
    private readonly List<Expr> _nodes = [];
    private readonly List<bool> _active = [];
    private readonly List<int> _places = [];
    private readonly List<int> _operands = [];
    private readonly Dictionary<Expr, int> _foreign = new(ReferenceEqualityComparer.Instance);
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>The schedule of <paramref name="result"/> down to some variables.</summary>
    /// <param name="result">The result of the sweep.</param>
    /// <param name="variables">The variables, or null for every variable under the result.</param>
    public Schedule(Expr result, Expr[]? variables)
    {
        Result = result;
        Variables = variables;
        OldestVariable = variables is null ? 1 : variables.Min(variable => variable.NewestLeaf);
        Walk();
    }

    public Expr Result { get; }

    /// <summary>The variables swept to; null where all under the result are.</summary>
    public Expr[]? Variables { get; }

    /// <summary>The number of the oldest leaf the sweep goes to: what depends on nothing older is a plain number in it.</summary>
    public long OldestVariable { get; }

    public int Count => _nodes.Count;

    /// <summary>Whether the result depends on a variable.</summary>
    public bool ReachesVariable => Count > 0 && _active[^1];

    /// <summary>Whether a transform's own leaf is on the way: then an outer transform may want to differentiate the sweep.</summary>
    public bool HasFreshLeaf { get; private set; }

    public Expr Node(int place) => _nodes[place];

    /// <summary>Whether a node is one of the variables swept to.</summary>
    public bool IsVariable(Expr node) => node.Op == Op.Variable && (Variables is null || Array.IndexOf(Variables, node) >= 0);

    /// <summary>Whether the node at a place depends on a variable.</summary>
    public bool IsActive(int place) => _active[place];

    /// <summary>The place of an operand of the node at a place; −1 if no derivative flows to it.</summary>
    public int OperandPlace(int place, int operand) => _operands[_places[place] + operand];

    /// <summary>The place of a node; −1 if the sweep does not pass it.</summary>
    public int PlaceOf(Expr node)
    {
        if (node.Thread != _thread)
        {
            return _foreign.TryGetValue(node, out var foreign) ? foreign : -1;
        }

        // The scratch of a node holds the place it had in the latest schedule; it counts only if this one confirms it.
        var place = node.Place;
        return place < _nodes.Count && ReferenceEquals(_nodes[place], node) ? place : -1;
    }

    private void Walk()
    {
        if (Result.NewestLeaf < OldestVariable)
        {
            return;
        }

        var pending = new Stack<(Expr Node, int Next)>();
        pending.Push((Result, 0));
        while (pending.TryPop(out var step))
        {
            var (node, next) = step;
            var count = node.OperandCount;
            while (next < count && (node.Operand(next).NewestLeaf < OldestVariable || PlaceOf(node.Operand(next)) >= 0))
            {
                next++;
            }

            if (next < count)
            {
                pending.Push((node, next + 1));
                pending.Push((node.Operand(next), 0));
            }
            else if (PlaceOf(node) < 0)
            {
                Add(node, count);
            }
        }
    }

    private void Add(Expr node, int count)
    {
        var active = IsVariable(node);
        HasFreshLeaf |= node.IsFreshLeaf;
        _places.Add(_operands.Count);
        for (var operand = 0; operand < count; operand++)
        {
            var place = node.Operand(operand).NewestLeaf < OldestVariable ? -1 : PlaceOf(node.Operand(operand));
            place = place >= 0 && _active[place] && !(node.Op == Op.Where && operand == 0) ? place : -1;
            active |= place >= 0;
            _operands.Add(place);
        }

        if (node.Thread == _thread)
        {
            node.Place = _nodes.Count;
        }
        else
        {
            _foreign.Add(node, _nodes.Count);
        }

        _nodes.Add(node);
        _active.Add(active);
    }
}
