// The methods of Expr that write an expression as text (its value if it has one, otherwise its formula), as a formula, as LaTeX and as MathML.

using Autodiff.Functional.Display;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// A concrete expression as its value, a symbolic one as its formula (see <see cref="ToFormula()"/>). Numbers are
    /// written in the shortest form that reads back as the same double; a tensor of more than 1000 elements shows the
    /// first and last three along each axis.
    /// </summary>
    /// <example><c>(Pow(x, 2) + 1).ToString()</c> is <c>x^2 + 1</c>; where x has the value [1, 2, 3], it is <c>[2, 5, 10]</c>.</example>
    public override string ToString() => IsConcrete ? ValueText.Of(Storage) : ToFormula();

    /// <summary>
    /// A concrete expression as its value, with every number in a format of .NET's, such as <c>F2</c>, and of a culture; <c>$"{x:F2}"</c> calls it. Without a format, and of
    /// a symbolic expression, it is <see cref="ToString()"/>.
    /// </summary>
    /// <param name="format">A format of doubles; null or empty for none.</param>
    /// <param name="formatProvider">The culture of the numbers; null for the current one.</param>
    /// <exception cref="AutodiffException">The format is none of numbers.</exception>
    /// <example><code>
    /// Expr x = new double[] { 1, 2.345 };
    /// Console.WriteLine($"{x:F1}"); // [1.0, 2.3]
    /// </code></example>
    public string ToString(string? format, IFormatProvider? formatProvider = null)
    {
        if (string.IsNullOrEmpty(format) || !IsConcrete)
        {
            return ToString();
        }

        try
        {
            return ValueText.Of(Storage, number => number.ToString(format, formatProvider));
        }
        catch (FormatException error)
        {
            throw new AutodiffException($"ToString: '{format}' is no format of numbers; use one such as F2, E3 or G6.", error);
        }
    }

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = ToString(format.ToString(), provider);
        var fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }

    /// <summary>
    /// The formula that computes this expression, also where it has a value. Parentheses are the fewest that keep every
    /// operation and its order: <c>a - (b - c)</c>, but <c>a - b - c</c>; <c>^</c> is <see cref="Pow(Expr, Expr)"/>. A derivative of up
    /// to 10,000 nodes is written in ordinary functions and simplified, so it is the same function, but not what is computed.
    /// </summary>
    /// <remarks>
    /// What is used more than once, and what would make a line too long, stands once in a line of its own:
    /// <c>let t1 = exp(x)</c>. A leaf that was named and is computed from others is such a line too:
    /// <c>let a = x - 1</c>. Where several variables share a name, the later ones are numbered: <c>x</c>, <c>x_2</c>;
    /// a name that is not an identifier stands in backquotes. Large constants are abbreviated.
    /// </remarks>
    /// <example>
    /// With e = Exp(x), <c>(e / (1 + e)).ToFormula()</c> is two lines, <c>let t1 = exp(x)</c> and <c>t1 / (1 + t1)</c>.
    /// </example>
    public string ToFormula() => Formula.Write(this, TextNotation.Plain);

    /// <summary>
    /// The formula, as <see cref="ToFormula()"/> writes it or with nothing left out: a derivative as it is computed, all elements of large constants,
    /// and the functions inside loops, branches and calls in full, with what they use several times in braces: <c>{ let t1 = exp(s); t1 / (1 + t1) }</c>.
    /// <see cref="Parse(string, ReadOnlySpan{Expr})"/> reads it back.
    /// </summary>
    /// <param name="abbreviate">Whether derivatives are simplified, and large constants and long functions abbreviated.</param>
    public string ToFormula(bool abbreviate) => abbreviate ? ToFormula() : Formula.WriteCompletely(this);

    /// <summary>
    /// The formula for a person. Functions that only derivatives are made of are written out: the derivative of <see cref="Asin"/>, which
    /// <see cref="ToFormula(bool)"/> writes in full as <c>asinderivative(x)</c>, is <c>1 / sqrt(1 - x^2)</c>. Choices are short: <c>where(x == 0, 0, sign(x))</c> for
    /// <c>where(1 - (x == 0), sign(x), 0)</c>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// What is written out is the same function of real numbers, but not what is computed: near singularities and for large arguments it loses digits
    /// that the computation keeps, and its limits at infinity are left out. A formula without such functions and choices is read back as the same
    /// computation.
    /// </para>
    /// <para>
    /// <see cref="FormulaStyle.Unicode"/> leaves out the sign between a number and a name, and writes the names of Greek letters as letters, <c>θ1</c> for
    /// <c>theta1</c>. <see cref="Parse(string, ParseOptions, ReadOnlySpan{Expr})"/> reads it with <see cref="ParseOptions.ImplicitMultiplication"/>, and
    /// finds <c>theta1</c> among the given variables by <c>θ1</c>.
    /// </para>
    /// </remarks>
    /// <param name="style">The signs.</param>
    /// <exception cref="AutodiffException">The style is none of those of <see cref="FormulaStyle"/>.</exception>
    /// <example><c>(2 * Pow(x, 2) + Sqrt(x)).ToFormula(FormulaStyle.Unicode)</c> is <c>2x² + √x</c>.</example>
    public string ToFormula(FormulaStyle style) => Formula.Write(this, style switch
    {
        FormulaStyle.Ascii => TextNotation.Ordinary,
        FormulaStyle.Unicode => UnicodeNotation.Instance,
        _ => throw new AutodiffException($"ToFormula: there is no style {style}; the styles are {string.Join(" and ", Enum.GetNames<FormulaStyle>())}."),
    });

    /// <summary>
    /// The formula for a person as LaTeX for math mode (amsmath, MathJax or KaTeX): fractions, roots, <c>cases</c> for
    /// <see cref="Where"/>, <c>bmatrix</c> for small constants, Greek letters and subscripts from names such as
    /// <c>theta1</c>. What is used more than once is a line of its own in an <c>aligned</c> block. Functions that only derivatives are made of are
    /// written out, as <see cref="ToFormula(FormulaStyle)"/> says.
    /// </summary>
    /// <example><c>(1 / (1 + Exp(-x))).ToLatex()</c> is <c>\frac{1}{1 + \mathrm{e}^{-x}}</c>.</example>
    public string ToLatex() => Formula.Write(this, LatexNotation.Instance);

    /// <summary>
    /// The formula as Presentation MathML, which browsers draw: a <c>math</c> element with the namespace of MathML, well-formed as XML and on one
    /// line. The formula is that of <see cref="ToLatex"/>, with the same lines and names.
    /// </summary>
    /// <example>
    /// <c>Sqrt(x).ToMathML()</c> is
    /// <c>&lt;math display="block" xmlns="http://www.w3.org/1998/Math/MathML"&gt;&lt;msqrt&gt;&lt;mi&gt;x&lt;/mi&gt;&lt;/msqrt&gt;&lt;/math&gt;</c>.
    /// </example>
    public string ToMathML() => MathML.Of(ToLatex());
}
