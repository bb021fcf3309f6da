// One call that must fail: its error, and what the message must say.

using System.Runtime.CompilerServices;

namespace Autodiff.PropertyTests.Errors;

/// <summary>A wrong use of the library.</summary>
/// <param name="Error">The exact type of the error.</param>
/// <param name="Use">The call.</param>
/// <param name="Says">What the message must contain; it starts with the first.</param>
/// <param name="Text">The call as it is written in the source.</param>
public sealed record Example(Type Error, Func<object?> Use, string[] Says, string Text)
{
    public static Example Of<T>(Func<object?> use, string[] says, [CallerArgumentExpression(nameof(use))] string text = "")
        where T : AutodiffException => new(typeof(T), use, says, text);

    public static Example Shaped(Func<object?> use, string[] says, [CallerArgumentExpression(nameof(use))] string text = "") =>
        Of<ShapeException>(use, says, text);

    /// <summary>A value asked of an expression that has none.</summary>
    public static Example Symbolic(Func<object?> use, string operation, [CallerArgumentExpression(nameof(use))] string text = "") =>
        Of<NotConcreteException>(use, [operation, "Where"], text);

    public static Example Null(Func<object?> use, string operation, [CallerArgumentExpression(nameof(use))] string text = "") =>
        Of<AutodiffException>(use, [operation, "null"], text);

    /// <summary>The error that the call makes now.</summary>
    public Exception? Caught() => Record.Exception(Use);

    /// <summary>The row's name in a test run.</summary>
    public override string ToString() => Text;
}
