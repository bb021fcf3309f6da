// A piece of a C# program on which the analyzers and their code fixes are run in memory.

using System.Collections.Immutable;
using Autodiff.Functional.Analyzers;
using Autodiff.Functional.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Autodiff.PropertyTests.Analyzers;

/// <summary>A snippet is members of a class, or whole types if it starts with "//types".</summary>
internal sealed class Snippet
{
    private static readonly MetadataReference[] s_references = [.. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System", StringComparison.Ordinal) || name.StartsWith("netstandard", StringComparison.Ordinal) || name is "Autodiff.Functional.dll" or "LanguageExt.Core.dll" or "MathNet.Numerics.dll"))
        .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers = [new ValueReadAnalyzer(), new CapturedVariableAnalyzer(), new CompiledParameterAnalyzer(), new DiscardedResultAnalyzer()];

    private static readonly CodeFixProvider[] s_fixes = [new ValueReadCodeFix(), new DiscardedResultCodeFix()];

    private readonly Document _document;
    private readonly string _text;

    public Snippet(string members, params string[] otherFiles)
    {
        _text = $$"""
            using System;
            using System.Collections.Generic;
            using System.Linq;
            using Autodiff.Functional;
            using static Autodiff.Functional.Expr;
            public record Line(Expr Slope, Expr Offset);
            public record Spring(Expr Stiffness, double Mass, bool IsDamped);
            public class Program
            {
            {{members}}
            }
            """;
        var project = ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Snippet", "Snippet", LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable),
            parseOptions: new CSharpParseOptions(LanguageVersion.CSharp14),
            metadataReferences: s_references);
        var solution = new AdhocWorkspace().CurrentSolution.AddProject(project);
        var id = DocumentId.CreateNewId(project.Id);
        solution = solution.AddDocument(id, "Snippet.cs", _text);
        foreach (var (i, file) in otherFiles.Index())
        {
            solution = solution.AddDocument(DocumentId.CreateNewId(project.Id), $"Other{i}.cs", file);
        }

        _document = solution.GetDocument(id)!;
    }

    /// <summary>The alarms in the order of the source: their ids and the text that they point at.</summary>
    public string[] Alarms() => [.. Diagnostics().Select(diagnostic => $"{diagnostic.Id} {Pointed(diagnostic)}")];

    /// <summary>The messages of the alarms.</summary>
    public string[] Messages() => [.. Diagnostics().Select(diagnostic => diagnostic.GetMessage(null))];

    /// <summary>The snippet after the code fix of its first alarm; null if there is none. What a fix leaves must compile.</summary>
    public string? Fixed()
    {
        var diagnostic = Diagnostics()[0];
        var actions = new List<CodeAction>();
        foreach (var fix in s_fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            fix.RegisterCodeFixesAsync(new CodeFixContext(_document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None)).GetAwaiter().GetResult();
        }

        if (actions.Count == 0)
        {
            return null;
        }

        var operation = actions[0].GetOperationsAsync(CancellationToken.None).GetAwaiter().GetResult().OfType<ApplyChangesOperation>().Single();
        var changed = operation.ChangedSolution.GetDocument(_document.Id)!;
        changed = Microsoft.CodeAnalysis.Simplification.Simplifier.ReduceAsync(changed).GetAwaiter().GetResult();
        Compiled(changed);
        return changed.GetTextAsync().GetAwaiter().GetResult().ToString();
    }

    private Diagnostic[] Diagnostics()
    {
        var found = Compiled(_document).WithAnalyzers(s_analyzers).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        Assert.DoesNotContain(found, diagnostic => !diagnostic.Id.StartsWith("ADF", StringComparison.Ordinal));
        return [.. found.OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static string Pointed(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);

    private static Microsoft.CodeAnalysis.Compilation Compiled(Document document)
    {
        var compilation = document.Project.GetCompilationAsync().GetAwaiter().GetResult()!;
        Assert.DoesNotContain(compilation.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return compilation;
    }
}
