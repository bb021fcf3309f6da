// Values of the primitives that fold axes away.


using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

internal static class ReductionKernels
{
    public static Storage Reduce(Op op, Folding axes, Shape shape, Storage operand)
    {
        if (op == Op.Sum && operand.IsUniform)
        {
            return Storage.Filled(operand[0] * axes.Count(operand.Shape), shape);
        }

        var (outer, length, inner) = Extents(axes, operand.Shape);
        if (outer < 0 || (inner > 1 && op is Op.LogSumExp or Op.LogSum or Op.Norm))
        {
            // The folded axes go last, so that what folds into one element is one run.
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
                elements[row] = Fold(op, rows);
            }
            else
            {
                FoldRows(op, rows, elements.Slice(row * inner, inner));
            }
        }

        return result;
    }

    /// <summary>The sizes of the axes before, among and after the folded ones; a negative first where they are not neighbours.</summary>
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

    private static double Fold(Op op, ReadOnlySpan<double> x) => op switch
    {
        Op.Sum => Folds.Sum(x),
        Op.Prod => Product(x),
        Op.MaxOf => Folds.Max(x),
        Op.MinOf => Folds.Min(x),
        Op.LogSumExp => LogSumExp(x),
        Op.LogSum => LogSum(x),
        _ => Norm(x),
    };

    private static void FoldRows(Op op, ReadOnlySpan<double> rows, Span<double> result)
    {
        if (rows.IsEmpty)
        {
            result.Fill(op == Op.Prod ? 1 : 0);
            return;
        }

        rows[..result.Length].CopyTo(result);
        var step = op switch { Op.Sum => Op.Add, Op.Prod => Op.Multiply, Op.MaxOf => Op.Max, _ => Op.Min };
        for (var start = result.Length; start < rows.Length; start += result.Length)
        {
            VectorKernels.Apply(step, new Lane(result), new Lane(rows.Slice(start, result.Length)), result);
        }

        for (var i = 0; op == Op.Prod && i < result.Length; i++)
        {
            result[i] = double.IsNormal(result[i]) ? result[i] : ScaledProduct(rows, i, result.Length);
        }
    }

    private static double Product(ReadOnlySpan<double> x)
    {
        var product = Folds.Product(x);
        return double.IsNormal(product) || (product == 0 && x.Contains(0.0)) ? product : ScaledProduct(x, 0, 1);
    }

    /// <summary>The product of every <c>step</c>-th element from <c>first</c> on: it is finite where only a partial product is not.</summary>
    private static double ScaledProduct(ReadOnlySpan<double> x, int first, int step)
    {
        WideNumber product = 1;
        for (var i = first; i < x.Length; i += step)
        {
            product *= x[i];
        }

        return product.Value;
    }

    /// <summary>m + log Σ exp(x − m) with m the largest element, which neither overflows nor loses the small ones.</summary>
    private static double LogSumExp(ReadOnlySpan<double> x)
    {
        var largest = Folds.Max(x);
        if (!double.IsFinite(largest))
        {
            return largest;
        }

        // The largest term is exactly 1. Leaving it out of the sum keeps what the others add to it.
        var rest = 0.0;
        var at = x.IndexOf(largest);
        Span<double> terms = stackalloc double[Block.Capacity];
        for (var start = 0; start < x.Length; start += terms.Length)
        {
            var run = x[start..Math.Min(start + terms.Length, x.Length)];
            var some = terms[..run.Length];
            VectorKernels.Apply(Op.Subtract, new Lane(run), new Lane(largest), some);
            VectorKernels.Apply(Op.Exp, some, some);
            if (at >= start && at < start + run.Length)
            {
                some[at - start] = 0;
            }

            rest += Folds.Sum(some);
        }

        return largest + ScalarFunctions.LogP1(rest);
    }

    /// <summary>log m + log Σ x/m with m the largest element, so that the sum does not overflow; NaN if an element is less than 0.</summary>
    private static double LogSum(ReadOnlySpan<double> x)
    {
        var largest = x.IsEmpty ? 0 : Folds.Max(x);
        if (!(largest > 0 && double.IsFinite(largest) && Folds.Min(x) >= 0))
        {
            return x.IsEmpty || Folds.Min(x) >= 0 ? Math.Log(largest + 0) : double.NaN;
        }

        var rest = 0.0;
        var at = x.IndexOf(largest);
        for (var i = 0; i < x.Length; i++)
        {
            rest += i == at ? 0 : x[i] / largest;
        }

        return Math.Log(largest) + ScalarFunctions.LogP1(rest);
    }

    /// <summary>√Σx², scaled by the largest element where the squares would overflow or vanish.</summary>
    private static double Norm(ReadOnlySpan<double> x)
    {
        var squares = Folds.SumOfSquares(x);
        if (squares is > 1e-280 and < 1e300 || x.IsEmpty)
        {
            return Math.Sqrt(squares);
        }

        var largest = Folds.MaxMagnitude(x);
        if (largest == 0 || !double.IsFinite(largest))
        {
            return largest;
        }

        var sum = 0.0;
        foreach (var element in x)
        {
            sum += element / largest * (element / largest);
        }

        return largest * Math.Sqrt(sum);
    }
}
