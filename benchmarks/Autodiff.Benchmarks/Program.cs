// Runs the benchmarks: all of them, or those that a filter names, as in
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --filter '*Rosenbrock*'
// and prints a table of medians and ratios. With --workloads, and part of a name if wanted, it times the compiled workloads itself:
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --workloads gaussian
// with --higher-orders derivatives of high order, differential operators and Hessians:
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --higher-orders
// with --functions functions of large tensors:
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --functions sort
// and with --first-seconds what a process does in its first seconds:
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --first-seconds

using Autodiff.Benchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;

if (args is ["--workloads", ..])
{
    WorkloadTable.Print(args.ElementAtOrDefault(1) ?? "");
    return;
}

if (args is ["--higher-orders"])
{
    HigherOrderTable.Print();
    return;
}

if (args is ["--functions", ..])
{
    FunctionTable.Print(args.ElementAtOrDefault(1) ?? "");
    return;
}

if (args is ["--first-seconds", ..])
{
    FirstSeconds.Print(args.ElementAtOrDefault(1) ?? "");
    return;
}

if (args is ["--first-seconds-of", var row])
{
    FirstSeconds.MeasureHere(row);
    return;
}

// The collector's settings are those that docs/performance.md recommends: large arrays are young objects like any other,
// and no background collector works beside.
var job = Job.Default
    .WithWarmupCount(16)
    .WithIterationCount(12)
    .WithIterationTime(TimeInterval.FromMilliseconds(200))
    .WithGcConcurrent(false)
    .WithEnvironmentVariables(new EnvironmentVariable("DOTNET_GCLOHThreshold", "0x2000000"))
    .WithId("eager");
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Ratios).Assembly).Run(
    args.Length == 0 ? ["--filter", "*"] : args,
    DefaultConfig.Instance.AddJob(job));
Console.WriteLine(Ratios.Table(summaries));
