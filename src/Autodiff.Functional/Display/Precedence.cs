// Which operators bind tighter than which: the one table that decides where a formula has parentheses.

namespace Autodiff.Functional.Display;

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
    /// <summary>Signs before their operand, as Σ in LaTeX: they reach as far right as a product does.</summary>
    public static Fixity BigOperator { get; } = new(Level.Sum, Level.Product, Level.Product);

    /// <summary>Products of tensors in LaTeX: none stands beside another without parentheses that say which comes first.</summary>
    public static Fixity TensorProduct { get; } = new(Level.Product, Level.Power, Level.Power);

    /// <summary>Sums and products group from the left, powers from the right, comparisons not at all.</summary>
    public static Fixity Of(Op op) => op switch
    {
        Op.Less or Op.LessOrEqual or Op.Greater or Op.GreaterOrEqual or Op.Equal => new(Level.Comparison, Level.Sum, Level.Sum),
        Op.Add or Op.Subtract => new(Level.Sum, Level.Sum, Level.Product),
        Op.Negate => new(Level.Signed, Level.Power, Level.Power),
        Op.Multiply or Op.Divide or Op.ShareOfNorm => new(Level.Product, Level.Signed, Level.Power),
        Op.Pow => new(Level.Power, Level.Atom, Level.Power),
        _ => new(Level.Atom, Level.Atom, Level.Atom),
    };
}

/// <summary>A piece of a formula and how tightly it binds.</summary>
internal readonly record struct Term(string Text, Level Level)
{
    public static Term Atom(string text) => new(text, Level.Atom);
}
