// Whether memory stays flat under hours of mixed work.

using System.Diagnostics;
using System.Globalization;
using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.Campaigns.Memory;

internal sealed class MemoryCampaign : ICampaign
{
    /// <summary>What the last half of the samples may lie above the first half, after the first fifth: a share, and megabytes.</summary>
    private const double AllowedShare = 0.05;
    private const double AllowedManaged = 2;
    private const double AllowedWorkingSet = 24;

    private long _rounds;
    private volatile bool _hasEnded;

    public string Name => "memory";

    public string Summary => "--minutes N --threads N --seed S: whether memory stays flat under mixed work";

    public int Run(string[] arguments)
    {
        var options = new Options(arguments, "minutes", "threads", "seed");
        var (minutes, threads, seed) = (options.Number("minutes", 60), options.Number("threads", 2), options.Number("seed", 1));
        var workers = Enumerable.Range(0, threads).Select(k => new Thread(() => Work(new Random(seed + k)))).ToList();
        workers.ForEach(worker => worker.Start());

        // Short runs are sampled more often, so that there are enough samples to compare.
        var interval = TimeSpan.FromSeconds(minutes < 20 ? 10 : 60);
        var samples = new List<(double Managed, double WorkingSet)>();
        using var process = Process.GetCurrentProcess();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(minutes);)
        {
            Thread.Sleep(interval);
            var managed = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
            process.Refresh();
            samples.Add((managed, process.WorkingSet64 / 1e6));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed:hh\\:mm\\:ss} {managed,8:f1} MB managed {samples[^1].WorkingSet,8:f1} MB working set {Interlocked.Read(ref _rounds),9} rounds"));
        }

        _hasEnded = true;
        workers.ForEach(worker => worker.Join());
        var isFlat = IsFlat("managed", samples.ConvertAll(sample => sample.Managed), AllowedManaged) & IsFlat("working set", samples.ConvertAll(sample => sample.WorkingSet), AllowedWorkingSet);
        Console.WriteLine($"{_rounds} rounds on {threads} threads in {minutes} minutes with seed {seed}: {(isFlat ? "flat" : "NOT flat")}");
        return isFlat ? 0 : 1;
    }

    private static bool IsFlat(string name, List<double> samples, double allowed)
    {
        var settled = samples[(samples.Count / 5)..];
        var (before, after) = (Median(settled[..(settled.Count / 2)]), Median(settled[(settled.Count / 2)..]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {before:f1} MB in the first half, {after:f1} MB in the second"));
        return after - before <= allowed + (AllowedShare * before);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private void Work(Random random)
    {
        while (!_hasEnded)
        {
            Round(random);
            Interlocked.Increment(ref _rounds);
        }
    }

    /// <summary>One piece of work, whose results are dropped.</summary>
    private static void Round(Random random)
    {
        var n = 2 + random.Next(20);
        var x = Constant([.. Enumerable.Range(0, n).Select(_ => random.NextDouble())], new Shape(n));
        Func<Expr, Expr> chain = v => Sum(Sin(v[1..] * v[..^1]) + Exp(-v[1..]));
        switch (random.Next(7))
        {
            case 0:
                var program = new PropertyTests.Generators.Program(x, [.. Enumerable.Range(0, 12).Select(_ => new Instruction(random.Next(1000), random.Next(1000), random.Next(1000), random.Next(1000)))]);
                _ = Grad(program.Scalar)(x);
                _ = Compile(Grad(program.Scalar))(x);
                break;
            case 1:
                _ = Compile(Grad(chain))(x);
                break;
            case 2:
                _ = Grad(v => Sum(Iterate(1 + random.Next(30), s => Tanh(s * v), v)))(x);
                break;
            case 3:
                _ = Vmap(Grad(chain))(Stack([x, x + 1, x * 2]));
                break;
            case 4:
                _ = SparseHessian(chain)(x);
                _ = SparseJacobian(v => v[1..] * v[..^1])(x);
                break;
            case 5:
                _ = Taylor(t => Sin(t) / (1 + Exp(t * t)), 8)(random.NextDouble());
                break;
            default:
                _ = Hessian(chain)(x);
                _ = Grad(chain)(Variable("x", new Shape(n))).ToString();
                break;
        }
    }
}
