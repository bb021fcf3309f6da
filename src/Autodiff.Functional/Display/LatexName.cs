// Names of variables in LaTeX: Greek letters, subscripts, upright words, and anything else as escaped text.

using System.Text.RegularExpressions;
using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Display;

internal static partial class LatexName
{
    /// <summary>
    /// <c>x1</c> as x_{1}, <c>theta</c> as \theta, <c>x_max</c> as x_{\mathrm{max}}, <c>loss</c> as \mathrm{loss}.
    /// </summary>
    public static string Of(string name)
    {
        var parts = Identifier().Match(name);
        if (!parts.Success)
        {
            return $@"\text{{{Escaped(name)}}}";
        }

        var subscripts = parts.Groups["subscript"].Value.Split('_', StringSplitOptions.RemoveEmptyEntries);
        var subscript = subscripts.Length == 0 ? "" : $"_{{{string.Join(',', subscripts.Select(Word))}}}";
        return Word(parts.Groups["stem"].Value) + subscript + parts.Groups["primes"].Value.Replace('′', '\'');
    }

    private static string Word(string word) => GreekLetters.LetterOf(word) is not null ? $@"\{word}"
        : GreekLetters.NameOf(word) is { Length: > 0 } name ? $@"\{name}"
        : word.Length == 1 || word.All(char.IsAsciiDigit) ? word
        : $@"\mathrm{{{word}}}";

    private static string Escaped(string text) => Escaping.Escape(text, letter => letter switch
    {
        '#' or '$' or '%' or '&' or '_' or '{' or '}' => $@"\{letter}",
        '~' => @"\textasciitilde{}",
        '^' => @"\textasciicircum{}",
        '\\' => @"\textbackslash{}",
        _ => null,
    });

    [GeneratedRegex(@"^(?<stem>\p{L}+)(?<subscript>(?:\d+|_[\p{L}\d]+)*)(?<primes>['′]*)\z")]
    private static partial Regex Identifier();
}
