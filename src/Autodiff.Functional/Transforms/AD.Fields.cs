// Derivatives of functions of tensors: Jacobians, Hessians, and the operators of vector calculus.

using Autodiff.Functional.Programs;
using Autodiff.Functional.Rules;
using Autodiff.Functional.Transforms;
using static Autodiff.Functional.Expr;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    // A sweep over several directions at once builds expressions first; for fewer than this it is not worth it.
    private const int FewestAtOnce = 8;

    // The most elements that any tensor of a sweep over several directions may have.
    private const int MostElementsAtOnce = 1 << 22;

    /// <summary>
    /// x ↦ J with J[i, j] = ∂f(x)[i]/∂x[j], of shape output shape ++ input shape; by whichever mode needs fewer sweeps.
    /// </summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <returns>Scalar to scalar a scalar, n to 1 a vector of n, n to m an m×n matrix.</returns>
    public static Func<Expr, Expr> Jacobian(Func<Expr, Expr> f)
    {
        var g = Spread("Jacobian", f);
        return x => ByFewerSweeps(new("Jacobian", [x], g))[0];
    }

    /// <summary>The Jacobian, a column at a time by forward mode: one sweep for each element of the argument.</summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    public static Func<Expr, Expr> JacobianForward(Func<Expr, Expr> f)
    {
        var g = Spread("JacobianForward", f);
        return x => ByColumns(new("JacobianForward", [x], g))[0];
    }

    /// <summary>The Jacobian, a row at a time by reverse mode: one sweep for each element of the result.</summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    public static Func<Expr, Expr> JacobianReverse(Func<Expr, Expr> f)
    {
        var g = Spread("JacobianReverse", f);
        return x => ByRows(new("JacobianReverse", [x], g))[0];
    }

    /// <summary>x ↦ H with H[i, j] = ∂²f/∂x[i]∂x[j], of shape input shape ++ input shape.</summary>
    /// <remarks>For a Hessian in several arguments, or over a tree, make them one vector by <see cref="Tree.Ravel"/>.</remarks>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr> Hessian(Func<Expr, Expr> f)
    {
        var g = Spread("Hessian", f);
        return x => ByFewerSweeps(new("Hessian", [x], v => Gradients("Hessian", v, g).Gradients[0]))[0];
    }

    /// <summary>(x, v) ↦ H·v, the Hessian–vector product, without making H: the tangent of the gradient.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <returns>A function of the argument and a direction of its shape.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar, or v has not the shape of x.</exception>
    public static Func<Expr, Expr, Expr> Hvp(Func<Expr, Expr> f)
    {
        var g = Spread("Hvp", f);
        return (x, v) => HessianTimes([x], [v], g)[0];
    }

    /// <summary>x ↦ Σᵢ ∂²f/∂xᵢ², the trace of the Hessian, without making the Hessian.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr> Laplacian(Func<Expr, Expr> f)
    {
        var g = Spread("Laplacian", f);
        return x => DiagonalSum(new("Laplacian", [x], v => Gradients("Laplacian", v, g).Gradients[0]), x.Shape);
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

            var jacobian = ByRows(trace)[0];
            Expr Rotation(int i, int j) => jacobian[j, i] - jacobian[i, j];
            return x.Shape[0] == 2 ? Rotation(0, 1) : Stack([Rotation(1, 2), Rotation(2, 0), Rotation(0, 1)]);
        };
    }

    /// <summary>H·v for all arguments: the tangents of all gradients.</summary>
    private static Expr[] HessianTimes(Expr[] arguments, Expr[] directions, Func<Expr[], Expr> f) =>
        GradientTrace(arguments, f).PushAll(Matched("Hvp", "tangent", directions, "argument", arguments));

    private static Trace GradientTrace(Expr[] arguments, Func<Expr[], Expr> f) =>
        new("Hvp", arguments, leaves => Gradients("Hvp", leaves, f).Gradients);

    /// <summary>The Jacobians with respect to each argument of a trace.</summary>
    private static Expr[] ByFewerSweeps(Trace trace) =>
        trace.Leaves.Sum(leaf => leaf.Shape.Size) < trace.Result.Shape.Size ? ByColumns(trace) : ByRows(trace);

    private static Expr[] ByRows(Trace trace)
    {
        var output = trace.Result.Shape;
        var rows = AlongBasis(trace, output, Array.ConvertAll(trace.Leaves, leaf => leaf.Shape), flow => trace.Pull(flow));
        return [.. trace.Leaves.Zip(rows, (leaf, stack) => Reshape(stack, output.Concat(leaf.Shape)))];
    }

    private static Expr[] ByColumns(Trace trace) => [.. trace.Leaves.Select((leaf, argument) =>
    {
        var tangents = new Sensitivity?[trace.Leaves.Length];
        var columns = AlongBasis(trace, leaf.Shape, [trace.Result.Shape], flow =>
        {
            tangents[argument] = flow;
            return [trace.Push(tangents)];
        })[0];
        return Reshape(MovedAxis(columns, 0, columns.Rank - 1), trace.Result.Shape.Concat(leaf.Shape));
    })];

    /// <summary>Σᵢ eᵢ·J·eᵢ for a trace whose result has the shape of its argument.</summary>
    private static Expr DiagonalSum(Trace trace, Shape shape) =>
        Trace(Reshape(AlongBasis(trace, shape, [shape], flow => [trace.Push(flow)])[0], shape.Size, shape.Size));

    /// <summary>
    /// The results of a sweep along every unit direction, stacked: in one sweep over all of them at once, or several if the
    /// tensors on the way are large, or one for each if there are few.
    /// </summary>
    /// <param name="trace">What is swept.</param>
    /// <param name="shape">The shape of a direction.</param>
    /// <param name="results">The shapes of the results of a sweep.</param>
    /// <param name="sweep">From a direction to those results.</param>
    private static Expr[] AlongBasis(Trace trace, Shape shape, Shape[] results, Func<Sensitivity, Expr[]> sweep)
    {
        if (shape.Size == 0)
        {
            return Array.ConvertAll(results, result => Zeros([0, .. result.Lengths]));
        }

        if (shape.Size < FewestAtOnce)
        {
            return OneByOne(shape, sweep);
        }

        // The zeros of a unit direction are structural, which matters beside an infinite derivative. Numbers show whether there
        // was one, and then go one by one; what will be differentiated again carries the mask along.
        Expr[] leaves = trace.IsNumeric ? [Parameter(shape)] : [Parameter(shape), Parameter(shape)];
        var (bodies, captured) = Body.Close("Jacobian", leaves, sweep(new(leaves[0], leaves.ElementAtOrDefault(1))));
        var largest = bodies[0].Nodes.Select(node => node.Shape.Size).Append(1).Max();
        var atOnce = Math.Clamp(MostElementsAtOnce / largest, 1, shape.Size);
        var identity = Reshape(Eye(shape.Size), [shape.Size, .. shape.Lengths]);
        var chunks = new List<Expr[]>();
        for (var start = 0; start < shape.Size; start += atOnce)
        {
            var directions = identity[start..Math.Min(start + atOnce, shape.Size)];
            var rules = new BatchRules(directions.Shape[0]);
            Batched[] arguments = [.. leaves.Select(_ => Batched.Each(directions)), .. captured.Select(Batched.Same)];
            chunks.Add(Array.ConvertAll(rules.Run(bodies[0], arguments), rules.Each));
        }

        Expr[] stacks = [.. Enumerable.Range(0, chunks[0].Length).Select(i => Concat([.. chunks.Select(chunk => chunk[i])]))];
        return trace.IsNumeric && Array.Exists(stacks, HasNonFinite) ? OneByOne(shape, sweep) : stacks;
    }

    private static Expr[] OneByOne(Shape shape, Func<Sensitivity, Expr[]> sweep)
    {
        var slices = new Expr[shape.Size][];
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = sweep(Basis(shape, i));
        }

        return [.. Enumerable.Range(0, slices[0].Length).Select(i => Stack([.. slices.Select(slice => slice[i])]))];
    }

    private static bool HasNonFinite(Expr x) => x.Storage.Span.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);

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
