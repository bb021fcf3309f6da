// Keeps README.md, docs/guide.md, docs/functions.md, docs/programs.md, docs/compile.md, docs/data.md, docs/higher-orders.md, docs/trees.md, docs/verification.md and docs/from-scratch.md true, and the
// diffs of CONTRIBUTING.md. Each of their C# blocks is a Snippet of Readme.cs, Guide.cs, FunctionsDocument.*.cs, ProgramsDocument.cs, CompileDocument.cs, DataDocument.cs,
// HigherOrdersDocument.cs, TreesDocument.cs, VerificationDocument.cs or FromScratchDocument.cs, word for word, and each comment in it is
// output: of the block, in order, and all of it. Longer output stands in the block after. To change a program, change both; a failing
// test shows what it prints. Blocks that declare types or members are text of a source file in this folder or in GenericMath.

using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Autodiff.PropertyTests.Edges;
using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

public partial class DocumentTests
{
    private static readonly string s_root = Document.Root();
    private static readonly string[] s_declared = ["Documentation", "GenericMath"];

    private static readonly Dictionary<string, Snippet[]> s_snippets = new()
    {
        ["README.md"] = Readme.Snippets,
        ["docs/guide.md"] = Guide.Snippets,
        ["docs/functions.md"] = FunctionsDocument.Snippets,
        ["docs/programs.md"] = ProgramsDocument.Snippets,
        ["docs/compile.md"] = CompileDocument.Snippets,
        ["docs/data.md"] = DataDocument.Snippets,
        ["docs/higher-orders.md"] = HigherOrdersDocument.Snippets,
        ["docs/trees.md"] = TreesDocument.Snippets,
        ["docs/verification.md"] = VerificationDocument.Snippets,
        ["docs/from-scratch.md"] = FromScratch.FromScratchDocument.Snippets,
    };

    public static TheoryData<string> Documents => [.. s_snippets.Keys];

    public static TheoryData<string, int> Programs
    {
        get
        {
            var programs = new TheoryData<string, int>();
            foreach (var (document, snippets) in s_snippets)
            {
                for (var i = 0; i < snippets.Length; i++)
                {
                    programs.Add(document, i);
                }
            }

            return programs;
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_has_as_many_programs_as_snippets(string document) =>
        Assert.Equal(s_snippets[document].Length, ProgramsOf(document).Count);

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_is_a_snippet_word_for_word(string document, int index) =>
        Assert.Equal(s_snippets[document][index].Text, ProgramsOf(document)[index].Text);

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_prints_what_the_document_shows(string document, int index)
    {
        var shown = ProgramsOf(document)[index].Output;
        var printed = Place().Replace(s_snippets[document][index].Output(), "at Program.cs:12");

        // The last digits are those of the platform's mathematical functions.
        Assert.Equal(Number().Replace(shown, "#"), Number().Replace(printed, "#"));
        foreach (var (expected, found) in Numbers(shown).Zip(Numbers(printed)))
        {
            Assert.Equal(expected, found, 1e-12 * Math.Abs(expected));
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void What_a_document_declares_is_declared_in_its_snippets(string document)
    {
        var sources = string.Concat(s_declared.SelectMany(folder => Directory.GetFiles(Path.Combine(s_root, "tests/Autodiff.PropertyTests", folder), "*.cs")).Select(File.ReadAllText));
        Assert.All(DeclarationsOf(document), declaration => Assert.Contains(Blank().Replace(declaration, ""), Blank().Replace(sources, ""), StringComparison.Ordinal));
    }

    /// <summary>All documents, also those without programs.</summary>
    public static TheoryData<string> All =>
        [.. Directory.GetFiles(s_root, "*.md").Concat(Directory.GetFiles(Path.Combine(s_root, "docs"), "*.md")).Select(file => Path.GetRelativePath(s_root, file).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(All))]
    public void The_links_of_a_document_lead_somewhere(string document)
    {
        var text = Read(document);
        var folder = Path.GetDirectoryName(document)!;
        string Linked(Match link) => link.Groups["file"].Length == 0 ? document : Path.Combine(folder, link.Groups["file"].Value);
        Assert.All(Link().Matches(text), link => Assert.True(File.Exists(Path.Combine(s_root, Linked(link))), link.Value));
        Assert.All(Link().Matches(text), link => Assert.True(
            link.Groups["heading"].Length == 0 || Heading().Matches(Read(Linked(link))).Any(heading => Anchor(heading.Groups["text"].Value) == link.Groups["heading"].Value), link.Value));
    }

    /// <summary>What a diff of CONTRIBUTING.md adds is there, or what it stands beside is, in order: it can be applied.</summary>
    [Fact]
    public void The_diffs_for_contributors_fit_the_files()
    {
        var diffs = Diff().Matches(Read("CONTRIBUTING.md"));
        Assert.NotEmpty(diffs);
        Assert.All(diffs, diff =>
        {
            var file = Read(diff.Groups["file"].Value).Split('\n');
            var lines = diff.Groups["lines"].Value.TrimEnd('\n').Split('\n').Where(line => !line.StartsWith("@@", StringComparison.Ordinal)).ToArray();
            var before = lines.Where(line => line[0] != '+').Select(line => line[1..]).ToArray();
            var after = lines.Where(line => line[0] != '-').Select(line => line[1..]).ToArray();
            Assert.True(AreIn(after, file) || (before.Length > 0 && AreIn(before, file)), diff.Value);
        });
    }

    private static bool AreIn(string[] lines, string[] file)
    {
        var next = 0;
        foreach (var line in file)
        {
            next += next < lines.Length && line == lines[next] ? 1 : 0;
        }

        return next == lines.Length;
    }

    [Fact]
    public void The_readme_names_every_function()
    {
        var readme = Read("README.md");
        var functions = new[] { typeof(AD), typeof(Expr) }
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(function => !function.IsSpecialName)
            .Select(function => function.Name)
            .Distinct();
        Assert.All(functions, function => Assert.Matches($@"\b{function}\b", readme));
    }

    [Property]
    public bool The_derivatives_of_a_softened_step_are_right(sbyte at) =>
        Check.Gradients(x => Tanh(x) * Softplus(x), at / 32.0).IsSucc;

    /// <summary>The C# blocks that run, less their declarations, and the output that is shown with each.</summary>
    private static List<(string Text, string Output)> ProgramsOf(string document)
    {
        var blocks = Block().Matches(Read(document));
        return
        [
            .. from i in Enumerable.Range(0, blocks.Count)
               where IsCSharp(blocks[i]) && !IsMember(blocks[i])
               let text = Declaration().Replace(blocks[i].Groups["text"].Value, "").Trim()
               where text.Length > 0
               let isOutputNext = i + 1 < blocks.Count && blocks[i + 1].Groups["language"].Value is "mermaid" or "text"
               select (text, isOutputNext ? blocks[i + 1].Groups["text"].Value.TrimEnd() : string.Join('\n', Comment().Matches(text).Select(comment => comment.Groups["text"].Value))),
        ];
    }

    /// <summary>The records and the members in C# blocks.</summary>
    private static IEnumerable<string> DeclarationsOf(string document) => Block().Matches(Read(document))
        .Where(IsCSharp)
        .SelectMany(block => Declaration().Matches(block.Groups["text"].Value)
            .Select(declaration => declaration.Value)
            .Where(declaration => !declaration.StartsWith("using", StringComparison.Ordinal))
            .Concat(IsMember(block) ? [Declaration().Replace(block.Groups["text"].Value, "")] : []));

    private static bool IsCSharp(Match block) => block.Groups["language"].Value == "csharp";

    private static bool IsMember(Match block) => Member().IsMatch(Declaration().Replace(block.Groups["text"].Value, ""));

    private static IEnumerable<double> Numbers(string text) =>
        Number().Matches(text).Select(number => double.Parse(number.Value, CultureInfo.InvariantCulture));

    /// <summary>The name by which a link reaches a heading: lower case, letters only, hyphens for blanks.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-')).Replace(' ', '-');

    internal static string Read(string document) => File.ReadAllText(Path.Combine(s_root, document)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^```diff\n--- .*\n\+\+\+ b/(?<file>.*)\n(?<lines>(.+\n)*?)```$", RegexOptions.Multiline)]
    private static partial Regex Diff();

    [GeneratedRegex(@"^(using [\w. ]+|record .*);$", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\s*(\[|internal )")]
    private static partial Regex Member();

    [GeneratedRegex(@"(?<=^|\s)// (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    /// <summary>The place of a program in this folder, which the documents show as one in a program of the reader's.</summary>
    [GeneratedRegex(@"at \w+\.cs:\d+")]
    internal static partial Regex Place();

    [GeneratedRegex(@"-?\d+(\.\d+)?(E[+-]\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"\]\((?!http)(?<file>[^)#]*)(#(?<heading>[^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^##+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
