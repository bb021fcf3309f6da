// Random programs through every mode and engine: programs --count 100000 --seed 1 [--from N] [--threads 2] [--limit 30] [--resume file]

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Autodiff.PropertyTests.FsCheckPackage;

namespace Autodiff.Campaigns;

internal sealed class ProgramsCampaign : ICampaign
{
    // Seeds of different campaigns have no programs in common.
    private const ulong Stride = 0x1000_0000_0000;
    private static readonly TimeSpan s_pulse = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentDictionary<long, Stopwatch> _running = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly SortedSet<long> _finished = [];
    private readonly Lock _gate = new();
    private long _next;

    public string Name => "programs";

    public string Summary => "compares random programs in all modes and engines: --count N --seed S [--from N] [--threads 1] [--limit seconds] [--resume file]";

    public int Run(string[] arguments)
    {
        string Value(string name, string otherwise) => Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;
        long Number(string name, string otherwise) => long.Parse(Value(name, otherwise), CultureInfo.InvariantCulture);

        var (count, seed, resume) = (Number("--count", "1000"), (ulong)Number("--seed", "1"), Value("--resume", ""));
        var limit = TimeSpan.FromSeconds(Number("--limit", "60"));
        var first = Number("--from", "0");
        if (resume.Length > 0 && File.Exists(resume))
        {
            first = Restore(resume);
        }

        _next = first;
        var started = Stopwatch.StartNew();
        Thread[] threads = [.. Enumerable.Range(0, (int)Number("--threads", "1")).Select(_ => new Thread(() => Work(seed, count), 16 << 20) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        while (!threads.All(thread => thread.Join(s_pulse / threads.Length)))
        {
            var done = Done(first);
            Console.WriteLine(FormattableString.Invariant($"{started.Elapsed:hh\\:mm\\:ss} {done} of {count} programs, {(done - first) / started.Elapsed.TotalSeconds:F1} a second, {_failures.Count} disagreements"));
            Save(resume, done);
            foreach (var (index, watch) in _running)
            {
                if (watch.Elapsed > limit)
                {
                    Console.WriteLine($"Program {index} (--from {index} --count {index + 1}) has not ended after {limit.TotalSeconds} s:\n{RandomPrograms.Generate(SeedOf(seed, index))}");
                    Save(resume, done);
                    return 1;
                }
            }
        }

        Save(resume, Done(first));
        foreach (var (what, times) in _counts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"{times,9} {what}");
        }

        Console.WriteLine($"{Done(first)} programs of seed {seed}, {_failures.Count} disagreements");
        return _failures.IsEmpty ? 0 : 1;
    }

    private static ulong SeedOf(ulong seed, long index) => (seed * Stride) + (ulong)index;

    private void Work(ulong seed, long count)
    {
        for (var index = Interlocked.Increment(ref _next) - 1; index < count; index = Interlocked.Increment(ref _next) - 1)
        {
            _running[index] = Stopwatch.StartNew();
            Examine(seed, index);
            _running.TryRemove(index, out _);
            lock (_gate)
            {
                _finished.Add(index);
            }
        }
    }

    private void Examine(ulong seed, long index)
    {
        RandomProgram program;
        try
        {
            program = RandomPrograms.Generate(SeedOf(seed, index));
        }
        catch (Exception exception)
        {
            // The generator runs what it writes, so this is a fault like any other.
            Count("disagreement while it was drawn");
            _failures.Enqueue("drawn");
            Console.WriteLine($"Program {index}: drawn: {exception}\n");
            return;
        }

        foreach (var operation in program.Operations)
        {
            Count($"operation {operation}");
        }

        var disagreement = ProgramLaws.FirstDisagreement(program, compared: (mode, engine) => Count($"mode {mode}, {engine}"));
        if (disagreement is not null)
        {
            Count($"disagreement {disagreement.Mode}, {disagreement.Engine}");
            var smallest = Shrunk(program, disagreement);
            _failures.Enqueue(disagreement.Mode);
            Console.WriteLine($"Program {index}: {disagreement.Mode}, {disagreement.Engine}: {disagreement.Message}\n{program}\n{smallest}\n{ProgramLaws.FirstDisagreement(smallest)?.Message}\n");
        }
    }

    /// <summary>The smallest program with a disagreement of the same kind.</summary>
    private static RandomProgram Shrunk(RandomProgram program, Disagreement disagreement)
    {
        var shrinker = RandomPrograms.Arbitrary();
        var started = Stopwatch.StartNew();
        while (started.Elapsed < TimeSpan.FromSeconds(20) && shrinker.Shrinker(program).FirstOrDefault(IsLike) is { } smaller)
        {
            program = smaller;
        }

        return program;

        bool IsLike(RandomProgram smaller) =>
            ProgramLaws.All.Single(law => (law.Mode, law.Engine) == (disagreement.Mode, disagreement.Engine)) is var law && ProgramLaws.Compare(law.Compare, smaller) is not null;
    }

    private void Count(string what) => _counts.AddOrUpdate(what, 1, (_, times) => times + 1);

    /// <summary>How many programs are done without a gap.</summary>
    private long Done(long first)
    {
        lock (_gate)
        {
            var done = first;
            while (_finished.Contains(done))
            {
                done++;
            }

            return done;
        }
    }

    // The file holds the number of programs that are done, the disagreements, and the counts.
    private void Save(string file, long done)
    {
        if (file.Length > 0)
        {
            File.WriteAllLines(file, [$"{done}", string.Join('|', _failures), .. _counts.Select(entry => $"{entry.Value} {entry.Key}")]);
        }
    }

    private long Restore(string file)
    {
        var lines = File.ReadAllLines(file);
        foreach (var failure in lines[1].Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            _failures.Enqueue(failure);
        }

        foreach (var line in lines[2..])
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            _counts[line[(space + 1)..]] = int.Parse(line[..space], CultureInfo.InvariantCulture);
        }

        return long.Parse(lines[0], CultureInfo.InvariantCulture);
    }
}
