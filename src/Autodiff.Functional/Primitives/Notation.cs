// The interface by which primitives write themselves as formulas; plain text, Unicode text, diagrams and LaTeX implement it.

using System.Text;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// A notation for formulas: plain text, Unicode text, the labels of diagrams, or LaTeX. <see cref="TensorPrimitive.Print"/> composes the formula of a node from
/// the methods of this class, without knowing which notation it is.
/// </summary>
internal abstract class Notation
{
    /// <summary>The length, in characters, above which a formula is shortened by giving names to parts of it.</summary>
    public abstract int LineLength { get; }

    /// <summary>The most elements of a constant, and the most positions of a selection, that are all written out.</summary>
    public virtual int LargestList => 32;

    /// <summary>Whether nothing is left out, however long it is.</summary>
    public virtual bool IsComplete => false;

    /// <summary>Whether functions that only derivatives are made of are written in their ordinary forms, for a person.</summary>
    public virtual bool IsOrdinary => false;

    /// <summary>A name for a term inside a function that a program holds; only a complete notation names these.</summary>
    public virtual string NextName() => throw new System.Diagnostics.UnreachableException("Terms inside functions are named only where nothing is left out.");

    /// <summary>The sign for a part that is left out.</summary>
    public abstract string Ellipsis { get; }

    /// <summary>The arrow between the parameters of a function and its result.</summary>
    public abstract string Arrow { get; }

    /// <summary>The name of a variable.</summary>
    public abstract string Name(string name);

    /// <summary>The name of a function of the library or the user.</summary>
    public abstract string Function(string name);

    /// <summary>A constant.</summary>
    public abstract Fragment Constant(Expr constant);

    /// <summary>A formula with named parts: the definition of each name, in order, then the result in terms of these names.</summary>
    public abstract string Lines(IReadOnlyList<(string Name, string Text)> definitions, string result);

    /// <summary>The formula of a node that is an operation, from those of its operands.</summary>
    public Fragment Operation(Expr node, ReadOnlySpan<Fragment> operands) =>
        node.Primitive is TensorPrimitive primitive ? primitive.Print(this, node, operands) : Elementwise(node, ElementwiseTable.Describe(node.Op).Spelling, operands);

    /// <summary>The formula of a node that is an elementwise operation.</summary>
    protected abstract Fragment Elementwise(Expr node, Spelling spelling, ReadOnlySpan<Fragment> operands);

    /// <summary>A primitive in the form that its spelling states, with the arguments after the operands.</summary>
    public abstract Fragment Spelled(Spelling spelling, ReadOnlySpan<Fragment> operands, IEnumerable<(string Label, string Text)> arguments);

    /// <summary>A call of a function whose name is already in this notation.</summary>
    public abstract Fragment Call(string function, IEnumerable<string> arguments);

    /// <summary>An argument with its label, in plain text for example <c>axis: 0</c>.</summary>
    public abstract string Labelled(string label, string argument);

    /// <summary>A tensor followed by an indexer.</summary>
    public abstract Fragment Indexed(Fragment tensor, string indexer);

    /// <summary>A text in square brackets.</summary>
    public abstract string Bracketed(string text);

    /// <summary>A text that is not a formula, such as the axes of an einsum.</summary>
    public abstract Fragment Quoted(string text);

    public abstract string Parenthesized(string text);

    /// <summary>Operands in square brackets, separated by commas.</summary>
    public Fragment Listed(ReadOnlySpan<Fragment> operands) => Fragment.Atom(Bracketed(string.Join(", ", Texts(operands))));

    /// <summary>A call, on some operands, of a function whose name is already in this notation.</summary>
    public Fragment Call(string function, ReadOnlySpan<Fragment> operands) => Call(function, Texts(operands));

    /// <summary>A call whose arguments have labels that are already in this notation; an empty label is left out.</summary>
    public Fragment Placed(Spelling spelling, IEnumerable<(string Place, string Text)> arguments) => Spelled(
        spelling, [], arguments.Select(argument => ("", argument.Place.Length == 0 ? argument.Text : $"{argument.Place}{Colon}{argument.Text}")));

    /// <summary>The sign between the label of an argument and the argument in <see cref="Placed"/>.</summary>
    protected abstract string Colon { get; }

    /// <summary>The text of a term, in parentheses if its level is lower than the given one.</summary>
    public string At(Level level, Fragment term) => term.Level >= level ? term.Text : Parenthesized(term.Text);

    protected Fragment Prefix(Fixity fixity, string sign, Fragment operand) => new(sign + At(fixity.Right, operand), fixity.Result);

    protected Fragment Infix(Fixity fixity, string sign, Fragment left, Fragment right)
    {
        // A product that starts with a minus sign has the level of a signed term.
        var level = left.Level >= fixity.Left && left.Level < fixity.Result ? left.Level : fixity.Result;
        return new(At(fixity.Left, left) + sign + At(fixity.Right, right), level);
    }

    /// <summary>A template of a <see cref="Spelling"/> with its places filled by terms.</summary>
    protected string Filled(string template, ReadOnlySpan<Fragment> operands, IEnumerable<(string Label, string Text)> arguments)
    {
        var filled = new StringBuilder();
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('⟨', at);
            if (open < 0)
            {
                return filled.Append(template, at, template.Length - at).ToString();
            }

            var close = template.IndexOf('⟩', open);
            filled.Append(template, at, open - at);
            at = close + 1;
            var place = template[(open + 1)..close];
            filled.Append(
                place == "axes" ? (arguments.FirstOrDefault(argument => argument.Label == "axis").Text is { } axes ? Axes(axes) : "")
                : place.Length == 1 ? operands[place[0] - 'a'].Text
                : At(Enum.Parse<Level>(place.AsSpan(2)), operands[place[0] - 'a']));
        }

        return filled.ToString();
    }

    /// <summary>The axes that a reduction folds, where a template has a place for them.</summary>
    protected virtual string Axes(string axes) => axes;

    /// <summary>The texts of operands that will be separated by commas, so that none needs parentheses.</summary>
    public static string[] Texts(ReadOnlySpan<Fragment> terms)
    {
        var texts = new string[terms.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = terms[i].Text;
        }

        return texts;
    }
}
