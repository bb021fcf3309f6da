// The part of a graph that a sweep passes: the nodes between the variables and the results, in an order in which operands come first.

using System.Buffers;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Sweeps;

/// <summary>
/// The nodes under the results that depend on the variables of a sweep, each at a place after its operands. Nodes that are older than
/// all variables are not entered, and no method is recursive.
/// </summary>
/// <remarks>
/// There are two ways to find the nodes. The nodes that one thread makes in succession, such as all that a function makes of its fresh
/// leaves, have consecutive serial numbers; so a scan puts each node at the place of its number, in one pass from the results downward.
/// This is cheap. If the nodes are not in order by number, as may happen when several threads made them, or if most numbers belong to other
/// nodes, a depth-first walk with an explicit stack is made instead. Both take time linear in what they look at. Places may be empty.
/// </remarks>
/// <remarks>
/// <see cref="Dispose"/> returns the arrays to their pool for the next graph. A graph that is kept, such as that of a pullback, need not
/// be disposed of.
/// </remarks>
internal sealed class ActiveGraph : IDisposable
{
    private const int Unreached = -1;

    // The largest number of variables that are searched one by one; for more a dictionary is made.
    private const int FewVariables = 16;

    // The largest number of places of a scan. A function that made more nodes than this may have kept few of them (those of an inner loop,
    // for example, are gone), so its graph is walked.
    private const uint LargestWindow = 1 << 22;

    // A scan without given variables first looks among the latest FirstWindow serial numbers, and then among Growth times as many each time,
    // as long as at least one in Sparsest of these numbers is known to belong to the graph.
    private const uint FirstWindow = 1 << 8;
    private const uint Growth = 8;
    private const uint Sparsest = 16;

    private Entry[] _entries = [];
    private Dictionary<Expr, int>? _indices;

    // The operand places of all nodes with more than two operands, one node after another.
    private List<int>? _many;

    // Where the nodes are: after a scan their serial numbers give their places, after a walk the table does.
    private Numbers _numbers;
    private PlaceTable? _places;

    /// <summary>The graph of <paramref name="results"/> down to some variables.</summary>
    /// <param name="results">The results of the sweep.</param>
    /// <param name="variables">Fresh leaves, or null for every variable under the results. The oldest first is fastest.</param>
    public ActiveGraph(Expr[] results, Expr[]? variables)
    {
        Results = results;
        Variables = variables;
        OldestVariable = variables is null ? 1 : variables.Min(variable => variable.NewestLeaf);
        if (Array.Exists(results, IsReachable) && !(variables is null ? ScanGraph() : ScanFunction(variables)))
        {
            Walk();
        }

        ResultPlaces = Array.ConvertAll(results, ActivePlaceOf);
        VariablePlaces = variables is null ? [] : Array.ConvertAll(variables, PlaceOf);
        _places?.Dispose();
    }

    public Expr[] Results { get; }

    /// <summary>The variables that the sweep goes to; null if it goes to all variables under the results.</summary>
    public Expr[]? Variables { get; }

    /// <summary>The places of the results; −1 for one that depends on no variable.</summary>
    public int[] ResultPlaces { get; }

    /// <summary>The places of the variables that the sweep goes to; −1 for one that no result depends on.</summary>
    public int[] VariablePlaces { get; }

    /// <summary>
    /// The number of the oldest leaf that the sweep goes to. A node that depends on no older leaf can enter the sweep as a plain number.
    /// </summary>
    public long OldestVariable { get; }

    public int Count { get; private set; }

    /// <summary>Whether a result depends on a variable.</summary>
    public bool ReachesVariable => Array.Exists(ResultPlaces, place => place >= 0);

    /// <summary>
    /// Whether the whole sweep can be made on numbers: the results have values and depend on no leaf that is older than the variables.
    /// </summary>
    public bool IsNumeric => Array.TrueForAll(Results, result => result.IsConcrete && result.OldestLeaf >= OldestVariable);

    /// <summary>How the nodes enter a derivative that is not kept as a graph.</summary>
    public Primitives.Point Point => new(OldestVariable, IsNumeric);

    /// <summary>Whether the graph contains the fresh leaf of a transform: then an outer transform may have to differentiate the sweep.</summary>
    public bool HasFreshLeaf { get; private set; }

    /// <summary>The nodes of the graph, in order of their places.</summary>
    public ReadOnlySpan<Entry> Entries => _entries.AsSpan(0, Count);

    /// <summary>The node at a place; null where the place is empty.</summary>
    public Expr? Node(int place) => _entries[place].Node;

    /// <summary>Whether a node is one of the variables that the sweep goes to.</summary>
    public bool IsVariable(Expr node) => node.Op == Op.Variable && (Variables is null || VariableIndex(node) >= 0);

    /// <summary>The index of a node among the variables that the sweep goes to; negative if it is none of them.</summary>
    public int VariableIndex(Expr node)
    {
        if (node.Op != Op.Variable)
        {
            return -1;
        }

        // Leaves that one thread made in succession have consecutive serial numbers.
        var index = node.SerialNumber - Variables![0].SerialNumber;
        return index < (uint)Variables.Length && ReferenceEquals(Variables[index], node) ? (int)index : LookUp(node);
    }

    private int LookUp(Expr node) =>
        Variables!.Length <= FewVariables ? Array.IndexOf(Variables, node)
        : (_indices ??= Variables.Index().ToDictionary<(int Index, Expr Item), Expr, int>(pair => pair.Item, pair => pair.Index, ReferenceEqualityComparer.Instance))
            .GetValueOrDefault(node, -1);

    /// <summary>The place of an operand of the node at a place; −1 if no derivative reaches the operand.</summary>
    public int OperandPlace(int place, int operand) => OperandPlace(_entries[place], operand);

    /// <summary>The place of an operand of an entry; −1 if no derivative reaches the operand.</summary>
    public int OperandPlace(in Entry entry, int operand) =>
        entry.Second == Entry.IsWide ? _many![entry.First + operand] : operand == 0 ? entry.First : entry.Second;

    /// <summary>Which operands of the node at a place are reached by a derivative.</summary>
    public bool[] Wanted(int place, Expr node) => Wanted(_entries[place], node);

    /// <summary>Which operands of an entry's node are reached by a derivative.</summary>
    public bool[] Wanted(in Entry entry, Expr node)
    {
        var wanted = new bool[node.OperandCount];
        for (var operand = 0; operand < wanted.Length; operand++)
        {
            wanted[operand] = OperandPlace(entry, operand) >= 0;
        }

        return wanted;
    }

    public void Dispose()
    {
        if (_entries.Length > 0)
        {
            Array.Clear(_entries, 0, Count);
            ArrayPool<Entry>.Shared.Return(_entries);
            _entries = [];
            Count = 0;
        }
    }

    /// <summary>
    /// Scans the serial numbers from the first variable to the last result; false if there are too many, or the nodes are not in order.
    /// </summary>
    private bool ScanFunction(Expr[] variables)
    {
        var first = variables[0].SerialNumber;
        var size = 0u;
        foreach (var result in Results)
        {
            if (IsReachable(result))
            {
                size = Math.Max(size, result.Maker == variables[0].Maker ? result.SerialNumber - first + 1 : uint.MaxValue);
            }
        }

        return size is > 0 and <= LargestWindow && Scan(new(first, 0, first, size)) is { IsInOrder: true };
    }

    /// <summary>
    /// Scans the graph of a single result with all its variables, in two ranges of serial numbers: from the oldest to the newest variable,
    /// and the latest ones; there are two because variables may have been made long before the nodes made of them. False if most of these
    /// numbers belong to other nodes, or the nodes are not in order.
    /// </summary>
    private bool ScanGraph()
    {
        var (last, oldest, newest) = (Results[0], Results[0].OfOldestLeaf, Results[0].OfNewestLeaf);
        if (Results.Length != 1 || last.Maker != oldest.Maker || last.Maker != newest.Maker)
        {
            return false;
        }

        var (leading, rest) = (newest.SerialNumber - oldest.SerialNumber + 1, last.SerialNumber - newest.SerialNumber);
        var (window, most, hasLeading) = (FirstWindow, 2 * FirstWindow, false);
        while (true)
        {
            var latest = Math.Min(window, rest);
            hasLeading |= leading <= most - latest;
            var order = Scan(new(oldest.SerialNumber, hasLeading ? leading : 0, last.SerialNumber - latest + 1, latest));
            most = Math.Min(LargestWindow, Sparsest * order.Found);
            var isAll = latest == rest && hasLeading;
            if (order.IsInOrder || !order.IsBeyond || isAll)
            {
                return order.IsInOrder;
            }

            // The range of the variables is added first; after that the range of the latest numbers grows.
            if (hasLeading || latest > most || leading > most - latest)
            {
                window *= Growth;
                if (Math.Min(window, rest) > most || latest == rest)
                {
                    return false;
                }
            }
        }
    }

    /// <summary>Puts nodes at the places of their serial numbers, as far as they are in order.</summary>
    private Order Scan(Numbers numbers)
    {
        _numbers = numbers;
        (_entries, Count) = (ArrayPool<Entry>.Shared.Rent(numbers.Count), numbers.Count);
        Array.Clear(_entries, 0, Count);
        var order = new Order { IsInOrder = true };
        foreach (var result in Results)
        {
            Reach(result, Count, ref order);
        }

        var needsLink = false;
        for (var place = Count - 1; place >= 0 && (order.IsInOrder || order.IsBeyond); place--)
        {
            ref var entry = ref _entries[place];
            if (entry.Node is not { } node)
            {
                continue;
            }

            // A node with a leaf as new as the variables depends on one of them, except if that leaf is another variable or is only under a
            // mask. In those cases the places of operands are determined again at the end.
            order.Found++;
            HasFreshLeaf |= node.IsFreshLeaf;
            needsLink |= node.Op == Op.Variable && !IsVariable(node);
            var count = node.OperandCount;
            if (count <= 2)
            {
                entry.First = count > 0 ? Reach(node, 0, place, ref order, ref needsLink) : Unreached;
                entry.Second = count > 1 ? Reach(node.Operand(1), place, ref order) : Unreached;
                continue;
            }

            (entry.First, entry.Second) = ((_many ??= []).Count, Entry.IsWide);
            for (var operand = 0; operand < count; operand++)
            {
                _many.Add(Reach(node, operand, place, ref order, ref needsLink));
            }
        }

        if (!order.IsInOrder || needsLink)
        {
            _many = null;
        }

        if (!order.IsInOrder)
        {
            HasFreshLeaf = false;
            Dispose();
        }
        else if (needsLink)
        {
            Link();
        }

        return order;
    }

    /// <summary>
    /// Puts an operand of a node at its place; −1 if no derivative reaches it. A mask has no derivative, but the variables under it still
    /// count as variables under the result.
    /// </summary>
    private int Reach(Expr node, int operand, int limit, ref Order order, ref bool needsLink)
    {
        if (!IsMask(node, operand))
        {
            return Reach(node.Operand(operand), limit, ref order);
        }

        needsLink |= Variables is null && Reach(node.Operand(operand), limit, ref order) >= 0;
        return Unreached;
    }

    /// <summary>
    /// Puts an operand at the place of its serial number; −1 if no derivative reaches it. If that place is not below the limit, or is
    /// taken, the nodes are not in order by number.
    /// </summary>
    private int Reach(Expr operand, int limit, ref Order order)
    {
        if (!IsReachable(operand))
        {
            return Unreached;
        }

        var place = _numbers.PlaceOf(operand.SerialNumber);
        if (place < (uint)limit)
        {
            ref var target = ref _entries[place].Node;
            target ??= operand;
            if (ReferenceEquals(target, operand))
            {
                return (int)place;
            }
        }

        order.IsInOrder = false;
        order.IsBeyond |= place == Numbers.Beyond;
        return Unreached;
    }

    /// <summary>
    /// Puts nodes at places in post-order of a depth-first walk, each with the places of its operands; nodes that depend on no variable
    /// are dropped at the end.
    /// </summary>
    private void Walk()
    {
        _places = new();
        var path = ArrayPool<Step>.Shared.Rent(64);
        var hasInactive = false;
        foreach (var result in Results)
        {
            var depth = -1;
            Enter(result);
            while (depth >= 0)
            {
                ref var step = ref path[depth];
                if (step.Next < step.Count)
                {
                    Enter(step.Node.Operand(step.Next));
                    continue;
                }

                var place = Add(step, ref hasInactive);
                if (--depth >= 0)
                {
                    Leave(ref path[depth], place);
                }
            }

            void Enter(Expr node)
            {
                var place = IsReachable(node) ? _places!.Find(node, Entries) : Unreached;
                if (place != Unreached || !IsReachable(node))
                {
                    if (depth >= 0)
                    {
                        Leave(ref path[depth], place);
                    }

                    return;
                }

                if (++depth == path.Length)
                {
                    Grow(ref path, depth);
                }

                path[depth] = new(node);
                if (node.OperandCount > 2)
                {
                    (path[depth].First, path[depth].Second) = ((_many ??= []).Count, Entry.IsWide);
                    CollectionsMarshal.SetCount(_many, _many.Count + node.OperandCount);
                }
            }
        }

        ArrayPool<Step>.Shared.Return(path, clearArray: true);
        for (var place = 0; place < Count && hasInactive; place++)
        {
            ref var entry = ref _entries[place];
            entry.Node = entry.Second == Entry.IsInactive ? null : entry.Node;
        }
    }

    /// <summary>Notes the place of the next operand of a node, after the walk under that operand; −1 if it has none.</summary>
    private void Leave(ref Step step, int place)
    {
        var operand = step.Next++;
        if (place >= 0 && (_entries[place].Second == Entry.IsInactive || IsMask(step.Node, operand)))
        {
            place = Unreached;
        }

        step.IsActive |= place >= 0;
        if (step.Second == Entry.IsWide)
        {
            _many![step.First + operand] = place;
        }
        else if (operand == 0)
        {
            step.First = place;
        }
        else
        {
            step.Second = place;
        }
    }

    /// <summary>Adds a node after its operands and returns its place.</summary>
    private int Add(in Step step, ref bool hasInactive)
    {
        if (Count == _entries.Length)
        {
            Grow(ref _entries, Count);
        }

        var isActive = step.IsActive || IsVariable(step.Node);
        hasInactive |= !isActive;
        HasFreshLeaf |= step.Node.IsFreshLeaf;
        _entries[Count] = new() { Node = step.Node, First = step.First, Second = isActive ? step.Second : Entry.IsInactive };
        Count++;
        _places!.AddLast(Entries);
        return Count - 1;
    }

    /// <summary>Determines the places of each node's operands, operands first, and drops the nodes that depend on no variable.</summary>
    private void Link()
    {
        for (var place = 0; place < Count; place++)
        {
            ref var entry = ref _entries[place];
            var node = entry.Node;
            if (node is null)
            {
                continue;
            }

            HasFreshLeaf |= node.IsFreshLeaf;
            var isActive = IsVariable(node);
            var count = node.OperandCount;
            if (count <= 2)
            {
                entry.First = count > 0 && !IsMask(node, 0) ? ActivePlaceOf(node.Operand(0)) : Unreached;
                entry.Second = count > 1 ? ActivePlaceOf(node.Operand(1)) : Unreached;
                isActive |= entry.First >= 0 || entry.Second >= 0;
            }
            else
            {
                (entry.First, entry.Second) = ((_many ??= []).Count, Entry.IsWide);
                for (var operand = 0; operand < count; operand++)
                {
                    var at = IsMask(node, operand) ? Unreached : ActivePlaceOf(node.Operand(operand));
                    isActive |= at >= 0;
                    _many.Add(at);
                }
            }

            if (!isActive)
            {
                entry.Node = null;
            }
        }
    }

    /// <summary>
    /// Whether an operand has no derivative because it only chooses (the mask of Where, the predicate of Cond) or is the start of a search.
    /// </summary>
    private static bool IsMask(Expr node, int operand) => operand == 0 && node.Op.ChoosesByFirst();

    /// <summary>Whether a node may depend on a variable: the newest leaf under it is at least as new as the oldest variable.</summary>
    private bool IsReachable(Expr node) => node.NewestLeaf >= OldestVariable;

    private int ActivePlaceOf(Expr operand) => IsReachable(operand) ? PlaceOf(operand) : Unreached;

    /// <summary>The place of a node; −1 if it has none, because it has not been added yet or has been dropped.</summary>
    private int PlaceOf(Expr node)
    {
        if (_places is not null)
        {
            return _places.Find(node, Entries);
        }

        var place = _numbers.PlaceOf(node.SerialNumber);
        return place < (uint)Count && ReferenceEquals(_entries[place].Node, node) ? (int)place : Unreached;
    }

    private static void Grow<T>(ref T[] array, int used)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(64, 2 * used));
        Array.Copy(array, larger, used);
        if (used > 0)
        {
            ArrayPool<T>.Shared.Return(array, clearArray: true);
        }

        array = larger;
    }

    /// <summary>
    /// What a scan has found: whether all nodes are in order by number, whether some have numbers outside its ranges, and how many nodes there
    /// are.
    /// </summary>
    private struct Order
    {
        public bool IsInOrder;
        public bool IsBeyond;
        public uint Found;
    }

    /// <summary>Two ranges of serial numbers, whose places follow one another: first the leading range, then the trailing one.</summary>
    private readonly struct Numbers(uint first, uint leading, uint second, uint trailing)
    {
        /// <summary>Stands for the place of a number that is in neither range.</summary>
        public const uint Beyond = uint.MaxValue;

        public int Count => (int)(leading + trailing);

        public uint PlaceOf(uint number) =>
            number - second is var late && late < trailing ? late + leading
            : number - first is var early && early < leading ? early
            : Beyond;
    }

    /// <summary>A node on the path of a walk: how many of its operands have been walked, and their places as in an <see cref="Entry"/>.</summary>
    private struct Step(Expr node)
    {
        public readonly Expr Node = node;
        public readonly int Count = node.OperandCount;
        public int Next;
        public int First = Unreached;
        public int Second = Unreached;
        public bool IsActive;
    }

    /// <summary>A node of the graph and the places of its operands; −1 for an operand that no derivative reaches.</summary>
    public struct Entry
    {
        /// <summary>
        /// The value of <see cref="Second"/> for a node with more than two operands; <see cref="First"/> is then the position at which their
        /// places start in the list for such nodes.
        /// </summary>
        public const int IsWide = -2;

        /// <summary>The value of <see cref="Second"/>, during a walk, for a node that depends on no variable.</summary>
        public const int IsInactive = -3;

        /// <summary>The node; null if the place is empty.</summary>
        public Expr? Node;
        public int First;
        public int Second;
    }
}
