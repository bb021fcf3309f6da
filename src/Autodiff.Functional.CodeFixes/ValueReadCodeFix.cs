// The cure of ADF001: the formula on numbers becomes the same formula on expressions.

using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Autodiff.Functional.CodeFixes;

/// <summary>Turns <c>Math.Exp(x.Value)</c> into <c>Expr.Exp(x)</c>, and <c>(double)x</c> into <c>x</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class ValueReadCodeFix : CodeFixProvider
{
    private const string Expr = "Autodiff.Functional.Expr";
    private const string Title = "Compute with the expression";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["ADF001"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model?.Compilation.GetTypeByMetadataName(Expr) is not { } expr)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax read
                && Formula(read, model, expr) is { } formula)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        Title,
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(formula, OnExpressions(formula, model, expr)))),
                        equivalenceKey: Title),
                    diagnostic);
            }
        }
    }

    /// <summary>
    /// The largest formula on numbers around a read that becomes an expression at once, if all functions in it have counterparts on expressions.
    /// </summary>
    private static ExpressionSyntax? Formula(ExpressionSyntax read, SemanticModel model, ITypeSymbol expr)
    {
        var formula = read;
        while (formula.Parent switch
        {
            ParenthesizedExpressionSyntax parenthesized => parenthesized,
            BinaryExpressionSyntax binary => binary,
            PrefixUnaryExpressionSyntax unary => unary,
            CastExpressionSyntax cast => cast,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } when Counterpart(call, model, expr) is not null => (ExpressionSyntax)call,
            _ => null,
        } is { } outer && model.GetTypeInfo(outer).Type?.SpecialType == SpecialType.System_Double)
        {
            formula = outer;
        }

        bool IsExpr(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, expr);
        var becomesOne = IsExpr(model.GetTypeInfo(formula).ConvertedType)
            || (formula.Parent is BinaryExpressionSyntax or AssignmentExpressionSyntax && IsExpr(model.GetTypeInfo(formula.Parent).Type));
        return becomesOne && !IsExpr(model.GetTypeInfo(formula).Type) ? formula : null;
    }

    /// <summary>The name of the function on expressions that a function on numbers corresponds to.</summary>
    private static string? Counterpart(InvocationExpressionSyntax call, SemanticModel model, ITypeSymbol expr) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { IsStatic: true } method
        && (method.ContainingType.SpecialType == SpecialType.System_Double || method.ContainingType.ToDisplayString() == "System.Math")
        && expr.GetMembers(method.Name).OfType<IMethodSymbol>().Any(candidate => candidate.IsStatic && candidate.Parameters.Length == method.Parameters.Length
            && candidate.Parameters.All(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, expr)))
            ? method.Name
            : null;

    private static ExpressionSyntax OnExpressions(ExpressionSyntax formula, SemanticModel model, ITypeSymbol expr)
    {
        var rewritten = (ExpressionSyntax)new Rewriter(model, expr).Visit(formula);
        return rewritten.WithTriviaFrom(formula).WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
    }

    private sealed class Rewriter(SemanticModel model, ITypeSymbol expr) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitMemberAccessExpression(MemberAccessExpressionSyntax node) =>
            node.Name.Identifier.ValueText == "Value" && IsExpr(node.Expression) ? Operand(node.Expression) : base.VisitMemberAccessExpression(node);

        public override SyntaxNode? VisitCastExpression(CastExpressionSyntax node) =>
            IsExpr(node.Expression) && model.GetTypeInfo(node).Type?.SpecialType == SpecialType.System_Double ? Operand(node.Expression) : base.VisitCastExpression(node);

        public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
        {
            if (node.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToArray" or "ToTensor" } read && IsExpr(read.Expression))
            {
                return Operand(read.Expression);
            }

            return Counterpart(node, model, expr) is { } name
                ? node
                    .WithExpression(SyntaxFactory.ParseExpression($"global::{Expr}.{name}").WithTriviaFrom(node.Expression).WithAdditionalAnnotations(Simplifier.Annotation))
                    .WithArgumentList((ArgumentListSyntax)Visit(node.ArgumentList))
                : base.VisitInvocationExpression(node);
        }

        private bool IsExpr(ExpressionSyntax node) => SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(node).Type, expr);

        private static ExpressionSyntax Operand(ExpressionSyntax node) => node.WithAdditionalAnnotations(Simplifier.Annotation);
    }
}
