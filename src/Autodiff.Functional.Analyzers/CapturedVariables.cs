// Which variables a compiled function captures, and which assignments come too late for it.

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Autodiff.Functional.Analyzers;

/// <summary>A call that compiles a function, with the variables and members that the function reads from outside.</summary>
internal sealed class CapturedVariables
{
    private readonly IInvocationOperation _compilation;
    private readonly ImmutableArray<IOperation> _roots;
    private readonly List<Function> _compiled = [];

    private CapturedVariables(IInvocationOperation compilation, ImmutableArray<IOperation> roots) => (_compilation, _roots) = (compilation, roots);

    /// <summary>The reference to each variable or member that is captured, in the order of the source.</summary>
    public Dictionary<ISymbol, IOperation> References { get; } = new(SymbolEqualityComparer.Default);

    public string Transform => _compilation.TargetMethod.Name;

    /// <summary>What a compilation captures.</summary>
    public static CapturedVariables Of(IInvocationOperation compilation, Library library, ImmutableArray<IOperation> roots)
    {
        var captured = new CapturedVariables(compilation, roots);
        captured.Add(compilation, library, new Functions(roots));
        return captured;
    }

    /// <summary>
    /// Whether an assignment to a local variable or a parameter comes after the function has been compiled, and before another call of it.
    /// </summary>
    public bool IsBefore(IOperation assignment)
    {
        if (IsCompiled(assignment))
        {
            return false;
        }

        var (made, written) = (_compilation.Syntax.Span.End, assignment.Syntax.SpanStart);
        if (Holder() is not { } holder)
        {
            // The function goes elsewhere, or it is called at once.
            return written > made && _compilation.Parent is not IInvocationOperation;
        }

        // A function that is assigned to the variable later takes the place of this one.
        ILocalReferenceOperation[] uses = [.. All<ILocalReferenceOperation>().Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, holder))];
        var replaced = uses.Where(IsReplaced).Select(use => use.Syntax.SpanStart).Where(start => start > written).DefaultIfEmpty(int.MaxValue).Min();
        foreach (var use in uses.Where(use => !IsReplaced(use) && use.Syntax.SpanStart < replaced))
        {
            if ((written > made && use.Syntax.SpanStart > written) || Loops(use).Any(loop => Contains(loop, assignment) && !Contains(loop, _compilation)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an operation is a part of what is compiled.</summary>
    public bool IsCompiled(IOperation operation) => _compiled.Any(function => Contains(function.Body, operation));

    /// <summary>What an operation assigns to: a variable or a member of the same object, or an element of one that is an array.</summary>
    public static ISymbol? Assigned(IOperation operation) => operation switch
    {
        IAssignmentOperation assignment => Target(assignment.Target),
        IIncrementOrDecrementOperation step => Target(step.Target),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => Target(argument.Value),
        _ => null,
    };

    private static ISymbol? Target(IOperation target) => target switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IArrayElementReferenceOperation element => Target(element.ArrayReference),
        IMemberReferenceOperation member => Member(member),
        _ => null,
    };

    private static bool IsReplaced(IOperation use) => use.Parent is ISimpleAssignmentOperation assignment && assignment.Target == use;

    /// <summary>The field or property of this object, or of the type, that can be assigned at any time; not one of an object that is being initialized.</summary>
    private static ISymbol? Member(IMemberReferenceOperation reference)
    {
        var isOfThis = reference.Instance is null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };
        return reference.Member switch
        {
            IFieldSymbol { IsReadOnly: false, IsConst: false } field when isOfThis => field,
            IPropertySymbol { SetMethod: { IsInitOnly: false }, IsIndexer: false } property when isOfThis => property,
            _ => null,
        };
    }

    private void Add(IInvocationOperation transform, Library library, Functions functions)
    {
        foreach (var argument in transform.Arguments)
        {
            if (argument.Parameter?.Type.TypeKind != TypeKind.Delegate)
            {
                continue;
            }

            if (functions.Of(argument) is { } function)
            {
                Add(function);
                continue;
            }

            foreach (var inner in argument.Value.DescendantsAndSelf().OfType<IInvocationOperation>().Take(1).Where(inner => library.RunOf(inner.TargetMethod) != Run.Plainly))
            {
                Add(inner, library, functions);
            }
        }
    }

    private void Add(Function function)
    {
        _compiled.Add(function);
        foreach (var operation in function.Body.DescendantsAndSelf())
        {
            var symbol = operation switch
            {
                ILocalReferenceOperation local => IsOutside(local.Local, function) ? local.Local : null,
                IParameterReferenceOperation parameter => IsOutside(parameter.Parameter, function) ? parameter.Parameter : null,
                IMemberReferenceOperation member => Member(member),
                _ => null,
            };
            if (symbol is not null && !References.ContainsKey(symbol))
            {
                References.Add(symbol, operation);
            }
        }
    }

    private static bool IsOutside(ISymbol variable, Function function) => variable.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration
        && function.Symbol.DeclaringSyntaxReferences.FirstOrDefault() is { } owner
        && !(declaration.SyntaxTree == owner.SyntaxTree && owner.Span.Contains(declaration.Span));

    /// <summary>The local variable that the compiled function is assigned to.</summary>
    private ILocalSymbol? Holder()
    {
        var operation = _compilation.Parent;
        while (operation is IConversionOperation or IVariableInitializerOperation)
        {
            operation = operation.Parent;
        }

        return operation switch
        {
            IVariableDeclaratorOperation declarator => declarator.Symbol,
            IAssignmentOperation { Target: ILocalReferenceOperation local } => local.Local,
            _ => null,
        };
    }

    private IEnumerable<T> All<T>()
        where T : IOperation => _roots.SelectMany(root => root.DescendantsAndSelf()).OfType<T>();

    private static IEnumerable<IOperation> Loops(IOperation operation)
    {
        for (var at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is ILoopOperation)
            {
                yield return at;
            }
        }
    }

    private static bool Contains(IOperation outer, IOperation inner) =>
        outer.Syntax.SyntaxTree == inner.Syntax.SyntaxTree && outer.Syntax.Span.Contains(inner.Syntax.Span);
}
