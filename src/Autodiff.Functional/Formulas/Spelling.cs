// How the name of a primitive is spelled in each notation.

namespace Autodiff.Functional.Formulas;

/// <summary>
/// The spelling of a primitive: a function that is called, such as <c>sin(x)</c>, or with a <see cref="Fixity"/> an operator between its
/// operands, or before its one operand.
/// </summary>
/// <param name="Text">The name of the function, or the sign of the operator, in plain text.</param>
internal sealed record Spelling(string Text)
{
    /// <summary>The sign of the operator in pictures, where it differs from plain text.</summary>
    public string Diagram { get; init; } = Text;

    /// <summary>The name or the sign in LaTeX.</summary>
    public string Latex { get; init; } = $@"\operatorname{{{Text}}}";

    /// <summary>The precedence of the operator; null for a function that is called.</summary>
    public Fixity? Fixity { get; init; }

    /// <summary>
    /// The whole term in LaTeX, where it is neither a call nor an operator: <c>⟨a⟩</c> stands for the first operand, <c>⟨b⟩</c> for the
    /// second, and so on; <c>⟨a:Atom⟩</c> has parentheses unless the operand binds at least so tightly. Null if there is no such form.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>How tightly the term of the <see cref="Template"/> binds.</summary>
    public Level TemplateLevel { get; init; } = Level.Atom;

    /// <summary>An operator.</summary>
    public static Spelling Operator(string text, string diagram, string latex, Fixity fixity) => new(text) { Diagram = diagram, Latex = latex, Fixity = fixity };

    /// <summary>A function that LaTeX has a command of the same name for, such as \sin.</summary>
    public static Spelling Command(string text) => new(text) { Latex = $@"\{text}" };

    /// <summary>A function with a name of its own in LaTeX.</summary>
    public static Spelling Named(string text, string latex) => new(text) { Latex = latex };

    /// <summary>A function in text that is a term of another form in LaTeX.</summary>
    public static Spelling Formed(string text, string template, Level level = Level.Atom) => new(text) { Template = template, TemplateLevel = level };
}
