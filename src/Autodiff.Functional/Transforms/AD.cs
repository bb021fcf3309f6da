// The transforms of functions of one argument, and what all transforms share. Every transform does the same three things: it makes fresh
// leaves of the arguments, runs the function on them, and sweeps the graph that this has built.

using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

/// <summary>
/// Differentiation as functions from functions to functions. All are pure: the results depend on nothing but the arguments,
/// may be nested to any order, and may be used from any number of threads.
/// </summary>
public static partial class AD
{
    /// <summary>x ↦ ∇f(x), by reverse mode: the work is a small multiple of that of f, whatever the size of x.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <returns>A function to the gradient, of the shape of x; <c>Grad(Grad(f))</c> and so on are higher derivatives.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr> Grad(Func<Expr, Expr> f)
    {
        var g = Spread("Grad", f);
        return x => Gradients("Grad", [x], g).Gradients[0];
    }

    /// <summary>x ↦ (f(x), ∇f(x)): both at the cost of the gradient alone.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, (Expr Value, Expr Gradient)> ValueAndGrad(Func<Expr, Expr> f)
    {
        var g = Spread("ValueAndGrad", f);
        return x => Gradients("ValueAndGrad", [x], g) is var (value, gradients) ? (value, gradients[0]) : default;
    }

    /// <summary>
    /// x ↦ (f(x), ȳ ↦ ȳ·J): the value, and the pullback that takes a cotangent of the result to a cotangent of the argument
    /// (vector–Jacobian product) without computing the Jacobian J.
    /// </summary>
    /// <param name="f">A function of any result shape.</param>
    /// <returns>The pullback takes an expression of the shape of f(x) to one of the shape of x. It may be called again and again.</returns>
    /// <exception cref="ShapeException">When the pullback is called: the cotangent does not have the shape of f(x).</exception>
    public static Func<Expr, (Expr Value, Func<Expr, Expr> Pullback)> Vjp(Func<Expr, Expr> f)
    {
        var g = Spread("Vjp", f);
        return x => Pullback("Vjp", [x], g) is var (value, pull) ? (value, cotangent => pull(cotangent)[0]) : default;
    }

    /// <summary>
    /// (x, ẋ) ↦ (f(x), J·ẋ): the value, and its tangent when x has the tangent ẋ (Jacobian–vector product), by forward mode.
    /// </summary>
    /// <param name="f">A function of any result shape.</param>
    /// <returns>A function of the argument and a tangent of its shape.</returns>
    /// <exception cref="ShapeException">When called: the tangent does not have the shape of x.</exception>
    public static Func<Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr> f)
    {
        var g = Spread("Jvp", f);
        return (x, tangent) => Pushforward("Jvp", [x], g) is var (value, push) ? (value, push([tangent])) : default;
    }

    /// <summary>
    /// x ↦ (f(x), ẋ ↦ J·ẋ): the value, and the pushforward, which may be called for many tangents while f is run only once.
    /// </summary>
    /// <param name="f">A function of any result shape.</param>
    /// <exception cref="ShapeException">When the pushforward is called: the tangent does not have the shape of x.</exception>
    public static Func<Expr, (Expr Value, Func<Expr, Expr> Pushforward)> Linearize(Func<Expr, Expr> f)
    {
        var g = Spread("Linearize", f);
        return x => Pushforward("Linearize", [x], g) is var (value, push) ? (value, tangent => push([tangent])) : default;
    }

    /// <summary>x ↦ f′(x) for a function of one scalar, of any result shape; by forward mode.</summary>
    /// <param name="f">A function of a scalar.</param>
    /// <returns>A function to the derivative, of the shape of f(x).</returns>
    /// <exception cref="ShapeException">When called: x is not a scalar.</exception>
    public static Func<Expr, Expr> Diff(Func<Expr, Expr> f)
    {
        NotNull("Diff", f);
        return x =>
        {
            if (x is not null && !x.Shape.IsScalar)
            {
                throw new ShapeException($"Diff: the argument has shape {x.Shape}, but Diff differentiates functions of one scalar; use Grad, Jacobian or Jvp for tensors.");
            }

            return new Trace("Diff", [x!], v => f(v[0])).Push(new Sensitivity(1, null));
        };
    }

    /// <summary>x as a constant for every derivative: the value is passed on, but no derivative flows through it.</summary>
    /// <param name="x">The expression.</param>
    public static Expr StopGradient(Expr x) => Expr.Apply(Op.StopGradient, x);

    /// <summary>
    /// Reverse mode on a graph: the adjoint ⟨seed, ∂y/∂x⟩ of every variable x under y. The adjoints are numbers where the variables have
    /// values. With <paramref name="keepGraph"/>, or where a variable is symbolic, they are expressions that can be swept again.
    /// </summary>
    /// <param name="y">The result.</param>
    /// <param name="seed">A cotangent of y, of its shape; 1 if left out, for a scalar y.</param>
    /// <param name="keepGraph">Whether the adjoints stay expressions of the variables.</param>
    /// <exception cref="ShapeException">The seed does not have the shape of y, or is left out where y is not a scalar.</exception>
    public static Adjoints Backward(Expr y, Expr? seed = null, bool keepGraph = false)
    {
        if (y is null)
        {
            throw AutodiffException.Null("Backward", "the result");
        }

        if (!y.IsConcrete && y.Outlived is { } fault)
        {
            throw new AutodiffException($"Backward: the result {fault}");
        }

        if (seed is null && !y.Shape.IsScalar)
        {
            throw new ShapeException($"Backward: the result has shape {y.Shape}, not (); pass a seed of that shape, Backward(y, seed), to say which combination of its elements to pull back.");
        }

        var cotangent = seed ?? 1;
        return cotangent.Shape == y.Shape
            ? new(y, new Sensitivity(cotangent, null), keepGraph)
            : throw Misshapen("Backward", "the cotangent", cotangent, "the result it belongs to", y);
    }

    private static (Expr Value, Expr[] Gradients) Gradients(string operation, Expr[] arguments, Func<Expr[], Expr> f)
    {
        using var trace = new Trace(operation, arguments, f);
        return (trace.Value, Gradients(operation, trace));
    }

    private static Expr[] Gradients(string operation, Trace trace) => trace.Result.Shape.IsScalar
        ? trace.Pull(new Sensitivity(1, null))
        : throw new ShapeException($"{operation}: the function's result has shape {trace.Result.Shape}, not (), so it has no gradient; use Jacobian for all its derivatives, or Vjp to pull one combination of its elements back.");

    /// <summary>The value of a function of arrays of expressions, and its pullback to the cotangents of all arguments.</summary>
    private static (Expr Value, Func<Expr, Expr[]> Pull) Pullback(string operation, Expr[] arguments, Func<Expr[], Expr> f)
    {
        var trace = new Trace(operation, arguments, f);
        return (trace.Value, cotangent => trace.Pull(Matched(operation, "cotangent", [cotangent], "result", trace.Results)));
    }

    /// <summary>The value of a function of arrays of expressions, and its pushforward from the tangents of all arguments.</summary>
    private static (Expr Value, Func<Expr[], Expr> Push) Pushforward(string operation, Expr[] arguments, Func<Expr[], Expr> f)
    {
        var trace = new Trace(operation, arguments, f);
        return (trace.Value, tangents => trace.Push(Matched(operation, "tangent", tangents, "argument", arguments)));
    }

    /// <summary>Tangents of arguments or cotangents of results as sensitivities, after a check that they have the shapes of what they belong to.</summary>
    private static Sensitivity?[] Matched(string operation, string direction, Expr[] directions, string owner, Expr[] owners, Func<int, string>? pathOf = null)
    {
        var matched = new Sensitivity?[owners.Length];
        for (var i = 0; i < matched.Length; i++)
        {
            matched[i] = directions[i] is null ? throw AutodiffException.Null(operation, $"the {direction}")
                : directions[i].Shape == owners[i].Shape ? new(directions[i], null)
                : pathOf?.Invoke(i) is { Length: > 0 } path ? throw Misshapen(operation, $"the {direction} at {path}", directions[i], $"the {owner} there", owners[i])
                : throw Misshapen(operation, $"the {direction}", directions[i], $"the {owner} it belongs to", owners[i]);
        }

        return matched;
    }

    private static ShapeException Misshapen(string operation, string direction, Expr given, string owner, Expr owned) =>
        new($"{operation}: {direction} has shape {given.Shape}, but {owner} has {owned.Shape}; they must be equal.");
}
