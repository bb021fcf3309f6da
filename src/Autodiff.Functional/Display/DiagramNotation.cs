// The notation of formulas in a picture: short, with the signs of printed mathematics rather than those of code.

using System.Text;
using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Display;

internal sealed class DiagramNotation : TextNotation
{
    /// <summary>The most elements of a tensor that a label shows.</summary>
    private const int LargestBrief = 6;

    private const string Subscripts = "₀₁₂₃₄₅₆₇₈₉";
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    public static DiagramNotation Instance { get; } = new();

    /// <summary>Whether a label has room for a value of this shape.</summary>
    public static bool IsBrief(Shape shape) => shape.Size <= LargestBrief;

    /// <summary>A name with a bar over its letters: the name of the adjoint.</summary>
    public static string Barred(string name)
    {
        // A macron fits a single letter; over a word, overlines join to one line.
        var bar = name.Count(char.IsLetter) == 1 ? '\u0304' : '\u0305';
        var barred = new StringBuilder();
        foreach (var letter in name)
        {
            barred.Append(letter);
            if (char.IsLetter(letter))
            {
                barred.Append(bar);
            }
        }

        return barred.ToString();
    }

    /// <summary>Writes digits at the end of a name as subscripts: x1 and x_1 as x₁.</summary>
    public override string Name(string name)
    {
        var stem = name.TrimEnd([.. "0123456789"]);
        return stem.TrimEnd('_') is { Length: > 0 } letters && stem.Length < name.Length && char.IsLetter(letters[^1])
            ? base.Name(letters) + Raised(name[stem.Length..], Subscripts)
            : base.Name(name);
    }

    /// <summary>A label is not read back, so a variable may have the name of a number.</summary>
    protected override bool IsPlain(string name) => Identifier.LengthAt(name, 0) == name.Length;

    public override Fragment Constant(Expr constant)
    {
        var digits = constant.Rank == 0 ? 6 : 4;
        var text = ValueText.Tensor(constant.Storage, value => ValueText.Rounded(value, digits), LargestBrief).Replace('-', '−');
        return new(text, text[0] == '−' ? Level.Signed : Level.Atom);
    }

    protected override string Symbol(Spelling spelling) => spelling.Diagram;

    protected override Fragment Power(Fixity fixity, Fragment x, Fragment exponent) => exponent.Text.All(char.IsAsciiDigit)
        ? new(At(Level.Atom, x) + Raised(exponent.Text, Superscripts), Level.Power)
        : base.Power(fixity, x, exponent);

    private static string Raised(string digits, string forms) => string.Concat(digits.Select(digit => forms[digit - '0']));
}
