// Mutation testing: changes the rules, primitives and transforms one place at a time, and sees whether a test fails.

using System.Diagnostics;
using System.Globalization;

namespace Autodiff.Campaigns.Mutations;

internal sealed class MutationCampaign : ICampaign
{
    /// <summary>What a test may take with a mutation: a multiple of its time, and what compiling and shrinking may add.</summary>
    private const int SlowDown = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();

    public string Name => "mutations";

    public string Summary => "--sample N --seed S --workers W --files TEXT --budget SECONDS --resume FILE --retry --tests A,B --list: which changes of the source the suite notices";

    public int Run(string[] arguments)
    {
        var options = new Options(arguments, "sample", "seed", "workers", "files", "budget", "resume", "retry", "tests", "list");
        var seed = options.Number("seed", 1);
        var files = options.Text("files") ?? "";
        var library = new MutatedLibrary();
        var all = library.Find(file => file.Contains(files, StringComparison.Ordinal));
        var equivalent = EquivalentMutations.Read();
        var changing = all.FindAll(mutation => !equivalent.Contains(mutation.Key));

        // Mutations that are tried again are those of the file, whatever has become of the source around them.
        var chosen = options.Has("retry") && options.Text("resume") is { } resumed
            ? Choose(Among(changing, MutationResults.Keys(resumed)), int.MaxValue, seed)
            : Choose(changing, options.Number("sample", options.Has("list") ? int.MaxValue : 800), seed);
        Console.WriteLine($"{all.Count} mutations in {all.DistinctBy(mutation => mutation.File).Count()} files, {all.Count(mutation => equivalent.Contains(mutation.Key))} of them known to be equivalent; {chosen.Count} chosen with seed {seed}");
        if (options.Has("list"))
        {
            chosen.ForEach(mutation => Console.WriteLine(mutation.Key));
            return 0;
        }

        // A worker inherits it.
        Environment.SetEnvironmentVariable(TestSuite.Filter, options.Text("tests"));
        var folder = Directory.CreateTempSubdirectory("autodiff-mutations-").FullName;
        try
        {
            CopyOutput(folder);
            chosen = library.Compile(chosen, Path.Combine(folder, "Autodiff.Functional.dll"));
            Console.WriteLine($"{chosen.Count} mutations compile");
            var results = new MutationResults(chosen, options.Text("resume"), options.Has("retry"));
            RunAll(chosen, results, folder, options.Number("workers", 1), TimeSpan.FromSeconds(options.Number("budget", 60)));
            results.Print(seed);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One mutation of each of <paramref name="count"/> stretches of the source of equal numbers of mutations.</summary>
    private static List<Mutation> Choose(List<Mutation> all, int count, int seed)
    {
        var random = new Random(seed);
        count = Math.Min(count, all.Count);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (start, end) = ((int)((long)i * all.Count / count), (int)((i + 1L) * all.Count / count));
            return all[random.Next(start, end)] with { Id = i + 1 };
        })];
    }

    private static List<Mutation> Among(List<Mutation> mutations, HashSet<string> keys) => mutations.FindAll(mutation => keys.Contains(mutation.Key));

    private static void CopyOutput(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private void RunAll(List<Mutation> mutations, MutationResults results, string folder, int workers, TimeSpan budget)
    {
        var open = new Queue<Mutation>(mutations.Where(mutation => !results.IsKnown(mutation)));
        if (open.Count == 0)
        {
            return;
        }

        using var first = new WorkerProcess(folder);
        var watch = Stopwatch.StartNew();
        first.Start(0);
        var coverage = SuiteCoverage.Measure(first, mutations.Max(mutation => mutation.Id), first.TestCount);
        Console.WriteLine($"{first.TestCount} tests ran in {watch.Elapsed:mm\\:ss}; {coverage.Failing.Count} fail without a mutation and are left out");
        coverage.Failing.ForEach(test => Console.WriteLine($"  {coverage.Methods[test]}"));
        var order = new TestOrder(coverage, mutations);

        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
        {
            using var process = worker == 0 ? null : new WorkerProcess(folder);
            while (true)
            {
                Mutation mutation;
                lock (_lock)
                {
                    if (!open.TryDequeue(out mutation!))
                    {
                        return;
                    }
                }

                var start = watch.Elapsed;
                var (outcome, test) = Try(mutation, process ?? first, coverage, order, budget);
                lock (_lock)
                {
                    if (outcome is Outcome.Killed or Outcome.TimedOut && test >= 0)
                    {
                        order.HasKilled(mutation, test);
                    }

                    else if (Environment.GetEnvironmentVariable(TestSuite.Filter) is not null)
                    {
                        // Some tests can kill a mutation, but not find that it survives.
                        outcome = results.Before(mutation, Outcome.NotKilledInTime);
                    }

                    results.Add(mutation, outcome, test >= 0 ? coverage.Methods[test] : "");
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed:hh\\:mm\\:ss} {results.Count}/{mutations.Count} {outcome} in {(watch.Elapsed - start).TotalSeconds:f1} s: {mutation.File}:{mutation.Line} {mutation.Key}"));
                }
            }
        });
    }

    private (Outcome Outcome, int Test) Try(Mutation mutation, WorkerProcess worker, SuiteCoverage coverage, TestOrder order, TimeSpan budget)
    {
        List<int> tests;
        bool isComplete;
        lock (_lock)
        {
            tests = order.For(mutation, budget, out isComplete);
        }

        if (tests.Count == 0)
        {
            return (Outcome.NotCovered, -1);
        }

        // What is computed once, or kept for later, is computed with the mutation only in a process of its own, which ends after it.
        var isAlone = mutation.IsStatic;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (isAlone)
            {
                worker.Start(mutation.Id);
            }

            worker.Send($"run {mutation.Id} {string.Join(' ', tests)}");
            var test = -1;
            string? answer;
            do
            {
                var limit = test < 0 ? s_patience : s_patience + TimeSpan.FromMicroseconds((double)SlowDown * coverage.Times[test]);
                answer = worker.Receive(limit);
                test = answer?.Split(' ') is ["start", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : test;
            }
            while (answer?.StartsWith("start", StringComparison.Ordinal) == true);

            var isSpoilt = answer?.StartsWith("spoilt", StringComparison.Ordinal) == true && !isAlone;
            if (answer is null || isSpoilt || isAlone)
            {
                worker.Stop();
            }

            if (answer == "survived" && isComplete && !isAlone)
            {
                isAlone = true;
            }
            else if (!isSpoilt)
            {
                return answer switch
                {
                    null => (Outcome.TimedOut, test),
                    "survived" => (isComplete ? Outcome.Survived : Outcome.NotKilledInTime, -1),
                    _ => (Outcome.Killed, test),
                };
            }
        }

        return (Outcome.Survived, -1);
    }
}
