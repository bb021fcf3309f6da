// Which lines of the library the suite runs.

using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

namespace Autodiff.Campaigns.Coverage;

internal sealed class CoverageCampaign : ICampaign
{
    private const double Target = 95;

    private static readonly string[] s_suites = ["Autodiff.PropertyTests", "Autodiff.FSharpTests"];

    public string Name => "coverage";

    public string Summary => "--lines FOLDER: how many lines of each folder the suite runs, and which it does not run";

    public int Run(string[] arguments)
    {
        var options = new Options(arguments, "lines", "filter");
        var folder = Directory.CreateTempSubdirectory("autodiff-coverage-").FullName;
        try
        {
            foreach (var suite in s_suites)
            {
                Console.WriteLine($"{suite} …");
                Measure(suite, folder, options.Text("filter"));
            }

            var lines = Directory.EnumerateFiles(folder, "coverage.cobertura.xml", SearchOption.AllDirectories).SelectMany(Read)
                .GroupBy(line => (line.File, line.Number), (place, lines) => (place.File, place.Number, IsRun: lines.Any(line => line.IsRun))).ToList();
            if (options.Text("lines") is { } part)
            {
                PrintMissing(lines.Where(line => !line.IsRun && line.File.Contains(part == "true" ? "" : part, StringComparison.Ordinal)));
            }

            foreach (var group in lines.GroupBy(line => Path.GetDirectoryName(line.File)!).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                Print(group.Key + "/", group.Count(line => line.IsRun), group.Count());
            }

            var percent = Print("all", lines.Count(line => line.IsRun), lines.Count);
            return percent >= Target ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string suite, string folder, string? filter)
    {
        var settings = Path.Combine(Repository.Campaigns, "Coverage", "coverage.runsettings");
        List<string> command = ["test", Path.Combine(Repository.Root, "tests", suite), "-c", "Release", "--settings", settings, "--collect", "XPlat code coverage", "--results-directory", folder];
        if (filter is not null)
        {
            command.AddRange(["--filter", filter]);
        }

        using var process = Process.Start(new ProcessStartInfo("dotnet", command) { WorkingDirectory = Repository.Root })!;
        process.WaitForExit();
    }

    private static IEnumerable<(string File, int Number, bool IsRun)> Read(string report)
    {
        var document = XDocument.Load(report);
        var root = (string)document.Descendants("source").First();
        foreach (var type in document.Descendants("class"))
        {
            var file = Path.GetRelativePath(Repository.Library, Path.Combine(root, (string)type.Attribute("filename")!));
            foreach (var line in type.Elements("lines").Elements("line").Where(_ => !file.StartsWith("..", StringComparison.Ordinal) && !file.StartsWith("obj", StringComparison.Ordinal)))
            {
                yield return (file, (int)line.Attribute("number")!, (int)line.Attribute("hits")! > 0);
            }
        }
    }

    private static void PrintMissing(IEnumerable<(string File, int Number, bool IsRun)> lines)
    {
        foreach (var file in lines.GroupBy(line => line.File).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var source = File.ReadAllLines(Path.Combine(Repository.Library, file.Key));
            foreach (var (_, number, _) in file.OrderBy(line => line.Number))
            {
                Console.WriteLine($"{file.Key}:{number}: {source[number - 1].Trim()}");
            }
        }
    }

    private static double Print(string name, int run, int all)
    {
        var percent = 100.0 * run / all;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-40} {run,6} of {all,6} lines {percent,6:f1} %"));
        return percent;
    }
}
