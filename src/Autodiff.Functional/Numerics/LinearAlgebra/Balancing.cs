// Balancing of a square matrix: an order and units for its indices. The similarity transformation is a permutation and powers of two, so it
// causes no rounding.

using System.Numerics;

namespace Autodiff.Functional.Numerics;

/// <summary>
/// In the order, the matrix is block upper triangular, where each block has the indices of one cycle of nonzero elements; so a triangular
/// matrix, also a lower one or one with permuted indices, becomes upper triangular. In the units, no element off the diagonal is much larger
/// than those on it; if no units achieve this, the elements off the diagonal are brought to the lowest level that units allow, which is the
/// largest mean of the exponents along a cycle.
/// </summary>
internal sealed class Balancing
{
    // The exponents of elements off the diagonal may exceed the largest one on the diagonal by this much (a factor of 2³) without balancing.
    private const int Slack = 3;

    private readonly int _n;

    // The exponents of the elements off the diagonal; diagonal elements count as 0.
    private readonly int[] _sizes;

    private Balancing(ReadOnlySpan<double> a, int n)
    {
        (_n, _sizes, Order, IsSingle) = (n, new int[n * n], [.. Enumerable.Range(0, n)], new bool[n]);
        var (diagonal, largest) = (0, PowersOfTwo.OfZero);
        for (var i = 0; i < a.Length; i++)
        {
            var isDiagonal = i / n == i % n;
            var size = PowersOfTwo.Exponent(a[i]);
            _sizes[i] = isDiagonal ? PowersOfTwo.OfZero : size;
            diagonal = Math.Max(diagonal, isDiagonal ? size : 0);
            largest = Math.Max(largest, _sizes[i]);
        }

        if (n == 1 || _sizes.AsSpan().Count(PowersOfTwo.OfZero) > n)
        {
            Sort();
        }

        Units = largest <= diagonal + Slack ? new int[n] : Balanced(diagonal, largest);
    }

    /// <summary>The old index at each position of the new order.</summary>
    public int[] Order { get; }

    /// <summary>Whether an index, in the new order, is in no cycle and thus a block of its own.</summary>
    public bool[] IsSingle { get; }

    /// <summary>The exponents d of the units, in the old order; the matrix aᵢⱼ·2^(dⱼ − dᵢ) is balanced.</summary>
    public int[] Units { get; }

    public static Balancing Of(ReadOnlySpan<double> a, int n) => new(a, n);

    /// <summary>Sorts indices by how many others they reach, the most first, so that the indices of one cycle are together.</summary>
    private void Sort()
    {
        // Bit j of row i: whether a path of nonzero elements leads from i to j (Warshall's algorithm).
        var words = (_n + 63) / 64;
        var reached = new ulong[_n * words];
        bool Reaches(int i, int j) => (reached[(i * words) + (j / 64)] >> (j % 64) & 1) != 0;
        for (var i = 0; i < _sizes.Length; i++)
        {
            reached[(i / _n * words) + (i % _n / 64)] |= _sizes[i] == PowersOfTwo.OfZero ? 0 : 1UL << (i % _n % 64);
        }

        for (var between = 0; between < _n; between++)
        {
            for (var i = 0; i < _n; i++)
            {
                for (var word = 0; Reaches(i, between) && word < words; word++)
                {
                    reached[(i * words) + word] |= reached[(between * words) + word];
                }
            }
        }

        var (counts, first) = (new int[_n], new int[_n]);
        for (var i = 0; i < _n; i++)
        {
            counts[i] = reached.AsSpan(i * words, words).ToArray().Sum(BitOperations.PopCount) + (Reaches(i, i) ? 0 : 1);
            first[i] = Enumerable.Range(0, i).FirstOrDefault(j => Reaches(i, j) && Reaches(j, i), i);
        }

        Array.Sort(Order, (i, j) => (-counts[i], first[i], i).CompareTo((-counts[j], first[j], j)));
        for (var at = 0; at < _n; at++)
        {
            IsSingle[at] = !Reaches(Order[at], Order[at]);
        }
    }

    /// <summary>Units for the lowest possible level (largest exponent off the diagonal) within bounds, found by bisection.</summary>
    private int[] Balanced(int lowest, int highest)
    {
        var units = new int[_n];
        while (lowest < highest)
        {
            var level = lowest + ((highest - lowest) / 2);
            (lowest, highest, units) = UnitsFor(level) is { } found ? (lowest, level, found) : (level + 1, highest, units);
        }

        return units;
    }

    /// <summary>
    /// Units with which no exponent off the diagonal exceeds a level: the lengths of the longest paths, where each element counts by how much
    /// its exponent exceeds the level; null if there are none, since a cycle has a positive length.
    /// </summary>
    private int[]? UnitsFor(int level)
    {
        var units = new int[_n];
        for (var round = 0; round <= _n; round++)
        {
            var isChanged = false;
            for (var i = 0; i < _n; i++)
            {
                for (var j = 0; j < _n; j++)
                {
                    var needed = units[j] + _sizes[(i * _n) + j] - level;
                    isChanged |= needed > units[i];
                    units[i] = Math.Max(units[i], needed);
                }
            }

            if (!isChanged)
            {
                return units;
            }
        }

        return null;
    }
}
