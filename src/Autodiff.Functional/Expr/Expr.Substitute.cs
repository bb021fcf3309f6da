// Substitution: the same expression over other leaves.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// This expression with variables replaced by other expressions, all at once. If no symbolic variable is left, the result
    /// has a value.
    /// </summary>
    /// <param name="replacements">Pairs of a variable and the expression that replaces it, of the same shape.</param>
    /// <exception cref="ShapeException">A replacement has another shape than its variable.</exception>
    /// <exception cref="AutodiffException">A node to be replaced is not a variable, a variable is given twice, or an argument is null.</exception>
    public Expr Substitute(params ReadOnlySpan<(Expr Variable, Expr Value)> replacements)
    {
        var rewritten = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        foreach (var (variable, value) in replacements)
        {
            if (variable is null || value is null)
            {
                throw AutodiffException.Null("Substitute", variable is null ? "a variable" : "a value");
            }

            if (variable.Op != Op.Variable)
            {
                throw new AutodiffException($"Substitute: {variable.Op} is not a variable; only what Variable(name) made can be replaced.");
            }

            if (variable.Shape != value.Shape)
            {
                throw new ShapeException($"Substitute: variable {variable.Name.IfNone("x")} has shape {variable.Shape}, but the value given for it has {value.Shape}; they must be equal.");
            }

            if (!rewritten.TryAdd(variable, value))
            {
                throw new AutodiffException($"Substitute: variable {variable.Name.IfNone("x")} is given two values.");
            }
        }

        return Replacing(rewritten);
    }

    /// <summary>This expression over other nodes, to which those that are not among the keys are added.</summary>
    internal Expr Replacing(Dictionary<Expr, Expr> rewritten)
    {
        foreach (var node in Ancestry())
        {
            if (!rewritten.ContainsKey(node))
            {
                rewritten.Add(node, node.Over(operand => rewritten[operand]));
            }
        }

        return rewritten[this];
    }

    /// <summary>This node and every node under it, each once, operands first.</summary>
    internal List<Expr> Ancestry()
    {
        var order = new List<Expr>();
        PostOrder.Walk(this, new HashSet<Expr>(ReferenceEqualityComparer.Instance).Add, order.Add);
        return order;
    }

    /// <summary>The same expression as if it had been written by hand: it is printed as it is, where a derivative is printed as it is simplified.</summary>
    internal Expr AsPrimal()
    {
        if (!IsDerivative)
        {
            return this;
        }

        var copies = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        foreach (var node in Ancestry())
        {
            // A leaf stays the one that derivatives are taken with respect to.
            copies.Add(node, node.IsDerivative && node.Op != Op.Variable ? node.WithOperands([.. node.Operands.Select(operand => copies[operand])]) : node);
        }

        return copies[this];
    }

    /// <summary>The same primitive over what is read in place of its operands; this node itself if these stay.</summary>
    internal Expr Over(Func<Expr, Expr> replacing)
    {
        var changed = false;
        var operands = new Expr[OperandCount];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = replacing(Operand(i));
            changed |= !ReferenceEquals(operands[i], Operand(i));
        }

        if (!changed)
        {
            return this;
        }

        using var sweep = Maker.Current.Sweeps(IsDerivative);
        return WithOperands(operands);
    }
}
