// Greek letters and their names: a variable that is named after a letter is printed as the letter.

using System.Text.RegularExpressions;

namespace Autodiff.Functional.Formulas;

internal static partial class GreekLetters
{
    // In the order of the Unicode block of Greek letters; an entry is empty where the letter looks like a Latin one or is a form of another.
    private static readonly string[] s_names =
    [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "",
        "pi", "rho", "", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ];

    private static readonly Dictionary<string, char> s_letters = Letters();

    /// <summary>The name of a letter, such as alpha or Omega; empty if the text is none, or has no name of its own.</summary>
    public static string NameOf(string letter)
    {
        if (letter is not [var only and >= 'Α' and <= 'ω'])
        {
            return "";
        }

        var name = s_names.ElementAtOrDefault(only - (only < 'α' ? 'Α' : 'α')) ?? "";
        name = only < 'α' && name.Length > 0 ? char.ToUpperInvariant(name[0]) + name[1..] : name;
        return s_letters.ContainsKey(name) ? name : "";
    }

    /// <summary>The letter of a name; null if the text is none.</summary>
    public static char? LetterOf(string name) => s_letters.TryGetValue(name, out var letter) ? letter : null;

    /// <summary>A name of a variable whose first word is that of a letter, with the letter: θ1 for theta1. Other names are as they are.</summary>
    public static string Abbreviated(string name)
    {
        var word = FirstWord().Match(name).Value;
        return LetterOf(word) is { } letter ? letter + name[word.Length..] : name;
    }

    // Capital letters that look like Latin ones stand for themselves.
    private static Dictionary<string, char> Letters()
    {
        string[] capitals = ["gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega"];
        var letters = new Dictionary<string, char>();
        for (var i = 0; i < s_names.Length; i++)
        {
            if (s_names[i] is { Length: > 0 } name)
            {
                letters.Add(name, (char)('α' + i));
                if (capitals.Contains(name))
                {
                    letters.Add(char.ToUpperInvariant(name[0]) + name[1..], (char)('Α' + i));
                }
            }
        }

        return letters;
    }

    [GeneratedRegex(@"^\p{L}+")]
    private static partial Regex FirstWord();
}
