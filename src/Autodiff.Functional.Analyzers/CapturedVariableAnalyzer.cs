// ADF002: variables that change after a function that reads them has been compiled.

using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Autodiff.Functional.Analyzers;

/// <summary>Finds variables, fields and properties that a compiled function captures and that are assigned besides.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CapturedVariableAnalyzer() : LibraryAnalyzer(Rules.CapturedVariable)
{
    private protected override void Register(CompilationStartAnalysisContext start, Library library) =>
        start.RegisterSymbolStartAction(type => new Members(library).Register(type), SymbolKind.NamedType);

    /// <summary>The members of one type: what their compiled functions capture, and where the type assigns its fields and properties.</summary>
    private sealed class Members(Library library)
    {
        private readonly ConcurrentBag<CapturedVariables> _captured = [];
        private readonly ConcurrentBag<(ISymbol Member, IOperation Assignment)> _assigned = [];

        public void Register(SymbolStartAnalysisContext context)
        {
            context.RegisterOperationBlockAction(Analyze);
            context.RegisterSymbolEndAction(Report);
        }

        private void Analyze(OperationBlockAnalysisContext context)
        {
            var (operations, isConstructor) = (context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()).ToArray(), context.OwningSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor });
            CapturedVariables[] compiled = [.. operations.OfType<IInvocationOperation>().Where(invocation => library.Compiles(invocation.TargetMethod)).Select(invocation => CapturedVariables.Of(invocation, library, context.OperationBlocks))];
            foreach (var captured in compiled)
            {
                _captured.Add(captured);
            }

            foreach (var operation in operations)
            {
                if (CapturedVariables.Assigned(operation) is not { } symbol)
                {
                    continue;
                }

                if (symbol is IFieldSymbol or IPropertySymbol)
                {
                    // A constructor assigns before anything is called, unless it is a handler in it that does.
                    if (!isConstructor || IsInFunction(operation))
                    {
                        _assigned.Add((symbol, operation));
                    }

                    continue;
                }

                foreach (var captured in compiled)
                {
                    if (captured.References.TryGetValue(symbol, out var reference) && captured.IsBefore(operation))
                    {
                        Report(context.ReportDiagnostic, captured, symbol, reference);
                        captured.References.Remove(symbol);
                    }
                }
            }
        }

        private void Report(SymbolAnalysisContext context)
        {
            foreach (var captured in _captured)
            {
                foreach (var variable in captured.References)
                {
                    if (_assigned.Any(assigned => SymbolEqualityComparer.Default.Equals(assigned.Member, variable.Key) && !captured.IsCompiled(assigned.Assignment)))
                    {
                        Report(context.ReportDiagnostic, captured, variable.Key, variable.Value);
                    }
                }
            }
        }

        private static void Report(Action<Diagnostic> report, CapturedVariables captured, ISymbol variable, IOperation reference) =>
            report(Diagnostic.Create(Rules.CapturedVariable, reference.Syntax.GetLocation(), variable.Name, captured.Transform));

        private static bool IsInFunction(IOperation operation)
        {
            for (var at = operation.Parent; at is not null; at = at.Parent)
            {
                if (at is IAnonymousFunctionOperation or ILocalFunctionOperation)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
