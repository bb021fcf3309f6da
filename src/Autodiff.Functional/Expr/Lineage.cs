// The leaves under a node and the thread that made it. Nodes that agree in these share one object, so a node holds only a reference to it and a
// serial number.

namespace Autodiff.Functional;

/// <summary>
/// The origin of a node: the oldest and the newest leaf that a derivative can reach from it, and the thread that made it. Leaves are
/// numbered when they are made; so a sweep to leaf v need not enter a node whose newest leaf is older than v, and may treat a node
/// whose oldest leaf is v or newer as a plain number.
/// </summary>
/// <param name="maker">The thread.</param>
/// <param name="oldest">The number of the oldest leaf; larger than that of any leaf if there is none.</param>
/// <param name="newest">The number of the newest leaf; 0 if there is none.</param>
/// <param name="ofOldest">The lineage of the oldest leaf itself; null if it is this one.</param>
/// <param name="ofNewest">The lineage of the newest leaf itself; null if it is this one.</param>
internal sealed class Lineage(Maker? maker, long oldest, long newest, Lineage? ofOldest = null, Lineage? ofNewest = null)
{
    /// <summary>The lineage of scalar constants: they reach no leaf, and it does not matter which thread made them.</summary>
    public static readonly Lineage None = new(null, long.MaxValue, 0);

    /// <summary>For a leaf: its serial number among the nodes that its thread has made.</summary>
    public uint SerialNumber { get; init; }

    // For a leaf: the operation that runs a function on it; whether that function has returned; and whether the leaf was symbolic.
    private string? _operation;
    private bool _hasEnded;
    private bool _isSymbol;

    public Maker? Maker { get; } = maker;

    public long Oldest { get; } = oldest;

    public long Newest { get; } = newest;

    /// <summary>The lineage of the oldest leaf itself.</summary>
    public Lineage OfOldest => ofOldest ?? this;

    /// <summary>The lineage of the newest leaf itself.</summary>
    public Lineage OfNewest => ofNewest ?? this;

    /// <summary>The operation that made the oldest leaf to run a function on it, if that function has returned; otherwise null.</summary>
    public string? EndedIn => OfOldest.Ended;

    /// <summary>
    /// The operation that made the newest or the oldest leaf to differentiate a function that it still runs; otherwise null.
    /// </summary>
    public string? RunningIn => OfNewest.Running ?? OfOldest.Running;

    /// <summary>
    /// The operation that ran a function on a symbolic leaf that is the oldest or the newest one here, if that function has returned, so that
    /// the leaf will never have a value; otherwise null.
    /// </summary>
    public string? EscapedFrom => OfOldest._isSymbol ? OfOldest.Ended : OfNewest._isSymbol ? OfNewest.Ended : null;

    /// <summary>For a leaf: whether the function that it was made for has returned.</summary>
    public bool HasEnded => _hasEnded;

    private string? Ended => _hasEnded ? _operation : null;

    private string? Running => _hasEnded ? null : _operation;

    /// <summary>Notes that an operation is about to run a function on this leaf, to differentiate it.</summary>
    public void Begin(string operation) => _operation = operation;

    /// <summary>Notes that the function that this leaf was made for has returned.</summary>
    /// <param name="operation">The operation that ran it; null if the leaf may be read from now on.</param>
    /// <param name="isSymbol">Whether the leaf was symbolic.</param>
    public void End(string? operation, bool isSymbol) => (_isSymbol, _operation, _hasEnded) = (isSymbol, operation, true);

    /// <summary>Whether the leaves of the other lineage are neither older than the oldest nor newer than the newest leaf here.</summary>
    public bool Covers(Lineage other) => Oldest <= other.Oldest && Newest >= other.Newest;
}

/// <summary>A thread that makes nodes: it gives them serial numbers and lineages. Only that thread uses the object.</summary>
internal sealed class Maker
{
    private const Expr.Traits AllTraits = (Expr.Traits)byte.MaxValue;

    private static long s_leaves;

    [ThreadStatic]
    private static Maker? t_current;

    private Lineage _latest;

    private Maker() => Leafless = _latest = new(this, long.MaxValue, 0);

    /// <summary>The maker of the current thread.</summary>
    public static Maker Current => t_current ??= new();

    /// <summary>The lineage of a node of this thread from which no derivative reaches a leaf.</summary>
    public Lineage Leafless { get; }

    /// <summary>The serial number of the latest node, modulo 2³². Operands that the same thread made have lower numbers.</summary>
    public uint Made { get; private set; }

    /// <summary>
    /// Whether primitives that may fail are left without a value for now, though their operands have values: a branch is being traced,
    /// and it is not known yet whether it is taken.
    /// </summary>
    public bool Defers { get; private set; }

    /// <summary>The traits that a node can have now: all, or all but that of a primal while a sweep makes a derivative.</summary>
    public Expr.Traits Traits { get; private set; } = AllTraits;

    /// <summary>Notes that the nodes made from now on, until what is returned is disposed of, are those of a derivative.</summary>
    /// <param name="makesDerivatives">Whether they are; if not, nothing is noted.</param>
    public Sweep Sweeps(bool makesDerivatives = true)
    {
        var sweep = new Sweep(this, Traits);
        Traits &= makesDerivatives ? ~Expr.Traits.Primal : AllTraits;
        return sweep;
    }

    /// <summary>Traces a branch of which it is not known whether it is taken: runs it with <see cref="Defers"/> set.</summary>
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

    /// <summary>The serial number of the next node.</summary>
    public uint Next() => ++Made;

    /// <summary>The lineage of a new leaf, given that of its operand.</summary>
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

    /// <summary>The time in which a sweep makes nodes.</summary>
    public readonly struct Sweep(Maker maker, Expr.Traits before) : IDisposable
    {
        public void Dispose() => maker.Traits = before;
    }
}
