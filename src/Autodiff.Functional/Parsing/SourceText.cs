// The text of a formula, and errors that point at a place in it.

using System.Text;

namespace Autodiff.Functional.Parsing;

internal sealed class SourceText(string text)
{
    // How many characters of a long line are shown before and after the place of an error.
    private const int Shown = 60;

    // The longest name or sign that a message quotes in full.
    private const int LongestQuote = 40;

    public string Text => text;

    /// <summary>An error at a position of the text.</summary>
    /// <param name="position">The position.</param>
    /// <param name="message">What was found there and what would be right.</param>
    /// <param name="cause">The error that an operation reported, if any.</param>
    public ParseException Error(int position, string message, Exception? cause = null)
    {
        var (line, start) = (1, 0);
        for (var i = 0; i < position; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                (line, start) = (line + 1, i + 1);
            }
        }

        var end = text.AsSpan(position).IndexOfAny('\r', '\n') is var length and >= 0 ? position + length : text.Length;
        var (first, last) = (Math.Max(start, position - Shown), Math.Min(end, position + Shown));
        var (before, after) = (first > start ? "…" : "", last < end ? "…" : "");
        var shown = new StringBuilder(before);
        foreach (var letter in text.AsSpan(first, last - first))
        {
            shown.Append(char.IsControl(letter) ? ' ' : letter);
        }

        var column = position - start + 1;
        var caret = new string(' ', before.Length + position - first) + "^";
        return new($"Parse: line {line}, column {column}: {message}\n  {shown}{after}\n  {caret}", line, column, cause);
    }

    /// <summary>A part of the text as it stands in a message.</summary>
    public string Quote(int start, int length)
    {
        var part = text.AsSpan(start, Math.Min(length, LongestQuote));
        return $"\"{part}{(length > LongestQuote ? "…" : "")}\"";
    }
}
