// Transforms by finite differences, without differentiation rules, to compare the other transforms with.

using Autodiff.Functional.Verification;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

/// <summary>
/// Finite differences: the transforms of <see cref="AD"/> with the same signatures, computed from values of the function
/// alone. Central differences at shrinking steps are extrapolated to step 0, each element of the result on its own, and
/// the extrapolation of least estimated error is taken (C. J. F. Ridders, Advances in Engineering Software 4, 1982).
/// </summary>
/// <remarks>
/// <para>
/// The steps start near a third of max(1, |x|) and shrink until rounding outweighs what they gain. Where f changes over a
/// length L between a hundredth and the whole of max(1, |x|), the largest errors measured of the derivatives of order 1 to 4
/// were 7·10⁻¹³, 3·10⁻¹⁰, 4·10⁻⁹ and 10⁻⁷, relative to the larger of |f⁽ⁿ⁾| and |f|/Lⁿ; about a digit is lost for each factor
/// of ten that L is shorter. One derivative costs 40 to 95 calls of f for each element of the argument; 32 of them measure the noise
/// of f near x, which says how short a step may be (J. J. Moré and S. M. Wild, SIAM Journal on Scientific Computing 33, 2011).
/// </para>
/// <para>
/// A step that leads to where the function is not defined (it throws, or is NaN or infinite) does not count: smaller steps are taken, and where it is
/// defined on one side of x only, one-sided differences, with a few digits less. If no step leads to where it is defined, that is an
/// <see cref="AutodiffException"/>. Where f(x) itself is not finite, the derivative is NaN. At a kink or a jump, and where the derivative is
/// infinite, the differences do not converge: the result is a number without meaning.
/// </para>
/// <para>Arguments must be concrete, and results are constants: no derivative flows through them.</para>
/// </remarks>
public static class Numeric
{
    /// <summary>x ↦ ∇f(x).</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <returns>A function to the gradient, of the shape of x.</returns>
    /// <exception cref="AutodiffException">The function, or when called the argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="NotConcreteException">When called: x or the result of f is symbolic.</exception>
    public static Func<Expr, Expr> Grad(Func<Expr, Expr> f)
    {
        var g = Spread("Numeric.Grad", f);
        return x => Gradients([x], g)[0];
    }

    /// <summary>(x, y) ↦ (∂f/∂x, ∂f/∂y).</summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <returns>A function to the gradients, each of the shape of its argument.</returns>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="NotConcreteException">When called: an argument or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, (Expr, Expr)> Grad(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Numeric.Grad", f);
        return (x, y) => Pair(Gradients([x, y], g));
    }

    /// <summary>(x, y, z) ↦ (∂f/∂x, ∂f/∂y, ∂f/∂z).</summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <returns>A function to the gradients, each of the shape of its argument.</returns>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="NotConcreteException">When called: an argument or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, Expr, (Expr, Expr, Expr)> Grad(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Numeric.Grad", f);
        return (x, y, z) => Triple(Gradients([x, y, z], g));
    }

    /// <summary>(x, y, z, w) ↦ (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w).</summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <returns>A function to the gradients, each of the shape of its argument.</returns>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="NotConcreteException">When called: an argument or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> Grad(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Numeric.Grad", f);
        return (x, y, z, w) => Quadruple(Gradients([x, y, z, w], g));
    }

    /// <summary>p ↦ ∇f(p) over a tree of parameters.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>) to a scalar.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="AutodiffException">
    /// The function, or when called the tree or the result of f, is null; or when called there is no expression in the tree, or
    /// one that cannot be replaced.
    /// </exception>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="NotConcreteException">When called: a leaf or the result of f is symbolic.</exception>
    public static Func<T, T> Grad<T>(Func<T, Expr> f)
    {
        NotNull("Numeric.Grad", f);
        return p => Tree.With(p, Gradients(Parameters("Numeric.Grad", p), v => f(Tree.With(p, v))));
    }

    /// <summary>(x, ẋ) ↦ (f(x), J·ẋ), from differences along ẋ.</summary>
    /// <param name="f">A function of any result shape.</param>
    /// <returns>A function of the argument and a tangent of its shape.</returns>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: the tangent does not have the shape of x.</exception>
    /// <exception cref="NotConcreteException">When called: x, the tangent or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr> f)
    {
        var g = Spread("Numeric.Jvp", f);
        return (x, tangent) => Push([x], g, tangent);
    }

    /// <summary>(x, y, ẋ, ẏ) ↦ (f(x, y), ∂f/∂x·ẋ + ∂f/∂y·ẏ), from differences along (ẋ, ẏ).</summary>
    /// <param name="f">A function of two arguments, of any result shape.</param>
    /// <returns>A function of the arguments and tangents of their shapes.</returns>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: a tangent does not have the shape of its argument.</exception>
    /// <exception cref="NotConcreteException">When called: an argument, a tangent or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Numeric.Jvp", f);
        return (x, y, tangentX, tangentY) => Push([x, y], g, tangentX, tangentY);
    }

    /// <summary>(x, y, z, ẋ, ẏ, ż) ↦ (f, ∂f/∂x·ẋ + ∂f/∂y·ẏ + ∂f/∂z·ż), from differences along (ẋ, ẏ, ż).</summary>
    /// <param name="f">A function of three arguments, of any result shape.</param>
    /// <returns>A function of the arguments and tangents of their shapes.</returns>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: a tangent does not have the shape of its argument.</exception>
    /// <exception cref="NotConcreteException">When called: an argument, a tangent or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, Expr, Expr, Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Numeric.Jvp", f);
        return (x, y, z, tangentX, tangentY, tangentZ) => Push([x, y, z], g, tangentX, tangentY, tangentZ);
    }

    /// <summary>(x, y, z, w, ẋ, ẏ, ż, ẇ) ↦ (f, ∂f/∂x·ẋ + ∂f/∂y·ẏ + ∂f/∂z·ż + ∂f/∂w·ẇ), from differences along (ẋ, ẏ, ż, ẇ).</summary>
    /// <param name="f">A function of four arguments, of any result shape.</param>
    /// <returns>A function of the arguments and tangents of their shapes.</returns>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: a tangent does not have the shape of its argument.</exception>
    /// <exception cref="NotConcreteException">When called: an argument, a tangent or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, Expr, Expr, Expr, Expr, Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Numeric.Jvp", f);
        return (x, y, z, w, tangentX, tangentY, tangentZ, tangentW) => Push([x, y, z, w], g, tangentX, tangentY, tangentZ, tangentW);
    }

    /// <summary>x ↦ J with J[i, j] = ∂f(x)[i]/∂x[j], of shape output shape ++ input shape.</summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <exception cref="AutodiffException">The function, or when called the argument or the result of f, is null.</exception>
    /// <exception cref="NotConcreteException">When called: x or the result of f is symbolic.</exception>
    public static Func<Expr, Expr> Jacobian(Func<Expr, Expr> f)
    {
        var g = Spread("Numeric.Jacobian", f);
        return x => Jacobians([x], g)[0];
    }

    /// <summary>(x, y) ↦ the Jacobians (∂f/∂x, ∂f/∂y), each of shape output shape ++ shape of the argument.</summary>
    /// <param name="f">A function of two arguments, of any argument and result shapes.</param>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="NotConcreteException">When called: an argument or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, (Expr, Expr)> Jacobian(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Numeric.Jacobian", f);
        return (x, y) => Pair(Jacobians([x, y], g));
    }

    /// <summary>(x, y, z) ↦ the Jacobians (∂f/∂x, ∂f/∂y, ∂f/∂z), each of shape output shape ++ shape of the argument.</summary>
    /// <param name="f">A function of three arguments, of any argument and result shapes.</param>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="NotConcreteException">When called: an argument or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, Expr, (Expr, Expr, Expr)> Jacobian(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Numeric.Jacobian", f);
        return (x, y, z) => Triple(Jacobians([x, y, z], g));
    }

    /// <summary>(x, y, z, w) ↦ the Jacobians (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w), each of shape output shape ++ shape of the argument.</summary>
    /// <param name="f">A function of four arguments, of any argument and result shapes.</param>
    /// <exception cref="AutodiffException">The function, or when called an argument or the result of f, is null.</exception>
    /// <exception cref="NotConcreteException">When called: an argument or the result of f is symbolic.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> Jacobian(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Numeric.Jacobian", f);
        return (x, y, z, w) => Quadruple(Jacobians([x, y, z, w], g));
    }

    /// <summary>p ↦ the tree of the Jacobians with respect to the leaves, each of shape output shape ++ leaf shape.</summary>
    /// <param name="f">A function of a tree (see <see cref="Tree"/>), of any result shape.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <exception cref="AutodiffException">
    /// The function, or when called the tree or the result of f, is null; or when called there is no expression in the tree, or
    /// one that cannot be replaced.
    /// </exception>
    /// <exception cref="NotConcreteException">When called: a leaf or the result of f is symbolic.</exception>
    public static Func<T, T> Jacobian<T>(Func<T, Expr> f)
    {
        NotNull("Numeric.Jacobian", f);
        return p => Tree.With(p, Jacobians(Parameters("Numeric.Jacobian", p), v => f(Tree.With(p, v))));
    }

    /// <summary>
    /// x ↦ H with H[i, j] = ∂²f/∂x[i]∂x[j], of shape input shape ++ input shape, from second differences along the axes and
    /// the diagonals between two axes.
    /// </summary>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="AutodiffException">The function, or when called the argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="NotConcreteException">When called: x or the result of f is symbolic.</exception>
    public static Func<Expr, Expr> Hessian(Func<Expr, Expr> f)
    {
        NotNull("Numeric.Hessian", f);
        return x =>
        {
            var differences = new FiniteDifferences("Numeric.Hessian", v => f(v[0]), x);
            RequireScalar("Numeric.Hessian", differences.Value);
            var n = x.Shape.Size;
            var elements = new double[n * n];
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    elements[(i * n) + j] = elements[(j * n) + i] = differences.Found(differences.SecondPartial(i, j))[0].Value;
                }
            }

            return Expr.Constant(elements, x.Shape.Concat(x.Shape));
        };
    }

    /// <summary>x ↦ f′(x) for a function of one scalar, of any result shape.</summary>
    /// <param name="f">A function of a scalar.</param>
    /// <returns>A function to the derivative, of the shape of f(x).</returns>
    /// <exception cref="AutodiffException">The function, or when called the argument or the result of f, is null.</exception>
    /// <exception cref="ShapeException">When called: x is not a scalar.</exception>
    /// <exception cref="NotConcreteException">When called: x or the result of f is symbolic.</exception>
    public static Func<Expr, Expr> Diff(Func<Expr, Expr> f) => Diff(f, 1);

    /// <summary>
    /// x ↦ f⁽ⁿ⁾(x), the n-th derivative of a function of one scalar, of any result shape, from n-th differences. Each order
    /// costs one or two digits.
    /// </summary>
    /// <param name="f">A function of a scalar.</param>
    /// <param name="order">n, 0 or more; 0 is f itself.</param>
    /// <exception cref="AutodiffException">The function, or when called the argument or the result of f, is null; or the order is negative.</exception>
    /// <exception cref="ShapeException">When called: x is not a scalar.</exception>
    /// <exception cref="NotConcreteException">When called: x or the result of f is symbolic.</exception>
    public static Func<Expr, Expr> Diff(Func<Expr, Expr> f, int order)
    {
        NotNull("Numeric.Diff", f);
        return order switch
        {
            < 0 => throw new AutodiffException($"Numeric.Diff: the order {order} is negative; derivatives have orders 0, 1, 2, …."),
            0 => f,
            _ => x => Derivative(f, order, x),
        };
    }

    private static Expr Derivative(Func<Expr, Expr> f, int order, Expr x)
    {
        if (x is not null && !x.Shape.IsScalar)
        {
            throw new ShapeException($"Numeric.Diff: the argument has shape {x.Shape}, but Diff differentiates functions of one scalar; use Numeric.Grad, Numeric.Jacobian or Numeric.Jvp for tensors.");
        }

        var differences = new FiniteDifferences("Numeric.Diff", v => f(v[0]), x!);
        return Values(differences.Found(differences.Along([1], order)), differences.Value.Shape);
    }

    private static Expr[] Gradients(Expr[] arguments, Func<Expr[], Expr> f)
    {
        var differences = new FiniteDifferences("Numeric.Grad", f, arguments);
        RequireScalar("Numeric.Grad", differences.Value);
        return Parts(differences, arguments);
    }

    private static Expr[] Jacobians(Expr[] arguments, Func<Expr[], Expr> f) =>
        Parts(new("Numeric.Jacobian", f, arguments), arguments);

    /// <summary>The Jacobian, divided into the columns of each argument.</summary>
    private static Expr[] Parts(FiniteDifferences differences, Expr[] arguments)
    {
        var output = differences.Value.Shape;
        var jacobian = Values(differences.Found(differences.Jacobian()), new(output.Size, arguments.Sum(argument => argument.Shape.Size)));
        var start = 0;
        return Array.ConvertAll(arguments, argument =>
        {
            var from = start;
            start += argument.Shape.Size;
            return Expr.Reshape(jacobian[.., from..start], output.Concat(argument.Shape));
        });
    }

    private static (Expr Value, Expr Tangent) Push(Expr[] arguments, Func<Expr[], Expr> f, params Expr[] tangents)
    {
        var differences = new FiniteDifferences("Numeric.Jvp", f, arguments);
        var direction = new List<double>();
        foreach (var (argument, tangent) in arguments.Zip(tangents))
        {
            if (tangent is null)
            {
                throw AutodiffException.Null("Numeric.Jvp", "the tangent");
            }

            if (tangent.Shape != argument.Shape)
            {
                throw new ShapeException($"Numeric.Jvp: the tangent has shape {tangent.Shape}, but the argument it belongs to has {argument.Shape}; they must be equal.");
            }

            direction.AddRange(tangent.ToArray());
        }

        return (differences.Value, Values(differences.Found(differences.Along([.. direction], 1)), differences.Value.Shape));
    }

    private static Expr Values(Estimate[] estimates, Shape shape) =>
        Expr.Constant(Array.ConvertAll(estimates, estimate => estimate.Value), shape);

    private static void RequireScalar(string operation, Expr result)
    {
        if (!result.Shape.IsScalar)
        {
            throw new ShapeException($"{operation}: the function's result has shape {result.Shape}, not (), so it has no gradient; use Numeric.Jacobian for all its derivatives, or Numeric.Jvp for those along one direction.");
        }
    }
}
