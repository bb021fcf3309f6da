// The precedence of operators, which alone decides where a formula has parentheses.

using System.Buffers;

namespace Autodiff.Functional.Formulas;

/// <summary>
/// The precedence of the outermost operator of a text, from the lowest to the highest. The levels are those of this grammar:
/// <code>
/// comparison ::= sum ( &lt; | &lt;= | > | >= | == ) sum | sum
/// sum        ::= signed | sum ( + | - ) product
/// signed     ::= -power | signed ( * | / ) power | product
/// product    ::= power | product ( * | / ) power
/// power      ::= atom ^ power | atom
/// atom       ::= name | number | function( … ) | atom[ … ] | ( comparison )
/// </code>
/// A minus sign is therefore only written at the start of a sum or of a text in parentheses, never directly after another operator.
/// </summary>
internal enum Level
{
    Comparison,
    Sum,
    Signed,
    Product,
    Power,
    Atom,
}

/// <summary>
/// The level of a term with an operator, and the lowest levels at which its left and right operand are written without parentheses. The operand
/// of a prefix operator is the right one.
/// </summary>
internal readonly record struct Fixity(Level Result, Level Left, Level Right)
{
    /// <summary>Comparisons are not associative: an operand that is a comparison is written in parentheses.</summary>
    public static Fixity Comparison { get; } = new(Level.Comparison, Level.Sum, Level.Sum);

    /// <summary>Sums and differences associate to the left.</summary>
    public static Fixity Sum { get; } = new(Level.Sum, Level.Sum, Level.Product);

    /// <summary>The minus sign before an operand.</summary>
    public static Fixity Sign { get; } = new(Level.Signed, Level.Power, Level.Power);

    /// <summary>Products and quotients associate to the left.</summary>
    public static Fixity Product { get; } = new(Level.Product, Level.Signed, Level.Power);

    /// <summary>Powers associate to the right.</summary>
    public static Fixity Power { get; } = new(Level.Power, Level.Atom, Level.Power);
}

/// <summary>The text of a part of a formula, and the level of its outermost operator.</summary>
internal readonly record struct Fragment(string Text, Level Level)
{
    /// <summary>The most digits of a coefficient: after a longer number, a sign is easier to see.</summary>
    private const int LongestCoefficient = 6;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    /// <summary>Whether it is a number of a few digits, which may stand before a factor without a sign between them.</summary>
    public bool IsCoefficient =>
        Text.AsSpan(Text[0] is '-' or '−' ? 1 : 0) is { Length: > 0 and <= LongestCoefficient } digits && !digits.ContainsAnyExcept(s_digits);

    public static Fragment Atom(string text) => new(text, Level.Atom);
}
