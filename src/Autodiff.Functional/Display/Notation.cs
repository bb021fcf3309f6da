// What text and LaTeX share: operators between operands, with parentheses where the levels ask for them.

namespace Autodiff.Functional.Display;

/// <summary>A way to spell formulas.</summary>
internal abstract class Notation
{
    /// <summary>The length beyond which a line is broken by naming a part of it.</summary>
    public abstract int LineLength { get; }

    /// <summary>A variable's name.</summary>
    public abstract string Name(string name);

    /// <summary>A constant.</summary>
    public abstract Term Constant(Expr constant);

    /// <summary>An operation, given the terms of its operands.</summary>
    public abstract Term Operation(Expr node, ReadOnlySpan<Term> operands);

    /// <summary>The named parts of a formula, in order, and what is made of them.</summary>
    public abstract string Lines(IReadOnlyList<(string Name, string Text)> definitions, string result);

    protected abstract string Parenthesized(string text);

    /// <summary>A term as it stands where at least a level is needed.</summary>
    protected string At(Level level, Term term) => term.Level >= level ? term.Text : Parenthesized(term.Text);

    protected Term Prefix(Op op, string sign, Term operand)
    {
        var fixity = Fixity.Of(op);
        return new(sign + At(fixity.Right, operand), fixity.Result);
    }

    protected Term Infix(Op op, string sign, Term left, Term right) => Infix(Fixity.Of(op), sign, left, right);

    protected Term Infix(Fixity fixity, string sign, Term left, Term right)
    {
        // A product that starts with a minus sign is a signed one.
        var level = left.Level >= fixity.Left && left.Level < fixity.Result ? left.Level : fixity.Result;
        return new(At(fixity.Left, left) + sign + At(fixity.Right, right), level);
    }

    /// <summary>The operands' texts, which commas will separate, so that none needs parentheses.</summary>
    protected static string[] Texts(ReadOnlySpan<Term> terms)
    {
        var texts = new string[terms.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = terms[i].Text;
        }

        return texts;
    }
}
