// Functions of the order of numbers, composed of positions and gathers.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The elements along an axis in ascending or descending order. NaN counts as larger than all numbers. The derivative follows each element to its place.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr Sort(Expr x, int axis = -1, bool descending = false)
    {
        _ = ShapeOf("Sort", x).Axis(axis, "Sort");
        return TakeAlong(x, ArgSort(x, axis, descending), axis);
    }

    /// <summary>The k largest elements along an axis in descending order, and their positions. Of ties, the first come first; NaN counts as larger than all numbers.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="k">How many, from 0 to the length of the axis.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis, or it has fewer elements.</exception>
    public static (Expr Values, Expr Indices) TopK(Expr x, int k, int axis = -1)
    {
        var along = ShapeOf("TopK", x).Axis(axis, "TopK");
        if (k < 0 || k > x.Shape[along])
        {
            throw new ShapeException($"TopK: there are no {k} largest of the {x.Shape[along]} elements along axis {along} of shape {x.Shape}.");
        }

        var slices = new Slice[along + 1];
        Array.Fill(slices, Range.All);
        slices[along] = ..k;
        var indices = ArgSort(x, along, descending: true)[slices];
        return (TakeAlong(x, indices, along), indices);
    }

    /// <summary>
    /// Quantiles of all elements, or of those along some axes, by linear interpolation between the two nearest elements in order: quantile q of n elements stands at position
    /// q(n − 1). It has derivatives with respect to the elements and to q, and is NaN if an element is.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="q">The quantiles, of any shape: numbers from 0 to 1. Their axes come first in the result.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element along the reduced axes.</exception>
    /// <exception cref="AutodiffException">A quantile is not from 0 to 1.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Quantile(new double[] { 1, 2, 4, 8 }, 0.25)); // 1.75
    /// </code>
    /// </example>
    public static Expr Quantile(Expr x, Expr q, Axes axis = default, bool keepDims = false)
    {
        var (sorted, length, kept) = Sorted("Quantile", x, axis, keepDims);
        _ = ShapeOf("Quantile", q);
        if (q.IsConcrete && q.Storage.Span.IndexOfAnyExceptInRange(0, 1) is var outside and >= 0)
        {
            throw new AutodiffException($"Quantile: there is no quantile {q.Storage[outside]}; use numbers from 0 to 1.");
        }

        // The interval between two elements in which the quantile is: the one after the element that it is, so that it has a slope there too.
        var position = q * (length - 1);
        var low = Min(Floor(position), Math.Max(length - 2, 0));
        var (below, above) = (First(low), First(length == 1 ? low : low + 1));
        var part = Reshape(position - low, new Shape([.. q.Shape.Lengths, .. Enumerable.Repeat(1, kept.Rank)]));

        // Each end is met exactly. An infinite gap is not multiplied by 0, and an infinite end is not the one from which the other is reached.
        var gap = Difference(above, below);
        Expr From(Expr end, Expr steps) => Where(Eq(steps, 0) * (1 - IsFinite(gap)), end, end + (gap * steps));
        return Known(Where(IsFinite(below) * Max(part < 0.5, 1 - IsFinite(above)), From(below, part), From(above, part - 1)));

        // The elements at some positions, whose axes come first.
        Expr First(Expr positions)
        {
            var taken = Take(sorted, positions, -1);
            int[] order = [.. Enumerable.Range(taken.Rank - q.Rank, q.Rank), .. Enumerable.Range(0, taken.Rank - q.Rank)];
            return Reshape(Permute(taken, order), new Shape([.. q.Shape.Lengths, .. kept.Lengths]));
        }

        Expr Known(Expr quantiles) => Reshape(sorted[.., ^1], kept) is var last ? Where(IsNaN(last), last, quantiles) : quantiles;
    }

    /// <summary>
    /// The median of all elements, or of those along some axes: the middle element in order or, of an even number, the mean of the two in the middle. It is NaN if an element is.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element along the reduced axes.</exception>
    public static Expr Median(Expr x, Axes axis = default, bool keepDims = false)
    {
        var (sorted, length, kept) = Sorted("Median", x, axis, keepDims);
        var (below, above) = (sorted[.., (length - 1) / 2], sorted[.., length / 2]);
        var last = sorted[.., ^1];
        return Reshape(Where(IsNaN(last), last, length % 2 == 1 ? below : (0.5 * below) + (0.5 * above)), kept);
    }

    /// <summary>
    /// The elements along some axes in ascending order, as the last axis of a matrix with a row for each result; their number, and the shape of the results.
    /// </summary>
    private static (Expr Sorted, int Length, Shape Kept) Sorted(string operation, Expr x, Axes axis, bool keepDims)
    {
        var folding = FoldingOf(operation, x, axis, keepDims);
        var length = folding.Count(x.Shape);
        if (length == 0)
        {
            throw new ShapeException($"{operation}: shape {x.Shape} has no element along the folded axes.");
        }

        var kept = folding.Reduce(x.Shape);
        int[] others = [.. Enumerable.Range(0, x.Rank).Where(each => !folding.Folds(each))];
        return (Sort(Reshape(Permute(x, [.. others, .. folding.Indices]), kept.Size, length)), length, kept);
    }
}
