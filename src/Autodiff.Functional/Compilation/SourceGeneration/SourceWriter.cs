// Writes source text with indentation.

using System.Text;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>Source text under construction, in lines of the indentation of their block.</summary>
internal sealed class SourceWriter
{
    private const int Indentation = 4;

    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes a line, or an empty one.</summary>
    public void Line(string text = "")
    {
        if (text.Length > 0)
        {
            _text.Append(' ', _depth * Indentation).Append(text);
        }

        _text.Append('\n');
    }

    /// <summary>Writes lines that have an indentation of their own, in addition to that of the block.</summary>
    public void Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            Line(line);
        }
    }

    /// <summary>Writes a head and a block in braces below it.</summary>
    public void Block(string head, Action body)
    {
        Line(head);
        Line("{");
        _depth++;
        body();
        _depth--;
        Line("}");
    }

    public override string ToString() => _text.ToString();
}
