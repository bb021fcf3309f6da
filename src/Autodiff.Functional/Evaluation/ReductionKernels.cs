// Values of the reductions, the primitives that fold axes away.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

internal static class ReductionKernels
{
    public static Storage Reduce(IReducer reducer, Folding axes, Shape shape, Storage operand)
    {
        var (outer, length, inner) = Extents(axes, operand.Shape);
        if (outer < 0 || (inner != 1 && reducer.Monoid is null))
        {
            // The folded axes are moved to the end, so that the elements that fold into one are one contiguous run.
            (outer, length, inner) = (shape.Size, axes.Count(operand.Shape), 1);
            var kept = Enumerable.Range(0, operand.Shape.Rank).Except(axes.Indices);
            var order = new Permutation([.. kept, .. axes.Indices]);
            operand = LayoutKernels.Permute(order, operand, Shape.Of(Array.ConvertAll(order.Order, axis => operand.Shape[axis])));
        }

        var result = Storage.Uninitialized(shape, out var elements);
        var source = operand.Span;
        for (var row = 0; row < outer; row++)
        {
            var rows = source.Slice(row * length * inner, length * inner);
            if (inner == 1)
            {
                elements[row] = reducer.Fold(rows);
            }
            else
            {
                FoldRows(reducer, reducer.Monoid!, rows, elements.Slice(row * inner, inner));
            }
        }

        return result;
    }

    /// <summary>
    /// The numbers of elements along the axes before the folded ones, along these, and along those after; the first is negative if the folded
    /// axes are not adjacent.
    /// </summary>
    private static (int Outer, int Length, int Inner) Extents(Folding axes, Shape shape)
    {
        var (outer, length, inner) = (1, 1, 1);
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (axes.Folds(axis))
            {
                if (axis != axes.Indices[0] && !axes.Folds(axis - 1))
                {
                    return (-1, 0, 0);
                }

                length *= shape[axis];
            }
            else if (axes.Indices.Length > 0 && axis > axes.Indices[0])
            {
                inner *= shape[axis];
            }
            else
            {
                outer *= shape[axis];
            }
        }

        return (outer, length, inner);
    }

    private static void FoldRows(IReducer reducer, Monoid monoid, ReadOnlySpan<double> rows, Span<double> result)
    {
        if (rows.IsEmpty)
        {
            result.Fill(monoid.Neutral);
            return;
        }

        rows[..result.Length].CopyTo(result);
        for (var start = result.Length; start < rows.Length; start += result.Length)
        {
            ElementwiseTable.Map(monoid.Op, new Lane(result), new Lane(rows.Slice(start, result.Length)), result);
        }

        reducer.Mend(rows, result);
    }
}
