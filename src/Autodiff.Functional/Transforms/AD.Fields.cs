// Derivatives of functions of tensors: Jacobians, Hessians, and the operators of vector calculus.

using Autodiff.Functional.Rules;
using Autodiff.Functional.Transforms;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>
    /// x ↦ J with J[i, j] = ∂f(x)[i]/∂x[j], of shape output shape ++ input shape; by whichever mode needs fewer sweeps.
    /// </summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <returns>Scalar to scalar a scalar, n to 1 a vector of n, n to m an m×n matrix.</returns>
    public static Func<Expr, Expr> Jacobian(Func<Expr, Expr> f)
    {
        NotNull("Jacobian", f);
        return x => ByFewerSweeps(new("Jacobian", [x], v => f(v[0])), x.Shape);
    }

    /// <summary>The Jacobian, a column at a time by forward mode: one sweep for each element of the argument.</summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    public static Func<Expr, Expr> JacobianForward(Func<Expr, Expr> f)
    {
        NotNull("JacobianForward", f);
        return x => ByColumns(new("JacobianForward", [x], v => f(v[0])), x.Shape);
    }

    /// <summary>The Jacobian, a row at a time by reverse mode: one sweep for each element of the result.</summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    public static Func<Expr, Expr> JacobianReverse(Func<Expr, Expr> f)
    {
        NotNull("JacobianReverse", f);
        return x => ByRows(new("JacobianReverse", [x], v => f(v[0])), x.Shape);
    }

    /// <summary>x ↦ H with H[i, j] = ∂²f/∂x[i]∂x[j], of shape input shape ++ input shape.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr> Hessian(Func<Expr, Expr> f)
    {
        NotNull("Hessian", f);
        return x => ByFewerSweeps(new("Hessian", [x], v => Gradients("Hessian", v, w => f(w[0])).Gradients[0]), x.Shape);
    }

    /// <summary>(x, v) ↦ H·v, the Hessian–vector product, without making H: the tangent of the gradient.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <returns>A function of the argument and a direction of its shape.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar, or v has not the shape of x.</exception>
    public static Func<Expr, Expr, Expr> Hvp(Func<Expr, Expr> f)
    {
        NotNull("Hvp", f);
        return (x, v) => new Trace("Hvp", [x], leaf => Gradients("Hvp", [leaf[0]], w => f(w[0])).Gradients[0]).Push(TangentOf("Hvp", x, v));
    }

    /// <summary>x ↦ Σᵢ ∂²f/∂xᵢ², the trace of the Hessian, without making the Hessian.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr> Laplacian(Func<Expr, Expr> f)
    {
        NotNull("Laplacian", f);
        return x => DiagonalSum(new("Laplacian", [x], v => Gradients("Laplacian", v, w => f(w[0])).Gradients[0]), x.Shape);
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
                ? DiagonalSum(trace, x.Shape)
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

            var jacobian = ByRows(trace, x.Shape);
            Expr Rotation(int i, int j) => jacobian[j, i] - jacobian[i, j];
            return x.Shape[0] == 2 ? Rotation(0, 1) : Stack([Rotation(1, 2), Rotation(2, 0), Rotation(0, 1)]);
        };
    }

    private static Expr ByFewerSweeps(Trace trace, Shape input) =>
        input.Size < trace.Result.Shape.Size ? ByColumns(trace, input) : ByRows(trace, input);

    private static Expr ByRows(Trace trace, Shape input)
    {
        var output = trace.Result.Shape;
        var rows = new Expr[output.Size];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = trace.Pull(Basis(output, i))[0];
        }

        return rows.Length == 0 ? Zeros(output.Concat(input)) : Reshape(Stack(rows), output.Concat(input));
    }

    private static Expr ByColumns(Trace trace, Shape input)
    {
        var output = trace.Result.Shape;
        var columns = new Expr[input.Size];
        for (var j = 0; j < columns.Length; j++)
        {
            columns[j] = trace.Push(Basis(input, j));
        }

        return columns.Length == 0 ? Zeros(output.Concat(input)) : Reshape(Stack(columns, axis: -1), output.Concat(input));
    }

    /// <summary>Σᵢ eᵢ·J·eᵢ for a trace whose result has the shape of its argument.</summary>
    private static Expr DiagonalSum(Trace trace, Shape shape)
    {
        var sum = Term.Zero;
        for (var i = 0; i < shape.Size; i++)
        {
            sum += new Term(Reshape(trace.Push(Basis(shape, i)), shape.Size)[i]);
        }

        return sum.Expr;
    }

    /// <summary>
    /// The i-th unit direction. What is not in it does not move at all, so its zeros are structural: a column of a Jacobian
    /// is right even beside an element whose derivative is ∞.
    /// </summary>
    private static Sensitivity Basis(Shape shape, int i)
    {
        var elements = new double[shape.Size];
        elements[i] = 1;
        var unit = Constant(elements, shape);
        return new(unit, shape.Size == 1 ? null : unit);
    }
}
