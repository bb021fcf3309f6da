// The whole numbers that describe a convolution.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// The sizes of a convolution, in the order in which its routines take them: batch, groups, and the channels of a group in the output and in the input; then for each
/// spatial axis the lengths of input, kernel and output, the stride, the padding before the first position, and the dilation. Position o of the output and position k of
/// the kernel meet position o · stride + k · dilation − padding of the input, if there is one.
/// </summary>
internal readonly ref struct ConvolutionSizes(ReadOnlySpan<int> sizes)
{
    private readonly ReadOnlySpan<int> _sizes = sizes;

    public int Batch => _sizes[0];

    public int Groups => _sizes[1];

    public int OutputChannels => _sizes[2];

    public int InputChannels => _sizes[3];

    public int Axes => (_sizes.Length - 4) / 6;

    /// <summary>The number of positions of the input.</summary>
    public int InputSize => Product(0);

    /// <summary>The number of positions of the kernel.</summary>
    public int KernelSize => Product(1);

    /// <summary>The number of positions of the output.</summary>
    public int OutputSize => Product(2);

    public int Input(int axis) => _sizes[4 + (6 * axis)];

    public int Kernel(int axis) => _sizes[5 + (6 * axis)];

    public int Output(int axis) => _sizes[6 + (6 * axis)];

    public int Stride(int axis) => _sizes[7 + (6 * axis)];

    public int Padding(int axis) => _sizes[8 + (6 * axis)];

    public int Dilation(int axis) => _sizes[9 + (6 * axis)];

    private int Product(int kind)
    {
        var product = 1;
        for (var axis = 0; axis < Axes; axis++)
        {
            product *= _sizes[4 + (6 * axis) + kind];
        }

        return product;
    }
}
