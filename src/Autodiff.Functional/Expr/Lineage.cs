// What a node shares with those made by the same thread of the same leaves: one object that all of them refer to, so that
// a node itself holds but a reference and a number.

namespace Autodiff.Functional;

/// <summary>
/// Where a node comes from: the oldest and the newest leaf that a derivative can reach from it, and the thread that made
/// it. Leaves are numbered when they are made, so a sweep to leaf v need not enter a node whose newest leaf is older than v,
/// and may treat a node whose oldest leaf is v or newer as a plain number.
/// </summary>
/// <param name="maker">The thread.</param>
/// <param name="oldest">The number of the oldest leaf; larger than that of any leaf if there is none.</param>
/// <param name="newest">The number of the newest leaf; 0 if there is none.</param>
/// <param name="ofOldest">The lineage of the oldest leaf itself; null if it is this one.</param>
/// <param name="ofNewest">The lineage of the newest leaf itself; null if it is this one.</param>
internal sealed class Lineage(Maker? maker, long oldest, long newest, Lineage? ofOldest = null, Lineage? ofNewest = null)
{
    /// <summary>The lineage of numbers: they reach no leaf, and it does not matter who made them.</summary>
    public static readonly Lineage None = new(null, long.MaxValue, 0);

    /// <summary>Of a leaf: its number among the nodes that its thread has made.</summary>
    public uint SerialNumber { get; init; }

    // Of a leaf: what ran a function on it that has returned.
    private string? _ended;
    private bool _isSymbol;

    public Maker? Maker { get; } = maker;

    public long Oldest { get; } = oldest;

    public long Newest { get; } = newest;

    /// <summary>The lineage of the oldest leaf itself.</summary>
    public Lineage OfOldest => ofOldest ?? this;

    /// <summary>The lineage of the newest leaf itself.</summary>
    public Lineage OfNewest => ofNewest ?? this;

    /// <summary>What the oldest leaf was made by, if that ran a function on it which has returned; otherwise null.</summary>
    public string? EndedIn => OfOldest._ended;

    /// <summary>What ran a function on a symbol that is reached from here, if the function has returned, so that the symbol will never have a value; otherwise null.</summary>
    public string? EscapedFrom => OfOldest._isSymbol ? OfOldest._ended : OfNewest._isSymbol ? OfNewest._ended : null;

    /// <summary>Says that the function has returned which this leaf was made for.</summary>
    public void End(string operation, bool isSymbol) => (_isSymbol, _ended) = (isSymbol, operation);

    /// <summary>Whether a node of the other lineage adds no leaf that is older or newer.</summary>
    public bool Covers(Lineage other) => Oldest <= other.Oldest && Newest >= other.Newest;
}

/// <summary>A thread that makes nodes: it gives them numbers and lineages. Only that thread uses it.</summary>
internal sealed class Maker
{
    private static long s_leaves;

    [ThreadStatic]
    private static Maker? t_current;

    private Lineage _latest;

    private Maker() => Leafless = _latest = new(this, long.MaxValue, 0);

    /// <summary>The thread that runs.</summary>
    public static Maker Current => t_current ??= new();

    /// <summary>The lineage of a node of this thread that no derivative passes.</summary>
    public Lineage Leafless { get; }

    /// <summary>The number of the latest node, modulo 2³². Operands that the same thread made have lower ones.</summary>
    public uint Made { get; private set; }

    /// <summary>
    /// Whether primitives that may fail are left without a value for now, though their operands have one: a branch is being traced
    /// of which it is not known whether it is taken.
    /// </summary>
    public bool Defers { get; private set; }

    /// <summary>Runs a branch of which it is not known whether it is taken.</summary>
    public T Defer<T>(Func<T> branch)
    {
        var before = Defers;
        Defers = true;
        try
        {
            return branch();
        }
        finally
        {
            Defers = before;
        }
    }

    /// <summary>The number of the next node.</summary>
    public uint Next() => ++Made;

    /// <summary>The lineage of a new leaf, given that of the node it stands for.</summary>
    public Lineage Leaf(Lineage operand)
    {
        var number = Interlocked.Increment(ref s_leaves);
        return operand.Newest == 0
            ? new(this, number, number) { SerialNumber = Made + 1 }
            : new(this, operand.Oldest, number, operand.OfOldest) { SerialNumber = Made + 1 };
    }

    /// <summary>The lineage of a node made of nodes of two lineages.</summary>
    public Lineage Join(Lineage a, Lineage b) =>
        a.Maker == this && a.Covers(b) ? a
        : b.Maker == this && b.Covers(a) ? b
        : Between(a.Oldest < b.Oldest ? a : b, a.Newest > b.Newest ? a : b);

    private Lineage Between(Lineage older, Lineage newer) =>
        newer.Newest == 0 ? Leafless
        : _latest.Oldest == older.Oldest && _latest.Newest == newer.Newest ? _latest
        : _latest = new(this, older.Oldest, newer.Newest, older.OfOldest, newer.OfNewest);
}
