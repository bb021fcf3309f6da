// Groups of columns of a sparse symmetric matrix that one sweep can compute together. Since each entry off the diagonal occurs twice, fewer colours
// are needed than for a matrix that is not symmetric.

using System.Runtime.InteropServices;

namespace Autodiff.Functional.Sparsity;

/// <summary>
/// A colouring of the columns of a symmetric pattern. The vertices are the columns, and two are adjacent if the entry in both is in the pattern.
/// In a star colouring any two colours induce a forest of stars, so that each entry stands alone in the sum of the columns of one
/// colour. In an acyclic colouring two colours induce a forest of any trees: entries follow one after another by substitution, leaves first.
/// (A. H. Gebremedhin, A. Tarafdar, F. Manne, A. Pothen, New acyclic and star coloring algorithms with application to computing Hessians, 2007.)
/// </summary>
/// <param name="Columns">The colour of each column, <see cref="JacobianColouring.None"/> for one without entries.</param>
/// <param name="Count">The number of colours.</param>
/// <param name="IsAcyclic">Whether it is acyclic, and entries are found by substitution.</param>
internal sealed record HessianColouring(int[] Columns, int Count, bool IsAcyclic)
{
    private const int None = JacobianColouring.None;

    /// <summary>The star colouring with the fewest colours that is found.</summary>
    public static HessianColouring Star(SparsityPattern pattern) => Best(pattern, isAcyclic: false);

    /// <summary>The acyclic colouring with the fewest colours that is found.</summary>
    public static HessianColouring Acyclic(SparsityPattern pattern) => Best(pattern, isAcyclic: true);

    private static HessianColouring Best(SparsityPattern pattern, bool isAcyclic)
    {
        HessianColouring? best = null;
        foreach (var order in VertexOrder.Each(new Adjacency(pattern)))
        {
            var (colours, count) = Greedy(pattern, order, isAcyclic ? new Trees() : new Stars());
            best = best is null || count < best.Count ? new(colours, count, isAcyclic) : best;

            // Adjacent columns differ in colour.
            if (count <= 2)
            {
                break;
            }
        }

        return best!;
    }

    /// <summary>Gives each vertex the lowest colour that keeps the coloured part a forest of the kind.</summary>
    private static (int[] Colours, int Count) Greedy(SparsityPattern pattern, int[] order, Forests forests)
    {
        var colours = new int[pattern.Rows];
        Array.Fill(colours, None);
        var count = 0;
        var takenBy = new int[order.Length + 1];
        Array.Fill(takenBy, None);
        var near = new List<(int Colour, int Vertex)>();
        foreach (var vertex in order)
        {
            near.Clear();
            foreach (var neighbour in pattern.RowOf(vertex))
            {
                if (neighbour != vertex && colours[neighbour] != None)
                {
                    near.Add((colours[neighbour], neighbour));
                    takenBy[colours[neighbour]] = vertex;
                }
            }

            near.Sort();
            var neighbours = CollectionsMarshal.AsSpan(near);
            var colour = 0;
            while (takenBy[colour] == vertex || !forests.Allow(colour, neighbours))
            {
                colour++;
            }

            colours[vertex] = colour;
            count = Math.Max(count, colour + 1);
            forests.Add(vertex, colour, neighbours);
        }

        return (colours, count);
    }

    private sealed class Adjacency(SparsityPattern pattern) : IConflictGraph
    {
        public int Count => pattern.Rows;

        public bool Has(int vertex) => pattern.RowOf(vertex).Length > 0;

        public int Degree(int vertex) => pattern.RowOf(vertex).Length;

        public IEnumerable<int> Neighbours(int vertex)
        {
            var end = pattern.RowPointers[vertex + 1];
            for (var i = pattern.RowPointers[vertex]; i < end; i++)
            {
                yield return pattern.ColumnIndices[i];
            }
        }
    }

    /// <summary>The forests that pairs of colours induce among the vertices coloured so far.</summary>
    private abstract class Forests
    {
        /// <summary>Whether a vertex may have a colour that no neighbour has, given its coloured neighbours, sorted by colour.</summary>
        public bool Allow(int colour, ReadOnlySpan<(int Colour, int Vertex)> neighbours)
        {
            for (var start = 0; start < neighbours.Length;)
            {
                var end = start + 1;
                while (end < neighbours.Length && neighbours[end].Colour == neighbours[start].Colour)
                {
                    end++;
                }

                if (!AllowAmong(colour, neighbours[start..end]))
                {
                    return false;
                }

                start = end;
            }

            return true;
        }

        public abstract void Add(int vertex, int colour, ReadOnlySpan<(int Colour, int Vertex)> neighbours);

        /// <summary>Whether a vertex may have a colour, given its neighbours of one other colour.</summary>
        protected abstract bool AllowAmong(int colour, ReadOnlySpan<(int Colour, int Vertex)> neighbours);
    }

    /// <summary>For each vertex and colour how many neighbours of this colour the vertex has, and one of them.</summary>
    private sealed class Stars : Forests
    {
        private readonly Dictionary<(int Vertex, int Colour), (int Count, int One)> _neighbours = [];

        public override void Add(int vertex, int colour, ReadOnlySpan<(int Colour, int Vertex)> neighbours)
        {
            foreach (var (other, neighbour) in neighbours)
            {
                Count(neighbour, colour, vertex);
                Count(vertex, other, neighbour);
            }
        }

        // With several neighbours the vertex becomes the centre of a star, whose leaves may have no other neighbour of its colour. With one, it becomes a leaf of it: that
        // is a centre already, or its only neighbour of this colour has no other neighbour than it.
        protected override bool AllowAmong(int colour, ReadOnlySpan<(int Colour, int Vertex)> neighbours)
        {
            foreach (var (other, neighbour) in neighbours)
            {
                var (count, one) = _neighbours.GetValueOrDefault((neighbour, colour));
                if (count > 0 && (neighbours.Length > 1 || (count == 1 && _neighbours[(one, other)].Count > 1)))
                {
                    return false;
                }
            }

            return true;
        }

        private void Count(int vertex, int colour, int neighbour)
        {
            ref var counted = ref CollectionsMarshal.GetValueRefOrAddDefault(_neighbours, (vertex, colour), out _);
            counted = (counted.Count + 1, neighbour);
        }
    }

    /// <summary>The trees that a vertex belongs to, one for each colour of its neighbours, as disjoint sets.</summary>
    private sealed class Trees : Forests
    {
        private readonly Dictionary<(int Vertex, int Colour), int> _numbers = [];
        private readonly List<int> _parents = [];
        private readonly HashSet<int> _met = [];

        public override void Add(int vertex, int colour, ReadOnlySpan<(int Colour, int Vertex)> neighbours)
        {
            foreach (var (other, neighbour) in neighbours)
            {
                _parents[TreeOf(neighbour, colour)] = TreeOf(vertex, other);
            }
        }

        // Two neighbours in one tree would close a cycle.
        protected override bool AllowAmong(int colour, ReadOnlySpan<(int Colour, int Vertex)> neighbours)
        {
            _met.Clear();
            foreach (var (_, neighbour) in neighbours)
            {
                if (neighbours.Length > 1 && _numbers.ContainsKey((neighbour, colour)) && !_met.Add(TreeOf(neighbour, colour)))
                {
                    return false;
                }
            }

            return true;
        }

        private int TreeOf(int vertex, int colour)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, (vertex, colour), out var isKnown);
            if (!isKnown)
            {
                number = _parents.Count;
                _parents.Add(number);
            }

            var tree = number;
            while (_parents[tree] != tree)
            {
                tree = _parents[tree] = _parents[_parents[tree]];
            }

            return tree;
        }
    }
}
