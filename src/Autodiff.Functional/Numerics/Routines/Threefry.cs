// Random bits as a function of a key and a counter.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): a block cipher whose encrypted counters are random.
/// </summary>
internal static class Threefry
{
    // The numbers of the uniform distribution lie in the middles of 2⁵² cells.
    private const double Cell = 1.0 / (1L << 52);

    /// <summary>
    /// For each key, which is two words, its first numbers: fractions between 0 and 1 or, if the last size is 1, words. Sizes: how many numbers for each key, and the choice. Fractions
    /// and words are encrypted from different counters, so they are independent.
    /// </summary>
    public static void Bits(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var (count, areWords) = (sizes[0], sizes[1] != 0);
        for (var key = 0; key < operands.First.Length / 2 && count > 0; key++)
        {
            var (k0, k1) = (Word(operands.First[2 * key]), Word(operands.First[(2 * key) + 1]));
            var own = result.Slice(key * count, count);
            for (var i = 0; i < count; i++)
            {
                if (areWords)
                {
                    var (x0, x1) = Block(k0, k1, 1, (uint)(i / 2));
                    own[i] = i % 2 == 0 ? x0 : x1;
                }
                else
                {
                    var (x0, x1) = Block(k0, k1, 0, (uint)i);
                    own[i] = ((((ulong)x0 << 20) | (x1 >> 12)) + 0.5) * Cell;
                }
            }
        }
    }

    /// <summary>The encrypted counter c0, c1.</summary>
    public static (uint X0, uint X1) Block(uint k0, uint k1, uint c0, uint c1)
    {
        unchecked
        {
            var k2 = k0 ^ k1 ^ 0x1BD11BDAu;
            var (x0, x1) = (c0 + k0, c1 + k1);
            (x0, x1) = FourRounds(x0, x1, 13, 15, 26, 6);
            (x0, x1) = FourRounds(x0 + k1, x1 + k2 + 1, 17, 29, 16, 24);
            (x0, x1) = FourRounds(x0 + k2, x1 + k0 + 2, 13, 15, 26, 6);
            (x0, x1) = FourRounds(x0 + k0, x1 + k1 + 3, 17, 29, 16, 24);
            (x0, x1) = FourRounds(x0 + k1, x1 + k2 + 4, 13, 15, 26, 6);
            return (x0 + k2, x1 + k0 + 5);
        }
    }

    private static (uint X0, uint X1) FourRounds(uint x0, uint x1, int a, int b, int c, int d)
    {
        unchecked
        {
            x0 += x1;
            x1 = ((x1 << a) | (x1 >> (32 - a))) ^ x0;
            x0 += x1;
            x1 = ((x1 << b) | (x1 >> (32 - b))) ^ x0;
            x0 += x1;
            x1 = ((x1 << c) | (x1 >> (32 - c))) ^ x0;
            x0 += x1;
            x1 = ((x1 << d) | (x1 >> (32 - d))) ^ x0;
            return (x0, x1);
        }
    }

    private static uint Word(double number) => number >= 0 && number <= uint.MaxValue && number == Math.Floor(number)
        ? (uint)number
        : throw new AutodiffException($"Rng: {number} is no part of a key, which is two whole numbers from 0 to 4294967295; Rng.Key(seed) and Rng.Split(key) make keys.");
}
