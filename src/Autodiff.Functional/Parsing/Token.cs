// The words of a formula.

namespace Autodiff.Functional.Parsing;

internal enum TokenKind
{
    /// <summary>A number, such as 2.5e-3.</summary>
    Number,

    /// <summary>A name without backquotes; it may be the name of a number, a function or a keyword.</summary>
    Name,

    /// <summary>A name in backquotes, which is that of a variable or a function of the user.</summary>
    QuotedName,

    /// <summary>A text in double quotes.</summary>
    Text,

    /// <summary>A whole number in superscript digits, an exponent.</summary>
    Superscript,

    /// <summary>ᵀ, the sign of a transpose.</summary>
    Transposed,

    /// <summary>The sign of an operator.</summary>
    Operator,

    /// <summary>√ or ∛.</summary>
    Root,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Bar,
    Comma,
    Colon,
    Arrow,

    /// <summary>Two dots.</summary>
    Range,

    /// <summary>A semicolon.</summary>
    Semicolon,
    LineBreak,
    End,
}

/// <summary>A word, its place in the text, and its value: the name, the text between quotes, or the sign of an operator.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int Length, string Text = "", double Number = 0);
