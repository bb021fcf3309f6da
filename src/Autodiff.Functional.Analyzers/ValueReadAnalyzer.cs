// ADF001: a value that is read where a derivative is taken or a program is made.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Autodiff.Functional.Analyzers;

/// <summary>Finds values that are read from the argument of a function that is differentiated, compiled or batched.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ValueReadAnalyzer() : LibraryAnalyzer(Rules.ValueRead)
{
    private protected override void Register(CompilationStartAnalysisContext start, Library library) =>
        start.RegisterOperationBlockAction(block => Analyze(block, library));

    private static void Analyze(OperationBlockAnalysisContext context, Library library)
    {
        var functions = new Functions(context.OperationBlocks);
        var reported = new HashSet<Location>();
        foreach (var invocation in context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()).OfType<IInvocationOperation>())
        {
            var (transform, run) = Outermost(invocation, library);
            if (run == Run.Plainly)
            {
                continue;
            }

            foreach (var argument in invocation.Arguments)
            {
                // A solver of the caller's gets numbers: its result has the derivative of the solution.
                if (argument.Parameter is not { Type.TypeKind: TypeKind.Delegate, Name: not "solver" } || functions.Of(argument) is not { } function)
                {
                    continue;
                }

                var flow = new ValueFlow(library, functions, run);
                flow.Follow(function);
                foreach (var read in flow.Faults)
                {
                    if (reported.Add(read.Syntax.GetLocation()))
                    {
                        context.ReportDiagnostic(Diagnostic.Create(Rules.ValueRead, read.Syntax.GetLocation(), read.Syntax.ToString(), transform, Consequence(run)));
                    }
                }
            }
        }
    }

    /// <summary>The transform that decides how a function is run: of Compile(Grad(f)) it is Compile.</summary>
    private static (string Name, Run Run) Outermost(IInvocationOperation invocation, Library library)
    {
        var (name, run) = (invocation.TargetMethod.Name, library.RunOf(invocation.TargetMethod));
        for (var operation = invocation.Parent; run == Run.ToDifferentiate && operation is IArgumentOperation or IConversionOperation or IDelegateCreationOperation or IInvocationOperation; operation = operation.Parent)
        {
            if (operation is IInvocationOperation outer && library.RunOf(outer.TargetMethod) is not Run.Plainly and var how)
            {
                (name, run) = (outer.TargetMethod.Name, how);
            }
        }

        return (name, run);
    }

    private static string Consequence(Run run) => run == Run.OnSymbols
        ? "the function is run on symbols, which have no values: compute with the expression and the functions of Expr, and choose by Where, Cond or While"
        : "the number is a constant, so the derivative lacks this term: compute with the expression and the functions of Expr, or read StopGradient(…) if a constant is meant";
}
