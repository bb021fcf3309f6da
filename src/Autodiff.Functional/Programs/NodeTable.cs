// Nodes in the order they are added, found again by their numbers: those of one thread follow one another, so the numbers
// themselves are the hash.

namespace Autodiff.Functional.Programs;

/// <summary>A list of distinct nodes that knows the position of each.</summary>
internal sealed class NodeTable
{
    private const int None = -1;

    private Expr[] _nodes = new Expr[32];

    // The latest position of every chain of nodes whose numbers end alike, and for every position the one before it there.
    private int[] _latest = Chains(32);
    private int[] _before = new int[32];
    private int _count;

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

        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _count);
            Array.Resize(ref _before, 2 * _count);
            _latest = Chains(2 * _count);
            for (var position = 0; position < _count; position++)
            {
                Link(position);
            }
        }

        _nodes[_count] = node;
        Link(_count++);
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
