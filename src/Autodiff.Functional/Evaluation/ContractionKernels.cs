// Values of contractions (sums of products): a contraction of two tensors is brought into the form of a batch of matrix products.

using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

internal static class ContractionKernels
{
    public static Storage Contract(Contraction contraction, ReadOnlySpan<Storage> operands)
    {
        if (contraction is { Inputs: ["i", "i"], Output: "" })
        {
            return Storage.Scalar(Folds.Dot(operands[0].Span, operands[1].Span));
        }

        var output = Distinct(contraction.Output);
        var a = Canonical(contraction, 0, operands);
        if (operands.Length == 1)
        {
            return Finish(contraction, a, output);
        }

        var b = Canonical(contraction, 1, operands);
        var shared = Among(a.Axes, b.Axes);
        var (batch, summed) = (Among(shared, output), NotAmong(shared, output));
        var (rows, columns) = (NotAmong(a.Axes, shared), NotAmong(b.Axes, shared));
        var (count, m, k, n) = (Size(contraction, batch), Size(contraction, rows), Size(contraction, summed), Size(contraction, columns));

        // The matrix product takes matrices by rows or by columns; operands with any other order of axes are copied into rows.
        var left = a.Arrange(batch + rows + summed, batch + summed + rows, contraction, out var leftByColumns);
        var right = b.Arrange(batch + summed + columns, batch + columns + summed, contraction, out var rightByColumns);
        var shape = contraction.ShapeOf(batch + rows + columns);
        var product = new MatrixProductShape(m, k, n) { Count = count, ABatch = (nint)m * k, BBatch = (nint)k * n, CBatch = (nint)m * n };
        if (leftByColumns)
        {
            product = product with { ARow = 1, AColumn = m };
        }

        if (rightByColumns)
        {
            product = product with { BRow = 1, BColumn = k };
        }

        var result = Storage.Uninitialized(shape, out var elements);
        MatrixProduct.Multiply(product, left.Span, right.Span, elements);
        return Finish(contraction, new(batch + rows + columns, result), output);
    }

    /// <summary>The axes that are also among some others.</summary>
    private static string Among(string axes, string others) => Kept(axes, (letter, _) => others.Contains(letter, StringComparison.Ordinal));

    private static string NotAmong(string axes, string others) => Kept(axes, (letter, _) => !others.Contains(letter, StringComparison.Ordinal));

    private static string Distinct(string axes) => Kept(axes, (letter, place) => axes.IndexOf(letter, StringComparison.Ordinal) == place);

    private static string Kept(string axes, Func<char, int, bool> keeps)
    {
        Span<char> kept = stackalloc char[axes.Length];
        var count = 0;
        for (var place = 0; place < axes.Length; place++)
        {
            if (keeps(axes[place], place))
            {
                kept[count++] = axes[place];
            }
        }

        return count == axes.Length ? axes : new(kept[..count]);
    }

    private static int Size(Contraction contraction, string axes)
    {
        var size = 1;
        foreach (var letter in axes)
        {
            size *= contraction.Lengths[letter];
        }

        return size;
    }

    /// <summary>
    /// An operand reduced to its diagonal along repeated axes, and summed over the axes that neither the other operand nor the result has.
    /// </summary>
    private static Named Canonical(Contraction contraction, int index, ReadOnlySpan<Storage> operands)
    {
        var operand = new Named(contraction.Inputs[index], operands[index]).Diagonal(contraction);
        var others = contraction.Inputs.Length == 1 ? "" : contraction.Inputs[1 - index];
        return operand.SumOver(NotAmong(operand.Axes, contraction.Output + others), contraction);
    }

    /// <summary>Stretches along axes that only the result has, orders the axes, and writes repeated ones on their diagonal.</summary>
    private static Storage Finish(Contraction contraction, Named result, string output)
    {
        var missing = NotAmong(output, result.Axes);
        if (missing.Length > 0)
        {
            var ones = Shape.Of([.. Enumerable.Repeat(1, missing.Length), .. result.Value.Shape.Lengths]);
            var axes = missing + result.Axes;
            var stretched = LayoutKernels.Broadcast(result.Value.Reshaped(ones), contraction.ShapeOf(axes));
            result = new(axes, stretched);
        }

        var ordered = result.Arrange(output, output, contraction, out _);
        return output.Length == contraction.Output.Length
            ? ordered.Reshaped(contraction.Shape)
            : OnDiagonal(contraction, new(output, ordered));
    }

    private static Storage OnDiagonal(Contraction contraction, Named value)
    {
        var elements = new double[contraction.Shape.Size];
        var source = value.Value.Span;
        var steps = Steps(contraction.Output, contraction.Shape, value.Axes);
        var offsets = new Odometer(value.Value.Shape, steps);
        for (var i = 0; i < source.Length; i++)
        {
            elements[offsets.Next()] = source[i];
        }

        return new(contraction.Shape, elements);
    }

    /// <summary>For each axis of a part its stride in the whole, in which axes may be repeated.</summary>
    private static int[] Steps(string wholeAxes, Shape whole, string partAxes)
    {
        var strides = whole.Strides();
        return [.. partAxes.Select(letter => Enumerable.Range(0, wholeAxes.Length).Where(axis => wholeAxes[axis] == letter).Sum(axis => strides[axis]))];
    }

    /// <summary>A tensor with a letter for each axis.</summary>
    private readonly record struct Named(string Axes, Storage Value)
    {
        public Named Diagonal(Contraction contraction)
        {
            var distinct = Distinct(Axes);
            if (distinct.Length == Axes.Length)
            {
                return this;
            }

            var shape = contraction.ShapeOf(distinct);
            var result = Storage.Uninitialized(shape, out var elements);
            var source = Value.Span;
            var offsets = new Odometer(shape, Steps(Axes, Value.Shape, distinct));
            for (var i = 0; i < elements.Length; i++)
            {
                elements[i] = source[offsets.Next()];
            }

            return new(distinct, result);
        }

        public Named SumOver(string letters, Contraction contraction)
        {
            if (letters.Length == 0)
            {
                return this;
            }

            var own = Axes;
            var remaining = NotAmong(own, letters);
            int[] indices = [.. Enumerable.Range(0, own.Length).Where(axis => letters.Contains(own[axis], StringComparison.Ordinal))];
            return new(remaining, ReductionKernels.Reduce(SumReducer.Instance, new Folding(indices, false), contraction.ShapeOf(remaining), Value));
        }

        /// <summary>The elements in one of two orders of axes: the second if they already are in it, else the first.</summary>
        public Storage Arrange(string order, string alternative, Contraction contraction, out bool isAlternative)
        {
            isAlternative = Axes != order && Axes == alternative;
            if (Axes == order || isAlternative)
            {
                return Value;
            }

            var own = Axes;
            var permutation = new Permutation([.. order.Select(letter => own.IndexOf(letter, StringComparison.Ordinal))]);
            return LayoutKernels.Permute(permutation, Value, contraction.ShapeOf(order));
        }
    }

    /// <summary>The offsets of the elements of a tensor, in row-major order, that lies in another tensor with the given strides.</summary>
    private struct Odometer(Shape shape, int[] steps)
    {
        private readonly int[] _index = new int[shape.Rank];
        private int _offset;

        public int Next()
        {
            var offset = _offset;
            for (var axis = _index.Length - 1; axis >= 0; axis--)
            {
                _offset += steps[axis];
                if (++_index[axis] < shape[axis])
                {
                    break;
                }

                _offset -= steps[axis] * shape[axis];
                _index[axis] = 0;
            }

            return offset;
        }
    }
}
