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
        return becomesOne && !IsExpr(model.GetTypeInfo(formula).Type) && CanBeExpression(formula, model, expr) ? formula : null;
    }

    /// <summary>Whether a formula on numbers means the same on expressions: reads are in sums, products and functions that expressions have.</summary>
    private static bool CanBeExpression(ExpressionSyntax formula, SemanticModel model, ITypeSymbol expr) => !HasReads(formula, model, expr) || Operand(formula, model, expr) is not null || formula switch
    {
        ParenthesizedExpressionSyntax parenthesized => CanBeExpression(parenthesized.Expression, model, expr),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.SubtractExpression or (int)SyntaxKind.MultiplyExpression or (int)SyntaxKind.DivideExpression } binary =>
            CanBeExpression(binary.Left, model, expr) && CanBeExpression(binary.Right, model, expr),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression or (int)SyntaxKind.UnaryPlusExpression } unary => CanBeExpression(unary.Operand, model, expr),
        InvocationExpressionSyntax call => Counterpart(call, model, expr) is not null && call.ArgumentList.Arguments.All(argument => CanBeExpression(argument.Expression, model, expr)),
        _ => false,
    };

    private static bool HasReads(SyntaxNode node, SemanticModel model, ITypeSymbol expr) =>
        node.DescendantNodesAndSelf().OfType<ExpressionSyntax>().Any(part => Operand(part, model, expr) is not null);

    /// <summary>The expression whose numbers are read; null if none are.</summary>
    private static ExpressionSyntax? Operand(ExpressionSyntax node, SemanticModel model, ITypeSymbol expr)
    {
        var operand = node switch
        {
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Value" } member => member.Expression,
            CastExpressionSyntax cast when model.GetTypeInfo(cast).Type?.SpecialType == SpecialType.System_Double => cast.Expression,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToArray" or "ToTensor" } member } => member.Expression,
            _ => null,
        };
        return operand is not null && SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(operand).Type, expr) ? operand : null;
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
        var rewritten = (ExpressionSyntax)new Rewriter(model, expr).Visit(formula)!;
        return rewritten.WithTriviaFrom(formula).WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
    }

    private sealed class Rewriter(SemanticModel model, ITypeSymbol expr) : CSharpSyntaxRewriter
    {
        /// <summary>A part without reads is one on numbers, and stays as it is.</summary>
        public override SyntaxNode? Visit(SyntaxNode? node) =>
            node is not ExpressionSyntax part ? base.Visit(node)
            : Operand(part, model, expr) is { } operand ? operand.WithAdditionalAnnotations(Simplifier.Annotation)
            : HasReads(part, model, expr) ? base.Visit(part)
            : part;

        public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node) => node
            .WithExpression(SyntaxFactory.ParseExpression($"global::{Expr}.{Counterpart(node, model, expr)}").WithTriviaFrom(node.Expression).WithAdditionalAnnotations(Simplifier.Annotation))
            .WithArgumentList((ArgumentListSyntax)Visit(node.ArgumentList)!);
    }
}
