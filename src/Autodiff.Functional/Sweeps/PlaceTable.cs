// The places of the nodes that a walk has found, as a hash table. Nothing is written into the nodes, so any number of threads may walk the
// same graph.

using System.Buffers;

namespace Autodiff.Functional.Sweeps;

/// <summary>
/// The places of nodes in a graph. Nodes whose serial numbers have the same lowest bits form a chain. The numbers of one thread are
/// consecutive, so the chains are short, and the table entries of nodes made in succession are close together in memory.
/// </summary>
internal sealed class PlaceTable : IDisposable
{
    private const int None = -1;

    // The last place of every chain, and for every place the previous one in its chain (−1 if there is none).
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

    /// <summary>Adds the node of the last entry; those before it have been added already.</summary>
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
