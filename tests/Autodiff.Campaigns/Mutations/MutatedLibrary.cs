// The library with all chosen mutations compiled in, each behind a switch.

using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Autodiff.Campaigns.Mutations;

internal sealed class MutatedLibrary
{
    private const string Annotation = "mutation";

    /// <summary>What the mutated code asks. The worker sets the fields.</summary>
    private const string Switch = """
        namespace Autodiff.Functional;

        internal static class ActiveMutation
        {
            public static int Id;
            public static byte[]? Reached;

            static ActiveMutation() => Id = int.TryParse(System.Environment.GetEnvironmentVariable("AUTODIFF_MUTATION"), out var id) ? id : 0;

            [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
            public static bool Is(int id)
            {
                if (Reached is { } reached)
                {
                    reached[id] = 1;
                }

                return id == Id;
            }
        }
        """;

    private static readonly string[] s_mutatedFolders =
        ["Elementwise", "Primitives", "Sweeps", "LinearAlgebra", "Programs", "Solvers", "Operators", "Transforms", "Sparsity", "Trees", "Verification"];

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Preview, DocumentationMode.None);

    private readonly CSharpCompilation _original;

    public MutatedLibrary()
    {
        var sources = Directory.EnumerateFiles(Repository.Library, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Library, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Concat(["obj/Release/net10.0/Autodiff.Functional.GlobalUsings.g.cs", "obj/Release/net10.0/Autodiff.Functional.AssemblyInfo.cs"]);
        var trees = sources.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Repository.Library, file)), s_parsing, file))
            .Append(CSharpSyntaxTree.ParseText(Switch, s_parsing, "ActiveMutation.cs"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != "Autodiff.Functional")
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create("Autodiff.Functional", trees, references, options);
        CSharpGeneratorDriver.Create([RegexGenerator()], parseOptions: s_parsing).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        _original = (CSharpCompilation)generated;
    }

    /// <summary>All mutations of the folders that are mutated, in the order of the source.</summary>
    public List<Mutation> Find(Func<string, bool> isMutated)
    {
        var mutations = new List<Mutation>();
        foreach (var tree in _original.SyntaxTrees.Where(tree => s_mutatedFolders.Contains(tree.FilePath.Split('/')[0]) && isMutated(tree.FilePath)))
        {
            var mutator = new Mutator(tree.FilePath, _original.GetSemanticModel(tree));
            mutator.Visit(tree.GetRoot());
            mutations.AddRange(mutator.Mutations);
        }

        return mutations;
    }

    /// <summary>Compiles the library with the mutations, leaving out those that do not compile. The result are the others.</summary>
    public List<Mutation> Compile(List<Mutation> mutations, string path)
    {
        while (true)
        {
            var compilation = _original;
            foreach (var group in mutations.GroupBy(mutation => mutation.Original.SyntaxTree))
            {
                var root = new Rewriter(group.ToLookup(mutation => mutation.Original)).Visit(group.Key.GetRoot())!;
                compilation = compilation.ReplaceSyntaxTree(group.Key, group.Key.WithRootAndOptions(root, s_parsing));
            }

            using var stream = new MemoryStream();
            var emitted = compilation.Emit(stream);
            if (emitted.Success)
            {
                File.WriteAllBytes(path, stream.ToArray());
                return mutations;
            }

            var errors = emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            var bad = errors.Select(MutationAt).OfType<int>().ToHashSet();
            if (bad.Count == 0)
            {
                throw new InvalidOperationException("The mutated library does not compile:\n" + string.Join('\n', errors.Take(10)));
            }

            mutations = mutations.FindAll(mutation => !bad.Contains(mutation.Id));
            Console.WriteLine($"{bad.Count} mutations do not compile");
        }
    }

    /// <summary>The innermost mutation around an error, or a mutation inside the member where it is: leaving one out may leave a variable unassigned.</summary>
    private static int? MutationAt(Diagnostic error)
    {
        if (error.Location.SourceTree is not { } tree)
        {
            return null;
        }

        var node = tree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
        var around = node.AncestorsAndSelf().FirstOrDefault(ancestor => ancestor.HasAnnotations(Annotation));
        around ??= node.AncestorsAndSelf().Select(ancestor => ancestor.DescendantNodes().FirstOrDefault(child => child.HasAnnotations(Annotation))).FirstOrDefault(found => found is not null);
        return around is null ? null : int.Parse(around.GetAnnotations(Annotation).First().Data!, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The framework's generator of regular expressions, the only one that the library uses.</summary>
    private static ISourceGenerator RegexGenerator()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var packs = Path.GetFullPath(Path.Combine(framework, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        var file = Directory.EnumerateFiles(packs, "System.Text.RegularExpressions.Generator.dll", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
        var type = Assembly.LoadFrom(file).GetType("System.Text.RegularExpressions.Generator.RegexGenerator", throwOnError: true)!;
        return ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator();
    }

    /// <summary>Puts the switches around the nodes that are mutated.</summary>
    private sealed class Rewriter(ILookup<SyntaxNode, Mutation> mutations) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? Visit(SyntaxNode? node)
        {
            var visited = base.Visit(node);
            if (node is null || visited is null)
            {
                return visited;
            }

            foreach (var mutation in mutations[node])
            {
                var text = mutation.IsStatement
                    ? $"{{ if (global::Autodiff.Functional.ActiveMutation.Is({mutation.Id})) {{ {mutation.Mutated} }} else {{ }} }}"
                    : $"(global::Autodiff.Functional.ActiveMutation.Is({mutation.Id}) ? ({mutation.Mutated}) : (0))";
                visited = (mutation.IsStatement ? (SyntaxNode)Statement(text, (StatementSyntax)visited) : Expression(text, (ExpressionSyntax)visited))
                    .WithTriviaFrom(visited)
                    .WithAdditionalAnnotations(new SyntaxAnnotation(Annotation, $"{mutation.Id}"));
            }

            return visited;
        }

        private static StatementSyntax Statement(string text, StatementSyntax original)
        {
            var block = SyntaxFactory.ParseStatement(text, options: s_parsing);
            var otherwise = block.DescendantNodes().OfType<ElseClauseSyntax>().Last().Statement;
            return block.ReplaceNode(otherwise, SyntaxFactory.Block(original));
        }

        private static ParenthesizedExpressionSyntax Expression(string text, ExpressionSyntax original)
        {
            var choice = (ParenthesizedExpressionSyntax)SyntaxFactory.ParseExpression(text, options: s_parsing);
            var otherwise = (ParenthesizedExpressionSyntax)((ConditionalExpressionSyntax)choice.Expression).WhenFalse;
            return choice.ReplaceNode(otherwise.Expression, original.WithoutTrivia());
        }
    }
}
