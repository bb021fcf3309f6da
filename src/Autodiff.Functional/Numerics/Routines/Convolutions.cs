// Convolutions along any number of axes, and their transposes in the input and in the kernel. One of the operands is copied with zeros around it, so that what a position of
// the kernel meets is a run of adjacent numbers at a fixed distance. A tile of the result, six channels by a few registers, then stays in registers during its whole sum.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Autodiff.Functional.Numerics;

/// <summary>
/// The three routines of a convolution, one for each of the tensors: input (batch, channels, positions), kernel (output channels, input channels of a group, positions) and output
/// (batch, channels, positions). Each computes its tensor from the other two. Positions outside the input contribute nothing, not even where a factor is infinite or NaN.
/// </summary>
internal static unsafe class Convolutions
{
    /// <summary>The output, from the input and the kernel.</summary>
    public static void Output(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var all = new ConvolutionSizes(sizes);
        if (scratch.IsEmpty || (IsPadded(all) && !IsFinite(operands.Second)))
        {
            ConvolutionTerms.Output(operands.First, operands.Second, result, all);
        }
        else
        {
            Combine(operands, result, scratch, all, isOutput: true);
        }
    }

    /// <summary>The transpose in the input, from the output and the kernel.</summary>
    public static void Input(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var all = new ConvolutionSizes(sizes);
        if (scratch.IsEmpty || !IsFinite(operands.Second))
        {
            ConvolutionTerms.Input(operands.First, operands.Second, result, all);
        }
        else
        {
            Combine(operands, result, scratch, all, isOutput: false);
        }
    }

    /// <summary>The transpose in the kernel, from the input and the output.</summary>
    public static void Kernel(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var all = new ConvolutionSizes(sizes);
        if (scratch.IsEmpty || (IsPadded(all) && !IsFinite(operands.Second)))
        {
            ConvolutionTerms.Kernel(operands.First, operands.Second, result, all);
            return;
        }

        fixed (double* x = operands.First, y = operands.Second, kernel = result, memory = scratch)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                ConvolutionLoops<Vector512<double>, Register512<double>>.Correlate(all, x, y, kernel, memory);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                ConvolutionLoops<Vector256<double>, Register256<double>>.Correlate(all, x, y, kernel, memory);
            }
            else
            {
                ConvolutionLoops<Vector128<double>, Register128<double>>.Correlate(all, x, y, kernel, memory);
            }
        }
    }

    /// <summary>The scratch of <see cref="Output"/> or <see cref="Input"/>, in numbers.</summary>
    public static long CombineScratch(in ConvolutionSizes sizes, bool isOutput)
    {
        var (channels, rows) = isOutput ? (sizes.InputChannels, sizes.OutputChannels) : (sizes.OutputChannels, sizes.InputChannels);
        var (plane, phases) = (1.0, 1.0);
        for (var axis = 0; axis < sizes.Axes; axis++)
        {
            plane *= isOutput ? PaddedInput(sizes, axis) : PaddedOutput(sizes, axis).Length;
            phases *= isOutput ? 1 : Math.Min(sizes.Stride(axis), sizes.Input(axis));
        }

        return (long)Math.Min((channels * plane) + ((double)rows * channels * sizes.KernelSize) + sizes.KernelSize + phases + 1, long.MaxValue / 2);
    }

    /// <summary>The scratch of <see cref="Kernel"/>, in numbers.</summary>
    public static long CorrelateScratch(in ConvolutionSizes sizes)
    {
        var (plane, rows) = (1.0, 1.0);
        for (var axis = 0; axis < sizes.Axes; axis++)
        {
            plane *= PaddedInput(sizes, axis);
            rows *= axis < sizes.Axes - 1 ? sizes.Output(axis) : 1;
        }

        return (long)Math.Min((sizes.InputChannels * plane) + rows + sizes.KernelSize, long.MaxValue / 2);
    }

    /// <summary>The length of an axis of the copy of the input. The positions of the last axis that are a stride apart are adjacent in it.</summary>
    public static double PaddedInput(in ConvolutionSizes sizes, int axis)
    {
        var reach = (sizes.Kernel(axis) - 1.0) * sizes.Dilation(axis);
        var stride = sizes.Stride(axis);
        return axis < sizes.Axes - 1 ? ((sizes.Output(axis) - 1.0) * stride) + reach + 1 : stride * (sizes.Output(axis) + Math.Floor(reach / stride));
    }

    /// <summary>The zeros before the first position of an axis of the copy of the output, and the length of that axis.</summary>
    public static (double Before, double Length) PaddedOutput(in ConvolutionSizes sizes, int axis)
    {
        double stride = sizes.Stride(axis);
        var before = Math.Max(0, Math.Floor((((sizes.Kernel(axis) - 1.0) * sizes.Dilation(axis)) - sizes.Padding(axis)) / stride));
        return (before, Math.Max(0, before + Math.Floor((sizes.Input(axis) - 1.0 + sizes.Padding(axis)) / stride) + 1));
    }

    /// <summary>The output or the transpose in the input, from the other and the kernel, in the widest registers.</summary>
    private static void Combine(in Operands operands, Span<double> result, Span<double> scratch, in ConvolutionSizes sizes, bool isOutput)
    {
        fixed (double* source = operands.First, kernel = operands.Second, target = result, memory = scratch)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                ConvolutionLoops<Vector512<double>, Register512<double>>.Combine(sizes, isOutput, source, kernel, target, memory);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                ConvolutionLoops<Vector256<double>, Register256<double>>.Combine(sizes, isOutput, source, kernel, target, memory);
            }
            else
            {
                ConvolutionLoops<Vector128<double>, Register128<double>>.Combine(sizes, isOutput, source, kernel, target, memory);
            }
        }
    }

    private static bool IsPadded(in ConvolutionSizes sizes)
    {
        for (var axis = 0; axis < sizes.Axes; axis++)
        {
            var last = ((sizes.Output(axis) - 1L) * sizes.Stride(axis)) + ((sizes.Kernel(axis) - 1L) * sizes.Dilation(axis)) - sizes.Padding(axis);
            if (sizes.Padding(axis) > 0 || last >= sizes.Input(axis))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFinite(ReadOnlySpan<double> numbers) => !numbers.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
}

/// <summary>Convolutions term by term: exactly the products of positions that meet.</summary>
internal static class ConvolutionTerms
{
    public static void Output(ReadOnlySpan<double> x, ReadOnlySpan<double> kernel, Span<double> y, in ConvolutionSizes sizes)
    {
        y.Clear();
        var (inputs, outputs, n, taps, m) = (sizes.InputChannels, sizes.OutputChannels, sizes.InputSize, sizes.KernelSize, sizes.OutputSize);
        for (var position = 0; position < m; position++)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                if (Met(position, tap, sizes) is >= 0 and var met)
                {
                    for (var channel = 0; channel < sizes.Batch * sizes.Groups * outputs; channel++)
                    {
                        var (from, weight) = (channel / outputs * inputs, channel % (sizes.Groups * outputs) * inputs);
                        var sum = y[(channel * m) + position];
                        for (var input = 0; input < inputs; input++)
                        {
                            sum += x[((from + input) * n) + met] * kernel[((weight + input) * taps) + tap];
                        }

                        y[(channel * m) + position] = sum;
                    }
                }
            }
        }
    }

    public static void Input(ReadOnlySpan<double> y, ReadOnlySpan<double> kernel, Span<double> x, in ConvolutionSizes sizes)
    {
        x.Clear();
        var (inputs, outputs, n, taps, m) = (sizes.InputChannels, sizes.OutputChannels, sizes.InputSize, sizes.KernelSize, sizes.OutputSize);
        for (var position = 0; position < m; position++)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                if (Met(position, tap, sizes) is >= 0 and var met)
                {
                    for (var channel = 0; channel < sizes.Batch * sizes.Groups * outputs; channel++)
                    {
                        var (to, weight) = (channel / outputs * inputs, channel % (sizes.Groups * outputs) * inputs);
                        for (var input = 0; input < inputs; input++)
                        {
                            x[((to + input) * n) + met] += y[(channel * m) + position] * kernel[((weight + input) * taps) + tap];
                        }
                    }
                }
            }
        }
    }

    public static void Kernel(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> kernel, in ConvolutionSizes sizes)
    {
        kernel.Clear();
        var (inputs, outputs, n, taps, m) = (sizes.InputChannels, sizes.OutputChannels, sizes.InputSize, sizes.KernelSize, sizes.OutputSize);
        for (var position = 0; position < m; position++)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                if (Met(position, tap, sizes) is >= 0 and var met)
                {
                    for (var channel = 0; channel < sizes.Batch * sizes.Groups * outputs; channel++)
                    {
                        var (from, weight) = (channel / outputs * inputs, channel % (sizes.Groups * outputs) * inputs);
                        for (var input = 0; input < inputs; input++)
                        {
                            kernel[((weight + input) * taps) + tap] += x[((from + input) * n) + met] * y[(channel * m) + position];
                        }
                    }
                }
            }
        }
    }

    /// <summary>The position of the input that a position of the output and one of the kernel meet; −1 if it is outside.</summary>
    public static int Met(int position, int tap, in ConvolutionSizes sizes)
    {
        var (met, size) = (0, 1);
        for (var axis = sizes.Axes - 1; axis >= 0; axis--)
        {
            var (along, alongKernel) = (position % sizes.Output(axis), tap % sizes.Kernel(axis));
            (position, tap) = (position / sizes.Output(axis), tap / sizes.Kernel(axis));
            var here = ((long)along * sizes.Stride(axis)) + ((long)alongKernel * sizes.Dilation(axis)) - sizes.Padding(axis);
            if (here < 0 || here >= sizes.Input(axis))
            {
                return -1;
            }

            met += (int)here * size;
            size *= sizes.Input(axis);
        }

        return met;
    }
}

/// <summary>Convolutions of finite numbers, for one width of registers.</summary>
internal static unsafe class ConvolutionLoops<TVector, TRegister>
    where TVector : unmanaged
    where TRegister : struct, IRegister<double, TVector>
{
    // The number of channels in a tile.
    private const int Rows = 6;

    // About how many numbers of the output one sum of the transpose in the kernel reads before it is added to the result: these runs and those of the input stay in the
    // first-level cache for all channels.
    private const int Run = 128;

    /// <summary>The number of registers in a row of a tile: a tile of 6×4 sums needs 29 registers, one of 6×2 needs 15 (of 32 or 16).</summary>
    private static int Columns => Avx512F.VL.IsSupported || AdvSimd.IsSupported ? 4 : 2;

    /// <summary>
    /// Computes the output, or the transpose in the input. For the latter, the positions of the input fall into phases: those that have the same remainder when divided by the
    /// stride meet the same positions of the kernel.
    /// </summary>
    public static void Combine(in ConvolutionSizes sizes, bool isOutput, double* source, double* kernel, double* result, double* scratch)
    {
        var axes = sizes.Axes;
        var (channels, rows) = isOutput ? (sizes.InputChannels, sizes.OutputChannels) : (sizes.OutputChannels, sizes.InputChannels);
        var padding = new Padding(stackalloc int[axes], stackalloc int[axes], stackalloc int[axes], stackalloc nint[axes], isOutput ? sizes.Stride(axes - 1) : 1);
        for (var axis = 0; axis < axes; axis++)
        {
            padding.Source[axis] = isOutput ? sizes.Input(axis) : sizes.Output(axis);
            padding.Before[axis] = isOutput ? sizes.Padding(axis) : (int)Convolutions.PaddedOutput(sizes, axis).Before;
            padding.Length[axis] = (int)(isOutput ? Convolutions.PaddedInput(sizes, axis) : Convolutions.PaddedOutput(sizes, axis).Length);
        }

        var plane = padding.SetStrides();
        var taps = sizes.KernelSize;
        var weights = scratch + (channels * plane);
        var places = (nint*)(weights + ((nint)rows * channels * taps));
        var starts = places + taps;

        // The first position of a phase, the number of its positions along each axis, and how far apart they are in the result and in the copy.
        Span<int> first = stackalloc int[axes], count = stackalloc int[axes], at = stackalloc int[axes];
        Span<nint> resultStep = stackalloc nint[axes], copyStep = stackalloc nint[axes];
        var phases = 1;
        nint size = 1;
        for (var axis = axes - 1; axis >= 0; axis--)
        {
            resultStep[axis] = size * (isOutput ? 1 : sizes.Stride(axis));
            copyStep[axis] = padding.Strides[axis] * (isOutput && axis < axes - 1 ? sizes.Stride(axis) : 1);
            size *= isOutput ? sizes.Output(axis) : sizes.Input(axis);
            phases *= isOutput ? 1 : Math.Min(sizes.Stride(axis), sizes.Input(axis));
        }

        for (var group = 0; group < sizes.Groups; group++)
        {
            var own = kernel + ((nint)group * rows * channels * taps);
            starts[0] = 0;
            for (var phase = 0; phase < phases; phase++)
            {
                SetPhase(sizes, isOutput, phase, first, count);
                var found = starts[phase];
                for (var tap = 0; tap < taps; tap++)
                {
                    if (PlaceOf(sizes, isOutput, tap, first, padding, out var place))
                    {
                        // The number of the tap is kept until the weights are copied.
                        places[found++] = tap;
                    }
                }

                starts[phase + 1] = found;
                Pack(sizes, isOutput, own, places + starts[phase], (int)(found - starts[phase]), rows, channels, weights + (starts[phase] * rows * channels));
                for (var i = starts[phase]; i < found; i++)
                {
                    _ = PlaceOf(sizes, isOutput, (int)places[i], first, padding, out places[i]);
                }
            }

            for (var sample = 0; sample < sizes.Batch; sample++)
            {
                var block = (nint)((sample * sizes.Groups) + group);
                padding.Copy(source + (block * channels * (isOutput ? sizes.InputSize : sizes.OutputSize)), channels, scratch);
                for (var phase = 0; phase < phases; phase++)
                {
                    SetPhase(sizes, isOutput, phase, first, count);
                    var target = result + (block * rows * size);
                    for (var axis = 0; axis < axes; axis++)
                    {
                        target += first[axis] * (resultStep[axis] / (isOutput ? 1 : sizes.Stride(axis)));
                    }

                    var tile = new ConvolutionTile
                    {
                        A = weights + (starts[phase] * rows * channels),
                        Places = places + starts[phase],
                        Taps = (int)(starts[phase + 1] - starts[phase]),
                        Channels = channels,
                        BChannel = plane,
                        CRow = size,
                        CColumn = resultStep[axes - 1],
                    };
                    at.Clear();
                    nint from = 0, to = 0;
                    do
                    {
                        tile.B = scratch + from;
                        tile.C = target + to;
                        CombineRun(tile, rows, count[axes - 1]);
                    }
                    while (Next(at, count, copyStep, ref from, resultStep, ref to));
                }
            }
        }
    }

    /// <summary>Computes the transpose in the kernel.</summary>
    public static void Correlate(in ConvolutionSizes sizes, double* x, double* y, double* result, double* scratch)
    {
        var axes = sizes.Axes;
        var (inputs, outputs, taps) = (sizes.InputChannels, sizes.OutputChannels, sizes.KernelSize);
        var padding = new Padding(stackalloc int[axes], stackalloc int[axes], stackalloc int[axes], stackalloc nint[axes], sizes.Stride(axes - 1));
        Span<int> first = stackalloc int[axes], count = stackalloc int[axes], at = stackalloc int[axes];
        Span<nint> step = stackalloc nint[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            padding.Source[axis] = sizes.Input(axis);
            padding.Before[axis] = sizes.Padding(axis);
            padding.Length[axis] = (int)Convolutions.PaddedInput(sizes, axis);
            count[axis] = sizes.Output(axis);
        }

        var plane = padding.SetStrides();
        var columns = count[axes - 1];
        var rows = sizes.OutputSize / columns;
        var lines = (nint*)(scratch + (inputs * plane));
        var places = lines + rows;
        first.Clear();
        at.Clear();
        for (var axis = 0; axis < axes; axis++)
        {
            step[axis] = padding.Strides[axis] * (axis < axes - 1 ? sizes.Stride(axis) : 1);
        }

        nint place = 0, line = 0;
        for (var row = 0; row < rows; row++)
        {
            lines[row] = place;
            _ = Next(at, count, step, ref place, step, ref line);
        }

        for (var tap = 0; tap < taps; tap++)
        {
            _ = PlaceOf(sizes, isOutput: true, tap, first, padding, out places[tap]);
        }

        new Span<double>(result, sizes.Groups * outputs * inputs * taps).Clear();
        var most = Math.Max(1, Run / columns);
        for (var block = 0; block < sizes.Batch * sizes.Groups; block++)
        {
            var group = block % sizes.Groups;
            padding.Copy(x + ((nint)block * inputs * sizes.InputSize), inputs, scratch);
            for (var row = 0; row < rows; row += most)
            {
                var tile = new ConvolutionTile
                {
                    A = y + ((nint)block * outputs * rows * columns) + ((nint)row * columns),
                    CRow = (nint)inputs * taps,
                    CColumn = taps,
                    ARow = (nint)rows * columns,
                    BChannel = plane,
                    Places = lines + row,
                    Taps = Math.Min(most, rows - row),
                    Length = columns,
                };
                var a = tile.A;
                for (var tap = 0; tap < taps; tap++)
                {
                    for (var input = 0; input < inputs; input += Columns)
                    {
                        tile.B = scratch + (input * plane) + places[tap];
                        for (var output = 0; output < outputs; output += Rows)
                        {
                            tile.A = a + (output * tile.ARow);
                            tile.C = result + ((((nint)group * outputs) + output) * tile.CRow) + ((nint)input * taps) + tap;
                            CorrelateTile(tile, Math.Min(Rows, outputs - output), Math.Min(Columns, inputs - input));
                        }
                    }
                }
            }
        }
    }

    /// <summary>The first position of a phase along each axis, and the number of its positions.</summary>
    private static void SetPhase(in ConvolutionSizes sizes, bool isOutput, int phase, Span<int> first, Span<int> count)
    {
        for (var axis = sizes.Axes - 1; axis >= 0; axis--)
        {
            if (isOutput)
            {
                (first[axis], count[axis]) = (0, sizes.Output(axis));
                continue;
            }

            var phases = Math.Min(sizes.Stride(axis), sizes.Input(axis));
            (first[axis], phase) = (phase % phases, phase / phases);
            count[axis] = ((sizes.Input(axis) - 1 - first[axis]) / sizes.Stride(axis)) + 1;
        }
    }

    /// <summary>Where the copy has what a position of the kernel meets at the first position of a phase; false if the phase does not meet that position of the kernel.</summary>
    private static bool PlaceOf(in ConvolutionSizes sizes, bool isOutput, int tap, ReadOnlySpan<int> first, in Padding padding, out nint place)
    {
        place = 0;
        for (var axis = sizes.Axes - 1; axis >= 0; axis--)
        {
            var along = (long)(tap % sizes.Kernel(axis)) * sizes.Dilation(axis);
            tap /= sizes.Kernel(axis);
            if (isOutput)
            {
                place += axis < sizes.Axes - 1 ? (nint)along * padding.Strides[axis] : padding.Place((int)along);
                continue;
            }

            var (quotient, remainder) = Math.DivRem(first[axis] + (long)sizes.Padding(axis) - along, sizes.Stride(axis));
            if (remainder != 0)
            {
                return false;
            }

            place += ((nint)quotient + padding.Before[axis]) * padding.Strides[axis];
        }

        return true;
    }

    /// <summary>Copies the weights of a phase into the order in which tiles read them: for each tile, channel and position of the kernel one number for each row.</summary>
    private static void Pack(in ConvolutionSizes sizes, bool isOutput, double* kernel, nint* taps, int count, int rows, int channels, double* target)
    {
        nint size = sizes.KernelSize;
        var (rowStep, channelStep) = isOutput ? (channels * size, size) : (size, rows * size);
        for (var row = 0; row < rows; row += Rows)
        {
            var height = Math.Min(Rows, rows - row);
            for (var channel = 0; channel < channels; channel++)
            {
                for (var i = 0; i < count; i++)
                {
                    var from = kernel + (row * rowStep) + (channel * channelStep) + taps[i];
                    for (var r = 0; r < height; r++)
                    {
                        *target++ = from[r * rowStep];
                    }
                }
            }
        }
    }

    /// <summary>Goes to the next run along the axes before the last, in two tensors; false after the last run.</summary>
    private static bool Next(Span<int> at, ReadOnlySpan<int> count, ReadOnlySpan<nint> firstStep, ref nint first, ReadOnlySpan<nint> secondStep, ref nint second)
    {
        for (var axis = at.Length - 2; axis >= 0; axis--)
        {
            first += firstStep[axis];
            second += secondStep[axis];
            if (++at[axis] < count[axis])
            {
                return true;
            }

            first -= count[axis] * firstStep[axis];
            second -= count[axis] * secondStep[axis];
            at[axis] = 0;
        }

        return false;
    }

    /// <summary>Computes one run of the result in all channels.</summary>
    private static void CombineRun(ConvolutionTile tile, int rows, int columns)
    {
        var a = tile.A;
        var b = tile.B;
        var c = tile.C;
        var lanes = TRegister.Count;
        var spare = stackalloc double[Rows * 4 * 8];
        for (var row = 0; row < rows; row += Rows)
        {
            var height = Math.Min(Rows, rows - row);
            tile.A = a + ((nint)row * tile.Channels * tile.Taps);
            for (var column = 0; column < columns; column += Columns * lanes)
            {
                var width = Math.Min(Columns * lanes, columns - column);
                tile.B = b + column;
                tile.Tail = width % lanes;
                var target = c + (row * tile.CRow) + (column * tile.CColumn);
                if (tile.CColumn == 1)
                {
                    tile.C = target;
                    CombineTile(tile, height, (width + lanes - 1) / lanes);
                    continue;
                }

                // Numbers that are not adjacent in the result go there from a tile of their own.
                var scattered = tile;
                scattered.C = spare;
                scattered.CRow = Columns * lanes;
                CombineTile(scattered, height, (width + lanes - 1) / lanes);
                for (var i = 0; i < height; i++)
                {
                    for (var j = 0; j < width; j++)
                    {
                        target[(i * tile.CRow) + (j * tile.CColumn)] = spare[(i * scattered.CRow) + j];
                    }
                }
            }
        }
    }

    private static void CombineTile(in ConvolutionTile tile, int rows, int columns)
    {
        switch (columns)
        {
            case 1: CombineTile<One>(tile, rows); break;
            case 2: CombineTile<Two>(tile, rows); break;
            case 3: CombineTile<Three>(tile, rows); break;
            default: CombineTile<Four>(tile, rows); break;
        }
    }

    private static void CombineTile<TColumns>(in ConvolutionTile tile, int rows)
        where TColumns : struct, IExtent
    {
        switch (rows)
        {
            case 1: CombineTile<One, TColumns>(tile); break;
            case 2: CombineTile<Two, TColumns>(tile); break;
            case 3: CombineTile<Three, TColumns>(tile); break;
            case 4: CombineTile<Four, TColumns>(tile); break;
            case 5: CombineTile<Five, TColumns>(tile); break;
            default: CombineTile<Six, TColumns>(tile); break;
        }
    }

    private static void CombineTile<TRows, TColumns>(in ConvolutionTile tile)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        if (tile.Tail == 0)
        {
            CombineTile<TRows, TColumns, Whole>(tile);
        }
        else
        {
            CombineTile<TRows, TColumns, Partial>(tile);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineTile<TRows, TColumns, TEdge>(in ConvolutionTile tile)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
        where TEdge : struct, IEdge
    {
        MatrixProductTile<double, TVector, TRegister>.Strip<TColumns> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        var a = tile.A;
        var b = tile.B;
        var places = tile.Places;
        var taps = tile.Taps;
        var mask = TRegister.First(tile.Tail);
        for (var channel = tile.Channels; channel > 0; channel--)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                var run = MatrixProductTile<double, TVector, TRegister>.Strip<TColumns>.LoadRow<TEdge>(b + places[tap], mask);
                c0 = c0.Plus(TRegister.Broadcast(a[0]), run);
                if (TRows.Value > 1)
                {
                    c1 = c1.Plus(TRegister.Broadcast(a[1]), run);
                }

                if (TRows.Value > 2)
                {
                    c2 = c2.Plus(TRegister.Broadcast(a[2]), run);
                }

                if (TRows.Value > 3)
                {
                    c3 = c3.Plus(TRegister.Broadcast(a[3]), run);
                }

                if (TRows.Value > 4)
                {
                    c4 = c4.Plus(TRegister.Broadcast(a[4]), run);
                }

                if (TRows.Value > 5)
                {
                    c5 = c5.Plus(TRegister.Broadcast(a[5]), run);
                }

                a += TRows.Value;
            }

            b += tile.BChannel;
        }

        var c = tile.C;
        var step = tile.CRow;
        c0.WriteRow<TEdge>(c, mask, false);
        if (TRows.Value > 1)
        {
            c1.WriteRow<TEdge>(c + step, mask, false);
        }

        if (TRows.Value > 2)
        {
            c2.WriteRow<TEdge>(c + (2 * step), mask, false);
        }

        if (TRows.Value > 3)
        {
            c3.WriteRow<TEdge>(c + (3 * step), mask, false);
        }

        if (TRows.Value > 4)
        {
            c4.WriteRow<TEdge>(c + (4 * step), mask, false);
        }

        if (TRows.Value > 5)
        {
            c5.WriteRow<TEdge>(c + (5 * step), mask, false);
        }
    }

    private static void CorrelateTile(in ConvolutionTile tile, int rows, int columns)
    {
        switch (columns)
        {
            case 1: CorrelateTile<One>(tile, rows); break;
            case 2: CorrelateTile<Two>(tile, rows); break;
            case 3: CorrelateTile<Three>(tile, rows); break;
            default: CorrelateTile<Four>(tile, rows); break;
        }
    }

    private static void CorrelateTile<TColumns>(in ConvolutionTile tile, int rows)
        where TColumns : struct, IExtent
    {
        switch (rows)
        {
            case 1: CorrelateTile<One, TColumns>(tile); break;
            case 2: CorrelateTile<Two, TColumns>(tile); break;
            case 3: CorrelateTile<Three, TColumns>(tile); break;
            case 4: CorrelateTile<Four, TColumns>(tile); break;
            case 5: CorrelateTile<Five, TColumns>(tile); break;
            default: CorrelateTile<Six, TColumns>(tile); break;
        }
    }

    /// <summary>Adds to each number of the tile the inner product of some runs of an output channel and of the input channel that they meet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CorrelateTile<TRows, TColumns>(in ConvolutionTile tile)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        MatrixProductTile<double, TVector, TRegister>.Strip<TColumns> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        var (aRow, bChannel, length) = (tile.ARow, tile.BChannel, tile.Length);
        var tail = length % TRegister.Count;
        var mask = TRegister.First(tail);
        for (var line = 0; line < tile.Taps; line++)
        {
            var a = tile.A + ((nint)line * length);
            var b = tile.B + tile.Places[line];
            var end = a + (length - tail);
            for (; a < end; a += TRegister.Count, b += TRegister.Count)
            {
                var runs = MatrixProductTile<double, TVector, TRegister>.Strip<TColumns>.Load(b, bChannel);
                c0 = c0.Plus(TRegister.Load(a), runs);
                if (TRows.Value > 1)
                {
                    c1 = c1.Plus(TRegister.Load(a + aRow), runs);
                }

                if (TRows.Value > 2)
                {
                    c2 = c2.Plus(TRegister.Load(a + (2 * aRow)), runs);
                }

                if (TRows.Value > 3)
                {
                    c3 = c3.Plus(TRegister.Load(a + (3 * aRow)), runs);
                }

                if (TRows.Value > 4)
                {
                    c4 = c4.Plus(TRegister.Load(a + (4 * aRow)), runs);
                }

                if (TRows.Value > 5)
                {
                    c5 = c5.Plus(TRegister.Load(a + (5 * aRow)), runs);
                }
            }

            if (tail > 0)
            {
                var runs = MatrixProductTile<double, TVector, TRegister>.Strip<TColumns>.Load(b, bChannel, mask);
                c0 = c0.Plus(TRegister.Load(a, mask), runs);
                if (TRows.Value > 1)
                {
                    c1 = c1.Plus(TRegister.Load(a + aRow, mask), runs);
                }

                if (TRows.Value > 2)
                {
                    c2 = c2.Plus(TRegister.Load(a + (2 * aRow), mask), runs);
                }

                if (TRows.Value > 3)
                {
                    c3 = c3.Plus(TRegister.Load(a + (3 * aRow), mask), runs);
                }

                if (TRows.Value > 4)
                {
                    c4 = c4.Plus(TRegister.Load(a + (4 * aRow), mask), runs);
                }

                if (TRows.Value > 5)
                {
                    c5 = c5.Plus(TRegister.Load(a + (5 * aRow), mask), runs);
                }
            }
        }

        var c = tile.C;
        var step = tile.CRow;
        c0.WriteSums(c, tile.CColumn, true);
        if (TRows.Value > 1)
        {
            c1.WriteSums(c + step, tile.CColumn, true);
        }

        if (TRows.Value > 2)
        {
            c2.WriteSums(c + (2 * step), tile.CColumn, true);
        }

        if (TRows.Value > 3)
        {
            c3.WriteSums(c + (3 * step), tile.CColumn, true);
        }

        if (TRows.Value > 4)
        {
            c4.WriteSums(c + (4 * step), tile.CColumn, true);
        }

        if (TRows.Value > 5)
        {
            c5.WriteSums(c + (5 * step), tile.CColumn, true);
        }
    }
}

/// <summary>A tile of the result of a convolution, and where its operands lie.</summary>
internal unsafe struct ConvolutionTile
{
    /// <summary>The weights in the order in which they are read; in the transpose in the kernel, the first run of the output.</summary>
    public double* A;

    /// <summary>The copy of the other operand.</summary>
    public double* B;

    /// <summary>The result.</summary>
    public double* C;

    /// <summary>For each tap, how far behind B its run starts; in the transpose in the kernel, for each run.</summary>
    public nint* Places;

    public int Taps;
    public int Channels;
    public int Length;
    public nint ARow;
    public nint BChannel;
    public nint CRow;
    public nint CColumn;

    /// <summary>How many lanes of the last register belong to the result; 0 stands for all.</summary>
    public int Tail;
}

/// <summary>The copy of an operand with zeros around it.</summary>
/// <param name="source">The length of each axis of the operand.</param>
/// <param name="before">The number of zeros before the first position along each axis.</param>
/// <param name="length">The length of each axis of the copy.</param>
/// <param name="strides">The stride of each axis of the copy but the last.</param>
/// <param name="split">Positions along the last axis that are this far apart are adjacent in the copy.</param>
internal readonly unsafe ref struct Padding(Span<int> source, Span<int> before, Span<int> length, Span<nint> strides, int split)
{
    public Span<int> Source { get; } = source;

    public Span<int> Before { get; } = before;

    public Span<int> Length { get; } = length;

    public Span<nint> Strides { get; } = strides;

    /// <summary>Sets the strides; returns the number of elements of one channel.</summary>
    public nint SetStrides()
    {
        nint size = 1;
        for (var axis = Length.Length - 1; axis >= 0; axis--)
        {
            Strides[axis] = size;
            size *= Length[axis];
        }

        return size;
    }

    /// <summary>Where a position of the last axis, counted from the first zero, is in the copy.</summary>
    public nint Place(int position) => (position % split * (Length[^1] / split)) + (position / split);

    /// <summary>Copies some channels.</summary>
    public void Copy(double* from, int channels, double* to)
    {
        var last = Length.Length - 1;
        var (length, own, before) = (Length[last], Source[last], Before[last]);
        nint lines = 1, ownSize = own;
        for (var axis = 0; axis < last; axis++)
        {
            lines *= Length[axis];
            ownSize *= Source[axis];
        }

        for (var channel = 0; channel < channels; channel++, from += ownSize)
        {
            for (nint line = 0; line < lines; line++, to += length)
            {
                var (rest, offset, stride, isInside) = (line, (nint)0, (nint)own, true);
                for (var axis = last - 1; axis >= 0; axis--)
                {
                    var position = (rest % Length[axis]) - Before[axis];
                    rest /= Length[axis];
                    isInside &= position >= 0 && position < Source[axis];
                    offset += position * stride;
                    stride *= Source[axis];
                }

                var target = new Span<double>(to, length);
                if (!isInside)
                {
                    target.Clear();
                }
                else if (split == 1)
                {
                    var start = Math.Min(Math.Max(before, 0), length);
                    var end = (int)Math.Min((long)before + own, length);
                    target[..start].Clear();
                    if (end > start)
                    {
                        new ReadOnlySpan<double>(from + offset + (start - before), end - start).CopyTo(target[start..]);
                    }

                    target[Math.Max(start, end)..].Clear();
                }
                else
                {
                    var part = length / split;
                    for (var phase = 0; phase < split; phase++)
                    {
                        for (var i = 0; i < part; i++)
                        {
                            var position = ((long)i * split) + phase - before;
                            target[(phase * part) + i] = position >= 0 && position < own ? from[offset + (nint)position] : 0;
                        }
                    }
                }
            }
        }
    }
}
