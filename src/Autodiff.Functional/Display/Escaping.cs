// Replaces characters that a drawing language cannot hold as they are in names and titles, which come from the user.

using System.Text;

namespace Autodiff.Functional.Display;

internal static class Escaping
{
    /// <summary>The text with some letters replaced, and every control character, line breaks among them, by a blank.</summary>
    /// <param name="text">The text.</param>
    /// <param name="replacement">The replacement of a letter; null if it stays as it is.</param>
    public static string Escape(string text, Func<char, string?> replacement)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsControl(letter))
            {
                escaped.Append(' ');
            }
            else if (replacement(letter) is { } instead)
            {
                escaped.Append(instead);
            }
            else
            {
                escaped.Append(letter);
            }
        }

        return escaped.ToString();
    }
}
