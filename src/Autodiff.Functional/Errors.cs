// The exceptions that the library throws on bad input. A message names the operation, the shapes or values that it got, and what would work.

namespace Autodiff.Functional;

/// <summary>The base class of all exceptions that this library throws deliberately: catching it catches them all.</summary>
/// <param name="message">What was requested, why it is not possible, and what would work.</param>
/// <param name="innerException">The exception that caused this one, if any.</param>
public class AutodiffException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    internal static AutodiffException Null(string operation, string operand) =>
        new($"{operation}: {operand} is null.");

    /// <summary>The argument; an error if it is null.</summary>
    internal static T NotNull<T>(string operation, string operand, T? argument)
        where T : class => argument ?? throw Null(operation, operand);
}

/// <summary>Thrown if shapes, axes or indices do not fit an operation.</summary>
/// <param name="message">The operation, the shapes it got, and the shapes that would fit.</param>
public sealed class ShapeException(string message) : AutodiffException(message);

/// <summary>Thrown if a number is requested from a symbolic expression, which has no value yet. The message ends with the place of the request.</summary>
public sealed class NotConcreteException : AutodiffException
{
    /// <summary>An error that is raised at the place where the caller's code uses the library.</summary>
    /// <param name="message">What was requested, from which expression, and what to use instead.</param>
    /// <param name="innerException">The exception that caused this one, if any; if it is of this type, the place is its place.</param>
    public NotConcreteException(string message, Exception? innerException = null)
        : this(message, innerException, innerException is NotConcreteException inner ? inner.Location : CallSite.OfCaller())
    {
    }

    private NotConcreteException(string message, Exception? innerException, string? location)
        : base(location is null ? message : $"{message} (asked for {location})", innerException) => (Reason, Location) = (message, location);

    /// <summary>The message without the place.</summary>
    internal string Reason { get; }

    /// <summary>
    /// Where the value was asked for, outside this library: "at Program.cs:12", or "in Program.Main" where the program has no symbols with line numbers;
    /// null where neither is known.
    /// </summary>
    public string? Location { get; }
}

/// <summary>Thrown if a derivative is requested that is not available, such as that of <c>Polygamma</c> with respect to its order.</summary>
/// <param name="message">The operation, and the argument with respect to which it has no derivative.</param>
public sealed class NotDifferentiableException(string message) : AutodiffException(message);
