// Points as C# code.

using System.Globalization;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Verification.Domains;

/// <summary>Writes points as C# code, with numbers that give the same doubles when they are read.</summary>
internal static class PointText
{
    /// <summary>The code of an expression, a number or a tuple of these; for other trees the leaves with their paths.</summary>
    public static string Of(object? value) => value switch
    {
        null => "null",
        Expr { IsConcrete: true } tensor => OfTensor(tensor),
        double number => OfNumber(number),
        string text => $"\"{text}\"",
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Of(tuple[i])))})",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value.GetType().Name} {{ {string.Join(", ", Tree.Flatten(value).Select(leaf => $"{leaf.Path} = {Of(leaf.Leaf)}"))} }}",
    };

    /// <summary>Whether <see cref="Of"/> is code that makes the value.</summary>
    public static bool IsCode(object? value) => value is Expr or double or int || (value is ITuple tuple && Enumerable.Range(0, tuple.Length).All(i => IsCode(tuple[i])));

    private static string OfTensor(Expr tensor)
    {
        var elements = string.Join(", ", tensor.ToArray().Select(OfNumber));
        return tensor.Rank == 0 ? $"(Expr){Parenthesised(elements)}" : tensor.Rank == 1 && tensor.Shape.Size > 0 ? $"(Expr)new double[] {{ {elements} }}" : $"Expr.Constant([{elements}], new Shape({string.Join(", ", tensor.Shape)}))";
    }

    private static string Parenthesised(string number) => number.StartsWith('-') ? $"({number})" : number;

    private static string OfNumber(double number) => number switch
    {
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        double.NaN => "double.NaN",
        _ => number.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().IndexOfAny(".E") < 0 ? $"{text}.0" : number.ToString("R", CultureInfo.InvariantCulture),
    };
}
