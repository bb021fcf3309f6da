// The methods of Expr that read a formula from text.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Parsing;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// Reads a formula: what <see cref="ToFormula()"/> writes, and the notation of people. A name is a scalar variable unless it is given; each
    /// name is one node, however often it is used.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The operators are those of <see cref="ToFormula()"/>, with the same precedence: <c>+ - * / ^</c> and the comparisons; <c>× · ÷ − ≤ ≥ =</c> are
    /// read too, a minus sign may stand before any operand, and <c>x²</c>, <c>√x</c>, <c>|x|</c> and <c>xᵀ</c> are powers, roots, absolute values and
    /// transposes; <c>Σ(x)</c> and <c>Π(x)</c> are <see cref="Sum(Expr, Axes, bool)"/> and <see cref="Prod"/>.
    /// A function of one argument needs no parentheses: <c>sin x</c> and <c>sin²x</c>; its argument then ends before the next <c>+ - * /</c>.
    /// </para>
    /// <para>
    /// <c>π</c>, <c>pi</c>, <c>e</c>, <c>∞</c>, <c>Infinity</c> and <c>NaN</c> are numbers unless a variable of that name is given or defined; a
    /// power of <c>e</c> is <see cref="Exp"/>. A name in backquotes is a variable in any case. A given variable that is named after a Greek letter is
    /// found by the letter too: <c>theta1</c> by <c>θ1</c>.
    /// </para>
    /// <para>
    /// Lines of the form <c>let a = x - 1</c> define names for the lines after them: <c>t1</c>, <c>t2</c>, … are terms that are used several times, and
    /// any other name makes a leaf, like <c>Variable("a", x - 1)</c>.
    /// </para>
    /// </remarks>
    /// <param name="text">The formula.</param>
    /// <param name="variables">Variables with names, of any shape, with or without values.</param>
    /// <exception cref="ParseException">The text is not a formula, an argument or a shape does not fit, or a part is abbreviated.</exception>
    /// <exception cref="AutodiffException">The text or a variable is null, a variable has no name, or two have the same one.</exception>
    /// <example><c>Parse("2*x² + sin x").ToFormula()</c> is <c>2 * x^2 + sin(x)</c>.</example>
    [OverloadResolutionPriority(1)]
    public static Expr Parse(string text, params ReadOnlySpan<Expr> variables) => Parse(text, new ParseOptions(), variables);

    /// <summary>Reads a formula in which some names stand for given expressions, such as the argument of a function that is differentiated.</summary>
    /// <remarks>The notation is that of <see cref="Parse(string, ReadOnlySpan{Expr})"/>.</remarks>
    /// <param name="text">The formula.</param>
    /// <param name="variables">Names, each with the expression that it stands for.</param>
    /// <exception cref="ParseException">The text is not a formula, an argument or a shape does not fit, or a part is abbreviated.</exception>
    /// <exception cref="AutodiffException">The text, a name or an expression is null, or a name is given twice.</exception>
    /// <example><c>Grad(x => Parse("2*x² + sin x", ("x", x)))(2.0)</c> is 4 · 2 + cos 2.</example>
    public static Expr Parse(string text, params ReadOnlySpan<(string Name, Expr Value)> variables) => Parse(text, new ParseOptions(), variables);

    /// <summary>Reads a formula, as <see cref="Parse(string, ReadOnlySpan{Expr})"/> does, with options.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="options">Products without a sign, functions of the caller, and whether unknown names are errors.</param>
    /// <param name="variables">Variables with names, of any shape, with or without values.</param>
    /// <exception cref="ParseException">The text is not a formula, an argument or a shape does not fit, or a part is abbreviated.</exception>
    /// <exception cref="AutodiffException">The text, the options or a variable is null, a variable has no name, or two have the same one.</exception>
    /// <example><c>Parse("2x sin y", new() { ImplicitMultiplication = true })</c> is <c>2 * x * sin(y)</c>.</example>
    [OverloadResolutionPriority(1)]
    public static Expr Parse(string text, ParseOptions options, params ReadOnlySpan<Expr> variables)
    {
        var named = new (string, Expr)[variables.Length];
        for (var i = 0; i < named.Length; i++)
        {
            var variable = variables[i] ?? throw AutodiffException.Null("Parse", "a variable");
            named[i] = (variable.Name.Case as string ?? throw new AutodiffException(
                "Parse: a given expression has no name; give variables, which Variable(name, …) makes, or names with expressions, as in (\"x\", x)."), variable);
        }

        return Parse(text, options, new ReadOnlySpan<(string, Expr)>(named));
    }

    /// <summary>Reads a formula in which some names stand for given expressions, with options.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="options">Products without a sign, functions of the caller, and whether unknown names are errors.</param>
    /// <param name="variables">Names, each with the expression that it stands for.</param>
    /// <exception cref="ParseException">The text is not a formula, an argument or a shape does not fit, or a part is abbreviated.</exception>
    /// <exception cref="AutodiffException">The text, the options, a name or an expression is null, or a name is given twice.</exception>
    public static Expr Parse(string text, ParseOptions options, params ReadOnlySpan<(string Name, Expr Value)> variables)
    {
        if (text is null || options is null)
        {
            throw AutodiffException.Null("Parse", text is null ? "the text" : "the options");
        }

        if (options.Functions is null || options.Functions.Values.Contains(null))
        {
            throw AutodiffException.Null("Parse", options.Functions is null ? "ParseOptions.Functions" : "a function in ParseOptions.Functions");
        }

        var given = new Dictionary<string, Expr>();
        foreach (var (name, value) in variables)
        {
            if (name is null || value is null)
            {
                throw AutodiffException.Null("Parse", name is null ? "the name of a variable" : $"the variable {name}");
            }

            if (!given.TryAdd(name, value) && !ReferenceEquals(given[name], value))
            {
                throw new AutodiffException($"Parse: two of the given variables have the name {name}; a name stands for one variable.");
            }
        }

        var source = new SourceText(text);
        return new FormulaBuilder(source, FormulaParser.Read(source, options, given.Keys), options, given).Build();
    }
}
