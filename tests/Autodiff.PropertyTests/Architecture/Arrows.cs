// Finds the arrows in compiled sources: which line of which file names which symbol, and which file declares it.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Autodiff.PropertyTests.Architecture;

internal static class Arrows
{
    // Names without namespaces and containing types; operators and the built-in types as C# writes them.
    private static readonly SymbolDisplayFormat s_name = new(miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>The arrows between different files of a compilation, in the order of files and lines.</summary>
    public static IReadOnlyList<Arrow> Of(CSharpCompilation compilation) =>
        [.. compilation.SyntaxTrees.AsParallel().AsOrdered().SelectMany(tree => From(tree, compilation.GetSemanticModel(tree)).Distinct())];

    private static IEnumerable<Arrow> From(SyntaxTree tree, SemanticModel model)
    {
        foreach (var node in tree.GetRoot().DescendantNodes().Where(MayName))
        {
            var info = model.GetSymbolInfo(node);
            foreach (var symbol in info.Symbol is { } one ? [one] : info.CandidateSymbols)
            {
                var declared = Declared(symbol);
                if (declared is not null && FileOf(declared) is { } target && target != tree.FilePath)
                {
                    yield return new Arrow(tree.FilePath, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, NameOf(declared), target);
                }
            }
        }
    }

    // Names, and the places where a constructor, an operator, a conversion, an indexer or a deconstruction is used without its name.
    private static bool MayName(SyntaxNode node) => node switch
    {
        IdentifierNameSyntax name => !name.IsVar,
        GenericNameSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax => true,
        BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax or AssignmentExpressionSyntax => true,
        CastExpressionSyntax or ElementAccessExpressionSyntax or ElementBindingExpressionSyntax or ImplicitElementAccessSyntax => true,
        PositionalPatternClauseSyntax => true,
        _ => false,
    };

    // The declaration of a type or member: the generic definition, not a constructed type or method; null for locals, parameters and elements of
    // tuples. A member that the compiler adds to a type, such as a default constructor or the members of a record, counts as the type.
    private static ISymbol? Declared(ISymbol symbol)
    {
        var declared = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension.OriginalDefinition : symbol.OriginalDefinition;
        return declared switch
        {
            IFieldSymbol { ContainingType.IsTupleType: true } => null,
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor when FileOf(constructor) is null => constructor.ContainingType,
            IMethodSymbol or IPropertySymbol when declared.IsImplicitlyDeclared => declared.ContainingType,
            INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => declared,
            _ => null,
        };
    }

    // The name after those of the containing types. An extension block has no name, and a constructor has that of its type.
    private static string NameOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } or INamedTypeSymbol { IsExtension: true } => NameOf(symbol.ContainingType),
        { ContainingType: { } type } => NameOf(type) + "." + symbol.ToDisplayString(s_name),
        _ => symbol.ToDisplayString(s_name),
    };

    // The file that declares a symbol; for a type in several files the one that is named after it, or else the first. Null if there is none.
    private static string? FileOf(ISymbol symbol)
    {
        var files = symbol.DeclaringSyntaxReferences.Select(part => part.SyntaxTree.FilePath).ToList();
        return files.Find(file => Path.GetFileNameWithoutExtension(file) == symbol.Name) ?? files.Order(StringComparer.Ordinal).FirstOrDefault();
    }
}
