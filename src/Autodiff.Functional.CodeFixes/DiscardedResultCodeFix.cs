// The cure of ADF004: the result is kept.

using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Autodiff.Functional.CodeFixes;

/// <summary>Turns <c>Expr.Update(x, i, value);</c> into <c>x = Expr.Update(x, i, value);</c>, and other calls into declarations.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class DiscardedResultCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["ADF004"];

    /// <inheritdoc/>
    /// <remarks>There is none: the names of new variables are chosen one at a time.</remarks>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            if (root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<ExpressionStatementSyntax>() is { Expression: InvocationExpressionSyntax call } statement)
            {
                var argument = Argument(call, model);
                if (argument is null && statement.Parent is not (BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax))
                {
                    // A declaration cannot be the only statement of an if or a loop.
                    continue;
                }

                var (title, kept) = argument is not null
                    ? ((string, StatementSyntax))($"Assign the result to '{argument}'", Assigned(argument, call))
                    : ("Keep the result in a variable", Declared(Free(root, model, statement), call));
                context.RegisterCodeFix(
                    CodeAction.Create(
                        title,
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(statement, kept.WithTriviaFrom(statement).WithAdditionalAnnotations(Formatter.Annotation)))),
                        equivalenceKey: "Keep the result"),
                    diagnostic);
            }
        }
    }

    /// <summary>The variable that the call takes first, or is called on, and that its result can replace.</summary>
    private static IdentifierNameSyntax? Argument(InvocationExpressionSyntax call, SemanticModel model) =>
        First(call, model) is IdentifierNameSyntax argument
        && model.GetSymbolInfo(argument).Symbol is ILocalSymbol { IsConst: false, IsForEach: false, IsUsing: false } or IParameterSymbol { RefKind: RefKind.None or RefKind.Ref } or IFieldSymbol { IsReadOnly: false, IsConst: false }
        && SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(argument).Type, model.GetTypeInfo(call).Type)
            ? argument
            : null;

    private static ExpressionSyntax? First(InvocationExpressionSyntax call, SemanticModel model) =>
        call.Expression is MemberAccessExpressionSyntax { Expression: var receiver } && model.GetSymbolInfo(receiver).Symbol is not (INamespaceOrTypeSymbol or null)
            ? receiver
            : call.ArgumentList.Arguments.FirstOrDefault()?.Expression;

    private static ExpressionStatementSyntax Assigned(IdentifierNameSyntax variable, InvocationExpressionSyntax call) => SyntaxFactory.ExpressionStatement(
        SyntaxFactory.AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, variable.WithoutTrivia(), call.WithoutTrivia()));

    private static LocalDeclarationStatementSyntax Declared(string name, InvocationExpressionSyntax call) => SyntaxFactory.LocalDeclarationStatement(
        SyntaxFactory.VariableDeclaration(SyntaxFactory.IdentifierName("var"), SyntaxFactory.SingletonSeparatedList(
            SyntaxFactory.VariableDeclarator(name).WithInitializer(SyntaxFactory.EqualsValueClause(call.WithoutTrivia())))));

    /// <summary>A name that no variable in reach has.</summary>
    private static string Free(SyntaxNode root, SemanticModel model, StatementSyntax statement)
    {
        // Statements at the top of a file share their names with each other.
        var member = statement.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault(owner => owner is not GlobalStatementSyntax) ?? root;
        var taken = new HashSet<string>(
            member.DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText)
                .Concat(model.LookupSymbols(statement.SpanStart).Select(symbol => symbol.Name)));
        var (name, number) = ("result", 1);
        while (taken.Contains(name))
        {
            name = $"result{++number}";
        }

        return name;
    }
}
