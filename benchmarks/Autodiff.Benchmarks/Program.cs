// Runs the benchmarks: all of them, or those that a filter names, as in
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --filter '*Rosenbrock*'
// and prints docs/performance.md's table from the results.

using Autodiff.Benchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;

var job = Job.Default.WithWarmupCount(4).WithIterationCount(12).WithGcConcurrent(false).WithId("eager");
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Ratios).Assembly).Run(
    args.Length == 0 ? ["--filter", "*"] : args,
    DefaultConfig.Instance.AddJob(job));
Console.WriteLine(Ratios.Table(summaries));
