// ADF004: a call of a pure function as a statement.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Autodiff.Functional.Analyzers;

/// <summary>Finds statements that compute something and throw it away.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DiscardedResultAnalyzer() : LibraryAnalyzer(Rules.DiscardedResult)
{
    private protected override void Register(CompilationStartAnalysisContext start, Library library) =>
        start.RegisterOperationAction(operation => Analyze(operation, library), OperationKind.ExpressionStatement);

    private static void Analyze(OperationAnalysisContext context, Library library)
    {
        // The body of a lambda such as () => AD.Grad(f), which a test expects to throw, is no statement of the source.
        if (context.Operation is IExpressionStatementOperation { Syntax: ExpressionStatementSyntax, Operation: IInvocationOperation invocation } && Library.IsPure(invocation.TargetMethod))
        {
            var name = $"{Library.Owner(invocation.TargetMethod)?.Name}.{invocation.TargetMethod.Name}";
            context.ReportDiagnostic(Diagnostic.Create(Rules.DiscardedResult, invocation.Syntax.GetLocation(), name));
        }
    }
}
