// Many calls with senseless arguments.

using Autodiff.PropertyTests.Errors;

namespace Autodiff.Campaigns.Hostile;

internal sealed class HostileCampaign : ICampaign
{
    private int _number;
    private string _text = "";
    private TimeSpan _limit;

    public string Name => "hostile";

    public string Summary => "--cases N --seed S --first N --limit SECONDS: calls everything public with senseless arguments; only errors of the library may come out";

    public int Run(string[] arguments)
    {
        var options = new Options(arguments, "cases", "seed", "first", "limit");
        var (cases, seed, first) = (options.Number("cases", 1_000_000), options.Number("seed", 1), options.Number("first", 0));
        _limit = TimeSpan.FromSeconds(options.Number("limit", 20));
        var calls = new HostileCalls();
        Console.WriteLine($"{calls.Names.Count} members are called; {calls.LeftOut.Count} are not, since no value of what they take is known:");
        Console.WriteLine($"  {string.Join(", ", calls.LeftOut.Distinct())}");
        new Thread(WatchForHangs) { IsBackground = true }.Start();
        var faults = new Dictionary<string, int>();
        for (_number = first; _number < first + cases; _number++)
        {
            if (calls.Fault(seed, _number, out _text) is { } fault)
            {
                // One report for each place that a fault comes from.
                var lines = fault.Split('\n');
                var place = lines[0].Split(':')[0] + (lines.FirstOrDefault(line => line.Contains("Autodiff.Functional.", StringComparison.Ordinal) || line.Contains("Autodiff.PropertyTests.", StringComparison.Ordinal)) ?? _text);
                var count = faults[place] = faults.GetValueOrDefault(place) + 1;
                if (count == 1)
                {
                    Console.WriteLine($"case {_number}: {_text}: {string.Join('\n', lines.Take(7))}");
                }
            }

            if ((_number + 1) % 50_000 == 0)
            {
                Console.WriteLine($"{_number + 1} cases, {faults.Values.Sum()} faults");
            }
        }

        Console.WriteLine($"{cases} cases with seed {seed}: {faults.Values.Sum()} faults of {faults.Count} kinds");
        return faults.Count == 0 ? 0 : 1;
    }

    /// <summary>A call hangs if it has computed for longer than the limit, or waited for many times the limit.</summary>
    private void WatchForHangs()
    {
        var (number, since, used) = (-1, DateTime.UtcNow, TimeSpan.Zero);
        while (true)
        {
            Thread.Sleep(500);
            if (Volatile.Read(ref _number) is var now && now != number)
            {
                (number, since, used) = (now, DateTime.UtcNow, Environment.CpuUsage.TotalTime);
            }
            else if (Environment.CpuUsage.TotalTime - used > _limit || DateTime.UtcNow - since > 10 * _limit)
            {
                Console.WriteLine($"case {number} hangs: {_text} has not ended after {_limit.TotalSeconds} s");
                Environment.Exit(1);
            }
        }
    }
}
