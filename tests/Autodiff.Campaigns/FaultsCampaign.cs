// The table of docs/planted-faults.md: faults [--cases 200]

using System.Globalization;
using Autodiff.PropertyTests.Verification;

namespace Autodiff.Campaigns;

internal sealed class FaultsCampaign : ICampaign
{
    public string Name => "faults";

    public string Summary => "prints the table of planted faults as markdown, with the point that finds each: [--cases 200]";

    public int Run(string[] arguments)
    {
        var cases = Arguments.Number(arguments, "--cases", 200);
        Console.WriteLine("| kind | fault | found in case | simplest point | at fault |");
        Console.WriteLine("|---|---|---|---|---|");
        var missed = 0;
        foreach (var fault in PlantedFaults.All)
        {
            var found = fault.Check(cases).Match(Succ: _ => null, Fail: error => error as Counterexample);
            var blame = found is { Cause.SaysNothing: false } ? found.Blame.IfNone("nothing") : "**not found**";
            missed += blame.Contains(fault.Blamed, StringComparison.Ordinal) ? 0 : 1;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Cell(fault.Kind)} | {Cell(fault.Name)} | {found?.Case} | `{Cell(found?.Point ?? "")}` | {Cell(blame)} |"));
        }

        Console.WriteLine($"\n{PlantedFaults.All.Count} faults, {missed} missed or blamed on another operation");
        return missed == 0 ? 0 : 1;
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
}
