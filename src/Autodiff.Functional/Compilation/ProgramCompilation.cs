// Compiles a computation to a program: the stages of compilation in order.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Compilation.CodeGeneration;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Lowering;
using Autodiff.Functional.Compilation.Passes;
using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Compilation.Scheduling;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

/// <summary>Compiles computations that need memory, in contrast to those that become one method on scalars.</summary>
internal static class ProgramCompilation
{
    /// <summary>The program of a computation, which is optimised first.</summary>
    public static CompiledProgram Compile(Computation computation, CompileOptions options) => CompileOptimized(Optimizer.Run(computation), options);

    /// <summary>The program of a computation that has been optimised.</summary>
    public static CompiledProgram CompileOptimized(Computation computation, CompileOptions options)
    {
        var program = Schedule(computation, options);
        var code = Emitted([.. program.Groups.SelectMany(group => group.Steps)], options);
        Group[] groups = [.. program.Groups.Select(group => new Group(group.Steps, group.Tile, group.Partition, kernel => code[kernel.Index]!, inner => Compile(inner, options)))];
        return new(groups, program.Constants, program.Arguments.Length, program.Results.Length, program.Size, options.Threads);
    }

    /// <summary>The steps of a computation that has been optimised, in their order, with places for all that they read and write.</summary>
    public static ScheduledProgram Schedule(Computation computation, CompileOptions options)
    {
        var lowering = NodeLowering.Of(computation);
        var segment = TensorBuffer.Constants + 1;
        foreach (var buffer in lowering.Arguments.Concat(lowering.Results))
        {
            buffer.Segment = segment++;
        }

        var constants = Constants(lowering);
        var grouped = StepOrder.Of(lowering.Steps);
        var (tiles, tileSize) = MemoryPlan.Tile(grouped);
        var arena = MemoryPlan.LayOut(grouped);
        var partitions = grouped.ConvertAll(group => WorkPartition.Of(group, options.Threads));
        for (var group = 0; group < grouped.Count; group++)
        {
            // Chunks that are iterations of a loop need that loop as it is: unrolled, it would have fewer iterations than chunks are divided by.
            var isByIterations = partitions[group].IsByIterations;
            grouped[group] = grouped[group].ConvertAll(step => step is Kernel kernel && !(isByIterations && kernel.Space.Lengths.Length == 1) ? UnrollAndJam.Of(kernel) : step);
        }

        Kernel[] nests = [.. grouped.SelectMany(group => group).OfType<Kernel>().Where(kernel => !kernel.Space.IsVector)];
        SharedWork.Do(nests.Length, nest => nests[nest].ShortenLives());

        var size = new MemorySize(arena, tileSize, partitions.Max(partition => (long?)partition.SummingChunks * partition.Size) ?? 0);
        return new(
            [.. grouped.Zip(tiles, partitions).Select(each => new ScheduledGroup(each.First, each.Second, each.Third))],
            constants, [.. lowering.Constants.Select(constant => constant.Buffer)], [.. lowering.Arguments], [.. lowering.Results], size);
    }

    private static double[] Constants(NodeLowering lowering)
    {
        var size = 0;
        foreach (var (numbers, buffer) in lowering.Constants)
        {
            (buffer.Segment, buffer.Start) = (TensorBuffer.Constants, size);
            size += MemorySize.RoundedUp(numbers.Size);
        }

        var constants = GC.AllocateArray<double>(Math.Max(size, 1), pinned: true);
        foreach (var (numbers, buffer) in lowering.Constants)
        {
            numbers.Span.CopyTo(constants.AsSpan(buffer.Start));
        }

        return constants;
    }

    /// <summary>The code of each step that is a kernel. This takes most of the time of compilation, so it is done by all processors.</summary>
    private static KernelRun?[] Emitted(List<IStep> steps, CompileOptions options)
    {
        var code = new KernelRun?[steps.Count];
        SharedWork.Do(steps.Count, step => code[step] = steps[step] is Kernel kernel ? Emitted(kernel) : null);
        return code;

        KernelRun Emitted(Kernel kernel) =>
            options.Interpret || !RuntimeFeature.IsDynamicCodeSupported ? KernelInterpreter.Of(kernel) : KernelCode.Of(kernel);
    }
}
