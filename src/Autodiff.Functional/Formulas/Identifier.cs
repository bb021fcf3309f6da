// The names in formulas: what counts as an identifier, and which identifiers stand for a number or a keyword.

using System.Globalization;
using System.Text;

namespace Autodiff.Functional.Formulas;

/// <summary>
/// A name that is written as it is: a letter or underscore followed by letters, digits, underscores, primes and combining marks, in any script.
/// Superscript digits and the sign of a transpose are not part of a name, since x² is a power and xᵀ a transpose. Any other name is written in backquotes.
/// </summary>
internal static class Identifier
{
    /// <summary>The word that starts the definition of a name.</summary>
    public const string Let = "let";

    /// <summary>The base of natural logarithms; with it as the base, a power is the exponential function.</summary>
    public const string Euler = "e";

    /// <summary>The sign after a matrix that is transposed.</summary>
    public const char Transposed = 'ᵀ';

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>The numbers that have names.</summary>
    public static IReadOnlyDictionary<string, double> Numbers { get; } = new Dictionary<string, double>
    {
        [Euler] = Math.E,
        ["π"] = Math.PI,
        ["pi"] = Math.PI,
        ["NaN"] = double.NaN,
        ["Infinity"] = double.PositiveInfinity,
        ["∞"] = double.PositiveInfinity,
    };

    /// <summary>Whether a variable of this name can be written without backquotes.</summary>
    public static bool IsPlain(string name) => LengthAt(name, 0) == name.Length && name != Let && !Numbers.ContainsKey(name);

    /// <summary>The length of the identifier at a position of a text; 0 if there is none.</summary>
    public static int LengthAt(string text, int start)
    {
        var end = start;
        while (Rune.DecodeFromUtf16(text.AsSpan(end), out var rune, out var length) == System.Buffers.OperationStatus.Done && Fits(rune, end == start))
        {
            end += length;
        }

        return end - start;
    }

    /// <summary>The value of a superscript digit; −1 if a character is none.</summary>
    public static int Superscript(char digit) => Superscripts.IndexOf(digit, StringComparison.Ordinal);

    private static bool Fits(Rune rune, bool isFirst) => (Rune.IsLetter(rune) && rune.Value != Transposed) || rune.Value == '_' || (!isFirst
        && ((Rune.IsNumber(rune) && !(rune.IsBmp && Superscripts.Contains((char)rune.Value, StringComparison.Ordinal)))
            || rune.Value is '\'' or '′'
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark));
}
