// Numbers with nilpotent units ε₁ … ε_d, εᵢ² = 0, as coefficients of their products: what a function does to them is its derivative
// in d directions, which is linear in each.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// A coefficient belongs to a set of units, which the bits of its index are. A matrix of such numbers has its coefficients one
/// below the other: A, the directions E₁ and E₂ and so on at 1, 2, 4 …, and what goes with products of units between them.
/// </summary>
internal static class NilpotentUnits
{
    /// <summary>
    /// Exponents that bring coefficients of any sizes to 1 or less: units ε are replaced by multiples of them, since a direction
    /// may be large or small beside the matrix.
    /// </summary>
    /// <param name="sizes">For each set of units the exponent of its coefficient's largest element.</param>
    public static int[] Scales(ReadOnlySpan<int> sizes)
    {
        var scales = new int[sizes.Length];
        for (var set = 1; set < sizes.Length; set++)
        {
            var lowest = set & -set;
            if (set != lowest)
            {
                scales[set] = scales[lowest] + scales[set ^ lowest];
            }

            if (sizes[set] > PowersOfTwo.OfZero / 2 && (set == lowest || sizes[set] + scales[set] > 0))
            {
                // What is left of the size of a product goes to one of its units, and to all sets so far that have it.
                var excess = sizes[set] + scales[set];
                for (var other = lowest; other <= set; other++)
                {
                    scales[other] -= (other & lowest) != 0 ? excess : 0;
                }
            }
        }

        return scales;
    }

    /// <summary>result += factor·x·y.</summary>
    public static void AddProduct(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double factor, Span<double> result)
    {
        for (var set = 0; set < result.Length; set++)
        {
            var part = set;
            do
            {
                result[set] += factor * x[part] * y[set ^ part];
                part = (part - 1) & set;
            }
            while (part != set);
        }
    }
}
