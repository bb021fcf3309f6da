// Rewriting rules as values: a pattern, and what replaces what it matches.

using LanguageExt;

namespace Autodiff.Functional;

/// <summary>
/// A rule that replaces what a pattern matches. The pattern is written as an expression of its variables, each of which stands for any expression; where a
/// variable occurs twice, both must be the same (see <see cref="Expr.Comparer.Structural"/>). The operands of sums and products match in either order.
/// </summary>
/// <remarks>
/// A pattern consists of elementwise operations and of numbers. It matches tensors as well as scalars, and a number also matches a tensor all elements of which are
/// that number.
/// </remarks>
/// <example><code>
/// var rule = Rule.Of((a, b) =&gt; Expr.Exp(a) * Expr.Exp(b), (a, b) =&gt; Expr.Exp(a + b));
/// Console.WriteLine((Expr.Exp(x) * Expr.Exp(2 * x)).Rewrite(rule)); // exp(x + 2 * x)
/// </code></example>
public sealed class Rule
{
    private readonly Expr[] _variables;
    private readonly Expr _pattern;
    private readonly Func<Expr[], Expr> _replacement;
    private readonly Func<Expr[], bool> _when;

    private Rule(int variables, Func<Expr[], Expr> pattern, Func<Expr[], Expr> replacement, Func<Expr[], bool> when)
    {
        _variables = [.. Enumerable.Range(0, variables).Select(i => Expr.Variable($"{(char)('a' + i)}"))];
        _pattern = pattern(_variables) ?? throw AutodiffException.Null("Rule.Of", "the pattern");
        (_replacement, _when) = (replacement, when);
        foreach (var node in _pattern.Nodes())
        {
            if (!node.Op.IsElementwise() && node.Op != Op.Constant && !_variables.Contains(node))
            {
                throw new AutodiffException($"Rule.Of: the pattern contains {node.Op}; a pattern consists of elementwise operations on its variables and on numbers.");
            }
        }

        foreach (var variable in _variables)
        {
            if (!_pattern.Nodes().Contains(variable))
            {
                throw new AutodiffException($"Rule.Of: variable {variable.Name.IfNone("")} does not occur in the pattern {_pattern}, so nothing would stand for it.");
            }
        }
    }

    /// <summary>A rule with one variable.</summary>
    /// <param name="pattern">What is looked for.</param>
    /// <param name="replacement">What replaces it.</param>
    /// <param name="when">For what it is replaced; for everything if omitted.</param>
    /// <exception cref="AutodiffException">The pattern or the replacement is null, or the pattern is not made of elementwise operations on its variables.</exception>
    public static Rule Of(Func<Expr, Expr> pattern, Func<Expr, Expr> replacement, Func<Expr, bool>? when = null)
    {
        RequireBoth(pattern, replacement);
        return new(1, v => pattern(v[0]), v => replacement(v[0]), v => when is null || when(v[0]));
    }

    /// <summary>A rule with two variables.</summary>
    /// <param name="pattern">What is looked for.</param>
    /// <param name="replacement">What replaces it.</param>
    /// <param name="when">For what it is replaced; for everything if omitted.</param>
    /// <exception cref="AutodiffException">The pattern or the replacement is null, or the pattern is not made of elementwise operations on its variables.</exception>
    public static Rule Of(Func<Expr, Expr, Expr> pattern, Func<Expr, Expr, Expr> replacement, Func<Expr, Expr, bool>? when = null)
    {
        RequireBoth(pattern, replacement);
        return new(2, v => pattern(v[0], v[1]), v => replacement(v[0], v[1]), v => when is null || when(v[0], v[1]));
    }

    /// <summary>A rule with three variables.</summary>
    /// <param name="pattern">What is looked for.</param>
    /// <param name="replacement">What replaces it.</param>
    /// <param name="when">For what it is replaced; for everything if omitted.</param>
    /// <exception cref="AutodiffException">The pattern or the replacement is null, or the pattern is not made of elementwise operations on its variables.</exception>
    public static Rule Of(Func<Expr, Expr, Expr, Expr> pattern, Func<Expr, Expr, Expr, Expr> replacement, Func<Expr, Expr, Expr, bool>? when = null)
    {
        RequireBoth(pattern, replacement);
        return new(3, v => pattern(v[0], v[1], v[2]), v => replacement(v[0], v[1], v[2]), v => when is null || when(v[0], v[1], v[2]));
    }

    /// <summary>What replaces an expression, of its shape; none if the pattern does not match it.</summary>
    /// <param name="expr">The expression, of which only the outermost operations are compared with the pattern.</param>
    /// <exception cref="AutodiffException">The expression, or what the replacement returns, is null.</exception>
    public Option<Expr> Apply(Expr expr)
    {
        if (expr is null)
        {
            throw AutodiffException.Null("Rule.Apply", "the expression");
        }

        foreach (var found in Matches([(_pattern, expr)], []))
        {
            Expr[] meant = [.. _variables.Select(variable => found[variable])];
            if (_when(meant))
            {
                var replacement = _replacement(meant) ?? throw AutodiffException.Null("Rule.Apply", "what the replacement returned");
                return Expr.BroadcastTo(replacement, expr.Shape);
            }
        }

        return Option<Expr>.None;
    }

    /// <summary>The pattern and what replaces it, in its variables.</summary>
    public override string ToString() => $"{_pattern} => {_replacement(_variables)}";

    private static void RequireBoth(object? pattern, object? replacement)
    {
        if (pattern is null || replacement is null)
        {
            throw AutodiffException.Null("Rule.Of", pattern is null ? "the pattern" : "the replacement");
        }
    }

    /// <summary>All ways in which pairs of a part of the pattern and an expression match, given what variables stand for already.</summary>
    private static IEnumerable<Dictionary<Expr, Expr>> Matches((Expr Pattern, Expr Expr)[] pairs, Dictionary<Expr, Expr> meant)
    {
        if (pairs is not [var (pattern, expr), .. var rest])
        {
            return [meant];
        }

        if (pattern.Op == Op.Variable)
        {
            return !meant.TryGetValue(pattern, out var before) ? Matches(rest, new(meant) { [pattern] = expr })
                : Expr.Comparer.Structural.Equals(before, expr) ? Matches(rest, meant)
                : [];
        }

        if (pattern.Op == Op.Constant)
        {
            return expr.Op == Op.Constant && expr.Shape.Size > 0 && !expr.Storage.Span.ContainsAnyExcept(pattern.Scalar) ? Matches(rest, meant) : [];
        }

        if (pattern.Op != expr.Op)
        {
            return [];
        }

        (Expr, Expr)[] inOrder = [.. pattern.Operands.Zip(expr.Operands), .. rest];
        return pattern.Op.IsCommutative()
            ? Matches(inOrder, meant).Concat(Matches([(pattern.Operands[0], expr.Operands[1]), (pattern.Operands[1], expr.Operands[0]), .. rest], meant))
            : Matches(inOrder, meant);
    }
}
