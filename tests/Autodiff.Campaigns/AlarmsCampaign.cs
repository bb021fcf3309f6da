// Checks of right functions, none of which may fail: alarms --functions 300 --seeds 50 --seed 1 [--from N] [--cases 100] [--threads 1] [--only text]

using System.Collections.Concurrent;
using System.Diagnostics;
using Autodiff.PropertyTests.Verification;

namespace Autodiff.Campaigns;

internal sealed class AlarmsCampaign : ICampaign
{
    // How many of the slowest functions are listed.
    private const int Slowest = 15;

    public string Name => "alarms";

    public string Summary => "checks right functions with many seeds: --functions N --seeds N --seed S [--from N] [--cases 100] [--threads 1] [--only text]";

    public int Run(string[] arguments)
    {
        var (seeds, seed, cases) = (Arguments.Number(arguments, "--seeds", 1), Arguments.Number(arguments, "--seed", 1), Arguments.Number(arguments, "--cases", 100));
        var only = Arguments.Text(arguments, "--only", "");
        RightFunction[] functions = [.. RightFunctions.All.Where(function => function.Name.Contains(only, StringComparison.Ordinal))
            .Skip(Arguments.Number(arguments, "--from", 0))
            .Take(Arguments.Number(arguments, "--functions", int.MaxValue))];
        var (waiting, times) = (new ConcurrentQueue<RightFunction>(functions), new ConcurrentBag<(string Name, double Seconds)>());
        var (alarms, checks, started) = (0, 0, Stopwatch.StartNew());

        // A law keeps what it has compiled, so all seeds of a function run on one thread.
        Thread[] threads = [.. Enumerable.Range(0, Arguments.Number(arguments, "--threads", 1)).Select(_ => new Thread(Work, 16 << 20))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        foreach (var (name, seconds) in times.OrderByDescending(entry => entry.Seconds).Take(Slowest))
        {
            Console.WriteLine(FormattableString.Invariant($"{seconds / seeds,8:F3} s a check: {name}"));
        }

        Console.WriteLine(FormattableString.Invariant($"{functions.Length} functions, {checks} checks of {cases} points, {alarms} alarms, {times.Sum(entry => entry.Seconds) / Math.Max(1, checks):F3} s a check"));
        return alarms == 0 ? 0 : 1;

        void Work()
        {
            while (waiting.TryDequeue(out var function))
            {
                var watch = Stopwatch.StartNew();
                for (var k = seed; k < seed + seeds; k++)
                {
                    _ = function.Run(cases, k).IfFail(error =>
                    {
                        Interlocked.Increment(ref alarms);
                        Console.WriteLine($"ALARM {function.Name}, seed {k}: {error.Message}\n");
                        return default;
                    });
                    Interlocked.Increment(ref checks);
                }

                times.Add((function.Name, watch.Elapsed.TotalSeconds));
                Console.WriteLine(FormattableString.Invariant($"{started.Elapsed:hh\\:mm\\:ss} {functions.Length - waiting.Count} of {functions.Length} functions begun, {alarms} alarms, {watch.Elapsed.TotalSeconds / seeds:F3} s a check: {function.Name}"));
            }
        }
    }
}
