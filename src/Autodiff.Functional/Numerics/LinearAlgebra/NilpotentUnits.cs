// Numbers with nilpotent units ε₁ … ε_d, εᵢ² = 0, represented by the coefficients of the products of units. Applied to them, a function gives
// its derivatives along d directions.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// Each coefficient belongs to a set of units, given by the bits of its index. The coefficients of a matrix of such numbers are stacked
/// below one another: A at index 0, the directions E₁, E₂ … at 1, 2, 4 …, and the coefficients of products of units between them.
/// </summary>
internal static class NilpotentUnits
{
    /// <summary>
    /// Exponents of factors that bring coefficients of any size to about 1 or less. They correspond to replacing the units ε by multiples
    /// of them, since a direction may be much larger or smaller than the matrix.
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
                // The remaining excess of a product is assigned to its lowest unit, and so to all earlier sets that contain this unit.
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
