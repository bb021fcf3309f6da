// A group of steps of a compiled program that run together, and how its work is run in tiles and chunks.

using System.Runtime.Intrinsics;
using Autodiff.Functional.Compilation.CodeGeneration;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Scheduling;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Kernels that take the samples tile by tile, all of them for one tile before the next; or one step of another kind.</summary>
internal sealed unsafe class Group : IChunkedWork
{
    private readonly KernelRun[] _kernels = [];

    // A description of the kernels. The kernels themselves are not kept, since they would take more memory than their code.
    private readonly string[] _explained = [];
    private readonly bool _isVector;
    private readonly Step? _step;

    private readonly Filling _filling = new([], [], []);
    private readonly int _samples;
    private readonly int _tile;
    private readonly long[] _iterations = [];
    private readonly WorkPartition _partition;
    private readonly PartialSums[] _sums;
    private readonly int _chunkSize;

    /// <summary>Prepares steps to run.</summary>
    /// <param name="steps">The kernels, or one step of another kind.</param>
    /// <param name="tile">The number of samples that are taken at a time; null for all.</param>
    /// <param name="partition">The chunks of the work.</param>
    /// <param name="codeOf">Returns the code of a kernel.</param>
    /// <param name="compiler">Compiles the programs that a step contains.</param>
    public Group(List<IStep> steps, int? tile, WorkPartition partition, Func<Kernel, KernelRun> codeOf, ProgramCompiler compiler)
    {
        (_partition, _sums, _chunkSize) = (partition, [.. partition.Sums], partition.Size);
        if (steps is [Step step])
        {
            _step = step;
            step.Prepare(compiler);
            return;
        }

        Kernel[] sources = [.. steps.Cast<Kernel>()];
        (_samples, _isVector) = (sources[0].Space.Samples, sources[0].Space.IsVector);
        _tile = tile ?? _samples;
        _iterations = Array.ConvertAll(sources, kernel => kernel.Space.Lengths is [var outermost, ..] ? outermost : 1L);
        _kernels = Array.ConvertAll(sources, kernel => codeOf(kernel));
        _explained = Array.ConvertAll(sources, kernel => kernel.Explain());
        _filling = Filling.Of(sources, partition);
    }

    public void Run(Workspace workspace)
    {
        if (_step is not null)
        {
            _step.Run(workspace);
            return;
        }

        foreach (var buffer in _filling.Whole)
        {
            new Span<double>(workspace.Segments[buffer.Segment] + buffer.Start, (int)buffer.Size).Fill(buffer.Initial!.Value);
        }

        var areApart = _partition.SummingChunks > 1;
        if (!areApart)
        {
            BeginSums(workspace, 0);
        }

        if (_partition.Chunks > 1 && workspace.Team is { } team)
        {
            team.Run(this, _partition.Chunks);
        }
        else
        {
            for (var chunk = 0; chunk < _partition.Chunks; chunk++)
            {
                RunChunk(workspace, 0, chunk);
            }
        }

        if (!areApart)
        {
            EndSums(workspace, 0);
        }

        // Adds the partial sums of all chunks to the buffers, in the order of the chunks.
        foreach (var sums in _sums)
        {
            var target = new Span<double>(workspace.Segments[sums.Buffer.Segment] + sums.Buffer.Start, (int)sums.Buffer.Size);
            for (var chunk = 0; chunk < _partition.SummingChunks; chunk++)
            {
                Combine(sums.Monoid, target, SumsOf(workspace, sums, chunk)[..target.Length]);
            }
        }
    }

    private Span<double> SumsOf(Workspace workspace, PartialSums sums, int chunk) => new(workspace.ChunkOf(chunk, _chunkSize) + sums.Start, sums.Size);

    private void BeginSums(Workspace workspace, int chunk)
    {
        foreach (var sums in _sums)
        {
            SumsOf(workspace, sums, chunk).Fill(sums.Monoid.Neutral);
        }
    }

    /// <summary>Combines the lanes of each partial sum to one number, and packs these numbers one after another.</summary>
    private void EndSums(Workspace workspace, int chunk)
    {
        foreach (var sums in _sums)
        {
            var total = SumsOf(workspace, sums, chunk);
            for (var i = 0; i < sums.Buffer.Size && sums.Lanes > 1; i++)
            {
                total[i] = Combined(sums.Monoid, total.Slice(i * sums.Lanes, sums.Lanes));
            }
        }
    }

    private static double Combined(Monoid monoid, Span<double> lanes)
    {
        if (monoid.Op == Op.Add)
        {
            return Vector512.Sum(Vector512.Create<double>(lanes));
        }

        for (var count = lanes.Length / 2; count > 0; count /= 2)
        {
            Combine(monoid, lanes[..count], lanes[count..]);
        }

        return lanes[0];
    }

    private static void Combine(Monoid monoid, Span<double> total, ReadOnlySpan<double> more)
    {
        if (monoid.Op == Op.Add)
        {
            Runs.AddTo(more, total);
            return;
        }

        for (var i = 0; i < total.Length; i++)
        {
            total[i] = monoid.Combine(total[i], more[i]);
        }
    }

    /// <inheritdoc/>
    public void RunChunk(Workspace workspace, int thread, int chunk)
    {
        var segments = workspace.SegmentsOf(thread);
        var areApart = _partition.SummingChunks > 1;
        segments[TensorBuffer.Chunk] = workspace.ChunkOf(areApart ? chunk : 0, _chunkSize);
        if (areApart)
        {
            BeginSums(workspace, chunk);
        }

        if (_partition.IsByIterations)
        {
            _kernels[0](segments, 0, _samples, _iterations[0] * chunk / _partition.Chunks, _iterations[0] * (chunk + 1) / _partition.Chunks);
        }
        else
        {
            RunTiles(workspace, segments, thread, chunk);
        }

        if (areApart)
        {
            EndSums(workspace, chunk);
        }
    }

    private void RunTiles(Workspace workspace, double** segments, int thread, int chunk)
    {
        // Chunks start at multiples of a register, and no tile is shorter than a register.
        var (first, last) = (StartOf(chunk), StartOf(chunk + 1));
        var tile = workspace.TileOf(thread);
        for (var start = first; start < last;)
        {
            var end = last - start - _tile < KernelSpace.ShortestSamples ? last : start + _tile;
            segments[TensorBuffer.Tile] = tile - start;
            foreach (var buffer in _filling.Tiles)
            {
                new Span<double>(tile + buffer.Start, (int)buffer.Size).Fill(buffer.Initial!.Value);
            }

            foreach (var (buffer, ahead) in _filling.Along)
            {
                var (from, to) = (start == 0 ? 0 : start + ahead, end == _samples ? buffer.Lead : end + ahead);
                for (var element = 0; element < buffer.Elements; element++)
                {
                    new Span<double>(segments[buffer.Segment] + buffer.Start + ((long)element * buffer.Lead) + from, to - from).Fill(buffer.Initial!.Value);
                }
            }

            for (var kernel = 0; kernel < _kernels.Length; kernel++)
            {
                _kernels[kernel](segments, start, end, 0, _iterations[kernel]);
            }

            start = end;
        }
    }

    private int StartOf(int chunk) => chunk == _partition.Chunks ? _samples : (int)((long)_samples * chunk / _partition.Chunks) / KernelSpace.ShortestSamples * KernelSpace.ShortestSamples;

    /// <summary>A description of its kernels, or of its step.</summary>
    public IEnumerable<string> Explain()
    {
        if (_step is not null)
        {
            return _step.Explain();
        }

        var loop = _isVector ? $"{_samples} samples{(_tile < _samples ? $", {_tile} at a time" : "")}{(_partition.Chunks > 1 ? $", in {_partition.Chunks} parts" : "")}" : "numbers";
        return _explained is [var one] ? [$"kernel on {loop}: {one}"] : [$"{_explained.Length} kernels on {loop}", .. _explained.Select(line => $"  {line}")];
    }
}
