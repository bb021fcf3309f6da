// Nodes in the order they are added, with a hash table that gives the position of each. The hash is the node's serial number: numbers of one
// thread are consecutive, so they spread evenly over the table.

using System.Numerics;

namespace Autodiff.Functional.Programs;

/// <summary>A list of distinct nodes that knows the position of each.</summary>
internal sealed class NodeTable
{
    private const int None = -1;

    private Expr[] _nodes;

    // Nodes whose serial numbers have the same lowest bits form a chain: _latest has the position of the last node of each chain, _before
    // for each position the previous one in its chain (−1 if there is none).
    private int[] _latest;
    private int[] _before;

    /// <summary>An empty list with room for the expected number of nodes.</summary>
    public NodeTable(int expected = 32)
    {
        var room = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(expected, 1));
        (_nodes, _latest, _before) = (new Expr[room], Chains(room), new int[room]);
    }

    /// <summary>How many nodes there are.</summary>
    public int Count { get; private set; }

    /// <summary>The position of a node; −1 if it has none.</summary>
    public int Find(Expr node)
    {
        var position = _latest[Chain(node)];
        while (position >= 0 && !ReferenceEquals(_nodes[position], node))
        {
            position = _before[position];
        }

        return position;
    }

    /// <summary>Adds a node unless it is there already; returns whether it was added.</summary>
    public bool TryAdd(Expr node)
    {
        if (Find(node) >= 0)
        {
            return false;
        }

        if (Count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * Count);
            Array.Resize(ref _before, 2 * Count);
            _latest = Chains(2 * Count);
            for (var position = 0; position < Count; position++)
            {
                Link(position);
            }
        }

        _nodes[Count] = node;
        Link(Count++);
        return true;
    }

    private static int[] Chains(int count)
    {
        var chains = new int[count];
        Array.Fill(chains, None);
        return chains;
    }

    private void Link(int position)
    {
        ref var latest = ref _latest[Chain(_nodes[position])];
        (_before[position], latest) = (latest, position);
    }

    // The number of chains is a power of 2, so the mask selects the lowest bits of the serial number.
    private int Chain(Expr node) => (int)(node.SerialNumber & (uint)(_latest.Length - 1));
}
