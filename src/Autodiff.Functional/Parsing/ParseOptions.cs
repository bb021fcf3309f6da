// What may be written in a formula besides what the library prints.

namespace Autodiff.Functional;

/// <summary>How <see cref="Expr.Parse(string, ParseOptions, ReadOnlySpan{Expr})"/> reads a text.</summary>
/// <remarks>
/// What stands over constants alone is computed while it is read. So a text can ask for as much time and memory as a program of the same calls, for
/// example by a loop of 10⁹ steps over numbers.
/// </remarks>
public sealed record ParseOptions
{
    /// <summary>
    /// Whether factors may stand side by side: <c>2x</c>, <c>2(x + 1)</c>, <c>x y</c>, <c>2 sin x cos y</c>. Such a product binds more tightly
    /// than <c>*</c> and less than <c>^</c>. What is ambiguous is an error: as a divisor, as in <c>1/2x</c>, it must be in parentheses. A name
    /// is one variable, so <c>xy</c> is not a product; a function followed by parentheses is a call; and the argument of a function without
    /// parentheses ends before the next function: <c>sin 2x cos y</c> is sin(2x) · cos(y).
    /// </summary>
    public bool ImplicitMultiplication { get; init; }

    /// <summary>
    /// Whether a name that is neither given nor defined in the text is an error, so that a typing mistake does not make a new variable. By
    /// default it is a scalar variable.
    /// </summary>
    public bool GivenVariablesOnly { get; init; }

    /// <summary>
    /// Functions of one expression that a text may call, by the names it calls them by, such as what <see cref="Primitive">Primitive.Define</see> returns. They
    /// are looked up before the functions of the library.
    /// </summary>
    public IReadOnlyDictionary<string, Func<Expr, Expr>> Functions { get; init; } = new Dictionary<string, Func<Expr, Expr>>();
}
