// The sources of a library, read from a folder and compiled in memory.

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Autodiff.PropertyTests.Architecture;

internal static class Sources
{
    // The usings that the property ImplicitUsings of Microsoft.NET.Sdk adds to each project.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // The error for a partial member without an implementing part.
    private const string NoImplementingPart = "CS8795";

    // Comments are skipped, so that a cref in one names nothing.
    private static readonly CSharpParseOptions s_language = new(LanguageVersion.CSharp14, DocumentationMode.None);

    // Nullable annotations are parsed, but the warnings about them are off, because they take most of the time of a compilation.
    private static readonly CSharpCompilationOptions s_options =
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Annotations);

    // The assemblies of the running process, by name.
    private static readonly ILookup<string, MetadataReference> s_assemblies = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .ToLookup(path => Path.GetFileNameWithoutExtension(path), MetadataReference (path) => MetadataReference.CreateFromFile(path));

    /// <summary>The text of each C# file below a folder except what a build puts there, by its path relative to the folder, with slashes.</summary>
    public static SortedDictionary<string, string> Below(string folder)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (!path.StartsWith("bin/", StringComparison.Ordinal) && !path.StartsWith("obj/", StringComparison.Ordinal))
            {
                files.Add(path, File.ReadAllText(file));
            }
        }

        return files;
    }

    /// <summary>Compiles files against the assemblies of the running process except the one that is made of them.</summary>
    public static CSharpCompilation Compile(IReadOnlyDictionary<string, string> files, string assembly = "Autodiff.Functional")
    {
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(file.Value, s_language, file.Key));
        var references = s_assemblies.Where(reference => reference.Key != assembly).SelectMany(reference => reference);
        return CSharpCompilation.Create(assembly, trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, s_language)), references, s_options);
    }

    /// <summary>The errors of a compilation, without those about methods that a source generator implements, since none is run.</summary>
    public static ImmutableArray<Diagnostic> Errors(CSharpCompilation compilation) =>
        [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && !IsLeftToGenerator(diagnostic))];

    private static bool IsLeftToGenerator(Diagnostic error) =>
        error.Id == NoImplementingPart
        && error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan) is MethodDeclarationSyntax method
        && method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "GeneratedRegex");
}
