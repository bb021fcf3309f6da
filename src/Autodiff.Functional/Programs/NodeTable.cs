// Nodes in the order they are added, found again by their numbers: those of one thread follow one another, so the numbers
// themselves are the hash.

using System.Numerics;

namespace Autodiff.Functional.Programs;

/// <summary>A list of distinct nodes that knows the position of each.</summary>
internal sealed class NodeTable
{
    private const int None = -1;

    private Expr[] _nodes;

    // The latest position of every chain of nodes whose numbers end alike, and for every position the one before it there.
    private int[] _latest;
    private int[] _before;

    /// <summary>An empty list, with room for some nodes.</summary>
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

    /// <summary>Adds a node, unless it is there.</summary>
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

    // There is a power of 2 of chains.
    private int Chain(Expr node) => (int)(node.SerialNumber & (uint)(_latest.Length - 1));
}
