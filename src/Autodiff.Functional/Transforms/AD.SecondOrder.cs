// Values, gradients and second derivatives together, and second derivatives of functions of several arguments and over trees.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Programs;
using Autodiff.Functional.Sparsity;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>x ↦ (f(x), J): the value and the Jacobian, of shape output shape ++ input shape, from one run of f.</summary>
    /// <example>
    /// <code>
    /// var (r, jacobian) = ValueAndJacobian(Residuals)(x);
    /// x -= Lstsq(jacobian, r); // a step of Gauss and Newton
    /// </code>
    /// </example>
    /// <param name="f">A function of any argument and result shapes.</param>
    public static Func<Expr, (Expr Value, Expr Jacobian)> ValueAndJacobian(Func<Expr, Expr> f)
    {
        var g = Spread("ValueAndJacobian", f);
        return x => ValueAndJacobians([x], g) is var (value, jacobians) ? (value, jacobians[0]) : default;
    }

    /// <summary>(x, y) ↦ (f, (∂f/∂x, ∂f/∂y)): the value and the Jacobians, each of shape output shape ++ shape of the argument, from one run of f.</summary>
    /// <param name="f">A function of two arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, (Expr Value, (Expr, Expr) Jacobian)> ValueAndJacobian(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("ValueAndJacobian", f);
        return (x, y) => ValueAndJacobians([x, y], g) is var (value, jacobians) ? (value, Pair(jacobians)) : default;
    }

    /// <summary>(x, y, z) ↦ (f, (∂f/∂x, ∂f/∂y, ∂f/∂z)): the value and the Jacobians, each of shape output shape ++ shape of the argument, from one run of f.</summary>
    /// <param name="f">A function of three arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr) Jacobian)> ValueAndJacobian(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("ValueAndJacobian", f);
        return (x, y, z) => ValueAndJacobians([x, y, z], g) is var (value, jacobians) ? (value, Triple(jacobians)) : default;
    }

    /// <summary>(x, y, z, w) ↦ (f, (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w)): the value and the Jacobians, each of shape output shape ++ shape of the argument, from one run of f.</summary>
    /// <param name="f">A function of four arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr, Expr) Jacobian)> ValueAndJacobian(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("ValueAndJacobian", f);
        return (x, y, z, w) => ValueAndJacobians([x, y, z, w], g) is var (value, jacobians) ? (value, Quadruple(jacobians)) : default;
    }

    /// <summary>p ↦ (f(p), J) over a tree of parameters: the value, and the tree of the Jacobians, each of shape output shape ++ leaf shape.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, (Expr Value, T Jacobian)> ValueAndJacobian<T>(Func<T, Expr> f)
    {
        NotNull("ValueAndJacobian", f);
        return p => ValueAndJacobians(Parameters("ValueAndJacobian", p), v => f(Tree.With(p, v))) is var (value, jacobians) ? (value, Tree.With(p, jacobians)) : default;
    }

    /// <summary>
    /// x ↦ the Jacobian of each expression of the result, in a tree of the result's type: each of shape shape of the expression ++ input shape. The
    /// mode that needs fewer sweeps is taken.
    /// </summary>
    /// <example>
    /// <code>
    /// var (ofSum, ofProduct) = Jacobian(x => (Sum(x), x * x))(new double[] { 1, 2 }); // [1, 1] and [[2, 0], [0, 4]]
    /// </code>
    /// </example>
    /// <param name="f">A function to a tuple or another tree (see <see cref="Tree"/>) of expressions.</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="AutodiffException">When called: there is no expression in the result, or one that cannot be replaced.</exception>
    [OverloadResolutionPriority(-1)]
    public static Func<Expr, TResult> Jacobian<TResult>(Func<Expr, TResult> f, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Jacobian", f);
        return x => Traced("Jacobian", f, function, x) is var (trace, value)
            ? Tree.With(value, Array.ConvertAll(Jacobians.OfAllByFewerSweeps(trace), jacobians => jacobians[0]))
            : default!;
    }

    /// <summary>
    /// (x, y) ↦ ((Hxx, Hxy), (Hyx, Hyy)), the blocks of the Hessian in all arguments: Hxy[i, j] = ∂²f/∂x[i]∂y[j], of shape shape of x ++ shape of y.
    /// </summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, ((Expr, Expr), (Expr, Expr))> Hessian(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Hessian", f);
        return (x, y) => Pair(ValueGradientHessian("Hessian", [x, y], g).Hessian, Pair);
    }

    /// <summary>
    /// (x, y, z) ↦ ((Hxx, Hxy, Hxz), (Hyx, Hyy, Hyz), (Hzx, Hzy, Hzz)), the blocks of the Hessian in all arguments: Hxy[i, j] = ∂²f/∂x[i]∂y[j], of shape shape of x ++ shape of y.
    /// </summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, ((Expr, Expr, Expr), (Expr, Expr, Expr), (Expr, Expr, Expr))> Hessian(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Hessian", f);
        return (x, y, z) => Triple(ValueGradientHessian("Hessian", [x, y, z], g).Hessian, Triple);
    }

    /// <summary>
    /// (x, y, z, w) ↦ ((Hxx, Hxy, Hxz, Hxw), (Hyx, Hyy, Hyz, Hyw), (Hzx, Hzy, Hzz, Hzw), (Hwx, Hwy, Hwz, Hww)), the blocks of the Hessian in all arguments: Hxy[i, j] = ∂²f/∂x[i]∂y[j], of shape shape of x ++ shape of y.
    /// </summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr, ((Expr, Expr, Expr, Expr), (Expr, Expr, Expr, Expr), (Expr, Expr, Expr, Expr), (Expr, Expr, Expr, Expr))> Hessian(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Hessian", f);
        return (x, y, z, w) => Quadruple(ValueGradientHessian("Hessian", [x, y, z, w], g).Hessian, Quadruple);
    }

    /// <summary>
    /// p ↦ the Hessian over a tree of parameters: the n×n matrix in the order of the vector that <see cref="Tree.Ravel"/> makes of p, which has n elements.
    /// </summary>
    /// <remarks>The function that <see cref="Tree.Ravel"/> returns beside the vector takes a row of the matrix, or a step that is computed from it, back to a tree.</remarks>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>) to a scalar.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, Expr> Hessian<T>(Func<T, Expr> f)
    {
        NotNull("Hessian", f);
        return p =>
        {
            _ = Parameters("Hessian", p);
            var (vector, unravel) = Tree.Ravel(p);
            return Hessian((Expr v) => f(unravel(v)))(vector);
        };
    }

    /// <summary>x ↦ (f(x), ∇f(x), H): the value, the gradient and the Hessian, from one run of f.</summary>
    /// <example>
    /// <code>
    /// var (value, gradient, hessian) = ValueGradHessian(f)(x);
    /// x -= Solve(hessian, gradient); // Newton's step
    /// </code>
    /// </example>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, (Expr Value, Expr Gradient, Expr Hessian)> ValueGradHessian(Func<Expr, Expr> f)
    {
        var g = Spread("ValueGradHessian", f);
        return x => ValueGradientHessian("ValueGradHessian", [x], g) is var (value, gradients, hessian) ? (value, gradients[0], hessian[0][0]) : default;
    }

    /// <summary>(x, y) ↦ (f, ∇f, H): the value, the gradients in each argument, and the blocks of the Hessian, as <see cref="Hessian(Func{Expr, Expr, Expr})"/> gives them, from one run of f.</summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, (Expr Value, (Expr, Expr) Gradient, ((Expr, Expr), (Expr, Expr)) Hessian)> ValueGradHessian(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("ValueGradHessian", f);
        return (x, y) => ValueGradientHessian("ValueGradHessian", [x, y], g) is var (value, gradients, hessian)
            ? (value, Pair(gradients), Pair(hessian, Pair))
            : default;
    }

    /// <summary>(x, y, z) ↦ (f, ∇f, H): the value, the gradients in each argument, and the blocks of the Hessian, as <see cref="Hessian(Func{Expr, Expr, Expr, Expr})"/> gives them, from one run of f.</summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr) Gradient, ((Expr, Expr, Expr), (Expr, Expr, Expr), (Expr, Expr, Expr)) Hessian)> ValueGradHessian(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("ValueGradHessian", f);
        return (x, y, z) => ValueGradientHessian("ValueGradHessian", [x, y, z], g) is var (value, gradients, hessian)
            ? (value, Triple(gradients), Triple(hessian, Triple))
            : default;
    }

    /// <summary>(x, y, z, w) ↦ (f, ∇f, H): the value, the gradients in each argument, and the blocks of the Hessian, as <see cref="Hessian(Func{Expr, Expr, Expr, Expr, Expr})"/> gives them, from one run of f.</summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr, Expr) Gradient, ((Expr, Expr, Expr, Expr), (Expr, Expr, Expr, Expr), (Expr, Expr, Expr, Expr), (Expr, Expr, Expr, Expr)) Hessian)> ValueGradHessian(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("ValueGradHessian", f);
        return (x, y, z, w) => ValueGradientHessian("ValueGradHessian", [x, y, z, w], g) is var (value, gradients, hessian)
            ? (value, Quadruple(gradients), Quadruple(hessian, Quadruple))
            : default;
    }

    /// <summary>p ↦ (f(p), ∇f(p), H) over a tree of parameters: the gradient is a tree, and the Hessian the matrix that <see cref="Hessian{T}"/> gives.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>) to a scalar.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, (Expr Value, T Gradient, Expr Hessian)> ValueGradHessian<T>(Func<T, Expr> f)
    {
        NotNull("ValueGradHessian", f);
        return p =>
        {
            _ = Parameters("ValueGradHessian", p);
            var (vector, unravel) = Tree.Ravel(p);
            var (value, gradients, hessian) = ValueGradientHessian("ValueGradHessian", [vector], v => f(unravel(v[0])));
            return (value, unravel(gradients[0]), hessian[0][0]);
        };
    }

    /// <summary>(x, y) ↦ ((∂²f/∂xᵢ²)ᵢ, (∂²f/∂yᵢ²)ᵢ): the diagonal of the Hessian in all arguments, each part in the shape of its argument, without the Hessian.</summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, (Expr, Expr)> HessianDiagonal(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("HessianDiagonal", f);
        return (x, y) => Pair(HessianDiagonals([x, y], g));
    }

    /// <summary>(x, y, z) ↦ ((∂²f/∂xᵢ²)ᵢ, (∂²f/∂yᵢ²)ᵢ, (∂²f/∂zᵢ²)ᵢ): the diagonal of the Hessian in all arguments, each part in the shape of its argument, without the Hessian.</summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, (Expr, Expr, Expr)> HessianDiagonal(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("HessianDiagonal", f);
        return (x, y, z) => Triple(HessianDiagonals([x, y, z], g));
    }

    /// <summary>(x, y, z, w) ↦ ((∂²f/∂xᵢ²)ᵢ, (∂²f/∂yᵢ²)ᵢ, (∂²f/∂zᵢ²)ᵢ, (∂²f/∂wᵢ²)ᵢ): the diagonal of the Hessian in all arguments, each part in the shape of its argument, without the Hessian.</summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> HessianDiagonal(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("HessianDiagonal", f);
        return (x, y, z, w) => Quadruple(HessianDiagonals([x, y, z, w], g));
    }

    /// <summary>p ↦ the diagonal of the Hessian over a tree of parameters, as a tree: each part in the shape of its leaf, without the Hessian.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>) to a scalar.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the tree, or one that cannot be replaced.</exception>
    public static Func<T, T> HessianDiagonal<T>(Func<T, Expr> f)
    {
        NotNull("HessianDiagonal", f);
        return p => Tree.With(p, HessianDiagonals(Parameters("HessianDiagonal", p), v => f(Tree.With(p, v))));
    }

    /// <summary>The arguments, with another one in the place of one of them.</summary>
    private static Expr[] WithArgument(Expr[] arguments, int place, Expr argument) => [.. arguments[..place], argument, .. arguments[(place + 1)..]];

    private static void MustBeGiven(string operation, Expr[] arguments)
    {
        if (Array.IndexOf(arguments, null) >= 0)
        {
            throw AutodiffException.Null(operation, "the argument");
        }
    }

    private static (Expr Value, Expr[] Jacobians) ValueAndJacobians(Expr[] arguments, Func<Expr[], Expr> f)
    {
        var trace = new Trace("ValueAndJacobian", arguments, f);
        return (trace.Value, Jacobians.ByFewerSweeps(trace));
    }

    /// <summary>The value, the gradients in all arguments, and the derivatives of each gradient in each argument.</summary>
    private static (Expr Value, Expr[] Gradients, Expr[][] Hessian) ValueGradientHessian(string operation, Expr[] arguments, Func<Expr[], Expr> f)
    {
        Expr? value = null;
        var trace = new Trace(operation, arguments, leaves =>
        {
            (value, var gradients) = Gradients(operation, leaves, f);
            return gradients;
        });
        return (trace.Settled(value!), trace.Values, arguments.Length == 1 && CompressedHessian.Of(trace) is { } compressed ? [[compressed]] : Jacobians.OfAllByColumns(trace));
    }

    /// <summary>The diagonals of the Hessian in each argument, one after another: the other arguments are constants meanwhile.</summary>
    private static Expr[] HessianDiagonals(Expr[] arguments, Func<Expr[], Expr> f)
    {
        MustBeGiven("HessianDiagonal", arguments);
        return [.. arguments.Select((argument, place) => HessianDiagonal((Expr v) => f(WithArgument(arguments, place, v)))(argument))];
    }
}
