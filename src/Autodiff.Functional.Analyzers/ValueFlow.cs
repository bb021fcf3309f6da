// Follows the argument of a function through its source, to the places where the value of an expression made of it is read, and follows these
// numbers to the places where expressions are made of them again.

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Autodiff.Functional.Analyzers;

/// <summary>
/// The flow of values through one function that is given to a transform. A number that only decides what is done next, in a condition or as an index, is
/// none that a derivative lacks. Where the function runs on symbols, any read is a fault.
/// </summary>
/// <param name="library">The library's types.</param>
/// <param name="functions">Finds the functions that are called.</param>
/// <param name="run">How the transform runs the function.</param>
internal sealed class ValueFlow(Library library, Functions functions, Run run)
{
    // Loops carry what a later statement assigns to an earlier one; two rounds carry it through any one variable.
    private const int Rounds = 2;

    // Calls of calls that are followed.
    private const int MostDepth = 6;

    private readonly Dictionary<ISymbol, Flow> _variables = new(SymbolEqualityComparer.Default);
    private readonly Stack<(IMethodSymbol Function, Flow Result)> _calls = new();
    private readonly Stack<Flow> _receivers = new();
    private readonly List<IOperation> _faults = [];
    private int _meant;

    /// <summary>The reads that are faults, in the order in which they were found.</summary>
    public IReadOnlyList<IOperation> Faults => _faults;

    /// <summary>Follows the function's arguments.</summary>
    public void Follow(Function function) => Call(function, [.. function.Symbol.Parameters.Select(parameter => Flow.Argument.In(parameter.Type, library))]);

    private Flow Call(Function function, ImmutableArray<Flow> arguments)
    {
        if (_calls.Count >= MostDepth || _calls.Any(call => SymbolEqualityComparer.Default.Equals(call.Function, function.Symbol)))
        {
            return arguments.Aggregate(Flow.None, (all, one) => all | one).In(function.Symbol.ReturnType, library);
        }

        for (var i = 0; i < function.Symbol.Parameters.Length && i < arguments.Length; i++)
        {
            _variables[function.Symbol.Parameters[i]] = arguments[i];
        }

        var result = Flow.None;
        for (var round = 0; round < Rounds; round++)
        {
            _calls.Push((function.Symbol, result));
            var value = Of(function.Body);
            result = _calls.Pop().Result | (function.Body is IBlockOperation ? Flow.None : value);
        }

        return result.In(function.Symbol.ReturnType, library);
    }

    private Flow Of(IOperation? operation)
    {
        if (operation is null)
        {
            return Flow.None;
        }

        if (library.Tested(operation) is { } condition)
        {
            // What is true or not only decides what is done next, but a symbol is neither.
            return Of(condition).Depends && run == Run.OnSymbols ? Read(operation) : Flow.None;
        }

        if (library.Read(operation) is { } expression)
        {
            var numbers = Of(expression).Depends ? Read(operation) : Flow.None;
            foreach (var argument in operation is IInvocationOperation call ? call.Arguments : [])
            {
                // Numbers that are copied go where the argument says.
                Assign(argument.Value, numbers);
            }

            return numbers;
        }

        switch (operation)
        {
            case IParameterReferenceOperation parameter:
                return Of(parameter.Parameter);
            case ILocalReferenceOperation local:
                return Of(local.Local);
            case IConversionOperation conversion when library.MakesConstant(conversion):
                return Sink(Of(conversion.Operand));
            case IConversionOperation conversion:
                return Of(conversion.Operand).In(conversion.Type, library);
            case IPropertyReferenceOperation property:
                return (Of(property.Instance) | All(property.Arguments)).In(property.Type, library);
            case IFieldReferenceOperation field:
                return Of(field.Instance).In(field.Type, library);
            case IConditionalAccessOperation access:
                _receivers.Push(Of(access.Operation));
                var accessed = Of(access.WhenNotNull);
                _receivers.Pop();
                return accessed;
            case IConditionalAccessInstanceOperation:
                return _receivers.Count > 0 ? _receivers.Peek() : Flow.None;
            case IInvocationOperation invocation:
                return Of(invocation);
            case IObjectCreationOperation creation:
                var given = All(creation.Arguments) | Of(creation.Initializer);
                return library.IsExpr(creation.Type) ? Sink(given) : given.In(creation.Type, library);
            case IBinaryOperation { OperatorMethod: { } method } binary when library.IsPiecewiseConstant(method):
                return PiecewiseConstant(Of(binary.LeftOperand) | Of(binary.RightOperand));
            case IBinaryOperation binary:
                var operands = Of(binary.LeftOperand) | Of(binary.RightOperand);
                return library.IsExpr(binary.Type) ? Sink(operands) : operands.In(binary.Type, library);
            case IConditionalOperation conditional:
                Of(conditional.Condition);
                return Of(conditional.WhenTrue) | Of(conditional.WhenFalse);
            case ISwitchExpressionOperation choice:
                var matched = Of(choice.Value);
                return choice.Arms.Aggregate(Flow.None, (all, arm) => all | Of(arm, matched));
            case IVariableDeclaratorOperation declarator:
                return Assign(declarator.Symbol, Of(declarator.GetVariableInitializer()?.Value));
            case IDeconstructionAssignmentOperation deconstruction:
                return Assign(deconstruction.Target, Of(deconstruction.Value));
            case ISimpleAssignmentOperation assignment:
                return Assign(assignment.Target, Of(assignment.Value));
            case ICompoundAssignmentOperation compound:
                var combined = Of(compound.Target) | Of(compound.Value);
                return Assign(compound.Target, library.IsExpr(compound.Type) ? Sink(combined) : combined.In(compound.Type, library));
            case IForEachLoopOperation loop:
                Assign(loop.LoopControlVariable, Of(loop.Collection));
                return Of(loop.Body);
            case IReturnOperation returned:
                var value = Of(returned.ReturnedValue);
                if (_calls.Count > 0)
                {
                    var (function, result) = _calls.Pop();
                    _calls.Push((function, result | value));
                }

                return value;
            case IAnonymousFunctionOperation or ILocalFunctionOperation or INameOfOperation:
                return Flow.None;
            default:
                return operation.ChildOperations.Aggregate(Flow.None, (all, child) => all | Of(child)).In(operation.Type, library);
        }
    }

    private Flow Of(ISymbol variable) => _variables.TryGetValue(variable, out var flow) ? flow : Flow.None;

    private Flow Of(ISwitchExpressionArmOperation arm, Flow matched)
    {
        foreach (var local in arm.Locals)
        {
            Assign(local, matched.In(local.Type, library));
        }

        Of(arm.Guard);
        return Of(arm.Value);
    }

    private Flow Of(IInvocationOperation invocation)
    {
        var method = invocation.TargetMethod;
        if (library.IsStopGradient(method))
        {
            _meant++;
            All(invocation.Arguments);
            _meant--;
            return Flow.None;
        }

        // The argument of a transform's function is what the transform is applied to, and is followed there.
        var isTransform = library.RunOf(method) != Run.Plainly;
        var values = Of(invocation.Instance);
        var passed = ImmutableArray.CreateBuilder<Flow>(invocation.Arguments.Length);
        var inner = new List<Function>();
        foreach (var argument in invocation.Arguments)
        {
            if (argument.Parameter?.Type.TypeKind == TypeKind.Delegate && functions.Of(argument) is { } function)
            {
                inner.Add(function);
                passed.Add(Flow.None);
            }
            else
            {
                passed.Add(Of(argument.Value));
            }
        }

        var given = passed.Aggregate(values, (all, one) => all | one);
        foreach (var function in inner)
        {
            given |= Call(function, [.. function.Symbol.Parameters.Select(parameter => isTransform ? Flow.None : given.In(parameter.Type, library))]);
        }

        if (library.IsPiecewiseConstant(method))
        {
            return PiecewiseConstant(given);
        }

        if (library.IsExpr(method.ReturnType) && (library.IsExpr(method.ContainingType) || SymbolEqualityComparer.Default.Equals(method.ContainingType, library.Transforms)))
        {
            return Sink(given);
        }

        var called = method.MethodKind == MethodKind.DelegateInvoke ? functions.Of(invocation.Instance) : functions.Of(method, invocation);
        return called is null
            ? given.In(method.ReturnType, library)
            : Call(called, [.. called.Symbol.Parameters.Select((parameter, i) => Passed(invocation, passed, i).In(parameter.Type, library))]);
    }

    private static Flow Passed(IInvocationOperation invocation, ImmutableArray<Flow>.Builder passed, int parameter)
    {
        for (var i = 0; i < passed.Count; i++)
        {
            if (invocation.Arguments[i].Parameter?.Ordinal == parameter)
            {
                return passed[i];
            }
        }

        return Flow.None;
    }

    private Flow All(ImmutableArray<IArgumentOperation> arguments) => arguments.Aggregate(Flow.None, (all, argument) => all | Of(argument.Value));

    private Flow PiecewiseConstant(Flow operands) => run == Run.OnSymbols ? operands : Flow.None;

    private Flow Read(IOperation read)
    {
        // TryValue gives nothing on a symbol; all others are errors there.
        if (run == Run.OnSymbols && read is not IInvocationOperation { TargetMethod.Name: "TryValue" })
        {
            Report(read);
        }

        return Flow.ReadBy(read);
    }

    /// <summary>Numbers become a part of an expression here.</summary>
    private Flow Sink(Flow flow)
    {
        foreach (var read in flow.Reads)
        {
            Report(read);
        }

        return new(flow.Depends, ImmutableHashSet<IOperation>.Empty);
    }

    private void Report(IOperation read)
    {
        if (_meant == 0 && !_faults.Contains(read))
        {
            _faults.Add(read);
        }
    }

    private Flow Assign(IOperation target, Flow value)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
                return Assign(local.Local, value.In(local.Type, library));
            case IParameterReferenceOperation parameter:
                return Assign(parameter.Parameter, value.In(parameter.Type, library));
            case IVariableDeclaratorOperation declarator:
                return Assign(declarator.Symbol, value.In(declarator.Symbol.Type, library));
            case IDeclarationExpressionOperation declaration:
                return Assign(declaration.Expression, value);
            case IConversionOperation conversion:
                return Assign(conversion.Operand, value);
            case ITupleOperation tuple:
                foreach (var element in tuple.Elements)
                {
                    Assign(element, value);
                }

                return value;
            case IArrayElementReferenceOperation element:
                return Assign(element.ArrayReference, value);
            case IPropertyReferenceOperation { Instance: { } owner }:
                return Assign(owner, value);
            default:
                return value;
        }
    }

    // A variable keeps what any assignment gave it: which one was the last is not followed.
    private Flow Assign(ISymbol variable, Flow value) => _variables[variable] = Of(variable) | value;
}
