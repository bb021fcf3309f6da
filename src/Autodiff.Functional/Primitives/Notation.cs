// A way to write formulas: what primitives print with, and what text, pictures and LaTeX each implement.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Primitives;

/// <summary>A way to write formulas.</summary>
internal abstract class Notation
{
    /// <summary>The length beyond which a line is broken by naming a part of it.</summary>
    public abstract int LineLength { get; }

    /// <summary>What stands for a part that is left out.</summary>
    public abstract string Ellipsis { get; }

    /// <summary>Between the parameters of a function and its result.</summary>
    public abstract string Arrow { get; }

    /// <summary>A variable's name.</summary>
    public abstract string Name(string name);

    /// <summary>The name of a function of the library or the user.</summary>
    public abstract string Function(string name);

    /// <summary>A constant.</summary>
    public abstract Fragment Constant(Expr constant);

    /// <summary>The named parts of a formula, in order, and what is made of them.</summary>
    public abstract string Lines(IReadOnlyList<(string Name, string Text)> definitions, string result);

    /// <summary>An operation, given the terms of its operands.</summary>
    public Fragment Operation(Expr node, ReadOnlySpan<Fragment> operands) =>
        node.Primitive is TensorPrimitive primitive ? primitive.Print(this, node, operands) : Elementwise(node, ElementwiseTable.Describe(node.Op).Spelling, operands);

    /// <summary>An elementwise operation.</summary>
    protected abstract Fragment Elementwise(Expr node, Spelling spelling, ReadOnlySpan<Fragment> operands);

    /// <summary>A primitive as it is spelled, with arguments beside its operands.</summary>
    public abstract Fragment Spelled(Spelling spelling, ReadOnlySpan<Fragment> operands, IEnumerable<(string Label, string Text)> arguments);

    /// <summary>A call of a function whose name is spelled already.</summary>
    public abstract Fragment Call(string function, IEnumerable<string> arguments);

    /// <summary>An argument with a label.</summary>
    public abstract string Labelled(string label, string argument);

    /// <summary>A tensor with an indexer behind it.</summary>
    public abstract Fragment Indexed(Fragment tensor, string indexer);

    /// <summary>A text between brackets.</summary>
    public abstract string Bracketed(string text);

    /// <summary>A text that is not a formula.</summary>
    public abstract Fragment Quoted(string text);

    public abstract string Parenthesized(string text);

    /// <summary>Operands between brackets.</summary>
    public Fragment Listed(ReadOnlySpan<Fragment> operands) => Fragment.Atom(Bracketed(string.Join(", ", Texts(operands))));

    /// <summary>A call of a function whose name is spelled already, of some operands.</summary>
    public Fragment Call(string function, ReadOnlySpan<Fragment> operands) => Call(function, Texts(operands));

    /// <summary>A call whose arguments have labels that are spelled already.</summary>
    public Fragment Placed(Spelling spelling, IEnumerable<(string Place, string Text)> arguments) => Spelled(
        spelling, [], arguments.Select(argument => ("", argument.Place.Length == 0 ? argument.Text : $"{argument.Place}{Colon}{argument.Text}")));

    /// <summary>Between a label that is spelled already and what it labels.</summary>
    protected abstract string Colon { get; }

    /// <summary>A term as it stands where at least a level is needed.</summary>
    public string At(Level level, Fragment term) => term.Level >= level ? term.Text : Parenthesized(term.Text);

    protected Fragment Prefix(Fixity fixity, string sign, Fragment operand) => new(sign + At(fixity.Right, operand), fixity.Result);

    protected Fragment Infix(Fixity fixity, string sign, Fragment left, Fragment right)
    {
        // A product that starts with a minus sign is a signed one.
        var level = left.Level >= fixity.Left && left.Level < fixity.Result ? left.Level : fixity.Result;
        return new(At(fixity.Left, left) + sign + At(fixity.Right, right), level);
    }

    /// <summary>The operands' texts, which commas will separate, so that none needs parentheses.</summary>
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
