// The rules: what each of them finds, in the words of the messages. docs/analyzers.md, which is in the package, explains them one by one.

using Microsoft.CodeAnalysis;

namespace Autodiff.Functional.Analyzers;

/// <summary>The rules of this package.</summary>
internal static class Rules
{
    private const string Category = "Autodiff";

    /// <summary>ADF001: the value of an expression is read inside a function that is differentiated or traced.</summary>
    public static readonly DiagnosticDescriptor ValueRead = new(
        "ADF001",
        "The value of an expression is read inside a function that is differentiated or traced",
        "'{0}' reads the value of an expression that depends on the argument of a function given to {1}; {2}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A number that is read from an expression is a constant for every derivative, and an expression of a function that is traced has no value to read. See docs/analyzers.md#adf001 in the package.");

    /// <summary>ADF002: a variable that a compiled function captures is assigned afterwards.</summary>
    public static readonly DiagnosticDescriptor CapturedVariable = new(
        "ADF002",
        "A captured variable of a compiled function is assigned afterwards",
        "'{0}' is assigned outside the function given to {1}, which keeps the value that it has at the first call; pass it as an argument, or compile the function again",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A compiled function is run once for arguments of given shapes. What it reads from outside is part of the program from then on. See docs/analyzers.md#adf002 in the package.");

    /// <summary>ADF003: a parameter of a compiled function holds a plain value.</summary>
    public static readonly DiagnosticDescriptor PlainParameter = new(
        "ADF003",
        "A parameter of a compiled function holds a plain value",
        "'{0}' of the parameter '{1}' is a {2}, so {3} compiles the function anew for each of its values; make it an Expr, or keep it outside the parameter",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A program is compiled for the shapes of the expressions in its parameters and for the values of everything else in them. See docs/analyzers.md#adf003 in the package.");

    /// <summary>ADF004: the result of a pure function is discarded.</summary>
    public static readonly DiagnosticDescriptor DiscardedResult = new(
        "ADF004",
        "The result of a pure function is discarded",
        "{0} changes nothing and its result is discarded; assign the result, or remove the statement",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Expressions are immutable and transforms are pure: all that they do is in their result. See docs/analyzers.md#adf004 in the package.");
}
