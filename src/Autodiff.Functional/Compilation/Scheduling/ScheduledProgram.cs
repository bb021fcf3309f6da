// A program after scheduling, before code is generated: what both the machine code and the source text of a program are made from.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Scheduling;

/// <summary>A program whose steps have an order and whose buffers have places.</summary>
/// <param name="Groups">The groups, in the order in which they run.</param>
/// <param name="Constants">The constants, one buffer after another.</param>
/// <param name="ConstantBuffers">The buffers of the constants.</param>
/// <param name="Arguments">The buffers of the arguments.</param>
/// <param name="Results">The buffers of the results.</param>
/// <param name="Size">The memory that it works in.</param>
internal sealed record ScheduledProgram(
    ScheduledGroup[] Groups, double[] Constants, TensorBuffer[] ConstantBuffers, TensorBuffer[] Arguments, TensorBuffer[] Results, MemorySize Size);

/// <summary>Kernels that take the samples tile by tile, all of them for one tile before the next; or one step of another kind.</summary>
/// <param name="Steps">The kernels, or one step of another kind.</param>
/// <param name="Tile">The number of samples that are taken at a time; null for all.</param>
/// <param name="Partition">The chunks of the work.</param>
internal sealed record ScheduledGroup(List<IStep> Steps, int? Tile, WorkPartition Partition);
