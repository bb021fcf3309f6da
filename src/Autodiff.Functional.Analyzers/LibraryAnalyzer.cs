// What all rules have in common: one descriptor, and nothing to do where a program does not refer to the library.

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Autodiff.Functional.Analyzers;

/// <summary>A rule about uses of the library.</summary>
/// <param name="rule">What it reports.</param>
public abstract class LibraryAnalyzer(DiagnosticDescriptor rule) : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => ImmutableArray.Create(rule);

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (Library.Of(start.Compilation) is { } library)
            {
                Register(start, library);
            }
        });
    }

    /// <summary>Registers what looks at the program.</summary>
    private protected abstract void Register(CompilationStartAnalysisContext start, Library library);
}
