// Routines that compare numbers and return positions, as whole numbers in doubles.

namespace Autodiff.Functional.Numerics;

internal static class Orders
{
    /// <summary>
    /// The positions of the numbers of each run along an axis in ascending order or, descending, in descending order: ties in the order of their positions, and NaN
    /// as larger than all numbers. Sizes: the length of the axis, the product of the lengths after it, and whether the order descends. Scratch: twice the length.
    /// </summary>
    public static void ArgSort(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var (length, inner, isDescending) = (sizes[0], sizes[1], sizes[2] != 0);
        var keys = scratch[..length];
        var order = scratch.Slice(length, length);
        for (var outer = 0; outer < result.Length; outer += length * inner)
        {
            for (var first = outer; first < outer + inner; first++)
            {
                for (var i = 0; i < length; i++)
                {
                    keys[i] = operands.First[first + (i * inner)];
                }

                ArgSort(keys, order, isDescending);
                for (var i = 0; i < length; i++)
                {
                    result[first + (i * inner)] = order[i];
                }
            }
        }
    }

    /// <summary>
    /// The number of elements of a sorted run that are less than each number or, if the last size is 1, not greater than it; NaN counts as larger than all numbers.
    /// Sizes: the number of runs, their length, how many numbers belong to each, and the choice.
    /// </summary>
    public static void SearchSorted(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var (length, count, countsEqual) = (sizes[1], sizes[2], sizes[3] != 0);
        for (var run = 0; run < sizes[0]; run++)
        {
            var sorted = operands.First.Slice(run * length, length);
            for (var i = 1; i < length; i++)
            {
                if (IsLess(sorted[i], sorted[i - 1]))
                {
                    throw new AutodiffException($"SearchSorted: element {i}, {sorted[i]}, is less than the one before, {sorted[i - 1]}; sort the numbers first.");
                }
            }

            for (var k = run * count; k < (run + 1) * count; k++)
            {
                var (x, low, high) = (operands.Second[k], 0, length);
                while (low < high)
                {
                    var middle = (low + high) / 2;
                    var isBefore = countsEqual ? !IsLess(x, sorted[middle]) : IsLess(sorted[middle], x);
                    (low, high) = isBefore ? (middle + 1, high) : (low, middle);
                }

                result[k] = low;
            }
        }
    }

    /// <summary>
    /// The position of the first of the largest or, if the last size is 1, smallest numbers of each run; of the first NaN if there is one. Sizes: the length of a run, and the choice.
    /// </summary>
    public static void IndexOfExtreme(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var (length, isSmallest) = (sizes[0], sizes[1] != 0);
        for (var run = 0; run < result.Length; run++)
        {
            var numbers = operands.First.Slice(run * length, length);
            var best = 0;
            for (var i = 1; i < length && !double.IsNaN(numbers[best]); i++)
            {
                var isBetter = double.IsNaN(numbers[i]) || (isSmallest ? numbers[i] < numbers[best] : numbers[i] > numbers[best]);
                best = isBetter ? i : best;
            }

            result[run] = best;
        }
    }

    /// <summary>Replaces an order by the positions of some keys in order. The keys are sorted, without those that are NaN.</summary>
    private static void ArgSort(Span<double> keys, Span<double> order, bool isDescending)
    {
        var (count, missing) = (0, 0);
        for (var i = 0; i < keys.Length; i++)
        {
            missing += double.IsNaN(keys[i]) ? 1 : 0;
        }

        var numbers = isDescending ? order[missing..] : order[..^missing];
        var others = isDescending ? order[..missing] : order[^missing..];
        for (var i = 0; i < keys.Length; i++)
        {
            if (double.IsNaN(keys[i]))
            {
                others[i - count] = i;
            }
            else
            {
                (keys[count], numbers[count]) = (isDescending ? -keys[i] : keys[i], i);
                count++;
            }
        }

        keys = keys[..count];
        keys.Sort(numbers);

        // The sort does not keep the order of equal keys.
        for (int start = 0, end; start < count; start = end)
        {
            end = start + 1;
            while (end < count && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                numbers[start..end].Sort();
            }
        }
    }

    private static bool IsLess(double a, double b) => a < b || (double.IsNaN(b) && !double.IsNaN(a));
}
