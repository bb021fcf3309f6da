// Functions with the user's own derivative rules, and functions whose intermediate values are computed again instead of being kept.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Programs;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>
    /// A function with its own rule for reverse mode: the derivative is what the pullback says, whatever the value is computed from. The
    /// rule is an expression like any other, so it is differentiated for higher orders, transposed for forward mode, and batched.
    /// </summary>
    /// <param name="rule">x ↦ (f(x), ȳ ↦ x̄). The pullback is linear in ȳ and may use x and f(x); one that is not linear, such as a clipped ȳ, works in reverse mode only. What else the rule reads from outside is constant to it: to differentiate with respect to that is an error.</param>
    /// <param name="name">The name of the function in reports; if there is none, that of the method that the rule is.</param>
    /// <returns>The function f.</returns>
    /// <exception cref="ShapeException">When called: the pullback's result does not have the shape of x.</exception>
    /// <exception cref="NotDifferentiableException">When differentiated: the derivative is with respect to something that the rule reads from outside.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr> CustomVjp(Func<Expr, (Expr Value, Func<Expr, Expr> Pullback)> rule, string? name = null)
    {
        NotNull("CustomVjp", rule);
        return x =>
        {
            var leaf = RuleLeaf("CustomVjp", x);
            var (value, pullback) = rule(leaf);
            if (value is null || pullback is null)
            {
                throw AutodiffException.Null("CustomVjp", value is null ? "the rule's value" : "the rule's pullback");
            }

            var cotangent = Expr.Parameter(value.Shape);
            return Ruled("CustomVjp", x, leaf, value, cotangent, pullback(cotangent), "the pullback's result", x.Shape, isPullback: true, RuleName(name, rule));
        };
    }

    /// <summary>A function of two arguments with its own rule for reverse mode: see <see cref="CustomVjp(Func{Expr, ValueTuple{Expr, Func{Expr, Expr}}}, string)"/>.</summary>
    /// <param name="rule">(x, y) ↦ (f(x, y), z̄ ↦ (x̄, ȳ)).</param>
    /// <param name="name">The name of the function in reports; if there is none, that of the method that the rule is.</param>
    public static Func<Expr, Expr, Expr> CustomVjp(Func<Expr, Expr, (Expr Value, Func<Expr, (Expr, Expr)> Pullback)> rule, string? name = null)
    {
        NotNull("CustomVjp", rule);
        var function = CustomVjp<(Expr, Expr)>(p => rule(p.Item1, p.Item2), RuleName(name, rule));
        return (x, y) => function((x, y));
    }

    /// <summary>A function of a tree with its own rule for reverse mode: see <see cref="CustomVjp(Func{Expr, ValueTuple{Expr, Func{Expr, Expr}}}, string)"/>.</summary>
    /// <param name="rule">p ↦ (f(p), ȳ ↦ p̄), with a tree of cotangents like p.</param>
    /// <param name="name">The name of the function in reports; if there is none, that of the method that the rule is.</param>
    /// <typeparam name="T">The type of the tree (see <see cref="Tree"/>).</typeparam>
    /// <exception cref="AutodiffException">When called: the pullback's result differs from p in structure.</exception>
    public static Func<T, Expr> CustomVjp<T>(Func<T, (Expr Value, Func<Expr, T> Pullback)> rule, string? name = null)
    {
        NotNull("CustomVjp", rule);
        return p =>
        {
            var (vector, unravel) = Tree.Ravel(Given("CustomVjp", "the argument", p));
            return CustomVjp(elements =>
            {
                var (value, pullback) = rule(unravel(elements));
                return (value, pullback is null ? null! : cotangent => Tree.Ravel(Cotangents(p, pullback(cotangent))).Vector);
            }, RuleName(name, rule))(vector);
        };
    }

    /// <summary>
    /// A function with its own rule for forward mode: the derivative is what the tangent says, whatever the value is computed from. The
    /// rule is an expression like any other, so it is differentiated for higher orders, transposed for reverse mode, and batched.
    /// </summary>
    /// <param name="rule">(x, ẋ) ↦ (f(x), ẏ). The tangent ẏ is linear in ẋ; the value does not depend on it. What else the rule reads from outside is constant to it: to differentiate with respect to that is an error.</param>
    /// <param name="name">The name of the function in reports; if there is none, that of the method that the rule is.</param>
    /// <returns>The function f.</returns>
    /// <exception cref="ShapeException">When called: the tangent does not have the shape of the value.</exception>
    /// <exception cref="AutodiffException">When called: the value depends on the tangent.</exception>
    /// <exception cref="NotDifferentiableException">When differentiated: the derivative is with respect to something that the rule reads from outside.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr> CustomJvp(Func<Expr, Expr, (Expr Value, Expr Tangent)> rule, string? name = null)
    {
        NotNull("CustomJvp", rule);
        return x =>
        {
            var leaf = RuleLeaf("CustomJvp", x);
            var tangent = Expr.Parameter(x.Shape);
            var (value, moved) = rule(leaf, tangent);
            return value is null
                ? throw AutodiffException.Null("CustomJvp", "the rule's value")
                : Ruled("CustomJvp", x, leaf, value, tangent, moved, "the tangent", value.Shape, isPullback: false, RuleName(name, rule));
        };
    }

    /// <summary>A function of a tree with its own rule for forward mode: see <see cref="CustomJvp(Func{Expr, Expr, ValueTuple{Expr, Expr}}, string)"/>.</summary>
    /// <param name="rule">(p, ṗ) ↦ (f(p), ẏ).</param>
    /// <param name="name">The name of the function in reports; if there is none, that of the method that the rule is.</param>
    /// <typeparam name="T">The type of the trees (see <see cref="Tree"/>).</typeparam>
    public static Func<T, Expr> CustomJvp<T>(Func<T, T, (Expr Value, Expr Tangent)> rule, string? name = null)
    {
        NotNull("CustomJvp", rule);
        return p =>
        {
            var (vector, unravel) = Tree.Ravel(Given("CustomJvp", "the argument", p));
            return CustomJvp((elements, tangent) => rule(unravel(elements), unravel(tangent)), RuleName(name, rule))(vector);
        };
    }

    /// <summary>
    /// The same function, of which only argument and result are kept: a reverse sweep computes the values in between again. This costs
    /// one more evaluation, and saves the memory of all intermediate values.
    /// </summary>
    /// <param name="f">A function of any shapes. It is run once, on a symbolic argument: it chooses by <see cref="Expr.Where"/> and <see cref="Cond{T}"/>, not by <c>if</c>.</param>
    /// <exception cref="NotConcreteException">When called: f asks its argument for a value.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr> Checkpoint(Func<Expr, Expr> f)
    {
        NotNull("Checkpoint", f);
        return x => Checkpointed([x], leaves => f(leaves[0]));
    }

    /// <summary>The same function of two arguments, of which only arguments and result are kept: see <see cref="Checkpoint(Func{Expr, Expr})"/>.</summary>
    /// <param name="f">A function of any shapes.</param>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, Expr> Checkpoint(Func<Expr, Expr, Expr> f)
    {
        NotNull("Checkpoint", f);
        return (x, y) => Checkpointed([x, y], leaves => f(leaves[0], leaves[1]));
    }

    /// <summary>The same function of trees, of which only argument and result are kept: see <see cref="Checkpoint(Func{Expr, Expr})"/>.</summary>
    /// <param name="f">A function from a tree (see <see cref="Tree"/>) to a tree.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    public static Func<T, TResult> Checkpoint<T, TResult>(Func<T, TResult> f)
    {
        NotNull("Checkpoint", f);
        return x => Checkpointed(Parameters("Checkpoint", x), leaves => f(Tree.With(x, leaves)));
    }

    private static TResult Checkpointed<TResult>(Expr[] arguments, Func<Expr[], TResult> f)
    {
        var parameters = Array.ConvertAll(arguments, argument => argument is null
            ? throw AutodiffException.Null("Checkpoint", "the argument")
            : Expr.Parameter(argument.Shape));
        var result = Given("Checkpoint", "the function's result", f(parameters));
        var results = Tree.Leaves("Checkpoint", result);
        var (computations, captured) = Computation.Close("Checkpoint", parameters, results);
        var function = new Function("Checkpoint", computations[0]);
        return Tree.With(result, function.Layout.Parts(function.Node([.. arguments, .. captured])));
    }

    /// <summary>The cotangents that a pullback returned for the leaves of an argument, as a tree like the argument.</summary>
    private static T Cotangents<T>(T argument, T cotangent)
    {
        var cotangents = Tree.Counterparts("CustomVjp", ("the argument", argument), ("the pullback's result", cotangent));
        SameShapes("CustomVjp", "the argument", argument, Tree.Leaves("CustomVjp", argument), "the pullback's result", cotangents);
        return Tree.With(argument, cotangents);
    }

    /// <summary>The leaf that a rule is run on. It has a value if the argument has one, so that the rule may branch on it.</summary>
    private static Expr RuleLeaf(string operation, Expr x) =>
        x is null ? throw AutodiffException.Null(operation, "the argument")
        : x.IsConcrete ? Expr.Leaf(null, x.Detached())
        : Expr.Parameter(x.Shape);

    /// <summary>The node of a function with a rule, from what the rule returned for a leaf and for a leaf that is its tangent or cotangent.</summary>
    /// <summary>The given name, or that of the method or local function that the rule is; null for a lambda expression.</summary>
    private static string? RuleName(string? name, Delegate rule)
    {
        // The compiler names a local function F of a method M "<M>g__F|0_0", and a lambda expression "<M>b__0_0".
        var method = rule.Method.Name;
        var start = method.IndexOf(">g__", StringComparison.Ordinal);
        return name ?? (start >= 0 ? method[(start + 4)..method.IndexOf('|', StringComparison.Ordinal)] : method.Contains('<', StringComparison.Ordinal) ? null : method);
    }

    private static Expr Ruled(string operation, Expr x, Expr leaf, Expr value, Expr flow, Expr ruled, string part, Shape shape, bool isPullback, string? name)
    {
        if (ruled is null)
        {
            throw AutodiffException.Null(operation, part);
        }

        if (ruled.Shape != shape)
        {
            throw new ShapeException($"{operation}: {part} has shape {ruled.Shape}, but it must have {shape}.");
        }

        var (computations, captured) = Computation.Close(operation, [leaf, flow], [value], [ruled]);
        var parameters = computations[0].Parameters;
        Expr[] own = [parameters[0], .. parameters.AsSpan(2)];
        if (computations[0].Reads()[1])
        {
            throw new AutodiffException($"{operation}: the value depends on the tangent; only the tangent of the result may.");
        }

        var function = new Function(operation, Computation.Over(own, computations[0].Results))
        {
            Name = name,
            Rule = new(Computation.Over([.. own, parameters[1]], computations[1].Results), 1, isPullback),
        };
        Expr[] operands = [x, .. captured];
        return value.IsConcrete && x.IsConcrete && Array.TrueForAll(captured, node => node.IsConcrete)
            ? Expr.MakeKnown(function, value.Storage, operands)
            : function.Node(operands);
    }
}
