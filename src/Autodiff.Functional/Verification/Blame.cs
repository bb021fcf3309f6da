// Finds the operation at fault: each node of a function's graph is tried by itself, at the values that it had.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Verification;

/// <summary>An operation that does not pass a check by itself.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Function">The operation as a function of its operands.</param>
/// <param name="Point">The values that these had.</param>
/// <param name="Error">What the check found.</param>
internal sealed record Suspect(string Name, Func<Expr, Expr> Function, Expr Point, CheckError Error);

/// <summary>Walks a graph, operands first, and into the functions that its nodes hold, for the first node that fails a check by itself.</summary>
internal static class Blame
{
    // The most nodes that are tried.
    private const int MostNodes = 2000;

    // How deep loops, branches and calls are nested at most where their steps are tried one by one.
    private const int Deepest = 8;

    // The most steps of one loop that are tried.
    private const int MostSteps = 4;

    /// <summary>The first operation that does not pass by itself; null if each passes.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="check">Checks a function at a point: null if it passes.</param>
    public static Suspect? Find(Func<Expr, Expr> f, Expr x, Func<Func<Expr, Expr>, Expr, CheckError?> check)
    {
        var leaf = Expr.Variable("x", x);
        Expr y;
        try
        {
            y = f(leaf);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null;
        }

        var tried = 0;
        return Search([leaf], [y], 0);

        Suspect? Search(Expr[] leaves, Expr[] results, int depth)
        {
            foreach (var node in Depending(leaves, results))
            {
                if (node.Op == Op.Variable || ++tried > MostNodes)
                {
                    continue;
                }

                var (function, point) = Alone(node, leaves);
                if (Guarded(check, function, point) is not { } error)
                {
                    continue;
                }

                // A loop, branch or call without a rule of its own is only as wrong as what it is made of.
                return (depth < Deepest ? Inside(node, depth) : null) ?? new(NameOf(node), function, point, error);
            }

            return null;
        }

        Suspect? Inside(Expr node, int depth)
        {
            foreach (var (computation, arguments) in Parts(node))
            {
                var inner = Array.ConvertAll(arguments, argument => Expr.Variable("v", argument));
                if (Search(inner, computation.Apply(inner), depth + 1) is { } found)
                {
                    return found;
                }
            }

            return null;
        }
    }

    /// <summary>What an operation is called in reports.</summary>
    public static string NameOf(Expr node) => node.Primitive switch
    {
        DefinedPrimitive defined => $"your primitive `{defined.Name}`",
        Function { Rule: not null } function => $"your rule {(function.Name is null ? $"({function.Operation})" : $"`{function.Name}`")}",
        ProgramPrimitive program => program.Operation,
        _ => node.Op.Name(),
    };

    private static CheckError? Guarded(Func<Func<Expr, Expr>, Expr, CheckError?> check, Func<Expr, Expr> f, Expr x)
    {
        try
        {
            return check(f, x);
        }
        catch (AutodiffException)
        {
            // What an operation does not support by itself is no fault of its derivative.
            return null;
        }
    }

    /// <summary>The nodes that depend on the leaves, operands first.</summary>
    private static List<Expr> Depending(Expr[] leaves, Expr[] results)
    {
        var (seen, depending, order) = (new HashSet<Expr>(ReferenceEqualityComparer.Instance), new HashSet<Expr>(leaves, ReferenceEqualityComparer.Instance), new List<Expr>());
        foreach (var result in results)
        {
            PostOrder.Walk(result, node => !Array.Exists(leaves, leaf => ReferenceEquals(leaf, node)) && seen.Add(node), node =>
            {
                if (Enumerable.Range(0, node.OperandCount).Any(i => depending.Contains(node.Operand(i))))
                {
                    depending.Add(node);
                    order.Add(node);
                }
            });
        }

        return order;
    }

    /// <summary>A node as a function of the elements of those operands that depend on the leaves, and the values that these had.</summary>
    private static (Func<Expr, Expr> Function, Expr Point) Alone(Expr node, Expr[] leaves)
    {
        int[] moving = [.. Enumerable.Range(0, node.OperandCount).Where(i => !(i == 0 && (node.Op.HasOrder() || node.Op.ChoosesByFirst())) && (node.Operand(i).OperandCount > 0 || leaves.Contains(node.Operand(i), ReferenceEqualityComparer.Instance)))];
        var values = Array.ConvertAll(moving, i => node.Operand(i).Detached());
        if (values is [var only])
        {
            return (v => node.WithOperands(Replaced(v)), only);
        }

        var (vector, unravel) = Tree.Ravel(values);
        return (v => node.WithOperands(Replaced(unravel(v))), vector);

        Expr[] Replaced(params Expr[] moved)
        {
            var operands = new Expr[node.OperandCount];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = Array.IndexOf(moving, i) is var place and >= 0 ? moved[place] : node.Operand(i).Detached();
            }

            return operands;
        }
    }

    /// <summary>The computations that ran when the node was evaluated, with the values of their parameters.</summary>
    private static IEnumerable<(Computation Computation, Expr[] Arguments)> Parts(Expr node)
    {
        Expr[] operands = [.. Enumerable.Range(0, node.OperandCount).Select(i => node.Operand(i).Detached())];
        switch (node.Primitive)
        {
            case Function { Rule: null } function:
                yield return (function.Value, operands);
                break;
            case Choice choice:
                yield return (operands[0].Value != 0 ? choice.Then : choice.Otherwise, operands[1..]);
                break;
            case Loop loop:
                var run = new LoopRun(loop, Array.ConvertAll(operands, operand => operand.Storage));
                for (var step = 0; step < MostSteps && run.HasNext(); step++)
                {
                    var state = run.State.ToArray();
                    var item = loop.ItemOf(step);
                    yield return (loop.Step, [
                        .. state.Select(value => Expr.Constant(value.Span, value.Shape)),
                        .. operands[loop.States..(loop.States + loop.Items)].Select(items => items[item]),
                        .. operands[(loop.States + loop.Items)..]]);
                    run.Step();
                }

                break;
            default:
                break;
        }
    }
}
