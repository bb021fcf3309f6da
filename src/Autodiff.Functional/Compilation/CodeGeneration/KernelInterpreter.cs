// Runs kernels without machine code, on blocks of samples, for platforms where no code can be made at run time.

using System.Runtime.Intrinsics;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.CodeGeneration;

/// <summary>Interprets one kernel.</summary>
/// <typeparam name="T">The type of registers.</typeparam>
internal sealed unsafe class KernelInterpreter<T>(Kernel kernel)
    where T : struct, ILanes<T>
{
    // The number of registers that one instruction computes before the next instruction is interpreted.
    private const int Block = 4;

    private readonly Instruction[] _code = [.. kernel.Code];
    private readonly int[] _lengths = kernel.Space.Lengths;

    [ThreadStatic]
    private static T[]? s_values;

    public void Run(double** segments, long start, long end, long first, long last)
    {
        var values = s_values;
        if (values is null || values.Length < _code.Length * Block)
        {
            s_values = values = new T[Math.Max(_code.Length, 1024) * Block];
        }

        Span<int> iterations = stackalloc int[_lengths.Length];
        iterations.Clear();
        if (iterations.Length > 0)
        {
            iterations[0] = (int)first;
        }

        while (true)
        {
            RunSamples(segments, start, end, iterations, values);
            var loop = iterations.Length - 1;
            while (loop >= 0 && ++iterations[loop] == (loop == 0 ? last : _lengths[loop]))
            {
                iterations[loop--] = 0;
            }

            if (loop < 0)
            {
                return;
            }
        }
    }

    private void RunSamples(double** segments, long start, long end, ReadOnlySpan<int> iterations, T[] values)
    {
        for (var first = start; first < end; first += Block * T.Count)
        {
            for (var i = 0; i < _code.Length; i++)
            {
                ref readonly var instruction = ref _code[i];
                var pointer = instruction.Access is { } access ? Address(segments, access, iterations) : null;
                var along = instruction.Access?.Along ?? 0;
                for (var block = 0; block < Block; block++)
                {
                    // The last register ends with the last sample, and repeats some of the samples before.
                    var wanted = first + (block * T.Count);
                    if (wanted >= end)
                    {
                        break;
                    }

                    var sample = Math.Min(wanted, end - T.Count);
                    ref var value = ref values[(i * Block) + block];
                    switch (instruction.Act)
                    {
                        case Act.Number:
                            value = instruction.Number;
                            break;
                        case Act.Load:
                            value = Load(pointer, along, sample, TableOf(segments, instruction.Access!));
                            break;
                        case Act.Apply:
                            value = Apply(instruction, values, block);
                            break;
                        case Act.MultiplyAdd:
                            value = T.FusedMultiplyAdd(values[(instruction.A * Block) + block], values[(instruction.B * Block) + block], values[(instruction.C * Block) + block]);
                            break;
                        default:
                            Effect(instruction, values[(instruction.A * Block) + block], pointer, along, sample, (int)(wanted - sample), TableOf(segments, instruction.Access!));
                            break;
                    }
                }
            }
        }
    }

    private static double* Address(double** segments, Access access, ReadOnlySpan<int> iterations)
    {
        var pointer = segments[access.Segment] + access.Start;
        for (var loop = 0; loop < iterations.Length; loop++)
        {
            pointer += (long)iterations[loop] * access.AlongLoop(loop);
        }

        return pointer;
    }

    private static long* TableOf(double** segments, Access access) => access.Table is { } table ? (long*)(segments[table.Segment] + table.Start) : null;

    private static T Load(double* pointer, int along, long sample, long* table)
    {
        if (along == 1 && table is null)
        {
            return T.Load(in pointer[sample]);
        }

        if (along == 0)
        {
            return *pointer;
        }

        Span<double> lanes = stackalloc double[T.Count];
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = pointer[(table is null ? sample + lane : table[sample + lane]) * along];
        }

        return T.Load(in lanes[0]);
    }

    private static void Effect(in Instruction instruction, T value, double* pointer, int along, long sample, int repeated, long* table)
    {
        Span<double> lanes = stackalloc double[T.Count];
        T.Store(value, ref lanes[0]);
        if (instruction.Act == Act.Fold)
        {
            for (var lane = repeated; lane < lanes.Length; lane++)
            {
                pointer[lane] = ElementwiseTable.Value(instruction.Op, pointer[lane], lanes[lane]);
            }

            return;
        }

        for (var lane = instruction.Act == Act.Store ? 0 : repeated; lane < lanes.Length; lane++)
        {
            ref var target = ref pointer[(table is null ? sample + lane : table[sample + lane]) * along];
            target = instruction.Act == Act.Store ? lanes[lane] : ElementwiseTable.Value(instruction.Op, target, lanes[lane]);
        }
    }

    private static T Apply(in Instruction instruction, T[] values, int block)
    {
        var a = values[(instruction.A * Block) + block];
        var operands = instruction.OperandCount;
        return operands == 1 ? ElementwiseTable.OfRegister(instruction.Op, a)
            : operands == 2 ? ElementwiseTable.OfRegister(instruction.Op, a, values[(instruction.B * Block) + block])
            : ElementwiseTable.OfRegister(instruction.Op, a, values[(instruction.B * Block) + block], values[(instruction.C * Block) + block]);
    }
}

/// <summary>Chooses the type of registers for a kernel.</summary>
internal static unsafe class KernelInterpreter
{
    public static KernelRun Of(Kernel kernel) =>
        !kernel.Space.IsVector ? new KernelInterpreter<Lanes1>(kernel).Run
        : Vector512.IsHardwareAccelerated ? new KernelInterpreter<Lanes512>(kernel).Run
        : Vector256.IsHardwareAccelerated ? new KernelInterpreter<Lanes256>(kernel).Run
        : new KernelInterpreter<Lanes128>(kernel).Run;
}
