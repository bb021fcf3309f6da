// An order and units for the indices of a square matrix, under a similarity that costs no digits: a permutation and powers of two.

using System.Numerics;

namespace Autodiff.Functional.Numerics;

/// <summary>
/// In the order, the matrix is block upper triangular, each block the indices of one cycle; so a triangular matrix, also a lower
/// one or one whose indices are mixed up, becomes upper triangular. With the units, no element off the diagonal is much larger than those on
/// it, or else than the lowest level that units can bring all of them to, which is that of the largest mean of a cycle.
/// </summary>
internal sealed class Balancing
{
    // Elements that exceed the diagonal by less than this are left alone.
    private const int Slack = 3;

    private readonly int _n;

    // Exponents of the elements off the diagonal.
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

    /// <summary>Which index comes first, second …</summary>
    public int[] Order { get; }

    /// <summary>Whether an index, in the new order, is in no cycle, and so a block of its own.</summary>
    public bool[] IsSingle { get; }

    /// <summary>The exponents d of units, for which aᵢⱼ·2^(dⱼ − dᵢ) are balanced; by the old order.</summary>
    public int[] Units { get; }

    public static Balancing Of(ReadOnlySpan<double> a, int n) => new(a, n);

    /// <summary>Puts what reaches more indices first, and the indices of one cycle together.</summary>
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

    /// <summary>Units for the lowest level from some on that there are any for.</summary>
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

    /// <summary>The longest paths where each element counts by how much it exceeds a level; null if they go in circles.</summary>
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
