// The transforms over parameter trees: the leaves are the arguments of one trace, and derivatives come back in the tree's type.

using Autodiff.Functional.Rules;
using Autodiff.Functional.Transforms;

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

    /// <summary>p ↦ (f(p), ȳ ↦ ȳ·J) over a tree of parameters: the pullback gives a tree of cotangents.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="ShapeException">When the pullback is called: the cotangent has not the shape of f(p).</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, (Expr Value, Func<Expr, T> Pullback)> Vjp<T>(Func<T, Expr> f)
    {
        NotNull("Vjp", f);
        return p =>
        {
            var trace = new Trace("Vjp", Parameters("Vjp", p), v => f(Tree.With(p, v)));
            return (trace.Value, cotangent => Tree.With(p, trace.Pull(SeedOf("Vjp", trace.Result, cotangent))));
        };
    }

    /// <summary>(p, ṗ) ↦ (f(p), J·ṗ) over a tree of parameters and a tree of tangents.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the trees.</typeparam>
    /// <exception cref="ShapeException">When called: a tangent has not the shape of its leaf.</exception>
    /// <exception cref="AutodiffException">
    /// When called: the trees differ in structure (the message shows both paths), or there is no expression in them, or one
    /// that cannot be replaced.
    /// </exception>
    public static Func<T, T, (Expr Value, Expr Tangent)> Jvp<T>(Func<T, Expr> f)
    {
        NotNull("Jvp", f);
        return (p, tangent) =>
        {
            var trace = new Trace("Jvp", Parameters("Jvp", p), v => f(Tree.With(p, v)));
            return (trace.Value, trace.Push(TangentsOf("Jvp", p, tangent)));
        };
    }

    /// <summary>p ↦ (f(p), ṗ ↦ J·ṗ) over a tree of parameters; the pushforward takes trees of tangents.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the trees.</typeparam>
    /// <exception cref="ShapeException">When the pushforward is called: a tangent has not the shape of its leaf.</exception>
    /// <exception cref="AutodiffException">
    /// When called: there is no expression in the tree, or one that cannot be replaced; or the tangent differs in structure
    /// (the message shows both paths).
    /// </exception>
    public static Func<T, (Expr Value, Func<T, Expr> Pushforward)> Linearize<T>(Func<T, Expr> f)
    {
        NotNull("Linearize", f);
        return p =>
        {
            var trace = new Trace("Linearize", Parameters("Linearize", p), v => f(Tree.With(p, v)));
            return (trace.Value, tangent => trace.Push(TangentsOf("Linearize", p, tangent)));
        };
    }

    private static Expr[] Parameters<T>(string operation, T tree) => Tree.Leaves(operation, tree) is { Length: > 0 } leaves
        ? leaves
        : throw new AutodiffException($"{operation}: there is no Expr in this {typeof(T)} to differentiate with respect to.");

    private static Sensitivity[] TangentsOf<T>(string operation, T tree, T tangent)
    {
        var leaves = Tree.Leaves(operation, tree);
        var tangents = Tree.Counterparts(operation, ("the argument", tree), ("the tangent", tangent));
        var sensitivities = new Sensitivity[leaves.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            sensitivities[i] = tangents[i].Shape == leaves[i].Shape
                ? new(tangents[i], null)
                : throw new ShapeException($"{operation}: the tangent at {Tree.PathOf(tangent, i)} has shape {tangents[i].Shape}, but the argument there has {leaves[i].Shape}; they must be equal.");
        }

        return sensitivities;
    }
}
