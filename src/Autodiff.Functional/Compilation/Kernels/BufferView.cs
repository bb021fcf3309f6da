// Tensors in memory: a start in a buffer, and a stride for each axis.

using System.Collections.Frozen;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>A tensor in memory: a start in a buffer, and a stride for each axis.</summary>
internal sealed record BufferView(TensorBuffer Buffer, int Element, int Sample, Stride[] Strides) : IStridedMemory<BufferView>
{
    /// <summary>A view of a new buffer in which axes are contiguous, the last of some order innermost.</summary>
    /// <param name="shape">The lengths of the axes.</param>
    /// <param name="samples">The axis whose positions are the samples of elements; −1 if each element is one number.</param>
    /// <param name="order">The other axes, outermost first.</param>
    public static BufferView Allocate(Shape shape, int samples, ReadOnlySpan<int> order)
    {
        var strides = new Stride[shape.Rank];
        var elements = 1;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            strides[order[i]] = new(shape[order[i]] == 1 ? 0 : elements, 0);
            elements *= shape[order[i]];
        }

        if (samples >= 0)
        {
            strides[samples] = new(0, 1);
        }

        return new(new(elements, samples < 0 ? 1 : shape[samples]), 0, 0, strides);
    }

    /// <summary>A view of a new buffer in row-major order.</summary>
    public static BufferView RowMajor(Shape shape) => Allocate(shape, -1, [.. Enumerable.Range(0, shape.Rank)]);

    /// <summary>A view that starts at some position along each axis.</summary>
    public BufferView From(ReadOnlySpan<int> starts)
    {
        var (element, sample) = (Element, Sample);
        for (var axis = 0; axis < starts.Length; axis++)
        {
            element += starts[axis] * Strides[axis].Elements;
            sample += starts[axis] * Strides[axis].Samples;
        }

        return this with { Element = element, Sample = sample };
    }

    /// <summary>The one number at a position, in row-major order of the tensor.</summary>
    public MemoryReference At(Shape shape, int position)
    {
        var (element, sample) = (Element, Sample);
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            (position, var along) = Math.DivRem(position, shape[axis]);
            element += along * Strides[axis].Elements;
            sample += along * Strides[axis].Samples;
        }

        return new(Buffer, element, sample, FrozenDictionary<int, Stride>.Empty);
    }

    /// <summary>The same memory with other axes.</summary>
    public BufferView With(IEnumerable<Stride> strides) => this with { Strides = [.. strides] };

    public BufferView WithAxes(ReadOnlySpan<int> axes)
    {
        var strides = new Stride[axes.Length];
        for (var axis = 0; axis < strides.Length; axis++)
        {
            strides[axis] = axes[axis] < 0 ? default : Strides[axes[axis]];
        }

        return this with { Strides = strides };
    }

    public BufferView Reversed(int axis, int length)
    {
        var last = new int[Strides.Length];
        last[axis] = length - 1;
        return From(last).With(Strides.Select((stride, other) => other == axis ? new Stride(-stride.Elements, -stride.Samples) : stride));
    }

    public BufferView Stepped(int axis, int step) =>
        With(Strides.Select((stride, other) => other == axis ? new Stride(stride.Elements * step, stride.Samples * step) : stride));

    /// <summary>The same numbers under another shape; null if strides cannot express that.</summary>
    public BufferView? Reshaped(Shape from, Shape to)
    {
        var strides = new Stride[to.Rank];
        foreach (var (first, last, start, end) in AxisMap.Groups(from, to))
        {
            var inner = default(Stride?);
            var count = 1;
            for (var axis = last - 1; axis >= first; axis--)
            {
                if (from[axis] == 1)
                {
                    continue;
                }

                if (inner is { } step && Strides[axis] != new Stride(step.Elements * count, step.Samples * count))
                {
                    return null;
                }

                inner ??= Strides[axis];
                count *= from[axis];
            }

            count = 1;
            for (var axis = end - 1; axis >= start; axis--)
            {
                strides[axis] = to[axis] == 1 ? default : new(inner!.Value.Elements * count, inner.Value.Samples * count);
                count *= to[axis];
            }
        }

        return With(strides);
    }

    /// <summary>Whether the tensor is in row-major order without gaps, each element being one number.</summary>
    public bool IsRowMajor(Shape shape)
    {
        var expected = shape.Strides();
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] > 1 && Strides[axis] != new Stride(expected[axis], 0))
            {
                return false;
            }
        }

        return Buffer.Samples == 1 && Sample == 0;
    }

    /// <summary>Whether the tensor is in row-major order and fills all of the buffer.</summary>
    public bool Fills(Shape shape)
    {
        var expected = shape.Strides();
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] > 1 && Strides[axis].In(Buffer) != expected[axis])
            {
                return false;
            }
        }

        return Buffer.Size == shape.Size;
    }
}
