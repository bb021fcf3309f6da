// Solutions of equations as differentiable functions of what the equations close over, for any solver.

using Autodiff.Functional.Programs;
using Autodiff.Functional.Solvers;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>
    /// x with f(x) = 0. Derivatives flow to whatever f closes over (θ), by the implicit function theorem:
    /// dx = −(∂f/∂x)⁻¹ ∂f/∂θ dθ, to any order. Their cost does not depend on how many steps the solver took.
    /// </summary>
    /// <param name="f">A function whose result has the shape of its argument.</param>
    /// <param name="x0">Where the solver starts; the result does not depend on it.</param>
    /// <param name="solver">From a function on numbers and a start to a root; damped Newton steps if left out. f may branch on the values of what it closes over, where these have values.</param>
    /// <param name="tolerance">The largest element of f(x) that is accepted of a given solver, relative to Σⱼ |∂/∂xⱼ · xⱼ| of it where that is more than 1. Newton's step from there must be short too.</param>
    /// <param name="maxSteps">The most steps of Newton's method. A solver of your own has its own limit.</param>
    /// <param name="progress">Where each step is reported; for a solver of your own, each evaluation.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The root, of the shape of <paramref name="x0"/>.</returns>
    /// <exception cref="ShapeException">The result of f does not have the shape of its argument.</exception>
    /// <exception cref="AutodiffException">No solution was found: the message has the residual.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled the search.</exception>
    /// <exception cref="NotDifferentiableException">When a derivative is computed: the Jacobian of the equations is singular at the solution.</exception>
    public static Expr Root(
        Func<Expr, Expr> f, Expr x0, Func<Func<Expr, Expr>, Expr, Expr>? solver = null, double tolerance = 1e-8,
        int maxSteps = IterationControl.UsualSteps, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        NotNull("Root", f);
        return Implicit("Root", x => [f(x)], x0, solver is null ? Search.Newton : Search.Given("Root", solver, tolerance), IterationControl.OfSearch("Root", maxSteps, progress, cancellationToken));
    }

    /// <summary>
    /// x with x = f(x). Derivatives flow to whatever f closes over (θ), by the implicit function theorem:
    /// dx = (I − ∂f/∂x)⁻¹ ∂f/∂θ dθ, to any order. Their cost does not depend on how many steps the solver took.
    /// </summary>
    /// <param name="f">A function whose result has the shape of its argument.</param>
    /// <param name="x0">Where the solver starts; the result does not depend on it.</param>
    /// <param name="solver">From f on numbers and a start to a fixed point; iteration of f, finished by Newton steps, if left out.</param>
    /// <param name="tolerance">The largest element of x − f(x) that is accepted of a given solver, relative to Σⱼ |∂/∂xⱼ · xⱼ| of it where that is more than 1. Newton's step from there must be short too.</param>
    /// <param name="maxSteps">The most steps of Newton's method, which finishes the search; the iteration before it may take twice as many. A solver of your own has its own limit.</param>
    /// <param name="progress">Where each step is reported; for a solver of your own, each evaluation.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The fixed point, of the shape of <paramref name="x0"/>.</returns>
    /// <exception cref="ShapeException">The result of f does not have the shape of its argument.</exception>
    /// <exception cref="AutodiffException">No solution was found: the message has the residual.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled the search.</exception>
    /// <exception cref="NotDifferentiableException">When a derivative is computed: the Jacobian of the equations is singular at the solution.</exception>
    public static Expr FixedPoint(
        Func<Expr, Expr> f, Expr x0, Func<Func<Expr, Expr>, Expr, Expr>? solver = null, double tolerance = 1e-8,
        int maxSteps = IterationControl.UsualSteps, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        NotNull("FixedPoint", f);
        return Implicit("FixedPoint", x => [x - SameShape("FixedPoint", x, f(x))], x0, solver is null
            ? Search.Iteration
            : Search.Given("FixedPoint", (residual, start) => solver(x => x - residual(x), start), tolerance), IterationControl.OfSearch("FixedPoint", maxSteps, progress, cancellationToken));
    }

    /// <summary>
    /// x where f has a minimum. Derivatives flow to whatever f closes over (θ), by the implicit function theorem on ∇f(x) = 0:
    /// dx = −H⁻¹ ∂(∇f)/∂θ dθ with the Hessian H, to any order. Their cost does not depend on how many steps the solver took.
    /// </summary>
    /// <param name="f">A function to a scalar.</param>
    /// <param name="x0">Where the solver starts; the result does not depend on it, but which of several minima is found does.</param>
    /// <param name="solver">From the gradient of f on numbers and a start to a minimum; damped Newton steps of descent if left out. A point with a negative curvature is not accepted.</param>
    /// <param name="tolerance">The largest element of the gradient that is accepted of a given solver, relative to Σⱼ |∂/∂xⱼ · xⱼ| of it where that is more than 1. Newton's step from there must be short too.</param>
    /// <param name="maxSteps">The most steps of descent, and of Newton's method that finishes it. A solver of your own has its own limit.</param>
    /// <param name="progress">Where each step is reported; for a solver of your own, each evaluation.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The minimiser, of the shape of <paramref name="x0"/>.</returns>
    /// <exception cref="ShapeException">The result of f is not a scalar.</exception>
    /// <exception cref="AutodiffException">No solution was found: the message says why, as that f decreases without bound, and has the norm of the gradient.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled the search.</exception>
    /// <exception cref="NotDifferentiableException">When a derivative is computed: the Jacobian of the equations is singular at the solution.</exception>
    public static Expr ArgMin(
        Func<Expr, Expr> f, Expr x0, Func<Func<Expr, Expr>, Expr, Expr>? solver = null, double tolerance = 1e-8,
        int maxSteps = IterationControl.UsualSteps, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        NotNull("ArgMin", f);
        return Implicit("ArgMin", x => Gradients("ArgMin", [x], v => f(v[0])) is var (value, gradients) ? [gradients[0], value] : [], x0, solver is null ? Search.Descent : Search.Given("ArgMin", solver, tolerance), IterationControl.OfSearch("ArgMin", maxSteps, progress, cancellationToken));
    }

    private static Expr Implicit(string operation, Func<Expr, Expr[]> problem, Expr x0, Solver solver, IterationControl control)
    {
        if (x0 is null)
        {
            throw AutodiffException.Null(operation, "the start");
        }

        // Where everything has a value, the problem is solved as it is written, and is traced at the solution afterwards, for derivatives.
        if (x0.IsConcrete && !Maker.Current.Defers && problem(x0.Detached()) is var results && Array.TrueForAll(results, result => result is { IsConcrete: true }))
        {
            _ = SameShape(operation, x0, results[0]);
            var solution = solver(operation, control.Stoppable(problem), x0.Detached(), control);
            var leaf = Expr.Leaf(null, solution);
            leaf.Begin(operation);
            var (computations, captured) = Computation.Close(operation, [leaf], problem(leaf));
            leaf.End(operation);
            return Expr.MakeKnown(new RootProblem(operation, computations[0], solver, control), solution.Storage, [x0, .. captured]);
        }

        var (computation, read) = Computation.Trace(operation, [x0.Shape], x => problem(x[0]) is var values && SameShape(operation, x0, values[0]) is not null ? values : []);
        return new RootProblem(operation, computation, solver, control).Node([x0, .. read]);
    }

    private static Expr SameShape(string operation, Expr x, Expr result) => result is null
        ? throw AutodiffException.Null(operation, "the function's result")
        : result.Shape == x.Shape ? result
        : throw new ShapeException($"{operation}: the function takes shape {x.Shape} to {result.Shape}; its result must have the shape of its argument.");
}
