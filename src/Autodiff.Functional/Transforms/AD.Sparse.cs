// Sparse Jacobians and Hessians: the pattern is read off the graph, and a few sweeps, one for each colour, compute all entries.

using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;
using Autodiff.Functional.Sparsity;
using Autodiff.Functional.Sweeps;
using MathNet.Numerics.LinearAlgebra.Double;
using static Autodiff.Functional.Expr;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>
    /// The places where the Jacobian of f may be other than 0 for some x: (i, j) if element i of the result may depend on element j of the argument. It is
    /// read off the graph of f and holds for all values: both values of <see cref="Where"/>, both branches of <see cref="Cond{T}"/> and
    /// any number of steps of <see cref="While{TState}"/> count. It never misses a place, and contains none that the rules of the primitives
    /// exclude: derivatives that are always 0 (of Floor, comparisons, StopGradient) and products with numbers that are 0. Within a matrix, linear algebra (Solve, Cholesky, …)
    /// counts as dense.
    /// </summary>
    /// <param name="f">A function of any shapes, which is run once on a symbol.</param>
    /// <param name="shape">The shape of its argument.</param>
    /// <exception cref="NotConcreteException">f asks its argument for a value, so that what it does holds for one value only; see <see cref="SparsityPatternAt"/>.</exception>
    public static SparsityPattern SparsityPattern(Func<Expr, Expr> f, Shape shape) => PatternOf(SymbolicTrace("SparsityPattern", f, shape));

    /// <summary>
    /// The places where the Jacobian of f may be other than 0 near a point: those of <see cref="SparsityPattern"/> without what f does not read there, that is, the
    /// other value of Where, the other branch of Cond, the smaller operand of Max. f may branch on values. A derivative that merely happens to be 0 at the
    /// point counts. Inside loops all branches count.
    /// </summary>
    /// <param name="f">A function of any shapes.</param>
    /// <param name="x">The point, which has a value.</param>
    /// <exception cref="NotConcreteException">x is symbolic.</exception>
    public static SparsityPattern SparsityPatternAt(Func<Expr, Expr> f, Expr x)
    {
        NotNull("SparsityPatternAt", f);
        if (x is { IsConcrete: false })
        {
            throw new NotConcreteException("SparsityPatternAt: the point is symbolic, but the pattern at a point depends on its values; use SparsityPattern for the pattern that holds for all values.");
        }

        using var trace = new Trace("SparsityPatternAt", [x!], leaves => f(leaves[0]));
        return PatternOf(Computation.Over(trace.Leaves, trace.Results));
    }

    /// <summary>
    /// x ↦ the Jacobian of f as a sparse matrix: element (i, j) is the derivative of element i of the result in element j of the argument, both in row-major order.
    /// The first call for a shape prepares it (see <see cref="CompileSparseJacobian"/>); later calls only compute values.
    /// </summary>
    /// <param name="f">A function of any shapes; what it reads from outside must be numbers. It is run once for each shape, on a symbol.</param>
    /// <exception cref="NotConcreteException">When called: f asks its argument for a value, or x is symbolic.</exception>
    /// <example><code>
    /// var jacobian = AD.SparseJacobian(x => x[1..] * x[..^1])(new double[] { 1, 2, 3 });   // 2 × 3: (2, 1, 0), (0, 3, 2)
    /// </code></example>
    public static Func<Expr, SparseMatrix> SparseJacobian(Func<Expr, Expr> f)
    {
        NotNull("SparseJacobian", f);
        return Prepared("SparseJacobian", shape => JacobianOf("SparseJacobian", f, shape, null));
    }

    /// <summary>
    /// x ↦ the Hessian of f as a sparse matrix, with the elements of x numbered in row-major order. The first call for a shape prepares it (see
    /// <see cref="CompileSparseHessian"/>); later calls only compute values.
    /// </summary>
    /// <param name="f">A function to a scalar; what it reads from outside must be numbers. It is run once for each shape, on a symbol.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    /// <exception cref="NotConcreteException">When called: f asks its argument for a value, or x is symbolic.</exception>
    public static Func<Expr, SparseMatrix> SparseHessian(Func<Expr, Expr> f)
    {
        NotNull("SparseHessian", f);
        return Prepared("SparseHessian", shape => HessianOf("SparseHessian", f, shape, null));
    }

    /// <summary>
    /// The sparse Jacobian of f, prepared for arguments of one shape: its pattern is found (<see cref="SparsityPattern"/>), its columns or rows are
    /// coloured, and sweeps along one direction for each colour are compiled. Columns of one colour share no row and need one forward
    /// sweep; rows likewise need a reverse sweep; the one that needs fewer is chosen. If a few dense rows or columns would ruin it, they are swept
    /// in the other direction.
    /// </summary>
    /// <remarks>What f reads from outside must be numbers; all calls use the values that they have now.</remarks>
    /// <param name="f">A function of any shapes. It is run once, now, on a symbol.</param>
    /// <param name="shape">The shape of the argument.</param>
    /// <param name="options">How the code is generated and run; <see cref="CompileOptions.Default"/> if left out.</param>
    /// <exception cref="NotConcreteException">f asks its argument for a value.</exception>
    public static CompiledSparseFunction CompileSparseJacobian(Func<Expr, Expr> f, Shape shape, CompileOptions? options = null) =>
        JacobianOf("CompileSparseJacobian", f, shape, options);

    /// <summary>
    /// The sparse Hessian of f, prepared for arguments of one shape: the pattern is that of the Jacobian of the gradient, its columns get a star colouring or, if
    /// that saves colours, an acyclic one, and sweeps of the gradient along one direction for each colour are compiled.
    /// </summary>
    /// <remarks>What f reads from outside must be numbers; all calls use the values that they have now.</remarks>
    /// <param name="f">A function to a scalar. It is run once, now, on a symbol.</param>
    /// <param name="shape">The shape of the argument.</param>
    /// <param name="options">How the code is generated and run; <see cref="CompileOptions.Default"/> if left out.</param>
    /// <exception cref="ShapeException">The result of f is not a scalar.</exception>
    /// <exception cref="NotConcreteException">f asks its argument for a value.</exception>
    public static CompiledSparseFunction CompileSparseHessian(Func<Expr, Expr> f, Shape shape, CompileOptions? options = null) =>
        HessianOf("CompileSparseHessian", f, shape, options);

    /// <summary>
    /// (x, v) ↦ Jᵀ·J·v for the Jacobian J of a residual function r: the product with the Gauss–Newton matrix of ½‖r(x)‖², which approximates its Hessian where
    /// residuals are small and is never indefinite. It takes one forward and one reverse sweep; no matrix is formed.
    /// </summary>
    /// <param name="r">The residuals, of any shape.</param>
    /// <returns>A function of the argument and a direction of its shape, to a tensor of that shape.</returns>
    /// <exception cref="ShapeException">When called: the direction does not have the shape of x.</exception>
    public static Func<Expr, Expr, Expr> GaussNewton(Func<Expr, Expr> r)
    {
        NotNull("GaussNewton", r);
        return (x, direction) => GaussNewtonProduct(r, x, direction, (_, tangent) => tangent);
    }

    /// <summary>
    /// (x, v) ↦ Jᵀ·H·J·v for the Jacobian J of a function r at x and the Hessian H of a loss at r(x): the product with the generalized Gauss–Newton matrix of
    /// loss(r(x)) (N. N. Schraudolph, Fast curvature matrix-vector products for second-order gradient descent, 2002). If the loss is convex, it is never indefinite.
    /// </summary>
    /// <param name="r">A function to the outputs that the loss compares, of any shape.</param>
    /// <param name="loss">A function of these outputs to a scalar.</param>
    /// <returns>A function of the argument and a direction of its shape, to a tensor of that shape.</returns>
    /// <exception cref="ShapeException">When called: the direction does not have the shape of x, or the loss is not a scalar.</exception>
    public static Func<Expr, Expr, Expr> GaussNewton(Func<Expr, Expr> r, Func<Expr, Expr> loss)
    {
        NotNull("GaussNewton", r);
        NotNull("GaussNewton", loss);
        return (x, direction) => GaussNewtonProduct(r, x, direction, (output, tangent) =>
            new Trace("GaussNewton", [output], leaves => Gradients("GaussNewton", leaves, outputs => loss(outputs[0])).Gradients[0]).Push(new Sensitivity(tangent, null)));
    }

    private static Expr GaussNewtonProduct(Func<Expr, Expr> r, Expr x, Expr direction, Func<Expr, Expr, Expr> curvature)
    {
        var trace = new Trace("GaussNewton", [x], leaves => r(leaves[0]));
        var tangent = trace.Push(Matched("GaussNewton", "direction", [direction], "argument", [x]));
        return trace.Pull(new Sensitivity(curvature(trace.Value, tangent), null))[0];
    }

    /// <summary>A function that is prepared when it is first called with a shape.</summary>
    private static Func<Expr, SparseMatrix> Prepared(string operation, Func<Shape, CompiledSparseFunction> prepare)
    {
        var prepared = new BoundedCache<Shape, CompiledSparseFunction>();
        return x => x is null
            ? throw AutodiffException.Null(operation, "the argument")
            : (prepared.Find(x.Shape) ?? prepared.Add(x.Shape, prepare(x.Shape))).Invoke(x);
    }

    private static CompiledSparseFunction JacobianOf(string operation, Func<Expr, Expr> f, Shape shape, CompileOptions? options)
    {
        var checkedOptions = CompileOptions.Checked(operation, options);
        var value = SymbolicTrace(operation, f, shape);
        var pattern = PatternOf(value);
        var colouring = JacobianColouring.Of(pattern);
        Compression Compress(bool isMasked) => Compression.OfJacobian(
            pattern, colouring, () => ProductOf(value, value.Parameters[0], flow => value.Push([flow])[0], value.Results[0], isMasked), () => ProductOf(value, value.Results[0], flow => value.Pull([true], [flow])[0], value.Parameters[0], isMasked), checkedOptions);
        return new(operation, shape, pattern, colouring.Columns, colouring.Rows, colouring.Count, Compress(false), () => Compress(true));
    }

    private static CompiledSparseFunction HessianOf(string operation, Func<Expr, Expr> f, Shape shape, CompileOptions? options)
    {
        NotNull(operation, f);
        var checkedOptions = CompileOptions.Checked(operation, options);
        var gradient = SymbolicTrace(operation, x => Gradients(operation, [x], leaves => f(leaves[0])).Gradients[0], shape);
        var pattern = PatternOf(gradient).Symmetric();
        var star = HessianColouring.Star(pattern);
        var acyclic = star.Count > 2 ? HessianColouring.Acyclic(pattern) : star;
        var colouring = acyclic.Count < star.Count ? acyclic : star;
        Compression Compress(HessianColouring colours, bool isMasked) => Compression.OfHessian(
            pattern, colours, () => ProductOf(gradient, gradient.Parameters[0], flow => gradient.Push([flow])[0], gradient.Results[0], isMasked), checkedOptions);

        // An infinite entry would spoil those that are found from it by substitution.
        int[] none = [.. Enumerable.Repeat(JacobianColouring.None, pattern.Rows)];
        return new(operation, shape, pattern, colouring.Columns, none, colouring.Count, Compress(colouring, false), () => Compress(star, true));
    }

    /// <summary>The function as a computation that reads nothing but its argument.</summary>
    private static Computation SymbolicTrace(string operation, Func<Expr, Expr> f, Shape shape)
    {
        NotNull(operation, f);
        var traced = Transforms.Traced<Expr>.Of(operation, [Parameter(shape)], [], arguments => Symbolic(arguments[0]), CompileOptions.Default);
        traced.ThrowIfOpen(operation);
        return traced.Function.Value;

        Expr Symbolic(Expr x)
        {
            try
            {
                return f(x);
            }
            catch (NotConcreteException error) when (error.InnerException is null)
            {
                throw new NotConcreteException(
                    $"{operation}: the function reads a value, so what it does depends on numbers, but a sparsity pattern holds for all values and is read off a run on symbols. " +
                    "Build the choice into the expression with Where(mask, a, b), Cond(mask, then, otherwise) or While, or use SparsityPatternAt for the pattern at one point. " + error.Reason,
                    error);
            }
        }
    }

    private static SparsityPattern PatternOf(Computation computation)
    {
        var (from, to) = (computation.Parameters[0].Shape.Size, computation.Results[0].Shape.Size);
        var sets = new IndexSets(from);
        return Autodiff.Functional.SparsityPattern.Of(from, Dependence.Of(computation, [IndexSets.OfInputs(from)], sets)[0] ?? new int[to], sets);
    }

    /// <summary>The computation from the argument and a direction to the product of the derivative with the direction.</summary>
    /// <param name="value">The function.</param>
    /// <param name="start">Where the direction enters: the argument, or the result in a reverse sweep.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="end">Where the product leaves.</param>
    /// <param name="isMasked">Whether a third parameter masks the direction.</param>
    private static Computation ProductOf(Computation value, Expr start, Func<Sensitivity, Sensitivity?> sweep, Expr end, bool isMasked)
    {
        Expr[] directions = isMasked ? [Parameter(start.Shape), Parameter(start.Shape)] : [Parameter(start.Shape)];
        var product = sweep(new(directions[0], isMasked ? directions[1] : null));
        return Computation.Over([value.Parameters[0], .. directions], [product?.Value ?? Zeros(end.Shape)]);
    }
}
