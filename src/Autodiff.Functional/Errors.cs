// The exceptions that the library throws on bad input. A message names the operation, the shapes or values that it got, and what would work.

namespace Autodiff.Functional;

/// <summary>The base class of all exceptions that this library throws deliberately: catching it catches them all.</summary>
/// <param name="message">What was requested, why it is not possible, and what would work.</param>
/// <param name="innerException">The exception that caused this one, if any.</param>
public class AutodiffException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    internal static AutodiffException Null(string operation, string operand) =>
        new($"{operation}: {operand} is null.");
}

/// <summary>Thrown if shapes, axes or indices do not fit an operation.</summary>
/// <param name="message">The operation, the shapes it got, and the shapes that would fit.</param>
public sealed class ShapeException(string message) : AutodiffException(message);

/// <summary>Thrown if a number is requested from a symbolic expression, which has no value yet.</summary>
/// <param name="message">What was requested, from which expression, and what to use instead.</param>
/// <param name="innerException">The exception that caused this one, if any.</param>
public sealed class NotConcreteException(string message, Exception? innerException = null) : AutodiffException(message, innerException);

/// <summary>Thrown if a derivative is requested that is not available, such as that of <c>Polygamma</c> with respect to its order.</summary>
/// <param name="message">The operation, and the argument with respect to which it has no derivative.</param>
public sealed class NotDifferentiableException(string message) : AutodiffException(message);
