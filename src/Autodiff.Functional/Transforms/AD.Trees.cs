// The transforms over trees of parameters: the leaves are the arguments of one trace, and derivatives come back in the tree's type. Where a
// function's result is an expression, the overloads for functions to a tree must not be chosen: in C# they have a lower priority, and in F#
// they have an optional parameter.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>p ↦ ∇f(p) over a tree of parameters, in one reverse sweep.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>) to a scalar.</param>
    /// <typeparam name="T">The type of the tree: a record, tuple, list, dictionary …, nested in any way.</typeparam>
    /// <returns>A function to the tree of the gradients, each of the shape of its leaf; the rest of the tree is the argument's.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, T> Grad<T>(Func<T, Expr> f)
    {
        NotNull("Grad", f);
        return p => Tree.With(p, Gradients("Grad", Parameters("Grad", p), v => f(Tree.With(p, v))).Gradients);
    }

    /// <summary>p ↦ (f(p), ∇f(p)) over a tree of parameters.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>) to a scalar.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, (Expr Value, T Gradient)> ValueAndGrad<T>(Func<T, Expr> f)
    {
        NotNull("ValueAndGrad", f);
        return p => Gradients("ValueAndGrad", Parameters("ValueAndGrad", p), v => f(Tree.With(p, v))) is var (value, g) ? (value, Tree.With(p, g)) : default;
    }

    /// <summary>p ↦ (f(p), ∇f(p), aux) over a tree of parameters, for a function that returns something beside its value.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>) to a scalar and anything else.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <typeparam name="TAux">The type of what f returns beside its value. If it is a tree, its leaves come as values.</typeparam>
    /// <exception cref="ShapeException">When called: the first result of f is not a scalar.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, (Expr Value, T Gradient, TAux Aux)> GradWithAux<T, TAux>(Func<T, (Expr Value, TAux Aux)> f)
    {
        NotNull("GradWithAux", f);
        return p => GradientsWithAux(Parameters("GradWithAux", p), v => f(Tree.With(p, v))) is var (value, g, aux) ? (value, Tree.With(p, g), aux) : default;
    }

    /// <summary>p ↦ (f(p), ȳ ↦ ȳ·J) over a tree of parameters: the pullback returns a tree of cotangents.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="ShapeException">When the pullback is called: the cotangent does not have the shape of f(p).</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, (Expr Value, Func<Expr, T> Pullback)> Vjp<T>(Func<T, Expr> f) => Vjp<T, Expr>(f, null);

    /// <summary>p ↦ (f(p), r̄ ↦ r̄·J) from a tree of parameters to a tree of results: the pullback takes a tree of cotangents to a tree of cotangents.</summary>
    /// <param name="f">A function of a tree to a tree (see <see cref="Tree"/>).</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="ShapeException">When the pullback is called: a cotangent does not have the shape of its leaf of f(p).</exception>
    /// <exception cref="AutodiffException">
    /// When called: there is no expression in the argument or the result, or one that cannot be replaced. When the pullback is
    /// called: the cotangent differs from the result in structure (the message shows both paths).
    /// </exception>
    [OverloadResolutionPriority(-1)]
    public static Func<T, (TResult Value, Func<TResult, T> Pullback)> Vjp<T, TResult>(
        Func<T, TResult> f, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Vjp", f);
        return p =>
        {
            var (trace, value) = Traced("Vjp", f, function, p);
            return (value, cotangent => Tree.With(p, trace.Pull(Matched("Vjp", ("cotangent", cotangent), ("result", value)))));
        };
    }

    /// <summary>(p, ṗ) ↦ (f(p), J·ṗ) over a tree of parameters and a tree of tangents.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the trees.</typeparam>
    /// <exception cref="ShapeException">When called: a tangent does not have the shape of its leaf.</exception>
    /// <exception cref="AutodiffException">
    /// When called: the trees differ in structure (the message shows both paths), or there is no expression in them, or one
    /// that cannot be replaced.
    /// </exception>
    public static Func<T, T, (Expr Value, Expr Tangent)> Jvp<T>(Func<T, Expr> f) => Jvp<T, Expr>(f, null);

    /// <summary>(p, ṗ) ↦ (f(p), J·ṗ) from a tree of parameters to a tree of results.</summary>
    /// <param name="f">A function of a tree to a tree (see <see cref="Tree"/>).</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument and its tangent.</typeparam>
    /// <typeparam name="TResult">The type of the result and its tangent.</typeparam>
    /// <exception cref="ShapeException">When called: a tangent does not have the shape of its leaf.</exception>
    /// <exception cref="AutodiffException">
    /// When called: the tangent differs from the argument in structure (the message shows both paths), or there is no
    /// expression in the argument or the result, or one that cannot be replaced.
    /// </exception>
    [OverloadResolutionPriority(-1)]
    public static Func<T, T, (TResult Value, TResult Tangent)> Jvp<T, TResult>(
        Func<T, TResult> f, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Jvp", f);
        return (p, tangent) =>
        {
            var (trace, value) = Traced("Jvp", f, function, p);
            return (value, Tree.With(value, trace.PushAll(Matched("Jvp", ("tangent", tangent), ("argument", p)))));
        };
    }

    /// <summary>p ↦ (f(p), ṗ ↦ J·ṗ) over a tree of parameters; the pushforward takes trees of tangents.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the trees.</typeparam>
    /// <exception cref="ShapeException">When the pushforward is called: a tangent does not have the shape of its leaf.</exception>
    /// <exception cref="AutodiffException">
    /// When called: there is no expression in the tree, or one that cannot be replaced; or the tangent differs in structure
    /// (the message shows both paths).
    /// </exception>
    public static Func<T, (Expr Value, Func<T, Expr> Pushforward)> Linearize<T>(Func<T, Expr> f) => Linearize<T, Expr>(f, null);

    /// <summary>p ↦ (f(p), ṗ ↦ J·ṗ) from a tree of parameters to a tree of results; the pushforward takes trees to trees.</summary>
    /// <param name="f">A function of a tree to a tree (see <see cref="Tree"/>).</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument and its tangents.</typeparam>
    /// <typeparam name="TResult">The type of the result and its tangents.</typeparam>
    /// <exception cref="ShapeException">When the pushforward is called: a tangent does not have the shape of its leaf.</exception>
    /// <exception cref="AutodiffException">
    /// When called: there is no expression in the argument or the result, or one that cannot be replaced. When the
    /// pushforward is called: the tangent differs from the argument in structure (the message shows both paths).
    /// </exception>
    [OverloadResolutionPriority(-1)]
    public static Func<T, (TResult Value, Func<T, TResult> Pushforward)> Linearize<T, TResult>(
        Func<T, TResult> f, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Linearize", f);
        return p =>
        {
            var (trace, value) = Traced("Linearize", f, function, p);
            return (value, tangent => Tree.With(value, trace.PushAll(Matched("Linearize", ("tangent", tangent), ("argument", p)))));
        };
    }

    /// <summary>
    /// p ↦ the Jacobians with respect to the leaves of a tree of parameters, as a tree: each of shape output shape ++ leaf
    /// shape. The mode that needs fewer sweeps is taken.
    /// </summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, T> Jacobian<T>(Func<T, Expr> f)
    {
        NotNull("Jacobian", f);
        return p => Tree.With(p, Jacobians.ByFewerSweeps(new("Jacobian", Parameters("Jacobian", p), v => f(Tree.With(p, v)))));
    }

    /// <summary>The Jacobians over a tree by forward mode: one sweep for each element of each leaf.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, T> JacobianForward<T>(Func<T, Expr> f)
    {
        NotNull("JacobianForward", f);
        return p => Tree.With(p, Jacobians.ByColumns(new("JacobianForward", Parameters("JacobianForward", p), v => f(Tree.With(p, v)))));
    }

    /// <summary>The Jacobians over a tree by reverse mode: one sweep for each element of the result.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, T> JacobianReverse<T>(Func<T, Expr> f)
    {
        NotNull("JacobianReverse", f);
        return p => Tree.With(p, Jacobians.ByRows(new("JacobianReverse", Parameters("JacobianReverse", p), v => f(Tree.With(p, v)))));
    }

    /// <summary>(p, v) ↦ H·v over a tree of parameters and a tree of directions, without computing the Hessian H.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>) to a scalar.</param>
    /// <typeparam name="T">The type of the trees.</typeparam>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar, or a direction does not have the shape of its leaf.</exception>
    /// <exception cref="AutodiffException">
    /// When called: the trees differ in structure (the message shows both paths), or there is no expression in them, or one
    /// that cannot be replaced.
    /// </exception>
    public static Func<T, T, T> Hvp<T>(Func<T, Expr> f)
    {
        NotNull("Hvp", f);
        return (p, v) =>
        {
            var gradient = GradientTrace(Parameters("Hvp", p), leaves => f(Tree.With(p, leaves)));
            return Tree.With(p, gradient.PushAll(Matched("Hvp", ("tangent", v), ("argument", p))));
        };
    }

    /// <summary>The trace of a function from a tree to a tree, run once on fresh leaves, and the function's result.</summary>
    private static (Trace Trace, TResult Value) Traced<T, TResult>(string operation, Func<T, TResult> f, string? function, T p)
    {
        TResult? result = default;
        var trace = new Trace(operation, Parameters(operation, p), v =>
            Tree.Leaves(operation, result = f(Tree.With(p, v)), "the function's result") is { Length: > 0 } results
                ? results
                : throw Tree.NoLeaves(operation, $"in the {typeof(TResult)} that {function ?? "the function"} returned", result!, isResult: true));
        return (trace, Tree.With(result!, trace.Values));
    }

    /// <summary>A tree of tangents or cotangents as sensitivities, after a check that it has the structure and the shapes of the tree that it belongs to.</summary>
    private static Sensitivity?[] Matched<T>(string operation, (string Name, T Tree) direction, (string Name, T Tree) owner) => Matched(
        operation,
        direction.Name,
        Tree.Counterparts(operation, ($"the {owner.Name}", owner.Tree), ($"the {direction.Name}", direction.Tree)),
        owner.Name,
        Tree.Leaves(operation, owner.Tree),
        leaf => Tree.PathOf(direction.Tree, leaf));
}
