// Writes the statements of a program, given references to its arguments and results.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Compilation.Scheduling;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The statements of a program, and the memory that it works in.</summary>
internal sealed class ProgramBody
{
    private readonly IStatements[] _parts;
    private readonly MemorySize _size;

    // The first sizes of the arrays that grow.
    private readonly List<int> _kept = [];

    // The memory of steps that are not kernels, after that of the kernels.
    private long _ofSteps;

    /// <summary>Prepares a program.</summary>
    /// <param name="file">The file that it is part of.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">The names of references to the arguments.</param>
    /// <param name="results">The names of references to the results.</param>
    /// <param name="formulas">The formulas of the nodes of the program, for comments.</param>
    /// <exception cref="AutodiffException">A step cannot be written as source text.</exception>
    public ProgramBody(SourceFile file, ScheduledProgram program, string[] arguments, string[] results, string[] formulas)
    {
        var names = new MemoryNames(program, arguments, results, file.Add);
        _size = new(MemorySize.RoundedUp(program.Size.Arena), MemorySize.RoundedUp(program.Size.Tile), MemorySize.RoundedUp(program.Size.Chunks));
        _parts = [.. program.Groups.Select(group => group.Steps is [Step step] ? StepSource.Of(step, names, this, file) : (IStatements)new GroupSource(group, names, formulas, file))];
    }

    /// <summary>The size of the memory that it works in, in doubles.</summary>
    public long Size => _size.Arena + _size.Tile + _size.Chunks + _ofSteps;

    /// <summary>Adds memory that a step works in, and returns the reference to it.</summary>
    public string Reserve(long size)
    {
        var place = MemoryNames.At("memory", _size.Arena + _size.Tile + _size.Chunks + _ofSteps);
        _ofSteps += MemorySize.RoundedUp(size);
        return place;
    }

    /// <summary>Adds an array of each thread that a step may replace by a larger one, and returns its name.</summary>
    public string Keep(int size)
    {
        _kept.Add(size);
        return $"Kept{NumberSource.Whole(_kept.Count)}";
    }

    /// <summary>Writes the statements.</summary>
    public void Write(SourceWriter writer)
    {
        if (Size > 0)
        {
            writer.Line("ref var memory = ref Memory();");
        }

        if (_size.Tile > 0)
        {
            writer.Line($"ref var tile = ref {MemoryNames.At("memory", _size.Arena)};");
        }

        if (_size.Chunks > 0)
        {
            writer.Line($"ref var sums = ref {MemoryNames.At("memory", _size.Arena + _size.Tile)};");
        }

        foreach (var part in _parts)
        {
            part.Write(writer);
        }
    }

    /// <summary>Writes the members that hold the memory of each thread.</summary>
    public void WriteMemory(SourceWriter writer)
    {
        foreach (var (i, size) in _kept.Index())
        {
            writer.Line();
            writer.Lines($$"""
                [ThreadStatic]
                private static double[]? t_kept{{NumberSource.Whole(i + 1)}};

                // States that a sweep keeps, in an array of the thread that grows with the number of steps.
                private static double[] Kept{{NumberSource.Whole(i + 1)}}
                {
                    get => t_kept{{NumberSource.Whole(i + 1)}} ??= new double[{{NumberSource.Whole(size)}}];
                    set => t_kept{{NumberSource.Whole(i + 1)}} = value;
                }
                """);
        }

        if (Size == 0)
        {
            return;
        }

        writer.Line();
        writer.Lines($$"""
            [ThreadStatic]
            private static double[]? t_memory;

            // The memory of the thread. It starts at a multiple of 64 bytes, so that a load of a register does not cross lines of the caches.
            private static ref double Memory()
            {
                t_memory ??= GC.AllocateUninitializedArray<double>({{NumberSource.Whole(Size + MemorySize.Line)}}, pinned: true);
                ref var first = ref MemoryMarshal.GetArrayDataReference(t_memory);
                return ref Unsafe.AddByteOffset(ref first, -Unsafe.ByteOffset(ref Unsafe.NullRef<double>(), ref first) & 63);
            }
            """);
    }
}
