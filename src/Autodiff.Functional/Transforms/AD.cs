// Functions to functions. Every transform does the same three things: it makes fresh leaves of the arguments, runs the
// function on them, and sweeps the graph that this built.

using Autodiff.Functional.Rules;
using Autodiff.Functional.Transforms;
using static Autodiff.Functional.Expr;

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
        NotNull("Grad", f);
        return x => Gradients("Grad", [x], v => f(v[0])).Gradients[0];
    }

    /// <summary>(x, y) ↦ (∂f/∂x, ∂f/∂y), in one reverse sweep.</summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <returns>A function to the gradients, each of the shape of its argument.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, (Expr, Expr)> Grad(Func<Expr, Expr, Expr> f)
    {
        NotNull("Grad", f);
        return (x, y) => Gradients("Grad", [x, y], v => f(v[0], v[1])).Gradients is var g ? (g[0], g[1]) : default;
    }

    /// <summary>(x, y, z) ↦ (∂f/∂x, ∂f/∂y, ∂f/∂z), in one reverse sweep.</summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <returns>A function to the gradients, each of the shape of its argument.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, (Expr, Expr, Expr)> Grad(Func<Expr, Expr, Expr, Expr> f)
    {
        NotNull("Grad", f);
        return (x, y, z) => Gradients("Grad", [x, y, z], v => f(v[0], v[1], v[2])).Gradients is var g ? (g[0], g[1], g[2]) : default;
    }

    /// <summary>(x, y, z, w) ↦ (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w), in one reverse sweep.</summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <returns>A function to the gradients, each of the shape of its argument.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> Grad(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        NotNull("Grad", f);
        return (x, y, z, w) => Gradients("Grad", [x, y, z, w], v => f(v[0], v[1], v[2], v[3])).Gradients is var g ? (g[0], g[1], g[2], g[3]) : default;
    }

    /// <summary>x ↦ (f(x), ∇f(x)): both for the price of the gradient.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, (Expr Value, Expr Gradient)> ValueAndGrad(Func<Expr, Expr> f)
    {
        NotNull("ValueAndGrad", f);
        return x => Gradients("ValueAndGrad", [x], v => f(v[0])) is var (y, g) ? (y, g[0]) : default;
    }

    /// <summary>(x, y) ↦ (f, (∂f/∂x, ∂f/∂y)).</summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, (Expr Value, (Expr, Expr) Gradient)> ValueAndGrad(Func<Expr, Expr, Expr> f)
    {
        NotNull("ValueAndGrad", f);
        return (x, y) => Gradients("ValueAndGrad", [x, y], v => f(v[0], v[1])) is var (value, g) ? (value, (g[0], g[1])) : default;
    }

    /// <summary>(x, y, z) ↦ (f, (∂f/∂x, ∂f/∂y, ∂f/∂z)).</summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr) Gradient)> ValueAndGrad(Func<Expr, Expr, Expr, Expr> f)
    {
        NotNull("ValueAndGrad", f);
        return (x, y, z) => Gradients("ValueAndGrad", [x, y, z], v => f(v[0], v[1], v[2])) is var (value, g) ? (value, (g[0], g[1], g[2])) : default;
    }

    /// <summary>(x, y, z, w) ↦ (f, (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w)).</summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr, Expr) Gradient)> ValueAndGrad(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        NotNull("ValueAndGrad", f);
        return (x, y, z, w) => Gradients("ValueAndGrad", [x, y, z, w], v => f(v[0], v[1], v[2], v[3])) is var (value, g) ? (value, (g[0], g[1], g[2], g[3])) : default;
    }

    /// <summary>
    /// x ↦ (f(x), ȳ ↦ ȳ·J): the value, and the pullback that takes a cotangent of the result to one of the argument
    /// (vector–Jacobian product) without ever making the Jacobian J.
    /// </summary>
    /// <param name="f">A function of any result shape.</param>
    /// <returns>The pullback takes an expression of the shape of f(x) to one of the shape of x. It may be called again and again.</returns>
    /// <exception cref="ShapeException">When the pullback is called: the cotangent has not the shape of f(x).</exception>
    public static Func<Expr, (Expr Value, Func<Expr, Expr> Pullback)> Vjp(Func<Expr, Expr> f)
    {
        NotNull("Vjp", f);
        return x =>
        {
            var trace = new Trace("Vjp", [x], v => f(v[0]));
            return (trace.Value, cotangent => trace.Pull(SeedOf("Vjp", trace.Result, cotangent))[0]);
        };
    }

    /// <summary>(x, y) ↦ (f(x, y), z̄ ↦ (z̄·∂f/∂x, z̄·∂f/∂y)).</summary>
    /// <param name="f">A function of two arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When the pullback is called: the cotangent has not the shape of f(x, y).</exception>
    public static Func<Expr, Expr, (Expr Value, Func<Expr, (Expr, Expr)> Pullback)> Vjp(Func<Expr, Expr, Expr> f)
    {
        NotNull("Vjp", f);
        return (x, y) =>
        {
            var trace = new Trace("Vjp", [x, y], v => f(v[0], v[1]));
            return (trace.Value, cotangent => trace.Pull(SeedOf("Vjp", trace.Result, cotangent)) is var g ? (g[0], g[1]) : default);
        };
    }

    /// <summary>
    /// (x, ẋ) ↦ (f(x), J·ẋ): the value, and how it moves when x moves by ẋ (Jacobian–vector product), by forward mode.
    /// </summary>
    /// <param name="f">A function of any result shape.</param>
    /// <returns>A function of the argument and a tangent of its shape.</returns>
    /// <exception cref="ShapeException">When called: the tangent has not the shape of x.</exception>
    public static Func<Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr> f)
    {
        NotNull("Jvp", f);
        return (x, tangent) =>
        {
            var trace = new Trace("Jvp", [x], v => f(v[0]));
            return (trace.Value, trace.Push(TangentOf("Jvp", x, tangent)));
        };
    }

    /// <summary>(x, y, ẋ, ẏ) ↦ (f(x, y), ∂f/∂x·ẋ + ∂f/∂y·ẏ).</summary>
    /// <param name="f">A function of two arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When called: a tangent has not the shape of its argument.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr, Expr> f)
    {
        NotNull("Jvp", f);
        return (x, y, tangentX, tangentY) =>
        {
            var trace = new Trace("Jvp", [x, y], v => f(v[0], v[1]));
            return (trace.Value, trace.Push(TangentOf("Jvp", x, tangentX), TangentOf("Jvp", y, tangentY)));
        };
    }

    /// <summary>
    /// x ↦ (f(x), ẋ ↦ J·ẋ): the value, and the pushforward, which may be called for many tangents at the price of running f once.
    /// </summary>
    /// <param name="f">A function of any result shape.</param>
    /// <exception cref="ShapeException">When the pushforward is called: the tangent has not the shape of x.</exception>
    public static Func<Expr, (Expr Value, Func<Expr, Expr> Pushforward)> Linearize(Func<Expr, Expr> f)
    {
        NotNull("Linearize", f);
        return x =>
        {
            var trace = new Trace("Linearize", [x], v => f(v[0]));
            return (trace.Value, tangent => trace.Push(TangentOf("Linearize", x, tangent)));
        };
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

    /// <summary>x ↦ f⁽ⁿ⁾(x), the n-th derivative of a function of one scalar, of any result shape.</summary>
    /// <param name="f">A function of a scalar.</param>
    /// <param name="order">n, 0 or more; 0 is f itself.</param>
    /// <exception cref="AutodiffException">The order is negative.</exception>
    /// <exception cref="ShapeException">When called: x is not a scalar.</exception>
    public static Func<Expr, Expr> Diff(Func<Expr, Expr> f, int order)
    {
        NotNull("Diff", f);
        return order switch
        {
            < 0 => throw new AutodiffException($"Diff: the order {order} is negative; derivatives have orders 0, 1, 2, …."),
            0 => f,
            _ => Diff(Diff(f, order - 1)),
        };
    }

    /// <summary>x, seen by every derivative as a constant: the value flows on, no derivative does.</summary>
    /// <param name="x">The expression.</param>
    public static Expr StopGradient(Expr x) => Elementwise(Op.StopGradient, x);

    /// <summary>
    /// Reverse mode on a graph: the adjoint ⟨seed, ∂y/∂x⟩ of every variable x under y. Numbers where the variables have
    /// values; expressions that can be swept again with <paramref name="keepGraph"/> or where a variable is symbolic.
    /// </summary>
    /// <param name="y">The result.</param>
    /// <param name="seed">A cotangent of y, of its shape; 1 if left out, for a scalar y.</param>
    /// <param name="keepGraph">Whether the adjoints stay expressions of the variables.</param>
    /// <exception cref="ShapeException">The seed has not the shape of y, or is left out where y is not a scalar.</exception>
    public static Adjoints Backward(Expr y, Expr? seed = null, bool keepGraph = false)
    {
        if (y is null)
        {
            throw AutodiffException.Null("Backward", "the result");
        }

        if (seed is null && !y.Shape.IsScalar)
        {
            throw new ShapeException($"Backward: the result has shape {y.Shape}, not (); pass a seed of that shape, Backward(y, seed), to say which combination of its elements to pull back.");
        }

        return new(new Schedule([y], null), SeedOf("Backward", y, seed ?? 1), keepGraph);
    }

    private static (Expr Value, Expr[] Gradients) Gradients(string operation, Expr[] arguments, Func<Expr[], Expr> f)
    {
        using var trace = new Trace(operation, arguments, f);
        return trace.Result.Shape.IsScalar
            ? (trace.Value, trace.Pull(new Sensitivity(1, null)))
            : throw new ShapeException($"{operation}: the function's result has shape {trace.Result.Shape}, not (), so it has no gradient; use Jacobian for all its derivatives, or Vjp to pull one combination of its elements back.");
    }

    private static Sensitivity SeedOf(string operation, Expr result, Expr seed) => seed is null
        ? throw AutodiffException.Null(operation, "the cotangent")
        : seed.Shape == result.Shape ? new(seed, null)
        : throw new ShapeException($"{operation}: the cotangent has shape {seed.Shape}, but the result it belongs to has {result.Shape}; they must be equal.");

    private static Sensitivity TangentOf(string operation, Expr x, Expr tangent) => tangent is null
        ? throw AutodiffException.Null(operation, "the tangent")
        : tangent.Shape == x.Shape ? new(tangent, null)
        : throw new ShapeException($"{operation}: the tangent has shape {tangent.Shape}, but the argument it belongs to has {x.Shape}; they must be equal.");

    private static void NotNull(string operation, Delegate f)
    {
        if (f is null)
        {
            throw AutodiffException.Null(operation, "the function");
        }
    }
}
