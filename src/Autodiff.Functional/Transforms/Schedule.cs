// The part of a graph that a sweep has to pass, in order: which nodes lie between the variables and the results.

using System.Buffers;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Transforms;

/// <summary>
/// The nodes under the results that depend on the variables of a sweep, operands before the nodes made of them. Nothing
/// older than the variables is entered, and nothing recurses.
/// </summary>
/// <remarks>
/// There are two ways to find them. What a function has just made of its fresh leaves is numbered without a break by the
/// thread that ran it, so its nodes are put at their numbers in one pass down: the cheap way. Where that leaves the order, as
/// it may where several threads made the nodes, and for any other graph, there is a depth-first walk with a stack of its own.
/// Both are linear in the work they look at. Places may be empty.
/// </remarks>
/// <remarks>
/// <see cref="Dispose"/> gives the arrays back for the next schedule; one that is kept, such as a pullback's, need not be
/// disposed of.
/// </remarks>
internal sealed class Schedule : IDisposable
{
    private const int Unreached = -1;

    // Up to so many variables are looked for one by one.
    private const int FewVariables = 16;

    // A function that made more nodes than this may have kept few of them (an inner loop's are gone), so they are walked.
    private const uint LargestWindow = 1 << 22;

    private Entry[] _entries = [];
    private Dictionary<Expr, int>? _indices;

    // The operand places of nodes with more than two operands.
    private List<int>? _many;

    // Where the nodes are: after a scan at their numbers, counted from the first; after a walk the table says.
    private uint _firstNumber;
    private PlaceTable? _places;

    /// <summary>The schedule of <paramref name="results"/> down to some variables.</summary>
    /// <param name="results">The results of the sweep.</param>
    /// <param name="variables">Fresh leaves, best oldest first, or null for every variable under the results.</param>
    public Schedule(Expr[] results, Expr[]? variables)
    {
        Results = results;
        Variables = variables;
        OldestVariable = variables is null ? 1 : variables.Min(variable => variable.NewestLeaf);
        if (Array.Exists(results, IsReachable) && (variables is null || !Scan(variables)))
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

    /// <summary>The scheduled nodes in order.</summary>
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
    private bool Scan(Expr[] variables)
    {
        _firstNumber = variables[0].SerialNumber;
        var size = 0u;
        foreach (var result in Results)
        {
            if (IsReachable(result))
            {
                size = Math.Max(size, result.Maker == variables[0].Maker ? result.SerialNumber - _firstNumber + 1 : uint.MaxValue);
            }
        }

        if (size is 0 or > LargestWindow)
        {
            return false;
        }

        (_entries, Count) = (ArrayPool<Entry>.Shared.Rent((int)size), (int)size);
        Array.Clear(_entries, 0, Count);
        var (isInOrder, hasOtherLeaf) = (true, false);
        foreach (var result in Results)
        {
            Reach(result, Count, ref isInOrder);
        }

        for (var place = Count - 1; place >= 0 && isInOrder; place--)
        {
            ref var entry = ref _entries[place];
            if (entry.Node is not { } node)
            {
                continue;
            }

            // Whatever has a leaf as new as the variables depends on one of them, unless it has other new leaves.
            hasOtherLeaf |= node.Op == Op.Variable && !IsVariable(node);
            var count = node.OperandCount;
            if (count <= 2)
            {
                entry.First = count > 0 && !IsMask(node, 0) ? Reach(node.Operand(0), place, ref isInOrder) : Unreached;
                entry.Second = count > 1 ? Reach(node.Operand(1), place, ref isInOrder) : Unreached;
                continue;
            }

            (entry.First, entry.Second) = ((_many ??= []).Count, Entry.IsWide);
            for (var operand = 0; operand < count; operand++)
            {
                _many.Add(IsMask(node, operand) ? Unreached : Reach(node.Operand(operand), place, ref isInOrder));
            }
        }

        if (!isInOrder || hasOtherLeaf)
        {
            _many = null;
        }

        if (!isInOrder)
        {
            Dispose();
        }
        else if (hasOtherLeaf)
        {
            Link();
        }

        return isInOrder;
    }

    /// <summary>
    /// Puts an operand at its number; −1 if no derivative flows to it. If its place is not below the limit, or is taken, the
    /// nodes are not in order by number.
    /// </summary>
    private int Reach(Expr operand, int limit, ref bool isInOrder)
    {
        if (!IsReachable(operand))
        {
            return Unreached;
        }

        var place = operand.SerialNumber - _firstNumber;
        if (place < (uint)limit)
        {
            ref var target = ref _entries[place].Node;
            target ??= operand;
            if (ReferenceEquals(target, operand))
            {
                return (int)place;
            }
        }

        isInOrder = false;
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
    private static bool IsMask(Expr node, int operand) => node.Op is Op.Where or Op.Cond or Op.Root && operand == 0;

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

        var place = node.SerialNumber - _firstNumber;
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

    /// <summary>A scheduled node and the places of its operands, −1 where no derivative flows to one.</summary>
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
