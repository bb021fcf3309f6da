// A program of a document: the compiler keeps the text of the lambda that runs it, so text and code cannot differ.

using System.Runtime.CompilerServices;

namespace Autodiff.PropertyTests.Documentation;

/// <param name="program">What runs. Its parameter is called Console, so that the text reads as it does in a program.</param>
/// <param name="text">The source text of the program, which the compiler fills in.</param>
internal sealed class Snippet(Action<TextWriter> program, [CallerArgumentExpression(nameof(program))] string text = "")
{
    /// <summary>The lines between the braces, without their indentation.</summary>
    public string Text { get; } = BodyOf(text.Split('\n'));

    public string Output()
    {
        using var console = new StringWriter { NewLine = "\n" };
        program(console);
        return console.ToString().TrimEnd();
    }

    private static string BodyOf(string[] lines)
    {
        var indentation = lines[1].IndexOf('{', StringComparison.Ordinal) + 4;
        return string.Join('\n', lines[2..^1].Select(line => line.Length > indentation ? line[indentation..] : ""));
    }
}
