// One way to use an operation wrongly, to be tried on numbers and on symbols.

namespace Autodiff.PropertyTests.Errors;

/// <summary>An operation on operands that do not fit it.</summary>
/// <param name="Operation">The name the message must start with.</param>
/// <param name="Shapes">The shapes of the operands, which the message must show.</param>
/// <param name="Use">The operation.</param>
/// <param name="Why">What the message must say beside the operation and the shapes.</param>
public sealed record Misuse(string Operation, Shape[] Shapes, Func<Expr[], Expr> Use, string Why)
{
    /// <summary>The error of the operation on operands made from their shapes.</summary>
    public Exception? ErrorOn(Func<Shape, Expr> operand)
    {
        var operands = Array.ConvertAll(Shapes, shape => operand(shape));
        return Record.Exception(() => Use(operands));
    }

    /// <summary>The row's name in a test run.</summary>
    public override string ToString() => $"{Operation} of {string.Join(", ", Shapes)}: {Why}";
}
