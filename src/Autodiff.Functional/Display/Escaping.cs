// Names and titles come from outside: what each language cannot hold as it is, is replaced here.

using System.Text;

namespace Autodiff.Functional.Display;

internal static class Escaping
{
    /// <summary>The text with some letters replaced, and every control character, line breaks among them, by a blank.</summary>
    /// <param name="text">The text.</param>
    /// <param name="replacement">What stands for a letter; null where it may stay.</param>
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
