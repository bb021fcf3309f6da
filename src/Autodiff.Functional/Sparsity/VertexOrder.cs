// The orders in which a greedy colouring takes vertices. Which one needs the fewest colours depends on the graph, so all are tried.

namespace Autodiff.Functional.Sparsity;

/// <summary>A graph as colourings see it: which vertices are coloured, and which ones may restrict the colour of another.</summary>
internal interface IConflictGraph
{
    /// <summary>The number of vertices.</summary>
    int Count { get; }

    /// <summary>Whether a vertex needs a colour.</summary>
    bool Has(int vertex);

    /// <summary>The number of <see cref="Neighbours"/> of a vertex.</summary>
    int Degree(int vertex);

    /// <summary>The vertices near a vertex, itself possibly included; one that is near in several ways occurs several times.</summary>
    IEnumerable<int> Neighbours(int vertex);
}

/// <summary>
/// Orders of the vertices of a graph, by degrees in which a neighbour counts as often as it occurs (D. W. Matula, L. L. Beck, Smallest-last
/// ordering and clustering and graph coloring algorithms, 1983; T. F. Coleman, J. J. Moré, Estimation of sparse Jacobian matrices and graph
/// coloring problems, 1983).
/// </summary>
internal static class VertexOrder
{
    // The most neighbours, of all vertices together, for which the orders are computed that meet each of them (2²⁴ take a fraction of a second). Graphs with more
    // get the orders that do not.
    private const long MostNeighbours = 1 << 24;

    /// <summary>The orders, each computed when it is reached.</summary>
    public static IEnumerable<int[]> Each(IConflictGraph graph)
    {
        int[] natural = [.. Enumerable.Range(0, graph.Count).Where(graph.Has)];
        yield return natural;
        yield return [.. natural.OrderByDescending(graph.Degree)];
        if (natural.Sum(vertex => (long)graph.Degree(vertex)) <= MostNeighbours)
        {
            yield return SmallestLast(graph, natural);
            yield return IncidenceDegree(graph, natural);
        }
    }

    /// <summary>Removes a vertex with the fewest remaining neighbours, again and again: the order is the reverse.</summary>
    private static int[] SmallestLast(IConflictGraph graph, int[] vertices)
    {
        var buckets = new Buckets(vertices, [.. Enumerable.Range(0, graph.Count).Select(graph.Degree)]);
        var order = new int[vertices.Length];
        for (var i = order.Length - 1; i >= 0; i--)
        {
            order[i] = buckets.TakeLowest();
            foreach (var neighbour in graph.Neighbours(order[i]))
            {
                buckets.Move(neighbour, -1);
            }
        }

        return order;
    }

    /// <summary>Takes a vertex with the most neighbours that have been taken, again and again.</summary>
    private static int[] IncidenceDegree(IConflictGraph graph, int[] vertices)
    {
        var buckets = new Buckets(vertices, new int[graph.Count]);
        var order = new int[vertices.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = buckets.TakeLowest();
            foreach (var neighbour in graph.Neighbours(order[i]))
            {
                buckets.Move(neighbour, -1);
            }
        }

        return order;
    }

    /// <summary>Vertices by a key that changes by one at a time, in doubly linked lists: each operation takes constant time on average.</summary>
    private sealed class Buckets
    {
        private const int None = -1;

        private readonly Dictionary<int, int> _heads = [];
        private readonly int[] _keys;
        private readonly int[] _next;
        private readonly int[] _previous;
        private readonly bool[] _isHeld;
        private int _lowest;

        public Buckets(int[] vertices, int[] keys)
        {
            (_keys, _next, _previous, _isHeld) = (keys, new int[keys.Length], new int[keys.Length], new bool[keys.Length]);
            for (var i = vertices.Length - 1; i >= 0; i--)
            {
                _isHeld[vertices[i]] = true;
                Link(vertices[i]);
            }
        }

        /// <summary>Takes out a vertex with the lowest key.</summary>
        public int TakeLowest()
        {
            while (_heads.GetValueOrDefault(_lowest, None) == None)
            {
                _lowest++;
            }

            var vertex = _heads[_lowest];
            Unlink(vertex);
            _isHeld[vertex] = false;
            return vertex;
        }

        /// <summary>Changes the key of a vertex, unless it has been taken out.</summary>
        public void Move(int vertex, int change)
        {
            if (_isHeld[vertex])
            {
                Unlink(vertex);
                _keys[vertex] += change;
                Link(vertex);
            }
        }

        private void Link(int vertex)
        {
            var key = _keys[vertex];
            var head = _heads.GetValueOrDefault(key, None);
            (_next[vertex], _previous[vertex]) = (head, None);
            if (head != None)
            {
                _previous[head] = vertex;
            }

            _heads[key] = vertex;
            _lowest = Math.Min(_lowest, key);
        }

        private void Unlink(int vertex)
        {
            var (next, previous) = (_next[vertex], _previous[vertex]);
            if (next != None)
            {
                _previous[next] = previous;
            }

            if (previous != None)
            {
                _next[previous] = next;
            }
            else
            {
                _heads[_keys[vertex]] = next;
            }
        }
    }
}
