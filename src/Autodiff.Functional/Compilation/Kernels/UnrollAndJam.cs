// Several rounds of the innermost loop at a time ("unroll and jam"): what they share is read and computed once for all of them, and what
// surrounds the samples, setting up pointers and sums, is done less often.

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Makes kernels of kernels, which do the same with fewer instructions.</summary>
internal static class UnrollAndJam
{
    // Longer code has work enough for what surrounds it, and values enough for all registers.
    private const int MostInstructions = 64;
    private const int MostRounds = 4;

    // Numbers of samples that two rounds both read; less than that is not worth it.
    private const int FewestShared = 2;

    // The registers that are left to values of one round.
    private const int RegistersOfRound = 8;

    /// <summary>How many sums, and other values of all samples, can be kept in the registers that the processor has.</summary>
    public static int RegistersOfAll { get; } = (Vector512.IsHardwareAccelerated || AdvSimd.IsSupported ? 32 : 16) - RegistersOfRound;

    /// <summary>A kernel that takes some rounds of the innermost loop together, or the kernel itself where that is no gain.</summary>
    public static Kernel Of(Kernel kernel)
    {
        if (!kernel.Space.IsVector || kernel.Space.Lengths is not [.., var length])
        {
            return kernel;
        }

        var isOfRound = OfRound(kernel);
        var each = isOfRound.Count(ofRound => ofRound);
        var sums = kernel.Code.Count(instruction => instruction.Act == Act.Fold);
        var shared = Enumerable.Range(0, isOfRound.Length).Count(i => !isOfRound[i] && kernel.Code[i] is { Act: Act.Load, Access.Along: not 0 });
        var rounds = MostRounds;
        while (rounds > 1 && (length % rounds != 0 || isOfRound.Length + ((rounds - 1) * each) > MostInstructions || rounds * sums > RegistersOfAll))
        {
            rounds--;
        }

        return rounds > 1 && shared >= FewestShared ? Jammed(kernel, isOfRound, rounds) : kernel;
    }

    /// <summary>Which instructions differ from one round of the innermost loop to the next.</summary>
    private static bool[] OfRound(Kernel kernel)
    {
        var innermost = kernel.Space.Lengths.Length - 1;
        var isOfRound = new bool[kernel.Code.Count];
        for (var i = 0; i < isOfRound.Length; i++)
        {
            var instruction = kernel.Code[i];
            isOfRound[i] = instruction.IsEffect || instruction.Access?.AlongLoop(innermost) is not (null or 0);
            for (var operand = 0; operand < instruction.OperandCount; operand++)
            {
                isOfRound[i] |= isOfRound[instruction.Operand(operand)];
            }
        }

        return isOfRound;
    }

    private static Kernel Jammed(Kernel kernel, bool[] isOfRound, int rounds)
    {
        var (space, innermost) = (kernel.Space, kernel.Space.Lengths.Length - 1);
        var jammed = new Kernel(kernel.Index, new(space.SampleClass, space.Samples, space.Loops.ToArray(), [.. space.Lengths[..^1], space.Lengths[^1] / rounds]));
        var places = new int[rounds, isOfRound.Length];
        for (var i = 0; i < isOfRound.Length; i++)
        {
            var instruction = kernel.Code[i];
            if (instruction.Act is Act.Accumulate or Act.Fold && instruction.Access!.AlongLoop(innermost) == 0)
            {
                // What all rounds add to one place is added up before.
                var sum = places[0, instruction.A];
                for (var round = 1; round < rounds; round++)
                {
                    sum = jammed.Apply(instruction.Op, sum, places[round, instruction.A]);
                }

                jammed.Append(instruction with { A = sum, Access = instruction.Access.Later(0, rounds) });
                continue;
            }

            for (var round = 0; round < rounds; round++)
            {
                places[round, i] = round > 0 && !isOfRound[i] ? places[0, i] : jammed.Append(instruction with
                {
                    A = instruction.OperandCount > 0 ? places[round, instruction.A] : 0,
                    B = instruction.OperandCount > 1 ? places[round, instruction.B] : 0,
                    C = instruction.OperandCount > 2 ? places[round, instruction.C] : 0,
                    Access = instruction.Access?.Later(round, rounds),
                });
            }
        }

        return jammed;
    }
}
