// Steps of a program that run together.

using System.Runtime.Intrinsics;
using Autodiff.Functional.Compilation.CodeGeneration;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Scheduling;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Kernels that take the samples tile by tile, one after another for each; or one step of another kind.</summary>
internal sealed unsafe class Group : IDivided
{
    private readonly KernelRun[] _kernels = [];

    // What the kernels do, in words: the kernels themselves would take more memory than their code.
    private readonly string[] _explained = [];
    private readonly bool _isVector;
    private readonly Step? _step;

    // What is accumulated into is filled just before: all of it, or what the next tile adds to, which is this far ahead of its samples.
    private readonly TensorBuffer[] _filled = [];
    private readonly (TensorBuffer Buffer, int Ahead)[] _filledAlong = [];
    private readonly TensorBuffer[] _filledTiles = [];
    private readonly int _samples;
    private readonly int _tile;
    private readonly long[] _rounds = [];
    private readonly WorkPartition _division;
    private readonly PartialSums[] _sums;
    private readonly int _partSize;

    /// <summary>Prepares steps.</summary>
    /// <param name="steps">The kernels, or one step.</param>
    /// <param name="tile">How many samples are taken at a time; null for all.</param>
    /// <param name="division">The parts of the work.</param>
    /// <param name="codeOf">The code of a kernel.</param>
    /// <param name="compiler">What compiles the programs that a step holds.</param>
    public Group(List<IStep> steps, int? tile, WorkPartition division, Func<Kernel, KernelRun> codeOf, ProgramCompiler compiler)
    {
        (_division, _sums, _partSize) = (division, [.. division.Sums], division.Size);
        if (steps is [Step step])
        {
            _step = step;
            step.Prepare(compiler);
            return;
        }

        var (filled, along, tiles) = (new List<TensorBuffer>(), new List<(TensorBuffer Buffer, int Ahead)>(), new List<TensorBuffer>());
        Kernel[] sources = [.. steps.Cast<Kernel>()];
        (_samples, _isVector) = (sources[0].Space.Samples, sources[0].Space.IsVector);
        _tile = tile ?? _samples;
        _rounds = Array.ConvertAll(sources, kernel => kernel.Space.Lengths is [var outermost, ..] ? outermost : 1L);
        _kernels = Array.ConvertAll(sources, kernel => codeOf(kernel));
        _explained = Array.ConvertAll(sources, kernel => kernel.Explain());
        foreach (var effects in sources
            .SelectMany(kernel => kernel.Code.Where(instruction => instruction.IsEffect).Select(instruction => (kernel.Index, instruction.Act, Access: instruction.Access!)))
            .ToLookup(effect => effect.Access.Buffer))
        {
            var buffer = effects.Key;
            if (buffer.Initial is null || effects.All(effect => effect.Index != buffer.FirstWriter))
            {
                continue;
            }

            if (buffer.Place == TensorBuffer.Tile)
            {
                tiles.Add(buffer);
            }
            else if (!division.IsByRounds
                && effects.All(effect => effect is { Act: Act.Accumulate, Access: { IsInOrder: true, Place: not TensorBuffer.Part } })
                && AreFilledInTime(effects.Select(effect => effect.Access.Sample)))
            {
                along.Add((buffer, effects.Max(effect => effect.Access.Sample)));
            }
            else
            {
                filled.Add(buffer);
            }
        }

        (_filled, _filledAlong, _filledTiles) = ([.. filled], [.. along], [.. tiles]);

        // What is added less far ahead than the farthest was filled by the tile before, which may be that of another part.
        bool AreFilledInTime(IEnumerable<int> samples) => division.Parts == 1 || samples.Distinct().Count() == 1;
    }

    public void Run(Workspace workspace)
    {
        if (_step is not null)
        {
            _step.Run(workspace);
            return;
        }

        foreach (var buffer in _filled)
        {
            new Span<double>(workspace.Places[buffer.Place] + buffer.Start, (int)buffer.Size).Fill(buffer.Initial!.Value);
        }

        var areApart = _division.SummingParts > 1;
        if (!areApart)
        {
            BeginSums(workspace, 0);
        }

        if (_division.Parts > 1 && workspace.Team is { } team)
        {
            team.Run(this, _division.Parts);
        }
        else
        {
            for (var part = 0; part < _division.Parts; part++)
            {
                RunPart(workspace, 0, part);
            }
        }

        if (!areApart)
        {
            EndSums(workspace, 0);
        }

        // The sums of all parts, in their order.
        foreach (var sums in _sums)
        {
            var target = new Span<double>(workspace.Places[sums.Buffer.Place] + sums.Buffer.Start, (int)sums.Buffer.Size);
            for (var part = 0; part < _division.SummingParts; part++)
            {
                Combine(sums.Monoid, target, SumsOf(workspace, sums, part)[..target.Length]);
            }
        }
    }

    private Span<double> SumsOf(Workspace workspace, PartialSums sums, int part) => new(workspace.PartOf(part, _partSize) + sums.Start, sums.Size);

    private void BeginSums(Workspace workspace, int part)
    {
        foreach (var sums in _sums)
        {
            SumsOf(workspace, sums, part).Fill(sums.Monoid.Neutral);
        }
    }

    /// <summary>Combines the lanes of sums to one number each, one behind the other.</summary>
    private void EndSums(Workspace workspace, int part)
    {
        foreach (var sums in _sums)
        {
            var total = SumsOf(workspace, sums, part);
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
    public void RunPart(Workspace workspace, int thread, int part)
    {
        var places = workspace.PlacesOf(thread);
        var areApart = _division.SummingParts > 1;
        places[TensorBuffer.Part] = workspace.PartOf(areApart ? part : 0, _partSize);
        if (areApart)
        {
            BeginSums(workspace, part);
        }

        if (_division.IsByRounds)
        {
            _kernels[0](places, 0, _samples, _rounds[0] * part / _division.Parts, _rounds[0] * (part + 1) / _division.Parts);
        }
        else
        {
            RunTiles(workspace, places, thread, part);
        }

        if (areApart)
        {
            EndSums(workspace, part);
        }
    }

    private void RunTiles(Workspace workspace, double** places, int thread, int part)
    {
        // Parts start where registers do, and no tile is shorter than a register.
        var (first, last) = (StartOf(part), StartOf(part + 1));
        var tile = workspace.TileOf(thread);
        for (var start = first; start < last;)
        {
            var end = last - start - _tile < KernelSpace.ShortestSamples ? last : start + _tile;
            places[TensorBuffer.Tile] = tile - start;
            foreach (var buffer in _filledTiles)
            {
                new Span<double>(tile + buffer.Start, (int)buffer.Size).Fill(buffer.Initial!.Value);
            }

            foreach (var (buffer, ahead) in _filledAlong)
            {
                var (from, to) = (start == 0 ? 0 : start + ahead, end == _samples ? buffer.Lead : end + ahead);
                for (var element = 0; element < buffer.Elements; element++)
                {
                    new Span<double>(places[buffer.Place] + buffer.Start + ((long)element * buffer.Lead) + from, to - from).Fill(buffer.Initial!.Value);
                }
            }

            for (var kernel = 0; kernel < _kernels.Length; kernel++)
            {
                _kernels[kernel](places, start, end, 0, _rounds[kernel]);
            }

            start = end;
        }
    }

    private int StartOf(int part) => part == _division.Parts ? _samples : (int)((long)_samples * part / _division.Parts) / KernelSpace.ShortestSamples * KernelSpace.ShortestSamples;

    /// <summary>What it does: its kernels, or its step.</summary>
    public IEnumerable<string> Explain()
    {
        if (_step is not null)
        {
            return _step.Explain();
        }

        var loop = _isVector ? $"{_samples} samples{(_tile < _samples ? $", {_tile} at a time" : "")}{(_division.Parts > 1 ? $", in {_division.Parts} parts" : "")}" : "numbers";
        return _explained is [var one] ? [$"kernel on {loop}: {one}"] : [$"{_explained.Length} kernels on {loop}", .. _explained.Select(line => $"  {line}")];
    }
}
