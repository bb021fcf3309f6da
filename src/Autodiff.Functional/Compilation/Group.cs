// Steps of a program that run together.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Compilation;

/// <summary>Kernels that take the samples tile by tile, one after another for each; or one step of another kind.</summary>
internal sealed unsafe class Group
{
    private readonly KernelRun[] _kernels = [];
    private readonly Kernel[] _sources = [];
    private readonly Step? _step;
    private readonly Buffer[] _filled = [];
    private readonly Buffer[] _filledTiles = [];
    private readonly int _samples;
    private readonly int _tile;

    public Group(List<object> steps, int? tile, CompileOptions options)
    {
        if (steps is [Step step])
        {
            _step = step;
            step.Prepare(options);
            return;
        }

        _sources = [.. steps.Cast<Kernel>()];
        _samples = _sources[0].Space.Samples;
        _tile = tile ?? _samples;
        var filled = _sources.SelectMany(kernel => kernel.Code.Select(instruction => (kernel.Index, instruction)))
            .Where(each => each.instruction.Access?.Buffer.Initial is not null && each.instruction.IsEffect && each.instruction.Access!.Buffer.FirstWriter == each.Index)
            .Select(each => each.instruction.Access!.Buffer).Distinct().ToArray();
        _filled = [.. filled.Where(buffer => buffer.Place != Buffer.Tile)];
        _filledTiles = [.. filled.Where(buffer => buffer.Place == Buffer.Tile)];
        _kernels = Array.ConvertAll(_sources, kernel => options.Interpret || !RuntimeFeature.IsDynamicCodeSupported ? KernelInterpreter.Of(kernel) : KernelCode.Of(kernel));
    }

    public void Run(CompiledBody.Workspace workspace)
    {
        var places = workspace.Places;
        if (_step is not null)
        {
            _step.Run(places);
            return;
        }

        foreach (var buffer in _filled)
        {
            new Span<double>(places[buffer.Place] + buffer.Start, (int)buffer.Size).Fill(buffer.Initial!.Value);
        }

        // No tile is shorter than a register.
        for (var start = 0; start < _samples;)
        {
            var end = _samples - start - _tile < AxisClasses.ShortestSamples ? _samples : start + _tile;
            places[Buffer.Tile] = workspace.TileMemory - start;
            foreach (var buffer in _filledTiles)
            {
                new Span<double>(workspace.TileMemory + buffer.Start, (int)buffer.Size).Fill(buffer.Initial!.Value);
            }

            foreach (var kernel in _kernels)
            {
                kernel(places, start, end);
            }

            start = end;
        }
    }

    public string Explain() => _step?.ToString() ?? string.Join(Environment.NewLine, _sources.Select(kernel =>
        $"kernel of {kernel.Code.Count} instructions for {kernel.Space.Samples} samples{string.Concat(kernel.Space.Lengths.Select(length => $" x {length}"))}, tile {_tile}"));
}
