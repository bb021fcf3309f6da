// Names of variables in LaTeX: Greek letters, subscripts, upright words, and anything else as escaped text.

using System.Text.RegularExpressions;

namespace Autodiff.Functional.Display;

internal static partial class LatexName
{
    // In the order of the Unicode block of Greek letters; the entry is empty where LaTeX has no command for the letter.
    private static readonly string[] s_greek =
    [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "",
        "pi", "rho", "", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ];

    private static readonly HashSet<string> s_capitals =
        ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"];

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

    private static string Word(string word) => Greek(word) is { Length: > 0 } letter ? $@"\{letter}"
        : word.Length == 1 || word.All(char.IsAsciiDigit) ? word
        : $@"\mathrm{{{word}}}";

    private static string Greek(string word)
    {
        if (word is [var letter and >= 'Α' and <= 'ω'])
        {
            var isCapital = letter < 'α';
            var index = letter - (isCapital ? 'Α' : 'α');
            var name = index < s_greek.Length ? s_greek[index] : "";
            word = isCapital && name.Length > 0 ? char.ToUpperInvariant(name[0]) + name[1..] : name;
        }

        return s_capitals.Contains(word) || s_greek.Contains(word) ? word : "";
    }

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
