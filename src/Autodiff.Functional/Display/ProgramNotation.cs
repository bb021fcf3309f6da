// How programs print: a branch over what it captured, the step of a loop as a function of state and item. Formulas of bodies stand
// inside the line of their node, so long ones are left out.

using System.Text.RegularExpressions;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Display;

/// <summary>What text and LaTeX share in how they spell nodes that hold programs.</summary>
internal abstract class ProgramNotation : Notation
{
    /// <summary>The longest formula of a body that is written out.</summary>
    private int LongestBody => LineLength / 2;

    /// <summary>The most terms of a tuple that are written out.</summary>
    private const int LongestList = 8;

    protected abstract string Ellipsis { get; }

    /// <summary>Between the parameters of a function and its result.</summary>
    protected abstract string Arrow { get; }

    /// <summary>A call of a function whose name is spelled already.</summary>
    protected abstract Term Call(string function, IEnumerable<string> arguments);

    /// <summary>An argument with a label.</summary>
    protected abstract string Labelled(string label, string argument);

    /// <summary>The name of a function of the library or the user.</summary>
    protected abstract string Function(string name);

    /// <summary>A node that holds programs, given the terms of its operands.</summary>
    protected Term Program(IProgram program, ReadOnlySpan<Term> operands)
    {
        var name = Function(program.Operation.ToLowerInvariant());
        return program switch
        {
            Loop loop => Loop(name, loop, operands),
            LoopAdjoint adjoint => Call(Function("vjp"), [Loop(name, adjoint.Loop, operands[..^1]).Text, operands[^1].Text]),
            Choice choice => Call(name, [operands[0].Text, Inside(choice.Then, operands[1..]), Inside(choice.Otherwise, operands[1..])]),
            RootProblem problem => Root(problem, operands),
            SpectralFunction function => MatrixFunction(name, function, operands),
            _ => Call(name, [Inside(program.Bodies[0], operands)]),
        };
    }

    /// <summary>fold((s, x) => step, init, items), iterate(n, s => step, init), while(s => condition, s => step, init).</summary>
    private Term Loop(string name, Loop loop, ReadOnlySpan<Term> operands)
    {
        var captured = operands[(loop.States + loop.Items)..];
        var states = Parameters("s", loop.States, captured);
        var items = Parameters("x", loop.Items, captured);
        var arguments = new List<string>();
        if (loop.Condition is { } condition)
        {
            arguments.Add(Tuple(states) + Arrow + Inside(condition, [.. states, .. captured]));
        }
        else if (loop.Items == 0)
        {
            arguments.Add($"{loop.Steps}");
        }

        arguments.Add(Tuple([.. states, .. items]) + Arrow + Inside(loop.Step, [.. states, .. items, .. captured]));
        arguments.Add(Tuple(operands[..loop.States]));
        if (loop.Items > 0)
        {
            arguments.Add(Tuple(operands.Slice(loop.States, loop.Items)));
        }

        if (loop.IsReversed)
        {
            arguments.Add(Labelled("reverse", "true"));
        }

        return Call(name, arguments);
    }

    /// <summary>root(x => residual, start).</summary>
    private Term Root(RootProblem problem, ReadOnlySpan<Term> operands)
    {
        var x = Parameters("x", 1, operands[1..])[0];
        return Call(Function("root"), [x.Text + Arrow + Inside(problem.Residual, [x, .. operands[1..]]), operands[0].Text]);
    }

    /// <summary>matrixfunction(x => f, a), and for a derivative the directions it is along, or is traced along.</summary>
    private Term MatrixFunction(string name, SpectralFunction function, ReadOnlySpan<Term> operands)
    {
        var parameters = operands[function.Matrices..];
        var x = Parameters("x", 1, parameters)[0];
        var arguments = new List<string> { x.Text + Arrow + Inside(function.Family.Value, [x, .. parameters]), operands[0].Text };
        if (function.Directions > 0)
        {
            arguments.Add(Labelled(function.IsTrace ? "trace" : "along", Tuple(operands[1..function.Matrices])));
        }

        return Call(name, arguments);
    }

    /// <summary>The results of a body over some terms; where that is long, only what they are made of.</summary>
    private string Inside(Body body, ReadOnlySpan<Term> parameters)
    {
        var terms = new Dictionary<Expr, Term>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < parameters.Length; i++)
        {
            terms.Add(body.Parameters[i], parameters[i]);
        }

        Term TermOf(Expr node) => terms.TryGetValue(node, out var term) ? term : Constant(node);

        var isShort = body.Size <= LongestBody;
        foreach (var node in isShort ? body.Nodes : [])
        {
            var term = Operation(node, [.. node.Operands.Select(TermOf)]);
            terms.Add(node, term);
            isShort &= term.Text.Length <= LongestBody;
            if (!isShort)
            {
                break;
            }
        }

        var text = isShort ? Tuple(Array.ConvertAll(body.Results, TermOf)) : "";
        return isShort && text.Length <= LongestBody ? text : Ellipsis + Parenthesized(List(parameters));
    }

    /// <summary>Names for the parameters of a function, with as many primes as tell them from what the function reads from outside.</summary>
    private Term[] Parameters(string stem, int count, ReadOnlySpan<Term> captured)
    {
        var outside = string.Join(' ', Texts(captured));
        var parameters = new Term[count];
        for (var i = 0; i < count; i++)
        {
            var name = count == 1 ? stem : $"{stem}{i + 1}";
            while (Regex.IsMatch(outside, $@"(?<![\p{{L}}\p{{N}}\\]){Regex.Escape(Name(name))}(?!['′\p{{L}}\p{{N}}])"))
            {
                name += "′";
            }

            parameters[i] = Term.Atom(Name(name));
        }

        return parameters;
    }

    private string Tuple(ReadOnlySpan<Term> terms) => terms.Length == 1 ? terms[0].Text : Parenthesized(List(terms));

    private string List(ReadOnlySpan<Term> terms) => terms.Length <= LongestList
        ? string.Join(", ", Texts(terms))
        : $"{terms[0].Text}, {terms[1].Text}, {Ellipsis}, {terms[^1].Text}";
}
