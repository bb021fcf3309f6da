// What a convolution computes, apart from its shapes: how positions of input, kernel and output meet.

using Autodiff.Functional.Numerics;

namespace Autodiff.Functional;

/// <summary>The three tensors of a convolution. Each is a bilinear function of the other two.</summary>
internal enum ConvolutionTensor
{
    Input,
    Kernel,
    Output,
}

/// <summary>
/// The attributes of a convolution, an entry for each spatial axis. The output at o is the sum, over all positions k of the kernel, of the kernel at k times the input at
/// o · stride + k · dilation − padding; positions outside the input contribute nothing. The padding is that before the first position: how far the output extends beyond
/// the last one is said by its length.
/// </summary>
/// <param name="Stride">At least 1.</param>
/// <param name="Padding">At least 0.</param>
/// <param name="Dilation">At least 1.</param>
/// <param name="Groups">How many groups the channels fall into; an output channel reads the input channels of its own group.</param>
internal sealed record Convolution(int[] Stride, int[] Padding, int[] Dilation, int Groups)
{
    /// <summary>How many axes a tensor has before its spatial ones.</summary>
    public const int Leading = 2;

    /// <summary>The number of spatial axes.</summary>
    public int Axes => Stride.Length;

    /// <summary>The operands of which a tensor is computed, in order.</summary>
    public static (ConvolutionTensor First, ConvolutionTensor Second) OperandsOf(ConvolutionTensor result) => result switch
    {
        ConvolutionTensor.Output => (ConvolutionTensor.Input, ConvolutionTensor.Kernel),
        ConvolutionTensor.Input => (ConvolutionTensor.Output, ConvolutionTensor.Kernel),
        _ => (ConvolutionTensor.Input, ConvolutionTensor.Output),
    };

    /// <summary>The length of an axis of one tensor that follows from those of its operands, if the padding is the same on both sides; of the input the least. It may be less than 1 where there is none.</summary>
    public long LengthOf(ConvolutionTensor tensor, int axis, long first, long second)
    {
        long Reach(long kernel) => Dilation[axis] * (kernel - 1);
        return tensor switch
        {
            ConvolutionTensor.Output when first + (2L * Padding[axis]) - Reach(second) is var free => free < 1 ? 0 : ((free - 1) / Stride[axis]) + 1,
            ConvolutionTensor.Input => ((first - 1) * Stride[axis]) - (2L * Padding[axis]) + Reach(second) + 1,
            _ => Math.Max(1, ((first + (2L * Padding[axis]) - 1 - ((second - 1) * Stride[axis])) / Dilation[axis]) + 1),
        };
    }

    /// <summary>The lengths of the spatial axes of a tensor.</summary>
    public static int[] LengthsOf(Shape shape) => [.. shape.Lengths[Leading..]];

    /// <summary>The sizes for the routines.</summary>
    public int[] Sizes(Shape input, Shape kernel, Shape output)
    {
        var sizes = new List<int> { input[0], Groups, kernel[0] / Groups, kernel[1] };
        for (var axis = 0; axis < Axes; axis++)
        {
            sizes.AddRange([input[axis + Leading], kernel[axis + Leading], output[axis + Leading], Stride[axis], Padding[axis], Dilation[axis]]);
        }

        return [.. sizes];
    }

    /// <summary>All products of the convolution: the position of each factor and of the sum that it belongs to, as elements of input, kernel and output.</summary>
    public static IEnumerable<(int Input, int Kernel, int Output)> Terms(int[] numbers)
    {
        var sizes = new ConvolutionSizes(numbers);
        var (batch, groups, outputs, inputs, n, taps, m) = (sizes.Batch, sizes.Groups, sizes.OutputChannels, sizes.InputChannels, sizes.InputSize, sizes.KernelSize, sizes.OutputSize);
        for (var position = 0; position < m && inputs > 0 && batch * groups * outputs > 0; position++)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                var met = ConvolutionTerms.Met(position, tap, new(numbers));
                for (var channel = 0; met >= 0 && channel < batch * groups * outputs; channel++)
                {
                    var (from, weight) = (channel / outputs * inputs, channel % (groups * outputs) * inputs);
                    for (var input = 0; input < inputs; input++)
                    {
                        yield return (((from + input) * n) + met, ((weight + input) * taps) + tap, (channel * m) + position);
                    }
                }
            }
        }
    }

    /// <summary>Whether every element of a tensor is a factor or a sum of some product.</summary>
    public bool Meets(ConvolutionTensor tensor, int[] numbers)
    {
        var sizes = new ConvolutionSizes(numbers);
        if (sizes.Batch == 0 || sizes.InputChannels == 0 || sizes.OutputChannels == 0)
        {
            return false;
        }

        for (var axis = 0; axis < Axes; axis++)
        {
            var (length, kernel, output) = (sizes.Input(axis), sizes.Kernel(axis), sizes.Output(axis));
            var (last, isMet) = (tensor switch { ConvolutionTensor.Input => length, ConvolutionTensor.Kernel => kernel, _ => output }, true);
            for (var position = 0; isMet && position < last; position++)
            {
                isMet = tensor switch
                {
                    ConvolutionTensor.Output => MeetsInput(axis, ((long)position * Stride[axis]) - Padding[axis], Dilation[axis], kernel, length),
                    ConvolutionTensor.Kernel => MeetsInput(axis, ((long)position * Dilation[axis]) - Padding[axis], Stride[axis], output, length),
                    _ => MeetsOutput(axis, (long)position + Padding[axis], kernel, output),
                };
            }

            if (!isMet)
            {
                return false;
            }
        }

        return true;
    }

    public bool Equals(Convolution? other) => other is not null && Groups == other.Groups && Stride.AsSpan().SequenceEqual(other.Stride)
        && Padding.AsSpan().SequenceEqual(other.Padding) && Dilation.AsSpan().SequenceEqual(other.Dilation);

    public override int GetHashCode() => HashCode.Combine(Shape.Hash(Stride), Shape.Hash(Padding), Shape.Hash(Dilation), Groups);

    /// <summary>Whether one of some positions, from a start on and a step apart, is one of the input.</summary>
    private static bool MeetsInput(int axis, long start, int step, int count, int length)
    {
        var first = start >= 0 ? 0 : (-start + step - 1) / step;
        return first < count && start + (first * step) < length;
    }

    /// <summary>Whether place = o · stride + k · dilation for some positions of output and kernel. The remainders of k · dilation repeat after as many k as the stride.</summary>
    private bool MeetsOutput(int axis, long place, int kernel, int output)
    {
        var first = Math.Max(0, (place - ((output - 1L) * Stride[axis]) + Dilation[axis] - 1) / Dilation[axis]);
        for (var k = first; k < kernel && k < first + Stride[axis] && k * Dilation[axis] <= place; k++)
        {
            if ((place - (k * Dilation[axis])) % Stride[axis] == 0)
            {
                return true;
            }
        }

        return false;
    }
}
