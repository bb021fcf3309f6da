// The error of a text that is not a formula: where, what is there, and what would be right.

namespace Autodiff.Functional;

/// <summary>
/// Thrown if a text cannot be read as a formula. The message names the place, what was found and what would be right, and shows the line with
/// a caret under the place.
/// </summary>
public sealed class ParseException : AutodiffException
{
    internal ParseException(string message, int line, int column, Exception? innerException = null)
        : base(message, innerException) => (Line, Column) = (line, column);

    /// <summary>The number of the line, from 1.</summary>
    public int Line { get; }

    /// <summary>The number of the character in its line, from 1, in UTF-16 code units.</summary>
    public int Column { get; }
}
