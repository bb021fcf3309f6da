// Writes a group of kernels: how its work is run in tiles and chunks, as Group runs it.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Scheduling;
using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The source text of a group of kernels that take the samples tile by tile.</summary>
internal sealed class GroupSource : IStatements
{
    private readonly WorkPartition _partition;
    private readonly Filling _filling;
    private readonly MemoryNames _names;
    private readonly (string Name, KernelSource Kernel)[] _kernels;
    private readonly int _samples;
    private readonly int _tile;

    /// <summary>Prepares a group, and adds its kernels to those of the file.</summary>
    public GroupSource(ScheduledGroup group, MemoryNames names, string[] formulas, SourceFile file)
    {
        Kernel[] own = [.. group.Steps.Cast<Kernel>()];
        (_partition, _names) = (group.Partition, names);
        _filling = Filling.Of(own, group.Partition);
        _samples = own[0].Space.Samples;
        _tile = group.Tile ?? _samples;
        _kernels = Array.ConvertAll(own, kernel =>
        {
            var source = new KernelSource(kernel, names, formulas);
            return ($"Kernels.{file.Add(source)}", source);
        });
    }

    private bool AreApart => _partition.SummingChunks > 1 && _partition.Sums.Count > 0;

    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
        foreach (var buffer in _filling.Whole)
        {
            writer.Line(Fill(_names.Of(buffer), NumberSource.Whole(buffer.Start), NumberSource.Whole(buffer.Size), buffer.Initial!.Value));
        }

        if (!AreApart)
        {
            WriteBeginning(writer, "sums");
        }

        if (_partition.Chunks == 1)
        {
            WriteChunk(writer, "sums", "0", NumberSource.Whole(_samples));
        }
        else
        {
            var chunks = NumberSource.Whole(_partition.Chunks);
            writer.Block($"for (nint chunk = 0; chunk < {chunks}; chunk++)", () =>
            {
                if (AreApart)
                {
                    writer.Line($"ref var part = ref Unsafe.Add(ref sums, chunk * {NumberSource.Whole(_partition.Size)});");
                    WriteBeginning(writer, "part");
                }

                if (!_partition.IsByIterations)
                {
                    var (samples, line) = (NumberSource.Whole(_samples), NumberSource.Whole(KernelSpace.ShortestSamples));
                    writer.Line($"var begin = {samples} * chunk / {chunks} / {line} * {line};");
                    writer.Line($"var stop = chunk == {NumberSource.Whole(_partition.Chunks - 1)} ? {samples} : {samples} * (chunk + 1) / {chunks} / {line} * {line};");
                }

                WriteChunk(writer, AreApart ? "part" : "sums", "begin", "stop");
                if (AreApart)
                {
                    WriteEnd(writer, "part");
                }
            });
        }

        if (!AreApart)
        {
            WriteEnd(writer, "sums");
        }

        WriteCombination(writer);
    }

    private static string Fill(string memory, string start, string count, double value) =>
        $"MemoryMarshal.CreateSpan(ref {MemoryNames.At(memory, start)}, {count}).{(value == 0 && double.IsPositive(value) ? "Clear()" : $"Fill({NumberSource.Literal(value)})")};";

    private void WriteBeginning(SourceWriter writer, string sums)
    {
        foreach (var sum in _partition.Sums)
        {
            writer.Line(Fill(sums, NumberSource.Whole(sum.Start), NumberSource.Whole(sum.Size), sum.Monoid.Neutral));
        }
    }

    /// <summary>Writes the combination of the lanes of each partial sum to one number, which are packed one after another.</summary>
    private void WriteEnd(SourceWriter writer, string sums)
    {
        foreach (var sum in _partition.Sums.Where(sum => sum.Lanes > 1))
        {
            WriteForEach(writer, sum, i =>
            {
                var lanes = Place(sums, i, sum.Lanes, sum.Start);
                if (sum.Monoid.Op == Op.Add)
                {
                    writer.Line($"{Place(sums, i, 1, sum.Start)} = Vector512.Sum(Vector512.LoadUnsafe(ref {lanes}));");
                    return;
                }

                writer.Block($"for (var half = {NumberSource.Whole(sum.Lanes / 2)}; half > 0; half /= 2)", () =>
                    writer.Block("for (var j = 0; j < half; j++)", () =>
                    {
                        writer.Line($"ref var lane = ref Unsafe.Add(ref {lanes}, j);");
                        writer.Line($"lane = {Combined(sum.Monoid, "lane", "Unsafe.Add(ref lane, half)")};");
                    }));
                if (i is not null)
                {
                    writer.Line($"{Place(sums, i, 1, sum.Start)} = {lanes};");
                }
            });
        }
    }

    /// <summary>Writes the addition of the partial sums of all chunks to their buffers, in the order of the chunks.</summary>
    private void WriteCombination(SourceWriter writer)
    {
        if (!AreApart)
        {
            WriteCombination(writer, "sums");
        }
        else if (_partition.Sums.Count > 0)
        {
            writer.Block($"for (nint chunk = 0; chunk < {NumberSource.Whole(_partition.SummingChunks)}; chunk++)", () =>
            {
                writer.Line($"ref var part = ref Unsafe.Add(ref sums, chunk * {NumberSource.Whole(_partition.Size)});");
                WriteCombination(writer, "part");
            });
        }
    }

    private void WriteCombination(SourceWriter writer, string sums)
    {
        foreach (var sum in _partition.Sums)
        {
            WriteForEach(writer, sum, i =>
            {
                var target = Place(_names.Of(sum.Buffer), i, 1, sum.Buffer.Start);
                var part = Place(sums, i, 1, sum.Start);
                writer.Line(sum.Monoid.Op == Op.Add ? $"{target} += {part};" : $"{target} = {Combined(sum.Monoid, target, part)};");
            });
        }
    }

    /// <summary>Writes a loop over the numbers of a sum, whose counter is i; none for one number.</summary>
    private static void WriteForEach(SourceWriter writer, PartialSums sum, Action<string?> write)
    {
        if (sum.Buffer.Size == 1)
        {
            write(null);
        }
        else
        {
            writer.Block($"for (nint i = 0; i < {NumberSource.Whole(sum.Buffer.Size)}; i++)", () => write("i"));
        }
    }

    private static string Place(string memory, string? i, int stride, int start)
    {
        var distance = i is null || stride == 1 ? i : $"({i} * {NumberSource.Whole(stride)})";
        return MemoryNames.At(memory, distance is null ? NumberSource.Whole(start) : start == 0 ? distance : $"{distance} + {NumberSource.Whole(start)}");
    }

    private static string Combined(Monoid monoid, string a, string b) => NumberSource.Apply(monoid.Op, null, [a, b]);

    private void WriteChunk(SourceWriter writer, string sums, string from, string to)
    {
        if (_partition.IsByIterations)
        {
            var (chunks, iterations) = (NumberSource.Whole(_partition.Chunks), NumberSource.Whole(_kernels[0].Kernel.Iterations!.Value));
            WriteCalls(writer, sums, "0", NumberSource.Whole(_samples), $"{iterations} * chunk / {chunks}", $"{iterations} * (chunk + 1) / {chunks}");
        }
        else if (_partition.Chunks == 1 && _samples - _tile < KernelSpace.ShortestSamples)
        {
            WriteFillings(writer, from, to);
            WriteCalls(writer, sums, from, to);
        }
        else
        {
            writer.Block($"for (nint start = {from}, end; start < {to}; start = end)", () =>
            {
                writer.Line($"end = {to} - start - {NumberSource.Whole(_tile)} < {NumberSource.Whole(KernelSpace.ShortestSamples)} ? {to} : start + {NumberSource.Whole(_tile)};");
                WriteFillings(writer, "start", "end");
                WriteCalls(writer, sums, "start", "end");
            });
        }
    }

    private void WriteFillings(SourceWriter writer, string start, string end)
    {
        foreach (var buffer in _filling.Tiles)
        {
            writer.Line(Fill("tile", NumberSource.Whole(buffer.Start), NumberSource.Whole(buffer.Size), buffer.Initial!.Value));
        }

        foreach (var (buffer, ahead) in _filling.Along)
        {
            var isWhole = start == "0";
            var (shift, lead) = (NumberSource.Whole(ahead), NumberSource.Whole(buffer.Lead));
            var from = isWhole ? "0" : ahead == 0 ? start : $"(start == 0 ? 0 : start + {shift})";
            var to = isWhole ? lead : $"(end == {NumberSource.Whole(_samples)} ? {lead} : end + {shift})";
            writer.Block($"for (nint i = 0; i < {NumberSource.Whole(buffer.Elements)}; i++)", () =>
                writer.Line(Fill(_names.Of(buffer), $"(i * {lead}) + {NumberSource.Whole(buffer.Start)} + {from}", isWhole ? lead : $"(int)({to} - {from})", buffer.Initial!.Value)));
        }
    }

    private void WriteCalls(SourceWriter writer, string sums, string start, string end, string first = "0", string? last = null)
    {
        foreach (var (name, kernel) in _kernels)
        {
            writer.Line($"{name}({string.Join(", ", kernel.Arguments(sums, start, end, first, last))});");
        }
    }
}
