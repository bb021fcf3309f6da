// Sigmoids of x and −x, which derivatives of Sigmoid and Tanh are made of, from one exponential.

using Autodiff.Functional.Programs;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Sigmoids
{
    /// <summary>With e = e^−|x|, σ(x) is 1/(1 + e) or e/(1 + e), σ(−x) is the other, and their product e/(1 + e)².</summary>
    public static Body Share(Body body)
    {
        var pairs = Pairs(body);
        if (pairs.Count == 0)
        {
            return body;
        }

        var exponentials = new Dictionary<Expr, (Expr E, Expr Sum)>();
        var known = new Dictionary<Expr, (Expr X, bool IsNegated)>();
        return Rewriting.Apply(body, (node, rewriting) =>
        {
            if (node.Op == Op.Sigmoid && pairs.Contains(rewriting.Original))
            {
                var x = Base(node);
                if (!exponentials.TryGetValue(x, out var parts))
                {
                    var power = Exp(-Abs(x));
                    exponentials.Add(x, parts = (power, 1 + power));
                }

                var isNegated = !ReferenceEquals(x, node.Operand(0));
                var sigmoid = Where(isNegated ? x > 0 : x < 0, parts.E, 1) / parts.Sum;
                known.Add(sigmoid, (x, isNegated));
                return sigmoid;
            }

            return node.Op == Op.Multiply
                && known.TryGetValue(node.Operand(0), out var a) && known.TryGetValue(node.Operand(1), out var b)
                && ReferenceEquals(a.X, b.X) && a.IsNegated != b.IsNegated
                && exponentials[a.X] is var (e, sum)
                ? e / (sum * sum) : node;
        });
    }

    private static Expr Base(Expr sigmoid) => sigmoid.Operand(0) is { Op: Op.Negate } negated ? negated.Operand(0) : sigmoid.Operand(0);

    /// <summary>The sigmoids whose argument another one has with the other sign.</summary>
    private static HashSet<Expr> Pairs(Body body) =>
    [
        .. body.Nodes.Where(node => node.Op == Op.Sigmoid)
            .GroupBy(Base)
            .Where(group => group.Any(node => ReferenceEquals(node.Operand(0), group.Key)) && group.Any(node => !ReferenceEquals(node.Operand(0), group.Key)))
            .SelectMany(group => group),
    ];
}
