// How the computations inside program nodes are printed: as functions of their parameters, with the captured values inserted. They are
// part of the line of their node, so long ones are abbreviated.

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Programs;

/// <summary>The text of computations inside program nodes, in some notation.</summary>
internal readonly struct ProgramText(Notation notation)
{
    /// <summary>The largest number of terms of a tuple that are all written out, if they fit on a line.</summary>
    private const int LongestList = 8;

    /// <summary>The fewest terms of a tuple of which some may be left out.</summary>
    private const int FewestAbbreviated = 4;

    /// <summary>The longest text of a computation that is written out, in characters: half a line.</summary>
    private int LongestBody => notation.LineLength / 2;

    /// <summary>
    /// The results of a computation with terms inserted for its parameters; if that is long, an ellipsis and the list of those terms.
    /// </summary>
    public string Inside(Computation computation, ReadOnlySpan<Fragment> parameters)
    {
        var terms = new Dictionary<Expr, Fragment>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < parameters.Length; i++)
        {
            terms.Add(computation.Parameters[i], parameters[i]);
        }

        if (notation.IsComplete)
        {
            return InFull(computation, terms);
        }

        var isShort = computation.Size <= LongestBody;
        var graph = new OrdinaryGraph(isShort ? computation.Nodes : [], computation.Results, notation.IsOrdinary);
        var writing = notation;
        Fragment TermOf(Expr node) => terms.TryGetValue(graph[node], out var term) ? term : writing.Constant(graph[node]);

        foreach (var node in graph.Nodes.Where(node => !node.Op.IsLeaf()))
        {
            var term = notation.Operation(node, [.. node.Operands.Select(TermOf)]);
            terms.Add(node, term);
            isShort &= term.Text.Length <= LongestBody;
            if (!isShort)
            {
                break;
            }
        }

        var text = isShort ? Tuple(Array.ConvertAll(computation.Results, TermOf)) : "";
        return isShort && text.Length <= LongestBody ? text : notation.Ellipsis + notation.Parenthesized(List(parameters));
    }

    /// <summary>
    /// The results of a computation. What it uses several times, and what would make a line too long, is defined in braces before them:
    /// { let t1 = …; results }.
    /// </summary>
    private string InFull(Computation unmerged, Dictionary<Expr, Fragment> terms)
    {
        var computation = CommonSubexpressions.Merge(unmerged);
        var uses = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        foreach (var read in computation.Nodes.SelectMany(node => node.Operands).Concat(computation.Results))
        {
            uses[read] = uses.GetValueOrDefault(read) + 1;
        }

        var writing = notation;
        Fragment TermOf(Expr node) => terms.TryGetValue(node, out var term) ? term : writing.Constant(node);

        var definitions = new StringBuilder();
        foreach (var node in computation.Nodes)
        {
            var term = notation.Operation(node, [.. node.Operands.Select(TermOf)]);
            if (uses[node] > 1 || term.Text.Length > notation.LineLength)
            {
                var name = notation.NextName();
                definitions.Append(CultureInfo.InvariantCulture, $"let {name} = {term.Text}; ");
                term = Fragment.Atom(name);
            }

            terms.Add(node, term);
        }

        var results = Array.ConvertAll(computation.Results, TermOf);
        var text = results.Length == 1 ? results[0].Text : notation.Parenthesized(string.Join(", ", Notation.Texts(results)));
        return definitions.Length == 0 ? text : $"{{ {definitions}{text} }}";
    }

    /// <summary>Names for the parameters of a function, with as many primes as are needed to differ from all names in its captured terms.</summary>
    public Fragment[] Parameters(string stem, int count, ReadOnlySpan<Fragment> captured)
    {
        var outside = string.Join(' ', Notation.Texts(captured));
        var parameters = new Fragment[count];
        for (var i = 0; i < count; i++)
        {
            var name = count == 1 ? stem : $"{stem}{i + 1}";
            while (Regex.IsMatch(outside, $@"(?<![\p{{L}}\p{{N}}\\]){Regex.Escape(notation.Name(name))}(?!['′\p{{L}}\p{{N}}])"))
            {
                name += "'";
            }

            parameters[i] = Fragment.Atom(notation.Name(name));
        }

        return parameters;
    }

    /// <summary>A function in arrow notation, parameters → result.</summary>
    public string Lambda(ReadOnlySpan<Fragment> parameters, string result) => Tuple(parameters) + notation.Arrow + result;

    /// <summary>A single term as it is; several terms in parentheses, separated by commas.</summary>
    public string Tuple(ReadOnlySpan<Fragment> terms) => terms.Length == 1 ? terms[0].Text : notation.Parenthesized(List(terms));

    private string List(ReadOnlySpan<Fragment> terms)
    {
        var all = string.Join(", ", Notation.Texts(terms));
        var isWritten = notation.IsComplete || terms.Length < FewestAbbreviated || (terms.Length <= LongestList && all.Length <= notation.LineLength);
        return isWritten ? all : $"{terms[0].Text}, {terms[1].Text}, {notation.Ellipsis}, {terms[^1].Text}";
    }
}
