// The part of a graph that a sweep has to pass, in order: which nodes lie between the variables and the results.

using System.Buffers;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Sweeps;

/// <summary>
/// The nodes under the results that depend on the variables of a sweep, operands before the nodes made of them. Nothing
/// older than the variables is entered, and nothing recurses.
/// </summary>
/// <remarks>
/// There are two ways to find them. What one thread has made in a row, such as all that a function makes of its fresh leaves, is
/// numbered without a break, so nodes are put at their numbers in one pass down: the cheap way. Where that leaves the order, as it may
/// where several threads made the nodes, or where most numbers belong to other nodes, there is a depth-first walk with a stack of its
/// own. Both are linear in the work they look at. Places may be empty.
/// </remarks>
/// <remarks>
/// <see cref="Dispose"/> gives the arrays back for the next graph; one that is kept, such as a pullback's, need not be
/// disposed of.
/// </remarks>
internal sealed class ActiveGraph : IDisposable
{
    private const int Unreached = -1;

    // Up to so many variables are looked for one by one.
    private const int FewVariables = 16;

    // A function that made more nodes than this may have kept few of them (an inner loop's are gone), so they are walked.
    private const uint LargestWindow = 1 << 22;

    // A graph is looked for among the latest so many numbers, and then so many times more, as long as one in so many of them is known to be in it.
    private const uint FirstWindow = 1 << 8;
    private const uint Growth = 8;
    private const uint Sparsest = 16;

    private Entry[] _entries = [];
    private Dictionary<Expr, int>? _indices;

    // The operand places of nodes with more than two operands.
    private List<int>? _many;

    // Where the nodes are: after a scan at their numbers, of which there are two ranges; after a walk the table says.
    private Numbers _numbers;
    private PlaceTable? _places;

    /// <summary>The graph of <paramref name="results"/> down to some variables.</summary>
    /// <param name="results">The results of the sweep.</param>
    /// <param name="variables">Fresh leaves, best oldest first, or null for every variable under the results.</param>
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

    /// <summary>The variables swept to; null where all under the results are.</summary>
    public Expr[]? Variables { get; }

    /// <summary>The places of the results; −1 for one that depends on no variable.</summary>
    public int[] ResultPlaces { get; }

    /// <summary>The places of the variables swept to; −1 for one that no result depends on.</summary>
    public int[] VariablePlaces { get; }

    /// <summary>The number of the oldest leaf the sweep goes to: what depends on nothing older is a plain number in it.</summary>
    public long OldestVariable { get; }

    public int Count { get; private set; }

    /// <summary>Whether a result depends on a variable.</summary>
    public bool ReachesVariable => Array.Exists(ResultPlaces, place => place >= 0);

    /// <summary>Whether there is nothing but numbers on the way: the results have values and depend on nothing older than the variables.</summary>
    public bool IsNumeric => Array.TrueForAll(Results, result => result.IsConcrete && result.OldestLeaf >= OldestVariable);

    /// <summary>Whether a transform's own leaf is on the way: then an outer transform may want to differentiate the sweep.</summary>
    public bool HasFreshLeaf { get; private set; }

    /// <summary>The graphd nodes in order.</summary>
    public ReadOnlySpan<Entry> Entries => _entries.AsSpan(0, Count);

    /// <summary>The node at a place; null where the place is empty.</summary>
    public Expr? Node(int place) => _entries[place].Node;

    /// <summary>Whether a node is one of the variables swept to.</summary>
    public bool IsVariable(Expr node) => node.Op == Op.Variable && (Variables is null || VariableIndex(node) >= 0);

    /// <summary>Which of the variables swept to a node is; negative if it is none of them.</summary>
    public int VariableIndex(Expr node)
    {
        if (node.Op != Op.Variable)
        {
            return -1;
        }

        // Leaves that one thread made one after another are numbered so.
        var index = node.SerialNumber - Variables![0].SerialNumber;
        return index < (uint)Variables.Length && ReferenceEquals(Variables[index], node) ? (int)index : LookUp(node);
    }

    private int LookUp(Expr node) =>
        Variables!.Length <= FewVariables ? Array.IndexOf(Variables, node)
        : (_indices ??= Variables.Index().ToDictionary<(int Index, Expr Item), Expr, int>(pair => pair.Item, pair => pair.Index, ReferenceEqualityComparer.Instance))
            .GetValueOrDefault(node, -1);

    /// <summary>The place of an operand of the node at a place; −1 if no derivative flows to it.</summary>
    public int OperandPlace(int place, int operand) => OperandPlace(_entries[place], operand);

    /// <summary>The place of an operand of an entry; −1 if no derivative flows to it.</summary>
    public int OperandPlace(in Entry entry, int operand) =>
        entry.Second == Entry.IsWide ? _many![entry.First + operand] : operand == 0 ? entry.First : entry.Second;

    /// <summary>Which operands of the node at a place a derivative flows to.</summary>
    public bool[] Wanted(int place, Expr node) => Wanted(_entries[place], node);

    /// <summary>Which operands of an entry's node a derivative flows to.</summary>
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

    /// <summary>Puts each node at its number since the first variable; false if that is too much, or not in order.</summary>
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
    /// Puts each node under one result at its number: between the oldest and the newest variable, or among the latest. Variables may have
    /// been made long before what is made of them. False if most of these numbers belong to other nodes, or the nodes are not in order.
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

            // First the variables, then more of the latest.
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

    /// <summary>Puts nodes at their numbers, as far as they are in order.</summary>
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

            // Whatever has a leaf as new as the variables depends on one of them, unless it has other new leaves, or only a mask has it.
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
    /// Puts an operand of a node at its number; −1 if no derivative flows to it. A mask has no derivative, but variables under it are under
    /// the result all the same.
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
    /// Puts an operand at its number; −1 if no derivative flows to it. If its place is not below the limit, or is taken, the
    /// nodes are not in order by number.
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
    /// Puts nodes at places in the order that a depth-first walk leaves them, each with the places of its operands; those that
    /// depend on no variable are dropped in the end.
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

    /// <summary>Ends the walk under the next operand of a node, which has come to stand at a place or has none.</summary>
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

    /// <summary>Adds a node behind its operands, and gives its place.</summary>
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

    /// <summary>Works out, operands first, where each node's operands are, and drops those that depend on no variable.</summary>
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

    /// <summary>A mask chooses, and a start only says where to search; no derivative flows to them.</summary>
    private static bool IsMask(Expr node, int operand) => operand == 0 && node.Op.ChoosesByFirst();

    /// <summary>Whether a node may depend on a variable: a leaf under it is as new as they are.</summary>
    private bool IsReachable(Expr node) => node.NewestLeaf >= OldestVariable;

    private int ActivePlaceOf(Expr operand) => IsReachable(operand) ? PlaceOf(operand) : Unreached;

    /// <summary>The place of a node; −1 if it has none (yet, or any more).</summary>
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

    /// <summary>What a scan has found: whether all nodes are in order by number, whether some have other numbers, and how many there are.</summary>
    private struct Order
    {
        public bool IsInOrder;
        public bool IsBeyond;
        public uint Found;
    }

    /// <summary>Two ranges of numbers of nodes, and their places one after the other.</summary>
    private readonly struct Numbers(uint first, uint leading, uint second, uint trailing)
    {
        /// <summary>The place of a number in neither.</summary>
        public const uint Beyond = uint.MaxValue;

        public int Count => (int)(leading + trailing);

        public uint PlaceOf(uint number) =>
            number - second is var late && late < trailing ? late + leading
            : number - first is var early && early < leading ? early
            : Beyond;
    }

    /// <summary>A node on the path of a walk: how many of its operands have been left, and their places as in an <see cref="Entry"/>.</summary>
    private struct Step(Expr node)
    {
        public readonly Expr Node = node;
        public readonly int Count = node.OperandCount;
        public int Next;
        public int First = Unreached;
        public int Second = Unreached;
        public bool IsActive;
    }

    /// <summary>A graphd node and the places of its operands, −1 where no derivative flows to one.</summary>
    public struct Entry
    {
        /// <summary>
        /// Stands in <see cref="Second"/> where there are more than two operands: <see cref="First"/> is then where their places
        /// start in the list of many.
        /// </summary>
        public const int IsWide = -2;

        /// <summary>Stands in <see cref="Second"/>, as long as the graph is walked, where the node depends on no variable.</summary>
        public const int IsInactive = -3;

        /// <summary>The node, or null where the place is empty.</summary>
        public Expr? Node;
        public int First;
        public int Second;
    }
}
