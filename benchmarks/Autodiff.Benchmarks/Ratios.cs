// The figures that matter on a noisy machine: how many times one median of a run is another of the same run.

using System.Globalization;
using BenchmarkDotNet.Reports;

namespace Autodiff.Benchmarks;

/// <summary>The ratios that docs/performance.md states.</summary>
internal static class Ratios
{
    /// <summary>A Markdown table with a row for each benchmark: its median, and that over the baseline of its class.</summary>
    public static string Table(IEnumerable<Summary> summaries)
    {
        var rows = new List<string> { "| workload | what | median | × baseline |", "|---|---|---:|---:|" };
        foreach (var summary in summaries)
        {
            foreach (var group in summary.Reports.Where(report => report.ResultStatistics is not null).GroupBy(report => report.BenchmarkCase.Parameters.DisplayInfo))
            {
                var baseline = group.FirstOrDefault(report => report.BenchmarkCase.Descriptor.Baseline)?.ResultStatistics?.Median;
                rows.AddRange(group.Select(report => Row(report, baseline)));
            }
        }

        return string.Join(Environment.NewLine, rows);
    }

    private static string Row(BenchmarkReport report, double? baseline)
    {
        var descriptor = report.BenchmarkCase.Descriptor;
        var median = report.ResultStatistics!.Median;
        var ratio = baseline is { } of ? (median / of).ToString("0.00", CultureInfo.InvariantCulture) : "";
        return $"| {descriptor.Type.Name} {report.BenchmarkCase.Parameters.DisplayInfo} | {descriptor.WorkloadMethodDisplayInfo} | {Text(median)} | {ratio} |";
    }

    private static string Text(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0.0} ns"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0.0} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.00} ms"),
    };
}
