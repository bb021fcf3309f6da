// How a primitive is written in each notation: plain text, Unicode, diagrams and LaTeX, of which MathML is made.

namespace Autodiff.Functional.Formulas;

/// <summary>
/// How a primitive is written. Without a <see cref="Fixity"/> it is a function call, such as <c>sin(x)</c>; with one it is an operator,
/// between its two operands or before its only one.
/// </summary>
/// <param name="Text">The name of the function, or the symbol of the operator, in plain text.</param>
internal sealed record Spelling(string Text)
{
    /// <summary>The symbol of the operator in diagrams; by default that of plain text.</summary>
    public string Diagram { get; init; } = Text;

    /// <summary>The name or the symbol in Unicode text; by default that of plain text.</summary>
    public string Unicode { get; init; } = Text;

    /// <summary>The whole term in Unicode text, if it is neither a call nor an operator, with places as <see cref="Template"/> has them; otherwise null.</summary>
    public string? UnicodeTemplate { get; init; }

    /// <summary>The level of a term that is written by <see cref="UnicodeTemplate"/>.</summary>
    public Level UnicodeLevel { get; init; } = Level.Atom;

    /// <summary>The name or the symbol in LaTeX; by default the name of plain text in upright letters.</summary>
    public string Latex { get; init; } = $@"\operatorname{{{Text}}}";

    /// <summary>Other names or signs under which it is read.</summary>
    public string[] Synonyms { get; init; } = [];

    /// <summary>The precedence of the operator; null for a function that is called.</summary>
    public Fixity? Fixity { get; init; }

    /// <summary>
    /// The whole term in LaTeX, if it is neither a call nor an operator; otherwise null. <c>⟨a⟩</c> stands for the first operand, <c>⟨b⟩</c> for
    /// the second, and so on. <c>⟨a:Atom⟩</c> is the first operand, in parentheses unless its level is at least <see cref="Level.Atom"/>.
    /// <c>⟨axes⟩</c> stands for the axes of a reduction, as a subscript.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>The level of the outermost operator of a term that is written by a template.</summary>
    public Level TemplateLevel { get; init; } = Level.Atom;

    /// <summary>An operator, with its symbols in plain text, in diagrams and in LaTeX.</summary>
    public static Spelling Operator(string text, string diagram, string latex, Fixity fixity) => new(text) { Diagram = diagram, Unicode = diagram, Latex = latex, Fixity = fixity };

    /// <summary>A function for which LaTeX has a command of the same name, such as \sin.</summary>
    public static Spelling Command(string text) => new(text) { Latex = $@"\{text}" };

    /// <summary>A function whose name in LaTeX is not that of plain text.</summary>
    public static Spelling Named(string text, string latex) => new(text) { Latex = latex };

    /// <summary>A function call in plain text that LaTeX writes in another form, which a template states.</summary>
    public static Spelling Formed(string text, string template, Level level = Level.Atom) => new(text) { Template = template, TemplateLevel = level };
}
