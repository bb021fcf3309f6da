// docs/analyzers.md: in the section of each rule the first program raises the alarm with the quoted message, and the second one, the cure, raises none.

using System.Globalization;
using System.Text.RegularExpressions;
using Autodiff.Functional.Analyzers;
using Autodiff.PropertyTests.Edges;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Autodiff.PropertyTests.Analyzers;

public partial class AnalyzersDocumentTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(Document.Root(), "docs/analyzers.md"));

    public static TheoryData<string> Rules => ["ADF001", "ADF002", "ADF003", "ADF004"];

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheTrapRaisesTheMessageAndTheCureDoesNot(string rule)
    {
        var section = s_text.Split($"\n## {rule}\n")[1].Split("\n## ")[0];
        var programs = Block().Matches(section).Select(block => new Snippet($"void Example() {{ {block.Groups["text"].Value} }}")).ToArray();
        Assert.Equal(2, programs.Length);
        Assert.Contains($"> {Assert.Single(programs[0].Messages())}\n", section, StringComparison.Ordinal);
        Assert.StartsWith(rule, Assert.Single(programs[0].Alarms()), StringComparison.Ordinal);
        Assert.Empty(programs[1].Alarms());
    }

    [Fact]
    public void EveryRuleNamesItsSection()
    {
        var analyzers = typeof(ValueReadAnalyzer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract).Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!);
        var rules = analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).OrderBy(rule => rule.Id, StringComparer.Ordinal).ToArray();
        Assert.Equal(["ADF001", "ADF002", "ADF003", "ADF004"], rules.Select(rule => rule.Id));
        Assert.All(rules, rule => Assert.EndsWith($"docs/analyzers.md#{rule.Id.ToLowerInvariant()} in the package.", rule.Description.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.All(rules, rule => Assert.Contains($"| {rule.Title.ToString()[..1].ToLowerInvariant()}{rule.Title.ToString()[1..]} |", s_text, StringComparison.Ordinal));
    }

    [GeneratedRegex("```csharp\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
