// Transforms of functions of tensors: Jacobians, Hessians, and the operators of vector calculus.

using Autodiff.Functional.Programs;
using Autodiff.Functional.Sparsity;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Expr;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>
    /// x ↦ J with J[i, j] = ∂f(x)[i]/∂x[j], of shape output shape ++ input shape. The mode that needs fewer sweeps is taken.
    /// </summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <returns>A function to the Jacobian: from scalar to scalar a scalar, from n to 1 a vector of n, from n to m an m×n matrix.</returns>
    public static Func<Expr, Expr> Jacobian(Func<Expr, Expr> f)
    {
        var g = Spread("Jacobian", f);
        return x => Jacobians.ByFewerSweeps(new("Jacobian", [x], g))[0];
    }

    /// <summary>The Jacobian, a column at a time by forward mode: one sweep for each element of the argument.</summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    public static Func<Expr, Expr> JacobianForward(Func<Expr, Expr> f)
    {
        var g = Spread("JacobianForward", f);
        return x => Jacobians.ByColumns(new("JacobianForward", [x], g))[0];
    }

    /// <summary>The Jacobian, a row at a time by reverse mode: one sweep for each element of the result.</summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    public static Func<Expr, Expr> JacobianReverse(Func<Expr, Expr> f)
    {
        var g = Spread("JacobianReverse", f);
        return x => Jacobians.ByRows(new("JacobianReverse", [x], g))[0];
    }

    /// <summary>
    /// x ↦ H with H[i, j] = ∂²f/∂x[i]∂x[j], of shape input shape ++ input shape: forward mode through the gradient. Compiled, entries that are 0 for all
    /// arguments are left out of the sweeps.
    /// </summary>
    /// <remarks>With several arguments, the Hessian comes in blocks; over a tree, it is that of the vector which <see cref="Tree.Ravel"/> makes of it.</remarks>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr> Hessian(Func<Expr, Expr> f)
    {
        var g = Spread("Hessian", f);
        return x =>
        {
            var gradient = new Trace("Hessian", [x], v => Gradients("Hessian", v, g).Gradients[0]);
            return CompressedHessian.Of(gradient) ?? Jacobians.ByColumns(gradient)[0];
        };
    }

    /// <summary>(x, v) ↦ H·v, the Hessian–vector product, without computing H: it is the tangent of the gradient.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <returns>A function of the argument and a direction of its shape.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar, or v does not have the shape of x.</exception>
    public static Func<Expr, Expr, Expr> Hvp(Func<Expr, Expr> f)
    {
        var g = Spread("Hvp", f);
        return (x, v) => HessianTimes([x], [v], g)[0];
    }

    /// <summary>x ↦ Σᵢ ∂fᵢ/∂xᵢ, the trace of the Jacobian of a vector field.</summary>
    /// <param name="f">A function whose result has the shape of its argument.</param>
    /// <exception cref="ShapeException">When called: the shapes differ.</exception>
    public static Func<Expr, Expr> Divergence(Func<Expr, Expr> f)
    {
        NotNull("Divergence", f);
        return x =>
        {
            var trace = new Trace("Divergence", [x], v => f(v[0]));
            return trace.Result.Shape == x.Shape
                ? Jacobians.DiagonalSum(trace, x.Shape)
                : throw new ShapeException($"Divergence: the field takes shape {x.Shape} to {trace.Result.Shape}; a field's result has the shape of its argument.");
        };
    }

    /// <summary>
    /// x ↦ ∇×f: for a field on R³ the vector (∂f₃/∂x₂ − ∂f₂/∂x₃, ∂f₁/∂x₃ − ∂f₃/∂x₁, ∂f₂/∂x₁ − ∂f₁/∂x₂), for one on R² the
    /// scalar ∂f₂/∂x₁ − ∂f₁/∂x₂.
    /// </summary>
    /// <param name="f">A function from vectors of 3 (or 2) to vectors of 3 (or 2).</param>
    /// <exception cref="ShapeException">When called: argument and result are not both of shape (3), or both of shape (2).</exception>
    public static Func<Expr, Expr> Curl(Func<Expr, Expr> f)
    {
        NotNull("Curl", f);
        return x =>
        {
            var trace = new Trace("Curl", [x], v => f(v[0]));
            if (trace.Result.Shape != x.Shape || x.Rank != 1 || x.Shape[0] is not (2 or 3))
            {
                throw new ShapeException($"Curl: the field takes shape {x.Shape} to {trace.Result.Shape}; the curl is that of a field from (3) to (3), or from (2) to (2).");
            }

            var jacobian = Jacobians.ByRows(trace)[0];
            Expr Rotation(int i, int j) => jacobian[j, i] - jacobian[i, j];
            return x.Shape[0] == 2 ? Rotation(0, 1) : Stack([Rotation(1, 2), Rotation(2, 0), Rotation(0, 1)]);
        };
    }

    /// <summary>H·v for all arguments: the tangents of all gradients.</summary>
    private static Expr[] HessianTimes(Expr[] arguments, Expr[] directions, Func<Expr[], Expr> f) =>
        GradientTrace(arguments, f).PushAll(Matched("Hvp", "tangent", directions, "argument", arguments));

    private static Trace GradientTrace(Expr[] arguments, Func<Expr[], Expr> f) =>
        new("Hvp", arguments, leaves => Gradients("Hvp", leaves, f).Gradients);
}
