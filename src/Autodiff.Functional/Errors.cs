// Every error the library throws on bad input. Messages name the operation, the shapes or values, and what would work.

namespace Autodiff.Functional;

/// <summary>The base of every error this library throws on purpose: catch it to catch them all.</summary>
/// <param name="message">What was asked, why it cannot be done, and what would work.</param>
/// <param name="innerException">The error underneath, if any.</param>
public class AutodiffException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    internal static AutodiffException Null(string operation, string operand) =>
        new($"{operation}: {operand} is null.");
}

/// <summary>Shapes, axes or indices that do not fit an operation.</summary>
/// <param name="message">The operation, the shapes it got, and the shapes that would fit.</param>
public sealed class ShapeException(string message) : AutodiffException(message);

/// <summary>A number was asked of a symbolic expression, which has none yet.</summary>
/// <param name="message">What was asked, of which expression, and what to use instead.</param>
/// <param name="innerException">The error underneath, if any.</param>
public sealed class NotConcreteException(string message, Exception? innerException = null) : AutodiffException(message, innerException);

/// <summary>A derivative was asked where none exists, such as with respect to the order of <c>Polygamma</c>.</summary>
/// <param name="message">The operation and the argument it has no derivative in.</param>
public sealed class NotDifferentiableException(string message) : AutodiffException(message);
