// ADF003: plain values in the parameters of compiled functions.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Autodiff.Functional.Analyzers;

/// <summary>Finds numbers and truth values in the records and tuples that compiled functions take.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CompiledParameterAnalyzer() : LibraryAnalyzer(Rules.PlainParameter)
{
    private protected override void Register(CompilationStartAnalysisContext start, Library library) =>
        start.RegisterOperationAction(operation => Analyze(operation, library), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, Library library)
    {
        // CompileFor and CompileScalar compile for the arguments that they are given, and no others.
        var invocation = (IInvocationOperation)context.Operation;
        if (invocation.TargetMethod.Name != "Compile" || !library.Compiles(invocation.TargetMethod))
        {
            return;
        }

        foreach (var argument in invocation.Arguments)
        {
            if (argument.Parameter?.Type is INamedTypeSymbol { TypeKind: TypeKind.Delegate, DelegateInvokeMethod: { } function })
            {
                var names = argument.Value.DescendantsAndSelf().OfType<IAnonymousFunctionOperation>().FirstOrDefault()?.Symbol.Parameters;
                for (var i = 0; i < function.Parameters.Length; i++)
                {
                    var (type, name) = (function.Parameters[i].Type, names?.ElementAtOrDefault(i)?.Name ?? function.Parameters[i].Name);
                    foreach (var (path, plain) in Plain(type, library, "", new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default)))
                    {
                        context.ReportDiagnostic(Diagnostic.Create(Rules.PlainParameter, argument.Syntax.GetLocation(), path, name, plain.ToDisplayString(), "Compile"));
                    }
                }
            }
        }
    }

    /// <summary>The numbers and truth values in a parameter that also holds expressions, with their paths.</summary>
    private static IEnumerable<(string Path, ITypeSymbol Type)> Plain(ITypeSymbol type, Library library, string path, HashSet<ITypeSymbol> owners)
    {
        if (library.IsExpr(type) || !library.MayHold(type) || !owners.Add(type))
        {
            yield break;
        }

        foreach (var (name, member) in Members(type))
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (IsPlain(member))
            {
                yield return (at, member);
            }
            else
            {
                foreach (var inner in Plain(member, library, at, owners))
                {
                    yield return inner;
                }
            }
        }

        owners.Remove(type);
    }

    private static bool IsPlain(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Boolean or (>= SpecialType.System_SByte and <= SpecialType.System_Double)
        || (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && IsPlain(nullable.TypeArguments[0]));

    private static IEnumerable<(string Name, ITypeSymbol Type)> Members(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                yield return ("[]", array.ElementType);
                break;
            case INamedTypeSymbol { IsTupleType: true } tuple:
                foreach (var element in tuple.TupleElements)
                {
                    yield return (element.Name, element.Type);
                }

                break;
            case INamedTypeSymbol { ContainingNamespace: { } space } named when !space.ToDisplayString().StartsWith("System", System.StringComparison.Ordinal):
                // What takes part in the comparison of trees are the values that an object keeps: its fields, those behind properties included.
                for (var owner = named; owner is { SpecialType: not SpecialType.System_Object }; owner = owner.BaseType!)
                {
                    foreach (var field in owner.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic))
                    {
                        yield return (field.AssociatedSymbol?.Name ?? field.Name, field.Type);
                    }
                }

                break;
            default:
                break;
        }
    }
}
