// The source text of elementwise primitives on single numbers, with the values that ScalarCode emits as machine code.

using System.Globalization;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>Writes numbers, and elementwise primitives of numbers.</summary>
internal static class NumberSource
{
    /// <summary>A number as an expression of the language, which has the same bits, except that all NaN are one.</summary>
    public static string Literal(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "double.NaN" : number > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        }

        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny(".E") ? text : text + ".0";
    }

    /// <summary>A whole number as an expression.</summary>
    public static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An operand of an operator: in parentheses if it is an expression with an operator or a sign of its own.</summary>
    public static string Operand(string text) => text.AsSpan().ContainsAny(' ', '-') && !IsOneCall(text) ? $"({text})" : text;

    /// <summary>A primitive of some operands.</summary>
    /// <param name="op">The primitive.</param>
    /// <param name="exponent">The second operand of a power, if it is a known number.</param>
    /// <param name="operands">The operands, as expressions.</param>
    /// <exception cref="AutodiffException">The primitive is computed by another library.</exception>
    public static string Apply(Op op, double? exponent, ReadOnlySpan<string> operands)
    {
        if (exponent is { } power && ScalarFunctions.WholePower(power) is { } whole)
        {
            return whole == 2 && IsName(operands[0])
                ? $"{operands[0]} * {operands[0]}"
                : $"ScalarFunctions.IntegerPower({operands[0]}, {Whole(whole)})";
        }

        switch (op)
        {
            case Op.StopGradient:
                return operands[0];
            case Op.Negate:
                return $"-{Operand(operands[0])}";
            case Op.Add or Op.Subtract or Op.Multiply or Op.Divide:
                return $"{Operand(operands[0])} {OperatorOf(op)} {Operand(operands[1])}";
            case Op.Where:
                return $"{Operand(operands[0])} != 0.0 ? {Operand(operands[1])} : {Operand(operands[2])}";
            case Op.Equal or Op.LessOrEqual or Op.GreaterOrEqual when operands[0] == operands[1]:
                return $"double.IsNaN({operands[0]}) ? 0.0 : 1.0";
            case var _ when op.IsComparison():
                return $"{Operand(operands[0])} {OperatorOf(op)} {Operand(operands[1])} ? 1.0 : 0.0";
        }

        string[] arguments = [.. operands];
        if (op.HasOrder())
        {
            arguments[0] = arguments[0].EndsWith(".0", StringComparison.Ordinal) && !IsName(arguments[0]) ? arguments[0][..^2] : $"(int){Operand(arguments[0])}";
        }

        var call = ElementwiseTable.NumberMethod(op) is { } method
            ? $"{method.DeclaringType!.Name}.{op.Name()}({string.Join(", ", arguments)})"
            : $"Elementary.{op.Name()}<Lanes1>({string.Join(", ", operands)}).Value";
        return LibrarySource.IsComplete(call) ? call
            : throw new AutodiffException($"ToCSharp: {op} cannot be written as source text, because its values come from another library.");
    }

    /// <summary>The operator of the language that a primitive is.</summary>
    public static string OperatorOf(Op op) => op switch
    {
        Op.Add => "+",
        Op.Subtract => "-",
        Op.Multiply => "*",
        Op.Divide => "/",
        Op.Less => "<",
        Op.LessOrEqual => "<=",
        Op.Greater => ">",
        Op.GreaterOrEqual => ">=",
        Op.Equal => "==",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "no operator"),
    };

    private static bool IsName(string text) => text.All(c => char.IsLetterOrDigit(c) || c is '_' or '@');

    /// <summary>Whether a text is one call, or one element: what is left after its last closing bracket is nothing, and its first one is closed there.</summary>
    private static bool IsOneCall(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] is '(' or '[' ? 1 : text[i] is ')' or ']' ? -1 : 0;
            if (depth == 0 && text[i] is ' ' or '-')
            {
                return false;
            }
        }

        return true;
    }
}
