// The workloads as generated source against the functions that the library compiles, in turns:
//   dotnet run -c Release --project benchmarks/Autodiff.SourceBenchmarks -- --write
//   dotnet run -c Release --project benchmarks/Autodiff.SourceBenchmarks
// The first command writes the source, and the second one builds it and prints the table. Published with -p:PublishAot=true, the program compares the
// same source with kernels that are interpreted, since no code can be made at run time there. A part of a name selects rows.

using System.Globalization;
using System.Runtime.CompilerServices;
using Autodiff.Benchmarks;
using static Autodiff.Benchmarks.Timing;

if (args is ["--write"])
{
    Sources.Write(Path.Combine(ProjectFolder(), "Generated"));
    return 0;
}

var sources = Sources.All;
if (sources.Count == 0)
{
    Console.WriteLine("There is no generated source yet: run with --write first.");
    return 1;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine($"| workload | {(RuntimeFeature.IsDynamicCodeSupported ? "compiled" : "interpreted")} | as source | source / library | difference | allocated |");
Console.WriteLine("|---|---:|---:|---:|---:|---:|");
foreach (var (name, workload) in CompiledWorkload.All.Where(row => row.Name.Contains(args.FirstOrDefault() ?? "", StringComparison.OrdinalIgnoreCase)))
{
    workload.Setup();
    var (source, arguments, results) = (sources[name], workload.Arguments, new double[workload.Results.Length]);
    void Generated() => source(arguments, results);
    var times = Quartiles(workload.Invoked, Generated);
    var before = GC.GetAllocatedBytesForCurrentThread();
    Generated();
    var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
    var ulps = results.Zip(workload.Results, (generated, expected) => Math.Abs(BitConverter.DoubleToInt64Bits(generated) - BitConverter.DoubleToInt64Bits(expected))).Max();
    Console.WriteLine($"| {name} | {Text(times[0])} | {Text(times[1])} | {Ratio(times[1], times[0])} | {ulps} ulps | {allocated} bytes |");
}

return 0;

static string ProjectFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
