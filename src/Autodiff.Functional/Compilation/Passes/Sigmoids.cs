// A pass that computes sigmoids of x and −x and their derivatives from one exponential, where a computation has several of these.

using Autodiff.Functional.Programs;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Sigmoids
{
    /// <summary>With e = e^−|x|, σ(x) is 1/(1 + e) or e/(1 + e), σ(−x) is the other, and their product, which is σ′(x), e/(1 + e)².</summary>
    public static Computation Share(Computation computation)
    {
        var pairs = Pairs(computation);
        if (pairs.Count == 0)
        {
            return computation;
        }

        var exponentials = new Dictionary<Expr, (Expr E, Expr Sum)>(ReferenceEqualityComparer.Instance);
        var known = new Dictionary<Expr, (Expr X, bool IsNegated)>(ReferenceEqualityComparer.Instance);
        return Rewriting.Apply(computation, (node, rewriting) =>
        {
            if (node.Op is Op.Sigmoid or Op.LogisticDensity && pairs.Contains(rewriting.Original))
            {
                var x = Base(node);
                if (!exponentials.TryGetValue(x, out var parts))
                {
                    var power = Exp(-Abs(x));
                    exponentials.Add(x, parts = (power, 1 + power));
                }

                if (node.Op == Op.LogisticDensity)
                {
                    return parts.E / (parts.Sum * parts.Sum);
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

    private static Expr Base(Expr node) => node.Operand(0) is { Op: Op.Negate } negated ? negated.Operand(0) : node.Operand(0);

    /// <summary>The sigmoids and derivatives of sigmoids whose argument, up to its sign, is that of another one.</summary>
    private static HashSet<Expr> Pairs(Computation computation) =>
    [
        .. computation.Nodes.Where(node => node.Op is Op.Sigmoid or Op.LogisticDensity)
            .GroupBy(Base, ReferenceEqualityComparer.Instance)
            .Where(group => group.Skip(1).Any())
            .SelectMany(group => group),
    ];
}
