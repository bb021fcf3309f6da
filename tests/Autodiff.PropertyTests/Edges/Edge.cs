// One row of the table in docs/edges.md: a function, a point, and what must come out there to every order stated.

using System.Globalization;
using System.Runtime.CompilerServices;

namespace Autodiff.PropertyTests.Edges;

/// <summary>A function at a point where an implementation may go wrong.</summary>
/// <param name="Function">The function, of one scalar or one vector.</param>
/// <param name="Text">The function as it is written in the source.</param>
/// <param name="At">The point.</param>
/// <param name="Value">The elements of the value.</param>
/// <param name="Derivatives">The elements of the derivative, the second derivative, …, each of shape output ++ input ++ input ….</param>
/// <param name="Why">Why this is right.</param>
public sealed record Edge(Func<Expr, Expr> Function, string Text, Expr At, double[] Value, double[][] Derivatives, string Why)
{
    /// <summary>A row whose text is the source of the function.</summary>
    public static Edge Of(
        Func<Expr, Expr> function, Expr at, double[] value, double[][] derivatives, string why, [CallerArgumentExpression(nameof(function))] string text = "") =>
        new(function, text, at, value, derivatives, why);

    /// <summary>A row of a scalar function at a scalar point.</summary>
    public static Edge Of(
        Func<Expr, Expr> function, double at, double value, double[] derivatives, string why, [CallerArgumentExpression(nameof(function))] string text = "") =>
        new(function, text, at, [value], Array.ConvertAll(derivatives, d => new[] { d }), why);

    /// <summary>The row as it stands in the document.</summary>
    public string ToMarkdown() =>
        $"| `{Text}` | {Show(At.ToArray())} | {Show(Value)} | {string.Join("; ", Derivatives.Select(Show))} | {Why} |";

    /// <summary>The row's name in a test run.</summary>
    public override string ToString() => $"{Text} at {Show(At.ToArray())}";

    private static string Show(double[] elements) => elements.Length == 1
        ? Show(elements[0])
        : $"[{string.Join(", ", elements.Select(Show))}]";

    private static string Show(double number) => number switch
    {
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => number.ToString(CultureInfo.InvariantCulture).Replace('-', '−'),
    };
}
