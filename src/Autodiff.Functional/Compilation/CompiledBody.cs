// A body ready to be run on memory: groups of kernels that take the samples tile by tile, and other steps, with the memory they work in.

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

/// <summary>What a body was compiled to. Safe to run from several threads at once.</summary>
internal sealed unsafe class CompiledBody
{
    // So many numbers lie in the caches together.
    private const int TileNumbers = 16 << 10;
    private const int SmallestTile = 64;

    private readonly ConcurrentBag<Workspace> _workspaces = [];
    private readonly Group[] _groups;
    private readonly double[] _constants;
    private readonly int _arguments;
    private readonly int _results;
    private readonly MemorySize _size;
    private readonly int _threads;

    /// <summary>The program of a body, which is optimised first.</summary>
    public static CompiledBody Of(Body body, CompileOptions options) => new(Optimizer.Run(body), options);

    public CompiledBody(Body body, CompileOptions options)
    {
        var scheduler = Scheduler.Of(body);
        (_arguments, _results) = (scheduler.Arguments.Count, scheduler.Results.Count);
        var place = Buffer.Constants + 1;
        foreach (var buffer in scheduler.Arguments.Concat(scheduler.Results))
        {
            buffer.Place = place++;
        }

        _constants = Constants(scheduler);
        var grouped = StepOrder.Of(scheduler.Steps);
        var (tiles, tileSize) = Tiled(grouped);
        var arena = LaidOut(grouped);
        var divisions = grouped.ConvertAll(group => Division.Of(group, options.Threads));
        for (var group = 0; group < grouped.Count; group++)
        {
            // Where parts of the work are rounds of a loop, that loop keeps as many as there may be parts.
            var isByRounds = divisions[group].IsByRounds;
            grouped[group] = grouped[group].ConvertAll(step => step is Kernel kernel && !(isByRounds && kernel.Space.Lengths.Length == 1) ? UnrollAndJam.Of(kernel) : step);
        }

        _size = new(arena, tileSize, divisions.Max(division => (long?)division.SummingParts * division.Size) ?? 0);
        var code = Emitted([.. grouped.SelectMany(group => group)], options);
        _groups = [.. grouped.Zip(tiles, divisions).Select(each => new Group(each.First, each.Second, each.Third, kernel => code[kernel.Index]!, options))];
        _threads = options.Threads;
    }

    /// <summary>Computes the results, given where each argument and each result lies, in row-major order.</summary>
    public void Run(ReadOnlySpan<nint> arguments, ReadOnlySpan<nint> results)
    {
        var workspace = Rent();
        for (var i = 0; i < arguments.Length; i++)
        {
            workspace.Arguments[i] = (double*)arguments[i];
        }

        for (var i = 0; i < results.Length; i++)
        {
            workspace.Results[i] = (double*)results[i];
        }

        RunAndReturn(workspace);
    }

    /// <summary>Computes the results in a workspace that was rented, and gives it back.</summary>
    public void RunAndReturn(Workspace workspace)
    {
        try
        {
            Run(workspace);
        }
        finally
        {
            Return(workspace);
        }
    }

    /// <summary>Memory to run in, which is given back when nothing more is run in it.</summary>
    public Workspace Rent()
    {
        var workspace = _workspaces.TryTake(out var used) ? used : new(_size, _constants, _arguments, _results, _threads);
        workspace.Begin();
        return workspace;
    }

    public void Return(Workspace workspace)
    {
        workspace.End();
        _workspaces.Add(workspace);
    }

    /// <summary>Computes the results where the workspace says that arguments and results are.</summary>
    public void Run(Workspace workspace)
    {
        foreach (var group in _groups)
        {
            group.Run(workspace);
        }
    }

    /// <summary>The steps, one a line or more, and the memory they work in.</summary>
    public IEnumerable<string> Explain()
    {
        yield return $"{_groups.Length} {(_groups.Length == 1 ? "step" : "steps")} in {_size.Arena * sizeof(double):N0} bytes, {_size.Tile * sizeof(double):N0} more for a tile, {_constants.Length * sizeof(double):N0} of constants";
        foreach (var line in _groups.SelectMany(group => group.Explain()))
        {
            yield return $"  {line}";
        }
    }

    private static double[] Constants(Scheduler scheduler)
    {
        var size = 0;
        foreach (var (numbers, buffer) in scheduler.Constants)
        {
            (buffer.Place, buffer.Start) = (Buffer.Constants, size);
            size += MemorySize.RoundedUp(numbers.Size);
        }

        var constants = GC.AllocateArray<double>(Math.Max(size, 1), pinned: true);
        foreach (var (numbers, buffer) in scheduler.Constants)
        {
            numbers.Span.CopyTo(constants.AsSpan(buffer.Start));
        }

        return constants;
    }

    /// <summary>Finds the memory that only one group uses, each sample its own, and how many samples of it are kept at a time.</summary>
    private static (int?[] Tiles, long Size) Tiled(List<List<IStep>> groups)
    {
        var sizes = new int?[groups.Count];
        var most = 0L;
        var step = 0;
        for (var number = 0; number < groups.Count; number++)
        {
            var group = groups[number];
            var (first, last) = (step, step + group.Count - 1);
            step += group.Count;
            if (group is not [Kernel { Space.IsVector: true } kernel, ..])
            {
                continue;
            }

            var written = group.Cast<Kernel>().SelectMany(each => each.Code).Where(instruction => instruction.Act is Act.Store or Act.Accumulate)
                .Select(instruction => instruction.Access!.Buffer).Distinct()
                .Where(buffer => buffer.FirstWriter >= first)
                .ToArray();
            var local = Array.FindAll(written, buffer => group.Count > 1 && buffer.Place == Buffer.Arena && !buffer.IsShared && Math.Max(buffer.LastWriter, buffer.LastReader) <= last);
            var elements = written.Where(buffer => buffer.Initial is not null).Union(local).Sum(buffer => (long)buffer.Elements);
            if (elements == 0)
            {
                continue;
            }

            var samples = kernel.Space.Samples;
            var fitting = Math.Max(SmallestTile, TileNumbers / elements);
            var tiles = (int)Math.Max(1, samples / fitting);
            var tile = tiles == 1 ? MemorySize.RoundedUp(samples) : MemorySize.RoundedUp((samples + tiles - 1) / tiles);
            var start = 0L;
            foreach (var buffer in local)
            {
                (buffer.Place, buffer.Lead, buffer.Start) = (Buffer.Tile, tile + MemorySize.Line, (int)start);
                start += buffer.Size;
            }

            sizes[number] = tile;
            most = Math.Max(most, start);
        }

        return (sizes, most);
    }

    /// <summary>The code of each step that is a kernel: most of the time of compilation, which all processors share.</summary>
    private static KernelRun?[] Emitted(List<IStep> steps, CompileOptions options)
    {
        var code = new KernelRun?[steps.Count];
        Parallel.For(0, steps.Count, step => code[step] = steps[step] is Kernel kernel ? Emitted(kernel) : null);
        return code;

        KernelRun Emitted(Kernel kernel)
        {
            if (!kernel.Space.IsVector)
            {
                kernel.ShortenLives();
            }

            return options.Interpret || !RuntimeFeature.IsDynamicCodeSupported ? KernelInterpreter.Of(kernel) : KernelCode.Of(kernel);
        }
    }

    /// <summary>Gives every buffer of the arena its start: memory that is no longer read is used again.</summary>
    private static long LaidOut(List<List<IStep>> groups)
    {
        int[] groupOf = [.. groups.SelectMany((group, number) => Enumerable.Repeat(number, group.Count))];
        var buffers = groups.SelectMany(group => group).SelectMany(step => step.Touched)
            .Where(touched => touched.IsWritten && touched.Buffer.Place == Buffer.Arena)
            .Select(touched => touched.Buffer)
            .Distinct()
            .ToArray();
        var starting = buffers.ToLookup(buffer => groupOf[buffer.FirstWriter]);
        var ending = buffers.ToLookup(buffer => groupOf[Math.Max(buffer.LastReader, buffer.LastWriter)]);
        var free = new Dictionary<long, Stack<int>>();
        var size = 0L;
        for (var group = 0; group < groups.Count; group++)
        {
            foreach (var buffer in starting[group])
            {
                var rounded = buffer.Size < MemorySize.Line ? buffer.Size : MemorySize.RoundedUp(buffer.Size);
                if (free.TryGetValue(rounded, out var starts) && starts.TryPop(out var start))
                {
                    buffer.Start = start;
                }
                else
                {
                    size = rounded < MemorySize.Line ? size : MemorySize.RoundedUp(size);
                    buffer.Start = checked((int)size);
                    size += rounded;
                }
            }

            foreach (var buffer in ending[group])
            {
                var rounded = buffer.Size < MemorySize.Line ? buffer.Size : MemorySize.RoundedUp(buffer.Size);
                if (!free.TryGetValue(rounded, out var starts))
                {
                    free.Add(rounded, starts = []);
                }

                starts.Push(buffer.Start);
            }
        }

        return size;
    }
}
