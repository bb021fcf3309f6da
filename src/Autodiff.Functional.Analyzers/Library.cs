// The types and functions of the library that the rules are about.

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Autodiff.Functional.Analyzers;

/// <summary>How a transform runs the function that it is given.</summary>
internal enum Run
{
    /// <summary>The method is no transform, or runs the function on plain numbers.</summary>
    Plainly,

    /// <summary>On variables that have values where the arguments have, to differentiate it.</summary>
    ToDifferentiate,

    /// <summary>On symbols without values.</summary>
    OnSymbols,
}

/// <summary>The library's types as a compilation refers to them.</summary>
internal sealed class Library
{
    private const string Namespace = "Autodiff.Functional";

    private static readonly ImmutableHashSet<string> s_tracing = ImmutableHashSet.Create(
        "Compile", "CompileFor", "CompileScalar", "CompileSparseJacobian", "CompileSparseHessian", "Fold", "Scan", "Iterate", "While", "Vmap", "Checkpoint", "SparseJacobian", "SparseHessian", "SparsityPattern");

    private static readonly ImmutableHashSet<string> s_differentiating = ImmutableHashSet.Create(
        "Grad", "ValueAndGrad", "GradWithAux", "Vjp", "Jvp", "Linearize", "Diff", "Derivatives", "Taylor", "TaylorAlong", "Series", "TaylorOde",
        "Jacobian", "JacobianForward", "JacobianReverse", "ValueAndJacobian", "DerivativeTensor", "Hessian", "HessianDiagonal", "ValueGradHessian", "Hvp",
        "Laplacian", "Divergence", "Curl", "SparsityPatternAt", "GaussNewton", "Root", "FixedPoint", "ArgMin", "Apply", "Estimate");

    // Functions whose derivative is 0 wherever there is one: their values are constants for every derivative anyway.
    private static readonly ImmutableHashSet<string> s_constant = ImmutableHashSet.Create(
        "Sign", "Floor", "Ceiling", "Round", "Truncate", "Eq", "IsNaN", "IsFinite", "Any", "All", "Count", "ArgSort", "IndexOfMax", "IndexOfMin", "SearchSorted", "OneHot");

    // The methods of an expression that give its numbers.
    private static readonly ImmutableHashSet<string> s_reading = ImmutableHashSet.Create(
        "ToArray", "ToTensor", "TryValue", "AsSpan", "CopyTo", "To2D", "ToVector", "ToMatrix", "Evaluate", "EvaluateElements");

    private static readonly ImmutableHashSet<string> s_pure = ImmutableHashSet.Create(
        "AD", "Expr", "ExprExtensions", "Rng", "Tree", "Numeric", "Check", "Forward", "Primitive", "Rule", "Shape", "Slice", "DifferentialOperator", "Convergence");

    private Library(INamedTypeSymbol expr, INamedTypeSymbol transforms) => (Expr, Transforms) = (expr, transforms);

    public INamedTypeSymbol Expr { get; }

    public INamedTypeSymbol Transforms { get; }

    /// <summary>The library, if the compilation refers to it.</summary>
    public static Library? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName($"{Namespace}.Expr") is { } expr && compilation.GetTypeByMetadataName($"{Namespace}.AD") is { } transforms
            ? new(expr, transforms)
            : null;

    public bool IsExpr(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, Expr);

    /// <summary>How a method runs a function that it is given.</summary>
    public Run RunOf(IMethodSymbol method) =>
        !SymbolEqualityComparer.Default.Equals(method.ContainingType, Transforms) ? Run.Plainly
        : s_tracing.Contains(method.Name) ? Run.OnSymbols
        : s_differentiating.Contains(method.Name) ? Run.ToDifferentiate
        : Run.Plainly;

    /// <summary>Whether a method makes a program out of the function that it is given.</summary>
    public bool Compiles(IMethodSymbol method) =>
        RunOf(method) == Run.OnSymbols && method.Name.StartsWith("Compile", System.StringComparison.Ordinal);

    public bool IsStopGradient(IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingType, Transforms) && method.Name == "StopGradient";

    /// <summary>Whether the derivative of a function's result is 0 wherever there is one.</summary>
    public bool IsPiecewiseConstant(IMethodSymbol method) => method.MethodKind == MethodKind.UserDefinedOperator
        ? IsExpr(method.ContainingType) && (method.Name is "op_LessThan" or "op_GreaterThan" or "op_LessThanOrEqual" or "op_GreaterThanOrEqual" or "op_LogicalNot")
        : s_constant.Contains(method.Name) && Owner(method) is { Name: "Expr" or "ExprExtensions" } owner && IsOfLibrary(owner);

    /// <summary>Whether a method does nothing but compute its result.</summary>
    public static bool IsPure(IMethodSymbol method) =>
        !method.ReturnsVoid && !IsScope(method.ReturnType) && Owner(method) is { } owner && IsOfLibrary(owner) && s_pure.Contains(owner.Name);

    /// <summary>The class that declares a method, also where it is a member of a block of extensions in it.</summary>
    public static INamedTypeSymbol? Owner(IMethodSymbol method)
    {
        var owner = method.ContainingType;
        while (owner?.ContainingType is { } outer)
        {
            owner = outer;
        }

        return owner;
    }

    /// <summary>Whether an operation asks if an expression is true; if so, which: a cast to bool, or a condition.</summary>
    public IOperation? Tested(IOperation operation) => operation switch
    {
        IConversionOperation { OperatorMethod: { Name: "op_Explicit", ReturnType.SpecialType: SpecialType.System_Boolean } conversion } cast when IsExpr(conversion.ContainingType) => cast.Operand,
        IUnaryOperation { OperatorMethod: { Name: "op_True" or "op_False" } method } test when IsExpr(method.ContainingType) => test.Operand,
        _ => null,
    };

    /// <summary>Whether an operation reads the value of an expression; if so, which.</summary>
    public IOperation? Read(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property.Name: "Value", Instance: { } instance } property when IsExpr(property.Property.ContainingType) => instance,
        IInvocationOperation { Instance: { } instance } call when s_reading.Contains(call.TargetMethod.Name) && IsExpr(call.TargetMethod.ContainingType) => instance,
        IConversionOperation { OperatorMethod: { Name: "op_Explicit", ReturnType.SpecialType: SpecialType.System_Double } conversion } cast when IsExpr(conversion.ContainingType) => cast.Operand,
        _ => null,
    };

    /// <summary>Whether an operation makes an expression of a number or of an array of numbers.</summary>
    public bool MakesConstant(IOperation operation) =>
        operation is IConversionOperation { OperatorMethod: { Name: "op_Implicit" } conversion } && IsExpr(conversion.ContainingType) && IsExpr(conversion.ReturnType);

    /// <summary>Whether values of a type may hold expressions.</summary>
    public bool MayHold(ITypeSymbol? type) => type switch
    {
        null => false,
        IArrayTypeSymbol array => MayHold(array.ElementType),
        ITypeParameterSymbol => true,
        INamedTypeSymbol { SpecialType: SpecialType.None or SpecialType.System_Object, TypeKind: not TypeKind.Enum } named =>
            IsExpr(named) || !IsOfSystem(named) || named.SpecialType == SpecialType.System_Object || Any(named.TypeArguments, MayHold),
        INamedTypeSymbol { IsGenericType: true } collection => Any(collection.TypeArguments, MayHold),
        _ => false,
    };

    /// <summary>Whether values of a type are numbers, or collections of numbers, that derivatives could flow through.</summary>
    public static bool IsNumeric(ITypeSymbol? type) => type switch
    {
        null => false,
        IArrayTypeSymbol array => IsNumeric(array.ElementType),
        { SpecialType: SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Decimal } => true,
        INamedTypeSymbol { IsGenericType: true } named => Any(named.TypeArguments, IsNumeric),
        _ => false,
    };

    /// <summary>Whether values of a type are for what lasts until they are disposed of, as strict mode does.</summary>
    private static bool IsScope(ITypeSymbol type) => type.SpecialType == SpecialType.System_IDisposable;

    private static bool Any(ImmutableArray<ITypeSymbol> types, System.Func<ITypeSymbol, bool> holds)
    {
        foreach (var type in types)
        {
            if (holds(type))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfSystem(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace;
        while (space is { ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space is { Name: "System" };
    }

    private static bool IsOfLibrary(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString() == Namespace;
}
