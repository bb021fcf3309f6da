// Where a walk has put the nodes it has found: a hash table that nothing has to be written into nodes for, so that any
// number of threads may walk one graph.

using System.Buffers;

namespace Autodiff.Functional.Sweeps;

/// <summary>
/// The places of nodes in a graph. Those whose numbers have the same last bits are chained. Numbers of one thread follow
/// one another, so the chains are short, and nodes made together are found together.
/// </summary>
internal sealed class PlaceTable : IDisposable
{
    private const int None = -1;

    // The latest place of every chain, and for every place the one before it in its chain.
    private int[] _latest = [];
    private int[] _before = [];
    private int _capacity;

    /// <summary>The place of a node; −1 if it has none.</summary>
    public int Find(Expr node, ReadOnlySpan<ActiveGraph.Entry> entries)
    {
        var place = _capacity == 0 ? None : _latest[Chain(node)];
        while (place >= 0 && !ReferenceEquals(entries[place].Node, node))
        {
            place = _before[place];
        }

        return place;
    }

    /// <summary>Takes up the node of the last of some entries; those before it have been.</summary>
    public void AddLast(ReadOnlySpan<ActiveGraph.Entry> entries)
    {
        var place = entries.Length - 1;
        if (place == _capacity)
        {
            Dispose();
            _capacity = Math.Max(64, 2 * place);
            (_latest, _before) = (ArrayPool<int>.Shared.Rent(_capacity), ArrayPool<int>.Shared.Rent(_capacity));
            Array.Fill(_latest, None, 0, _capacity);
            place = 0;
        }

        for (; place < entries.Length; place++)
        {
            ref var latest = ref _latest[Chain(entries[place].Node!)];
            (_before[place], latest) = (latest, place);
        }
    }

    public void Dispose()
    {
        if (_capacity > 0)
        {
            ArrayPool<int>.Shared.Return(_latest);
            ArrayPool<int>.Shared.Return(_before);
            _capacity = 0;
        }
    }

    // The capacity is a power of 2.
    private int Chain(Expr node) => (int)(node.SerialNumber & (uint)(_capacity - 1));
}
