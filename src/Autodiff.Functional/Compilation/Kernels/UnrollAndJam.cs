// Takes several iterations of a kernel's innermost loop at a time ("unroll and jam"): what they share is loaded and computed once for all of them,
// and what surrounds the loop over the samples, setting up pointers and sums, is done less often.

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Turns kernels into kernels that do the same with fewer instructions.</summary>
internal static class UnrollAndJam
{
    // The most instructions of the result. Longer code has enough work for what surrounds the samples, and enough values for all registers.
    private const int MostInstructions = 64;
    private const int MostIterations = 4;

    // The fewest loads of samples that iterations have to share. With fewer it is not worth it.
    private const int FewestShared = 2;

    // The registers that are left to the values of one iteration.
    private const int RegistersOfIteration = 8;

    /// <summary>The number of sums, and other values of all samples, that can be kept in the registers that the processor has.</summary>
    public static int RegistersOfAll { get; } = (Vector512.IsHardwareAccelerated || AdvSimd.IsSupported ? 32 : 16) - RegistersOfIteration;

    /// <summary>A kernel that takes several iterations of the innermost loop together, or the kernel itself where that gains nothing.</summary>
    public static Kernel Of(Kernel kernel)
    {
        if (!kernel.Space.IsVector || kernel.Space.Lengths is not [.., var length])
        {
            return kernel;
        }

        var dependsOnIteration = OfIteration(kernel);
        var each = dependsOnIteration.Count(ofIteration => ofIteration);
        var sums = kernel.Code.Count(instruction => instruction.Act == Act.Fold);
        var shared = Enumerable.Range(0, dependsOnIteration.Length).Count(i => !dependsOnIteration[i] && kernel.Code[i] is { Act: Act.Load, Access.Along: not 0 });
        var iterations = MostIterations;
        while (iterations > 1 && (length % iterations != 0 || dependsOnIteration.Length + ((iterations - 1) * each) > MostInstructions || iterations * sums > RegistersOfAll))
        {
            iterations--;
        }

        return iterations > 1 && shared >= FewestShared ? Jammed(kernel, dependsOnIteration, iterations) : kernel;
    }

    /// <summary>Which instructions differ from one iteration of the innermost loop to the next.</summary>
    private static bool[] OfIteration(Kernel kernel)
    {
        var innermost = kernel.Space.Lengths.Length - 1;
        var dependsOnIteration = new bool[kernel.Code.Count];
        for (var i = 0; i < dependsOnIteration.Length; i++)
        {
            var instruction = kernel.Code[i];
            dependsOnIteration[i] = instruction.IsEffect || instruction.Access?.AlongLoop(innermost) is not (null or 0);
            for (var operand = 0; operand < instruction.OperandCount; operand++)
            {
                dependsOnIteration[i] |= dependsOnIteration[instruction.Operand(operand)];
            }
        }

        return dependsOnIteration;
    }

    private static Kernel Jammed(Kernel kernel, bool[] dependsOnIteration, int iterations)
    {
        var (space, innermost) = (kernel.Space, kernel.Space.Lengths.Length - 1);
        var jammed = new Kernel(kernel.Index, new(space.SampleDomain, space.Samples, space.Loops.ToArray(), [.. space.Lengths[..^1], space.Lengths[^1] / iterations]));
        var places = new int[iterations, dependsOnIteration.Length];
        for (var i = 0; i < dependsOnIteration.Length; i++)
        {
            var instruction = kernel.Code[i];
            jammed.Origin = kernel.Origins[i];
            if (instruction.Act is Act.Accumulate or Act.Fold && instruction.Access!.AlongLoop(innermost) == 0)
            {
                // What all iterations add to the same place is summed first, and added once.
                var sum = places[0, instruction.A];
                for (var iteration = 1; iteration < iterations; iteration++)
                {
                    sum = jammed.Apply(instruction.Op, sum, places[iteration, instruction.A]);
                }

                jammed.Append(instruction with { A = sum, Access = instruction.Access.Later(0, iterations) });
                continue;
            }

            for (var iteration = 0; iteration < iterations; iteration++)
            {
                places[iteration, i] = iteration > 0 && !dependsOnIteration[i] ? places[0, i] : jammed.Append(instruction with
                {
                    A = instruction.OperandCount > 0 ? places[iteration, instruction.A] : 0,
                    B = instruction.OperandCount > 1 ? places[iteration, instruction.B] : 0,
                    C = instruction.OperandCount > 2 ? places[iteration, instruction.C] : 0,
                    Access = instruction.Access?.Later(iteration, iterations),
                });
            }
        }

        return jammed;
    }
}
