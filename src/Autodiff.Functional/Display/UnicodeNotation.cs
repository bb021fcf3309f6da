// The notation of formulas as Unicode text, with the signs of printed mathematics, for a person; it can be read back.

using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Display;

/// <summary>
/// Text such as <c>2x² + √x</c>. Every sign in it is one that formulas are read with; a number stands directly before a name, which is read as a
/// product if <see cref="ParseOptions.ImplicitMultiplication"/> allows it.
/// </summary>
internal sealed class UnicodeNotation() : TextNotation(isOrdinary: true)
{
    /// <summary>The most superscript digits that are read.</summary>
    private const int LongestSuperscript = 15;

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    public static UnicodeNotation Instance { get; } = new();

    public override string Ellipsis => "…";

    /// <summary>Writes the names of Greek letters as letters: theta1 as θ1.</summary>
    public override string Name(string name) => IsPlain(name) ? GreekLetters.Abbreviated(name) : base.Name(name);

    public override Fragment Spelled(Spelling spelling, ReadOnlySpan<Fragment> operands, IEnumerable<(string Label, string Text)> arguments) =>
        spelling.UnicodeTemplate is { } template ? new(Filled(template, operands, arguments), spelling.UnicodeLevel) : base.Spelled(spelling, operands, arguments);

    protected override string Number(double value) => value switch
    {
        Math.PI => "π",
        -Math.PI => "−π",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => ValueText.Number(value) is var text && text[0] == '-' ? $"−{text.AsSpan(1)}" : text,
    };

    protected override string Symbol(Spelling spelling) => spelling.Unicode;

    protected override Fragment Elementwise(Expr node, Spelling spelling, ReadOnlySpan<Fragment> operands) =>
        node.Op == Op.Multiply && operands[0].IsCoefficient && StartsWithName(operands[1])
            ? Infix(Fixity.Product, "", operands[0], operands[1])
            : base.Elementwise(node, spelling, operands);

    protected override Fragment Power(Fixity fixity, Fragment x, Fragment exponent)
    {
        var digits = exponent.Text.AsSpan(exponent.Text[0] == '−' ? 1 : 0);
        return digits.Length <= LongestSuperscript && !digits.ContainsAnyExceptInRange('0', '9')
            ? new(At(Level.Atom, x) + string.Concat(exponent.Text.Select(letter => letter == '−' ? '⁻' : Superscripts[letter - '0'])), Level.Power)
            : base.Power(fixity, x, exponent);
    }

    /// <summary>
    /// Whether a factor starts with a name or a root that may follow a number directly. A name in e would be read as an exponent of the number, and a
    /// function is easier to read after a sign.
    /// </summary>
    private static bool StartsWithName(Fragment factor)
    {
        var (text, length) = (factor.Text, Identifier.LengthAt(factor.Text, 0));
        return factor.Level >= Level.Power && (text[0] is '√' or '∛' || (length > 0 && text[0] is not ('e' or 'E') && (length == text.Length || text[length] != '(')));
    }
}
