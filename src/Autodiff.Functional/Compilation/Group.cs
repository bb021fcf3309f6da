// Steps of a program that run together.

namespace Autodiff.Functional.Compilation;

/// <summary>Kernels that take the samples tile by tile, one after another for each; or one step of another kind.</summary>
internal sealed unsafe class Group
{
    // Samples that are folded are divided into parts that do not depend on how many threads there are, and so neither do sums.
    private const int FoldedParts = 8;
    private const int FewFolded = 240;

    // Others are divided as the threads are.
    private const int FewSamples = 2 * AxisClasses.ShortestSamples;

    // Little work is one part.
    private const double LittleWork = 1 << 20;

    private readonly KernelRun[] _kernels = [];

    // What the kernels do, in words: the kernels themselves would take more memory than their code.
    private readonly string[] _explained = [];
    private readonly bool _isVector;
    private readonly Step? _step;
    // What is accumulated into is filled just before: all of it, or what the next tile adds to, which is this far ahead of its samples.
    private readonly Buffer[] _filled = [];
    private readonly (Buffer Buffer, int Ahead)[] _filledAlong = [];
    private readonly Buffer[] _filledTiles = [];
    private readonly (Buffer Buffer, Op Op)[] _folded = [];
    private readonly int _samples;
    private readonly int _tile;
    private readonly long[] _rounds = [];
    private readonly bool _areRoundsApart;
    private readonly int _parts = 1;
    private readonly int _foldSize;

    /// <summary>Prepares steps.</summary>
    /// <param name="steps">The kernels, or one step.</param>
    /// <param name="tile">How many samples are taken at a time; null for all.</param>
    /// <param name="foldSize">How many numbers a part of the samples is folded into.</param>
    /// <param name="codeOf">The code of a kernel.</param>
    /// <param name="options">How code is run.</param>
    public Group(List<IStep> steps, int? tile, int foldSize, Func<Kernel, KernelRun> codeOf, CompileOptions options)
    {
        _foldSize = foldSize;
        if (steps is [Step step])
        {
            _step = step;
            step.Prepare(options);
            return;
        }

        Kernel[] sources = [.. steps.Cast<Kernel>()];
        (_samples, _isVector) = (sources[0].Space.Samples, sources[0].Space.IsVector);
        _tile = tile ?? _samples;
        var effects = sources
            .SelectMany(kernel => kernel.Code.Where(ReadsWhatItWrites).Select(instruction => (kernel.Index, instruction.Act, instruction.Op, Access: instruction.Access!)))
            .ToArray();
        var filled = effects
            .Where(effect => effect.Access.Buffer.Initial is not null && effect.Access.Buffer.FirstWriter == effect.Index)
            .Select(effect => effect.Access.Buffer)
            .Distinct()
            .ToArray();
        var along = filled.Where(buffer => buffer.Place != Buffer.Tile && effects.All(effect => effect.Access.Buffer != buffer || effect is { Act: Act.Accumulate, Access.IsInOrder: true })).ToArray();
        _filled = [.. filled.Except(along).Where(buffer => buffer.Place != Buffer.Tile)];
        _filledAlong = [.. along.Select(buffer => (buffer, effects.Where(effect => effect.Access.Buffer == buffer).Max(effect => effect.Access.Sample)))];
        _filledTiles = [.. filled.Where(buffer => buffer.Place == Buffer.Tile)];
        _folded = [.. effects.Where(effect => effect.Act == Act.Fold).Select(effect => (effect.Access.Buffer, effect.Op)).Distinct()];

        // What is added at places of other samples is added by one thread.
        var isOwn = effects.All(effect => effect.Act != Act.Accumulate || effect.Access.IsOwn);
        var most = !isOwn ? 1 : _folded.Length > 0 ? Math.Min(FoldedParts, _samples / FewFolded) : Math.Min(options.Threads, _samples / FewSamples);
        _rounds = Array.ConvertAll(sources, kernel => kernel.Space.Lengths is [var outermost, ..] ? outermost : 1L);
        if (sources.Sum(kernel => kernel.Work) > LittleWork)
        {
            _areRoundsApart = most <= 1 && sources is [{ AreRoundsApart: true }];
            _parts = Math.Max(1, _areRoundsApart ? (int)Math.Min(options.Threads, _rounds[0]) : most);
        }

        _kernels = Array.ConvertAll(sources, kernel => codeOf(kernel));
        _explained = Array.ConvertAll(sources, kernel => kernel.Explain());

        static bool ReadsWhatItWrites(Instruction instruction) => instruction.IsEffect && (instruction.Act != Act.Store || instruction.Access!.Buffer.Initial is not null);
    }

    /// <summary>How many numbers all parts are folded into.</summary>
    public int FoldsSize => _folded.Length == 0 ? 0 : FoldParts * _foldSize;

    /// <summary>How many parts have memory of their own to be folded into: those of samples, but not of rounds.</summary>
    private int FoldParts => _areRoundsApart ? 1 : _parts;

    public void Run(CompiledBody.Workspace workspace)
    {
        if (_step is not null)
        {
            _step.Run(workspace.Places);
            return;
        }

        foreach (var buffer in _filled)
        {
            new Span<double>(workspace.Places[buffer.Place] + buffer.Start, (int)buffer.Size).Fill(buffer.Initial!.Value);
        }

        foreach (var (buffer, op) in _folded)
        {
            for (var part = 0; part < FoldParts; part++)
            {
                new Span<double>(FoldsOf(workspace, part) + buffer.FoldStart, (int)buffer.Size).Fill(KernelCode.Identity(op));
            }
        }

        if (_parts > 1 && workspace.Threads > 1)
        {
            RunParallel(workspace);
        }
        else
        {
            for (var part = 0; part < _parts; part++)
            {
                RunPart(workspace, workspace.Places, 0, part);
            }
        }

        foreach (var (buffer, op) in _folded)
        {
            var target = workspace.Places[buffer.Place] + buffer.Start;
            for (var part = 0; part < FoldParts; part++)
            {
                var source = FoldsOf(workspace, part) + buffer.FoldStart;
                for (var i = 0; i < buffer.Size; i++)
                {
                    target[i] = KernelCode.Combined(op, target[i], source[i]);
                }
            }
        }
    }

    private double* FoldsOf(CompiledBody.Workspace workspace, int part) => workspace.Folds + (part * _foldSize);

    // Apart from Run, which would allocate the closure even where one thread runs all.
    private void RunParallel(CompiledBody.Workspace workspace) => Parallel.For(0, workspace.Threads, thread => RunParts(workspace, thread));

    private void RunParts(CompiledBody.Workspace workspace, int thread)
    {
        var places = workspace.PlacesOf(thread);
        for (var part = thread; part < _parts; part += workspace.Threads)
        {
            RunPart(workspace, places, thread, part);
        }
    }

    private void RunPart(CompiledBody.Workspace workspace, double** places, int thread, int part)
    {
        places[Buffer.Folds] = FoldsOf(workspace, _areRoundsApart ? 0 : part);
        if (_areRoundsApart)
        {
            _kernels[0](places, 0, _samples, _rounds[0] * part / _parts, _rounds[0] * (part + 1) / _parts);
            return;
        }

        // Parts start where registers do, and no tile is shorter than a register.
        var (first, last) = (StartOf(part), StartOf(part + 1));
        var tile = workspace.Tiles + (thread * workspace.TileSize);
        for (var start = first; start < last;)
        {
            var end = last - start - _tile < AxisClasses.ShortestSamples ? last : start + _tile;
            places[Buffer.Tile] = tile - start;
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

    private int StartOf(int part) => part == _parts ? _samples : (int)((long)_samples * part / _parts) / AxisClasses.ShortestSamples * AxisClasses.ShortestSamples;

    /// <summary>What it does: its kernels, or its step.</summary>
    public IEnumerable<string> Explain()
    {
        if (_step is not null)
        {
            return _step.Explain();
        }

        var loop = _isVector ? $"{_samples} samples{(_tile < _samples ? $", {_tile} at a time" : "")}{(_parts > 1 ? $", in {_parts} parts" : "")}" : "numbers";
        return _explained is [var one] ? [$"kernel on {loop}: {one}"] : [$"{_explained.Length} kernels on {loop}", .. _explained.Select(line => $"  {line}")];
    }
}
