// Where a tensor of a program is while the program is scheduled: in memory, or in values of kernels, element by element.

using System.Collections.Frozen;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Compilation;

/// <summary>One number for every sample and round of loops: a value of a kernel, numbers in memory, or a constant.</summary>
internal readonly record struct Atom(Kernel? Kernel, int Value, Reference? Reference, double Number)
{
    /// <summary>Whether it is a constant, and depends on no kernel and no memory.</summary>
    public bool IsKnown => Kernel is null && Reference is null;

    public static Atom Of(double number) => new(null, 0, null, number);

    public static Atom Of(Reference reference) => new(null, 0, reference, 0);

    public static Atom Of(Kernel kernel, int value) => new(kernel, value, null, 0);

    /// <summary>The first step of a space that can use it.</summary>
    public int Earliest(KernelSpace space) =>
        Kernel is not null ? Kernel.Space.Equals(space) ? Kernel.Index : Kernel.Index + 1
        : Reference is not null ? Reference.Buffer.LastWriter + 1
        : 0;

    /// <summary>It as a value of a kernel.</summary>
    public int In(Kernel kernel) =>
        Kernel == kernel && Kernel is not null ? Value
        : Kernel is not null ? kernel.Load(Kernel.Export(Value))
        : Reference is not null ? kernel.Load(Reference)
        : kernel.Number(Number);
}

/// <summary>A tensor in memory: where it starts, and the step along each axis.</summary>
internal sealed record Memory(Buffer Buffer, int Element, int Sample, Stride[] Strides) : IStridedMemory<Memory>
{
    /// <summary>Memory of which the last axes of some order are next to each other.</summary>
    /// <param name="shape">The lengths of the axes.</param>
    /// <param name="samples">The axis whose positions are the samples of elements; −1 if an element is one number.</param>
    /// <param name="order">The other axes, outermost first.</param>
    public static Memory Allocate(Shape shape, int samples, ReadOnlySpan<int> order)
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

    /// <summary>A tensor in row-major order.</summary>
    public static Memory RowMajor(Shape shape) => Allocate(shape, -1, [.. Enumerable.Range(0, shape.Rank)]);

    /// <summary>A box of it.</summary>
    public Memory From(ReadOnlySpan<int> starts)
    {
        var (element, sample) = (Element, Sample);
        for (var axis = 0; axis < starts.Length; axis++)
        {
            element += starts[axis] * Strides[axis].Elements;
            sample += starts[axis] * Strides[axis].Samples;
        }

        return this with { Element = element, Sample = sample };
    }

    /// <summary>The one number at a position in row-major order of the tensor.</summary>
    public Reference At(Shape shape, int position)
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
    public Memory With(IEnumerable<Stride> strides) => this with { Strides = [.. strides] };

    public Memory WithAxes(ReadOnlySpan<int> axes)
    {
        var strides = new Stride[axes.Length];
        for (var axis = 0; axis < strides.Length; axis++)
        {
            strides[axis] = axes[axis] < 0 ? default : Strides[axes[axis]];
        }

        return this with { Strides = strides };
    }

    public Memory Reversed(int axis, int length)
    {
        var last = new int[Strides.Length];
        last[axis] = length - 1;
        return From(last).With(Strides.Select((stride, other) => other == axis ? new Stride(-stride.Elements, -stride.Samples) : stride));
    }

    /// <summary>The same numbers under another shape; null if they do not lie so.</summary>
    public Memory? Reshaped(Shape from, Shape to)
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

    /// <summary>Whether the tensor lies in row-major order without gaps.</summary>
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

    /// <summary>Whether the tensor is all that the buffer has, in row-major order.</summary>
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

/// <summary>A tensor of a program.</summary>
/// <param name="shape">Its shape.</param>
/// <param name="classes">The classes of its axes.</param>
internal sealed class Value(Shape shape, int[] classes)
{
    public Shape Shape => shape;

    public int[] Classes => classes;

    /// <summary>What the axes are to the kernel that its atoms are values of.</summary>
    public Roles? Roles { get; init; }

    /// <summary>The elements along unrolled axes, in row-major order.</summary>
    public Atom[]? Atoms { get; init; }

    /// <summary>The tensor in memory.</summary>
    public Memory? Memory { get; set; }

    /// <summary>The tensor in memory in row-major order.</summary>
    public Memory? Flat { get; set; }

    /// <summary>The numbers of a constant.</summary>
    public Evaluation.Storage? Constant { get; init; }
}
