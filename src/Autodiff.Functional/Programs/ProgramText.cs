// How the functions that programs hold print: a body over what it captured, as a function of its parameters. Formulas of bodies stand inside
// the line of their node, so long ones are left out.

using System.Text.RegularExpressions;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Programs;

/// <summary>What the nodes that hold programs print with, in some notation.</summary>
internal readonly struct ProgramText(Notation notation)
{
    /// <summary>The most terms of a tuple that are written out.</summary>
    private const int LongestList = 8;

    /// <summary>The longest formula of a body that is written out.</summary>
    private int LongestBody => notation.LineLength / 2;

    /// <summary>The results of a body over some terms; where that is long, only what they are made of.</summary>
    public string Inside(Computation body, ReadOnlySpan<Fragment> parameters)
    {
        var terms = new Dictionary<Expr, Fragment>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < parameters.Length; i++)
        {
            terms.Add(body.Parameters[i], parameters[i]);
        }

        var writing = notation;
        Fragment TermOf(Expr node) => terms.TryGetValue(node, out var term) ? term : writing.Constant(node);

        var isShort = body.Size <= LongestBody;
        foreach (var node in isShort ? body.Nodes : [])
        {
            var term = notation.Operation(node, [.. node.Operands.Select(TermOf)]);
            terms.Add(node, term);
            isShort &= term.Text.Length <= LongestBody;
            if (!isShort)
            {
                break;
            }
        }

        var text = isShort ? Tuple(Array.ConvertAll(body.Results, TermOf)) : "";
        return isShort && text.Length <= LongestBody ? text : notation.Ellipsis + notation.Parenthesized(List(parameters));
    }

    /// <summary>Names for the parameters of a function, with as many primes as tell them from what the function reads from outside.</summary>
    public Fragment[] Parameters(string stem, int count, ReadOnlySpan<Fragment> captured)
    {
        var outside = string.Join(' ', Notation.Texts(captured));
        var parameters = new Fragment[count];
        for (var i = 0; i < count; i++)
        {
            var name = count == 1 ? stem : $"{stem}{i + 1}";
            while (Regex.IsMatch(outside, $@"(?<![\p{{L}}\p{{N}}\\]){Regex.Escape(notation.Name(name))}(?!['′\p{{L}}\p{{N}}])"))
            {
                name += "′";
            }

            parameters[i] = Fragment.Atom(notation.Name(name));
        }

        return parameters;
    }

    /// <summary>A function of some parameters.</summary>
    public string Lambda(ReadOnlySpan<Fragment> parameters, string result) => Tuple(parameters) + notation.Arrow + result;

    /// <summary>One term as it is, several in parentheses.</summary>
    public string Tuple(ReadOnlySpan<Fragment> terms) => terms.Length == 1 ? terms[0].Text : notation.Parenthesized(List(terms));

    private string List(ReadOnlySpan<Fragment> terms) => terms.Length <= LongestList
        ? string.Join(", ", Notation.Texts(terms))
        : $"{terms[0].Text}, {terms[1].Text}, {notation.Ellipsis}, {terms[^1].Text}";
}
