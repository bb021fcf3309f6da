// The compiled workloads in one process, in turns with code by hand, so that what else the machine does falls on both alike:
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --workloads
// prints the tables of docs/performance.md.

using System.Globalization;
using static Autodiff.Benchmarks.Timing;

namespace Autodiff.Benchmarks;

/// <summary>The lower quartile of many times of each workload, as Markdown.</summary>
internal static class WorkloadTable
{
    private static readonly int[] s_operations = [1_000, 10_000, 100_000, 1_000_000];

    /// <summary>Prints the tables of workloads whose name holds a text.</summary>
    public static void Print(string filter)
    {
        bool IsWanted(string name) => name.Contains(filter, StringComparison.OrdinalIgnoreCase);

        // These first: while the others make new code, the runtime does not get to optimise what is called.
        Console.WriteLine("| value and derivative along a direction | by hand | dual numbers | dual numbers / by hand | allocated |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var name in DualNumbers.Functions.Where(IsWanted))
        {
            var function = new DualNumbers { Function = name };
            function.Setup();
            var times = Quartiles(function.ByHand, function.ByDual);
            var before = GC.GetAllocatedBytesForCurrentThread();
            function.ByDual();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Console.WriteLine($"| {name} | {Text(times[0])} | {Text(times[1])} | {Ratio(times[1], times[0])} | {allocated} bytes |");
        }

        Console.WriteLine();
        Console.WriteLine("| workload | by hand | compiled | compiled / by hand | with derivatives / value alone | first call |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var (name, workload) in CompiledWorkload.All.Where(row => IsWanted(row.Name)))
        {
            workload.Setup();
            var times = Quartiles(workload.ByHand, workload.Invoked, workload.ValueInvoked);
            var first = Quartiles(workload.FirstCall)[0];
            Console.WriteLine($"| {name} | {Text(times[0])} | {Text(times[1])} | {Ratio(times[1], times[0])} | {Ratio(times[1], times[2])} | {Text(first)} |");
        }

        Console.WriteLine();
        Console.WriteLine("| workload | one thread | two threads | one / two |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var (name, one, two) in Threaded.Where(row => IsWanted(row.Name)))
        {
            one.Setup();
            two.Setup();
            var times = Quartiles(one.Invoked, two.Invoked);
            Console.WriteLine($"| {name} | {Text(times[0])} | {Text(times[1])} | {Ratio(times[0], times[1])} |");
        }

        Console.WriteLine();
        Console.WriteLine("| operations | what | compilation | first call | then, each operation |");
        Console.WriteLine("|---:|---|---:|---:|---:|");
        foreach (var n in s_operations.Where(_ => IsWanted("chain of sines")))
        {
            PrintLarge("sines, value", n, [0.7], () => AD.CompileFor(x => ChainOfSines(x, n), new Shape()));
            PrintLarge("sines, value and derivative", n, [0.7], () => AD.CompileFor(AD.ValueAndGrad(x => ChainOfSines(x, n)), new Shape()));
        }

        foreach (var n in s_operations.Where(_ => IsWanted("Rosenbrock, written out")))
        {
            var point = Rosenbrock.Point(n / Rosenbrock.OperationsPerTerm);
            PrintLarge("Rosenbrock, value", n, point, () => AD.CompileFor(Rosenbrock.OfScalars, new Shape(point.Length)));
            PrintLarge("Rosenbrock, value and gradient", n, point, () => AD.CompileFor(AD.ValueAndGrad(Rosenbrock.OfScalars), new Shape(point.Length)));
        }
    }

    private static IEnumerable<(string Name, CompiledWorkload One, CompiledWorkload Two)> Threaded =>
    [
        .. CompiledGmm.Sizes.Skip(1).Select(size => (
            $"Gaussian mixture, {size}", (CompiledWorkload)new CompiledGmm { Size = size }, (CompiledWorkload)new CompiledGmm { Size = size, Options = new(Threads: 2) })),
        ("bundle adjustment", new CompiledBundleAdjustment(), new CompiledBundleAdjustment { Options = new(Threads: 2) }),
    ];

    /// <summary>y ← sin(xy): so many multiplications and sines.</summary>
    private static Expr ChainOfSines(Expr x, int operations)
    {
        var y = x;
        for (var i = 0; i < operations / 2; i++)
        {
            y = Expr.Sin(x * y);
        }

        return y;
    }

    private static void PrintLarge(string what, int operations, double[] point, Func<CompiledFunction> compile)
    {
        CompiledFunction? compiled = null;
        var compilation = Time(() => compiled = compile(), 1);
        var results = new double[compiled!.ResultSize];
        void Invoke() => compiled.Invoke(point, results);
        var first = Time(Invoke, 1);
        var each = Quartiles(Invoke)[0] / operations;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {operations:N0} | {what} | {Text(compilation)} | {Text(first)} | {each:0.0} ns |"));
    }
}
