// Finds the source of a function that is passed as an argument: a lambda, a local that holds one, a local function, a method or a field.

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Autodiff.Functional.Analyzers;

/// <summary>A function with its source.</summary>
/// <param name="symbol">The method, local function or lambda.</param>
/// <param name="body">What it does.</param>
internal sealed class Function(IMethodSymbol symbol, IOperation body)
{
    public IMethodSymbol Symbol { get; } = symbol;

    public IOperation Body { get; } = body;
}

/// <summary>Finds functions that the operations of a member refer to.</summary>
/// <param name="roots">The operations of the member that is analysed.</param>
internal sealed class Functions(ImmutableArray<IOperation> roots)
{
    // Locals and fields that hold each other, as in code that is being written, end nowhere.
    private const int MostSteps = 32;

    /// <summary>The function that an argument stands for, if its source is known.</summary>
    public Function? Of(IOperation? argument) => Of(argument, MostSteps);

    private Function? Of(IOperation? argument, int steps)
    {
        switch (argument)
        {
            case null:
            case not null when steps == 0:
                return null;
            case IArgumentOperation passed:
                return Of(passed.Value, steps - 1);
            case IConversionOperation conversion:
                return Of(conversion.Operand, steps - 1);
            case IParenthesizedOperation parenthesized:
                return Of(parenthesized.Operand, steps - 1);
            case IDelegateCreationOperation creation:
                return Of(creation.Target, steps - 1);
            case IAnonymousFunctionOperation lambda:
                return new(lambda.Symbol, lambda.Body);
            case IMethodReferenceOperation reference:
                return Of(reference.Method, reference);
            case ILocalReferenceOperation local:
                return Of(roots.SelectMany(root => root.DescendantsAndSelf()).OfType<IVariableDeclaratorOperation>()
                    .FirstOrDefault(declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, local.Local))?.GetVariableInitializer()?.Value, steps - 1);
            case IFieldReferenceOperation { Field.IsReadOnly: true } field
                when field.Field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is VariableDeclaratorSyntax { Initializer: { } initializer }:
                return Of((Operation(initializer, field) as IFieldInitializerOperation)?.Value, steps - 1);
            default:
                return null;
        }
    }

    /// <summary>The function of a method symbol, if its source is known and no override can take its place.</summary>
    /// <param name="method">The method.</param>
    /// <param name="from">The operation that refers to it.</param>
    public Function? Of(IMethodSymbol method, IOperation from)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return roots.SelectMany(root => root.DescendantsAndSelf()).OfType<ILocalFunctionOperation>()
                .FirstOrDefault(function => SymbolEqualityComparer.Default.Equals(function.Symbol, method.OriginalDefinition)) is { Body: { } body } found
                ? new(found.Symbol, body)
                : null;
        }

        return method.IsVirtual || method.IsAbstract || method.IsOverride || method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not MethodDeclarationSyntax declaration
            ? null
            : Operation(declaration, from) is IMethodBodyOperation whole && (whole.BlockBody ?? whole.ExpressionBody) is { } block
                ? new(method.OriginalDefinition, block)
                : null;
    }

#pragma warning disable RS1030 // A function in another file has another semantic model. It is asked for only where a function that is given to a transform is there, or one that it calls.
    /// <summary>The operation of a node; null if the node belongs to another project of the solution.</summary>
    private static IOperation? Operation(SyntaxNode node, IOperation from) =>
        from.SemanticModel is not { } model || !model.Compilation.ContainsSyntaxTree(node.SyntaxTree) ? null
        : (node.SyntaxTree == model.SyntaxTree ? model : model.Compilation.GetSemanticModel(node.SyntaxTree)).GetOperation(node);
#pragma warning restore RS1030
}
