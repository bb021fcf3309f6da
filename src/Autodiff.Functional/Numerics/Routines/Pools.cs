// The largest elements of windows. The sizes are those of the convolution that sums over the same windows, with every channel as a sample.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

/// <summary>The largest element of each window, its tangent, and its cotangent. A window always holds an element; positions outside the input do not count.</summary>
internal static class Pools
{
    private enum Act
    {
        Largest,
        Count,
        Mean,
        Share,
    }

    /// <summary>The largest element of each window; NaN if one is NaN.</summary>
    public static void Largest(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var columns = sizes[^4];
        for (var row = 0; row < result.Length / Math.Max(columns, 1); row++)
        {
            var largest = result.Slice(row * columns, columns);
            largest.Fill(double.NegativeInfinity);
            Visit(Act.Largest, row, operands.First, largest, default, default, default, sizes);
        }
    }

    /// <summary>For each window the mean of the elements of the second operand where the first has its largest.</summary>
    public static void MeanOfLargest(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var columns = sizes[^4];
        var largest = scratch[..columns];
        var ties = scratch[columns..];
        for (var row = 0; row < result.Length / Math.Max(columns, 1); row++)
        {
            Find(row, operands.First, largest, ties, sizes);
            var means = result.Slice(row * columns, columns);
            means.Clear();
            Visit(Act.Mean, row, operands.First, largest, ties, operands.Second, means, sizes);
        }
    }

    /// <summary>The sum of what each element gets from its windows: the elements at which the first operand has its largest share the second operand of the window equally.</summary>
    public static void ShareAmongLargest(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var columns = sizes[^4];
        var largest = scratch[..columns];
        var ties = scratch[columns..];
        result.Clear();
        for (var row = 0; row < operands.Second.Length / Math.Max(columns, 1); row++)
        {
            Find(row, operands.First, largest, ties, sizes);
            for (var column = 0; column < columns; column++)
            {
                ties[column] = operands.Second[(row * columns) + column] / ties[column];
            }

            Visit(Act.Share, row, operands.First, largest, ties, default, result, sizes);
        }
    }

    /// <summary>The largest elements of a row of windows, and how many elements of each window tie for it: if one is NaN, all of them.</summary>
    private static void Find(int row, ReadOnlySpan<double> x, Span<double> largest, Span<double> ties, ReadOnlySpan<int> sizes)
    {
        largest.Fill(double.NegativeInfinity);
        Visit(Act.Largest, row, x, largest, default, default, default, sizes);
        ties.Clear();
        Visit(Act.Count, row, x, largest, ties, default, default, sizes);
    }

    /// <summary>Visits all elements of a row of windows, one position of the windows after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Visit(Act act, int row, ReadOnlySpan<double> x, Span<double> largest, Span<double> ties, ReadOnlySpan<double> tangent, Span<double> result, ReadOnlySpan<int> sizes)
    {
        var all = new ConvolutionSizes(sizes);
        var last = all.Axes - 1;
        var (taps, window, length, stride, padding) = (all.KernelSize, all.Kernel(last), all.Input(last), all.Stride(last), all.Padding(last));
        for (var tap = 0; tap < taps; tap += window)
        {
            var (rest, restOfTap, start, size, isInside) = (row, tap / window, 0, length, true);
            for (var axis = last - 1; axis >= 0; axis--)
            {
                var place = ((long)(rest % all.Output(axis)) * all.Stride(axis)) + (restOfTap % all.Kernel(axis)) - all.Padding(axis);
                (rest, restOfTap) = (rest / all.Output(axis), restOfTap / all.Kernel(axis));
                isInside &= place >= 0 && place < all.Input(axis);
                start += isInside ? (int)place * size : 0;
                size *= all.Input(axis);
            }

            if (!isInside)
            {
                continue;
            }

            start += rest * size;
            for (var along = 0; along < window; along++)
            {
                // The windows whose position is inside: 0 ≤ column · stride + along − padding < length.
                var first = along >= padding ? 0 : (int)(((long)padding - along + stride - 1) / stride);
                var end = (int)Math.Min(largest.Length, ((length - 1L + padding - along) / stride) + 1);
                if (length - 1L + padding - along < 0 || end <= first)
                {
                    continue;
                }

                var here = start + (int)(((long)first * stride) + along - padding);
                Visit(
                    act,
                    x[here..],
                    stride,
                    largest[first..end],
                    ties.IsEmpty ? ties : ties[first..end],
                    tangent.IsEmpty ? tangent : tangent[here..],
                    result.IsEmpty ? result : act == Act.Share ? result[here..] : result[first..end]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Visit(Act act, ReadOnlySpan<double> x, int stride, Span<double> largest, Span<double> ties, ReadOnlySpan<double> tangent, Span<double> result)
    {
        switch (act)
        {
            case Act.Largest:
                for (var i = 0; i < largest.Length; i++)
                {
                    largest[i] = Math.Max(largest[i], x[i * stride]);
                }

                break;
            case Act.Count:
                for (var i = 0; i < largest.Length; i++)
                {
                    ties[i] += x[i * stride] < largest[i] ? 0 : 1;
                }

                break;
            case Act.Mean:
                for (var i = 0; i < largest.Length; i++)
                {
                    result[i] += x[i * stride] < largest[i] ? 0 : tangent[i * stride] / ties[i];
                }

                break;
            default:
                for (var i = 0; i < largest.Length; i++)
                {
                    result[i * stride] += x[i * stride] < largest[i] ? 0 : ties[i];
                }

                break;
        }
    }
}
