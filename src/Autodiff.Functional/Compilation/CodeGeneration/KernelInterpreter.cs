// Kernels without machine code: the same instructions on blocks of samples, for platforms that allow no code to be made.

using System.Runtime.Intrinsics;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.CodeGeneration;

/// <summary>Runs one kernel.</summary>
/// <typeparam name="T">The registers.</typeparam>
internal sealed unsafe class KernelInterpreter<T>(Kernel kernel)
    where T : struct, ILanes<T>
{
    // So many registers are computed by one instruction after another.
    private const int Block = 4;

    private readonly Instruction[] _code = [.. kernel.Code];
    private readonly int[] _lengths = kernel.Space.Lengths;

    [ThreadStatic]
    private static T[]? s_values;

    public void Run(double** places, long start, long end, long first, long last)
    {
        var values = s_values;
        if (values is null || values.Length < _code.Length * Block)
        {
            s_values = values = new T[Math.Max(_code.Length, 1024) * Block];
        }

        Span<int> rounds = stackalloc int[_lengths.Length];
        rounds.Clear();
        if (rounds.Length > 0)
        {
            rounds[0] = (int)first;
        }

        while (true)
        {
            RunSamples(places, start, end, rounds, values);
            var loop = rounds.Length - 1;
            while (loop >= 0 && ++rounds[loop] == (loop == 0 ? last : _lengths[loop]))
            {
                rounds[loop--] = 0;
            }

            if (loop < 0)
            {
                return;
            }
        }
    }

    private void RunSamples(double** places, long start, long end, ReadOnlySpan<int> rounds, T[] values)
    {
        for (var first = start; first < end; first += Block * T.Count)
        {
            for (var i = 0; i < _code.Length; i++)
            {
                ref readonly var instruction = ref _code[i];
                var pointer = instruction.Access is { } access ? Address(places, access, rounds) : null;
                var along = instruction.Access?.Along ?? 0;
                for (var block = 0; block < Block; block++)
                {
                    // The last register lies on the end, and repeats some of the samples before.
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
                            value = Load(pointer, along, sample, StepsOf(places, instruction.Access!));
                            break;
                        case Act.Apply:
                            value = Apply(instruction, values, block);
                            break;
                        case Act.MultiplyAdd:
                            value = T.FusedMultiplyAdd(values[(instruction.A * Block) + block], values[(instruction.B * Block) + block], values[(instruction.C * Block) + block]);
                            break;
                        default:
                            Effect(instruction, values[(instruction.A * Block) + block], pointer, along, sample, (int)(wanted - sample), StepsOf(places, instruction.Access!));
                            break;
                    }
                }
            }
        }
    }

    private static double* Address(double** places, Access access, ReadOnlySpan<int> rounds)
    {
        var pointer = places[access.Place] + access.Start;
        for (var loop = 0; loop < rounds.Length; loop++)
        {
            pointer += (long)rounds[loop] * access.AlongLoop(loop);
        }

        return pointer;
    }

    private static long* StepsOf(double** places, Access access) => access.Table is { } table ? (long*)(places[table.Place] + table.Start) : null;

    private static T Load(double* pointer, int along, long sample, long* steps)
    {
        if (along == 1 && steps is null)
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
            lanes[lane] = pointer[(steps is null ? sample + lane : steps[sample + lane]) * along];
        }

        return T.Load(in lanes[0]);
    }

    private static void Effect(in Instruction instruction, T value, double* pointer, int along, long sample, int repeated, long* steps)
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
            ref var target = ref pointer[(steps is null ? sample + lane : steps[sample + lane]) * along];
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

/// <summary>Chooses the registers.</summary>
internal static unsafe class KernelInterpreter
{
    public static KernelRun Of(Kernel kernel) =>
        !kernel.Space.IsVector ? new KernelInterpreter<Lanes1>(kernel).Run
        : Vector512.IsHardwareAccelerated ? new KernelInterpreter<Lanes512>(kernel).Run
        : Vector256.IsHardwareAccelerated ? new KernelInterpreter<Lanes256>(kernel).Run
        : new KernelInterpreter<Lanes128>(kernel).Run;
}
