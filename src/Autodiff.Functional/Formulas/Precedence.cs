// How tightly operators bind: the one table that decides where a formula has parentheses.

namespace Autodiff.Functional.Formulas;

/// <summary>
/// How tightly the outermost operator of a text binds. The levels are those of the grammar
/// <code>
/// comparison ::= sum ( &lt; | &lt;= | > | >= | == ) sum | sum
/// sum        ::= signed | sum ( + | - ) product
/// signed     ::= -power | signed ( * | / ) power | product
/// product    ::= power | product ( * | / ) power
/// power      ::= atom ^ power | atom
/// atom       ::= name | number | function( … ) | atom[ … ] | ( comparison )
/// </code>
/// so a minus sign stands first in a sum or in parentheses, never behind another operator.
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

/// <summary>The level of an operator's result, and the least level its operands need to stand without parentheses.</summary>
internal readonly record struct Fixity(Level Result, Level Left, Level Right)
{
    /// <summary>Comparisons do not group: an operand that is one stands in parentheses.</summary>
    public static Fixity Comparison { get; } = new(Level.Comparison, Level.Sum, Level.Sum);

    /// <summary>Sums and differences group from the left.</summary>
    public static Fixity Sum { get; } = new(Level.Sum, Level.Sum, Level.Product);

    /// <summary>The minus sign before an operand.</summary>
    public static Fixity Sign { get; } = new(Level.Signed, Level.Power, Level.Power);

    /// <summary>Products and quotients group from the left.</summary>
    public static Fixity Product { get; } = new(Level.Product, Level.Signed, Level.Power);

    /// <summary>Powers group from the right.</summary>
    public static Fixity Power { get; } = new(Level.Power, Level.Atom, Level.Power);

    /// <summary>Signs before their operand, as Σ in LaTeX: they reach as far right as a product does.</summary>
    public static Fixity BigOperator { get; } = new(Level.Sum, Level.Product, Level.Product);

    /// <summary>Products of tensors in LaTeX: none stands beside another without parentheses that say which comes first.</summary>
    public static Fixity TensorProduct { get; } = new(Level.Product, Level.Power, Level.Power);
}

/// <summary>A piece of a formula and how tightly it binds.</summary>
internal readonly record struct Fragment(string Text, Level Level)
{
    public static Fragment Atom(string text) => new(text, Level.Atom);
}
