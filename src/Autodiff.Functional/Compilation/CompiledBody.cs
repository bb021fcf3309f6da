// A body ready to be run on memory: groups of kernels that take the samples tile by tile, and other steps, with the memory they work in.

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

/// <summary>What a body was compiled to. Safe to run from several threads at once.</summary>
internal sealed unsafe class CompiledBody
{
    /// <summary>The place of constants; those of arguments and then results are behind it.</summary>
    private const int ConstantPlace = 3;

    // So many numbers lie in the caches together.
    private const int TileNumbers = 16 << 10;
    private const int SmallestTile = 64;

    // Numbers that a register holds start where a line of the caches does.
    private const int Line = 8;

    private readonly ConcurrentBag<Workspace> _workspaces = [];
    private readonly Group[] _groups;
    private readonly double[] _constants;
    private readonly int _arguments;
    private readonly int _results;
    private readonly long _arenaSize;
    private readonly long _tileSize;
    private readonly int _foldsSize;
    private readonly int _threads;

    /// <summary>The program of a body, which is optimised first.</summary>
    public static CompiledBody Of(Body body, CompileOptions options) => new(Optimizer.Run(body), options);

    public CompiledBody(Body body, CompileOptions options)
    {
        var scheduler = Scheduler.Of(body);
        (_arguments, _results) = (scheduler.Arguments.Count, scheduler.Results.Count);
        var place = ConstantPlace + 1;
        foreach (var buffer in scheduler.Arguments.Concat(scheduler.Results))
        {
            buffer.Place = place++;
        }

        _constants = Constants(scheduler);
        var grouped = StepOrder.Of(scheduler.Steps);
        _tileSize = Tiled(grouped, scheduler);
        _arenaSize = LaidOut(grouped);
        List<IStep> steps = [.. grouped.SelectMany(group => group)];
        var folds = Folded(steps);
        var code = Emitted(steps, options);
        _groups = [.. grouped.Select(group => new Group(group, group[0] is Kernel kernel && scheduler.Tiles.TryGetValue(kernel.Index, out var tile) ? tile : null, folds, kernel => code[kernel.Index]!, options))];
        (_foldsSize, _threads) = (_groups.Max(group => (int?)group.FoldsSize) ?? 0, options.Threads);
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

        Run(workspace);
        Return(workspace);
    }

    /// <summary>Memory to run in, which is given back when nothing more is run in it.</summary>
    public Workspace Rent() => _workspaces.TryTake(out var workspace) ? workspace : new(this);

    public void Return(Workspace workspace) => _workspaces.Add(workspace);

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
        yield return $"{_groups.Length} steps in {_arenaSize * sizeof(double):N0} bytes, {_tileSize * sizeof(double):N0} more for a tile, {_constants.Length * sizeof(double):N0} of constants";
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
            (buffer.Place, buffer.Start) = (ConstantPlace, size);
            size += RoundedUp(numbers.Size);
        }

        var constants = GC.AllocateArray<double>(Math.Max(size, 1), pinned: true);
        foreach (var (numbers, buffer) in scheduler.Constants)
        {
            numbers.Span.CopyTo(constants.AsSpan(buffer.Start));
        }

        return constants;
    }

    /// <summary>Finds the memory that only one group uses, each sample its own, and how many samples of it are kept at a time.</summary>
    private static long Tiled(List<List<IStep>> groups, Scheduler scheduler)
    {
        var most = 0L;
        var step = 0;
        foreach (var group in groups)
        {
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
            var fitting = Math.Max(SmallestTile, TileNumbers / Math.Max(1, elements));
            var tiles = (int)Math.Max(1, samples / fitting);
            var tile = tiles == 1 ? RoundedUp(samples) : RoundedUp((samples + tiles - 1) / tiles);
            var start = 0L;
            foreach (var buffer in local)
            {
                (buffer.Place, buffer.Lead, buffer.Start) = (Buffer.Tile, tile + Line, (int)start);
                start += buffer.Size;
            }

            scheduler.Tiles[kernel.Index] = tile;
            most = Math.Max(most, start);
        }

        return most;
    }

    /// <summary>Gives every buffer that samples are folded into its start in the memory of a part.</summary>
    private static int Folded(List<IStep> steps)
    {
        var size = 0;
        foreach (var buffer in steps.OfType<Kernel>().SelectMany(kernel => kernel.Code).Where(instruction => instruction.Act == Act.Fold).Select(instruction => instruction.Access!.Buffer).Distinct())
        {
            buffer.FoldStart = size;
            size += (int)buffer.Size;
        }

        return size;
    }

    /// <summary>The code of each step that is a kernel: most of the time of compilation, which all processors share.</summary>
    private static KernelRun?[] Emitted(List<IStep> steps, CompileOptions options)
    {
        var code = new KernelRun?[steps.Count];
        Parallel.For(0, steps.Count, step => code[step] = steps[step] is not Kernel kernel ? null
            : options.Interpret || !RuntimeFeature.IsDynamicCodeSupported ? KernelInterpreter.Of(kernel)
            : KernelCode.Of(kernel));
        return code;
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
                var rounded = buffer.Size < Line ? buffer.Size : RoundedUp(buffer.Size);
                if (free.TryGetValue(rounded, out var starts) && starts.TryPop(out var start))
                {
                    buffer.Start = start;
                }
                else
                {
                    size = rounded < Line ? size : RoundedUp(size);
                    buffer.Start = checked((int)size);
                    size += rounded;
                }
            }

            foreach (var buffer in ending[group])
            {
                var rounded = buffer.Size < Line ? buffer.Size : RoundedUp(buffer.Size);
                if (!free.TryGetValue(rounded, out var starts))
                {
                    free.Add(rounded, starts = []);
                }

                starts.Push(buffer.Start);
            }
        }

        return size;
    }

    private static int RoundedUp(int count) => (count + Line - 1) / Line * Line;

    private static long RoundedUp(long count) => (count + Line - 1) / Line * Line;

    /// <summary>The memory of one run at a time.</summary>
    internal sealed class Workspace
    {
        private readonly double[] _arena;
        private readonly nint[] _places;
        private readonly int _count;

        public Workspace(CompiledBody program)
        {
            var tile = RoundedUp(program._tileSize);
            _count = ConstantPlace + 1 + program._arguments + program._results;
            _arena = GC.AllocateUninitializedArray<double>(checked((int)(RoundedUp(program._arenaSize) + (program._threads * tile) + program._foldsSize + (2 * Line))), pinned: true);
            _places = GC.AllocateArray<nint>(program._threads * _count, pinned: true);
            Places = (double**)First(_places);
            Places[Buffer.Arena] = (double*)(((nint)First(_arena) + 63) & ~63);
            Places[ConstantPlace] = (double*)First(program._constants);
            Arguments = Places + ConstantPlace + 1;
            Results = Arguments + program._arguments;
            (Threads, TileSize) = (program._threads, tile);
            Tiles = Places[Buffer.Arena] + RoundedUp(program._arenaSize);
            Folds = Tiles + (Threads * tile);
        }

        /// <summary>How many threads work in it.</summary>
        public int Threads { get; }

        /// <summary>The pointers that all memory is relative to.</summary>
        public double** Places { get; }

        /// <summary>Where the arguments lie.</summary>
        public double** Arguments { get; }

        /// <summary>Where the results are written.</summary>
        public double** Results { get; }

        /// <summary>Memory for a tile, one for each thread.</summary>
        public double* Tiles { get; }

        public long TileSize { get; }

        /// <summary>Memory that parts of samples are folded into.</summary>
        public double* Folds { get; }

        /// <summary>The pointers of one thread: its own for a tile and a part, all others as they are.</summary>
        public double** PlacesOf(int thread)
        {
            var places = Places + (thread * _count);
            if (thread > 0)
            {
                new ReadOnlySpan<nint>(Places, _count).CopyTo(new(places, _count));
            }

            return places;
        }

        private static void* First<T>(T[] pinned) => Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
    }
}
