// Takes a formula apart into words.

using System.Globalization;
using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Parsing;

internal static class Lexer
{
    /// <summary>All words of a text; the last one is the end.</summary>
    public static List<Token> Read(SourceText source)
    {
        var text = source.Text;
        var tokens = new List<Token>();
        for (var position = 0; position < text.Length;)
        {
            var token = At(source, position);
            if (token.Length == 0)
            {
                position++;
            }
            else
            {
                tokens.Add(token);
                position += token.Length;
            }
        }

        tokens.Add(new(TokenKind.End, text.Length, 0));
        return tokens;
    }

    /// <summary>The word at a position; one without length for a blank.</summary>
    private static Token At(SourceText source, int start)
    {
        var text = source.Text;
        var letter = text[start];
        if (letter is '\n' or '\r')
        {
            return new(TokenKind.LineBreak, start, 1);
        }

        if (char.IsWhiteSpace(letter) || letter == '\uFEFF')
        {
            return default;
        }

        if (char.IsAsciiDigit(letter) || (letter == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
        {
            return Number(source, start);
        }

        if (Identifier.LengthAt(text, start) is var length and > 0)
        {
            return new(TokenKind.Name, start, length, text.Substring(start, length));
        }

        if (letter is '`' or '"')
        {
            return Quoted(source, start, letter == '`' ? TokenKind.QuotedName : TokenKind.Text);
        }

        if (letter == '…' || string.CompareOrdinal(text, start, "...", 0, 3) == 0)
        {
            throw source.Error(start, "an ellipsis stands for a part that the text leaves out (elements of a large constant, or a long function), so this formula cannot be read back.");
        }

        if (letter == '⁻' || Identifier.Superscript(letter) >= 0)
        {
            return Superscript(source, start);
        }

        if (string.CompareOrdinal(text, start, "=>", 0, 2) == 0)
        {
            return new(TokenKind.Arrow, start, 2);
        }

        foreach (var sign in Vocabulary.Signs)
        {
            if (string.CompareOrdinal(text, start, sign, 0, sign.Length) == 0)
            {
                return new(TokenKind.Operator, start, sign.Length, sign);
            }
        }

        return letter switch
        {
            '(' => new(TokenKind.OpenParenthesis, start, 1),
            ')' => new(TokenKind.CloseParenthesis, start, 1),
            '[' => new(TokenKind.OpenBracket, start, 1),
            ']' => new(TokenKind.CloseBracket, start, 1),
            '{' => new(TokenKind.OpenBrace, start, 1),
            '}' => new(TokenKind.CloseBrace, start, 1),
            '|' => new(TokenKind.Bar, start, 1),
            ',' => new(TokenKind.Comma, start, 1),
            ':' => new(TokenKind.Colon, start, 1),
            ';' => new(TokenKind.Semicolon, start, 1),
            '√' => new(TokenKind.Root, start, 1, "sqrt"),
            '∛' => new(TokenKind.Root, start, 1, "cbrt"),
            Identifier.Transposed => new(TokenKind.Transposed, start, 1),
            '∞' => new(TokenKind.Name, start, 1, "∞"),
            '.' when start + 1 < text.Length && text[start + 1] == '.' => new(TokenKind.Range, start, 2),
            _ => throw source.Error(start, $"the character {Shown(text, start)} has no meaning in a formula; a name with such characters is written in backquotes."),
        };
    }

    private static Token Number(SourceText source, int start)
    {
        var text = source.Text;
        int Digits(int from)
        {
            while (from < text.Length && char.IsAsciiDigit(text[from]))
            {
                from++;
            }

            return from;
        }

        // A point that is followed by another one belongs to a range, as in 1..3.
        var end = Digits(start);
        if (end < text.Length && text[end] == '.' && !(end + 1 < text.Length && text[end + 1] == '.'))
        {
            end = Digits(end + 1);
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var exponent = end + 1 < text.Length && text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            end = Digits(exponent) is var after && after > exponent ? after : end;
        }

        var value = double.Parse(text.AsSpan(start, end - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? new(TokenKind.Number, start, end - start, "", value)
            : throw source.Error(start, $"the number {source.Quote(start, end - start)} is larger than {double.MaxValue.ToString("R", CultureInfo.InvariantCulture)}, the largest double; infinity is written Infinity or ∞.");
    }

    private static Token Superscript(SourceText source, int start)
    {
        var text = source.Text;
        var isNegative = text[start] == '⁻';
        var end = isNegative ? start + 1 : start;
        var value = 0.0;
        for (var first = end; end < text.Length && Identifier.Superscript(text[end]) is var digit and >= 0; end++)
        {
            value = end - first < 15
                ? (10 * value) + digit
                : throw source.Error(start, "an exponent in superscript digits has at most 15 of them; write it with ^.");
        }

        return end > start + (isNegative ? 1 : 0)
            ? new(TokenKind.Superscript, start, end - start, "", isNegative ? -value : value)
            : throw source.Error(start, "a superscript minus is followed by superscript digits, as in x⁻¹.");
    }

    private static Token Quoted(SourceText source, int start, TokenKind kind)
    {
        var text = source.Text;
        var length = text.AsSpan(start + 1).IndexOfAny(text[start], '\r', '\n');
        var isClosed = length >= 0 && text[start + 1 + length] == text[start];
        return !isClosed ? throw source.Error(start, $"the {(kind == TokenKind.Text ? "text in quotes" : "name in backquotes")} does not end on this line; close it with {text[start]}.")
            : kind == TokenKind.QuotedName && string.IsNullOrWhiteSpace(text.Substring(start + 1, length)) ? throw source.Error(start, "there is no name between the backquotes.")
            : new(kind, start, length + 2, text.Substring(start + 1, length));
    }

    private static string Shown(string text, int position) =>
        char.IsLetterOrDigit(text[position]) || char.IsPunctuation(text[position]) || char.IsSymbol(text[position]) ? $"'{text[position]}'" : $"U+{(int)text[position]:X4}";
}
