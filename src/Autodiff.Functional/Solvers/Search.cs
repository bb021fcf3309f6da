// The searches by which Root, FixedPoint and ArgMin find their solutions on numbers, unless the caller passes a solver.

using Autodiff.Functional.Programs;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Autodiff.Functional.Solvers;

internal static class Search
{
    // Limits of a search beside its steps: steps of a fixed-point iteration, and evaluations of the equations, for each step of Newton's method or of descent.
    private const long Iterations = 2;
    private const long Evaluations = 20;

    // After this many successive steps that are rounding errors, relative to max(1, |unknown|), and do not change the size of the gradient, the
    // search ends: it has probably reached a kink.
    private const int MostStuck = 5;

    // The largest multiplicity of a root for which steps are lengthened.
    private const double HighestMultiplicity = 10;

    // The relative size of a rounding error: a step that changes no unknown by more than this is lost in rounding.
    private const double Rounding = 1e-15;

    // A curvature below this, relative to the largest one, may be a rounding error.
    private const double Flat = 1e-14;

    // The relative distance from a solution, estimated by the size of a step, at which an iteration ends and Newton's method takes over.
    private const double Near = 1e-7;

    // The fraction of the decrease predicted by the slope that a step must achieve (Armijo's condition).
    private const double Decrease = 1e-4;

    // How often a step along which an objective has no positive curvature is doubled at most.
    private const int MostDoublings = 60;

    // Where the objective is not convex, a step shorter than this, relative to max(1, |unknown|), is taken to approach a saddle.
    private const double Saddle = 1e-3;

    private const string Advice = "Start nearer to a solution, or bring a solver of your own.";
    private const string AdviceOnSteps = "Start nearer to a solution, raise maxSteps, or bring a solver of your own.";

    /// <summary>
    /// Newton's method x ← x − t·J⁻¹F, with steps shortened until the residual decreases, and damped least-squares steps where that fails.
    /// Each equation is weighted by the reciprocal of how much it changes when every unknown changes by its own size, so that the units of
    /// unknowns and equations do not matter.
    /// </summary>
    public static Expr Newton(string operation, Func<Expr, Expr[]> problem, Expr start, IterationControl control) =>
        Newton(operation, new SearchPoint(operation, problem, start), null, 0, control).X;

    /// <summary>
    /// x ← f(x) until the steps are small, for F(x) = x − f(x). Newton's method continues from there, because the steps of a slow iteration
    /// become small long before it arrives. If the iteration has not decreased the residual, Newton's method begins at the given start instead.
    /// </summary>
    public static Expr Iteration(string operation, Func<Expr, Expr[]> problem, Expr start, IterationControl control)
    {
        var first = new SearchPoint(operation, problem, start);
        var (at, from) = (first, first);
        var step = 0;
        for (; step < Iterations * control.MostSteps && at.Residual.All(double.IsFinite) && !at.IsChangedLittleBy(at.Residual, Near, 0); step++)
        {
            Report(control, step, at);
            (at, from) = (at.Moved(-at.Residual), at);
        }

        return (at.Residual.L2Norm() < first.Residual.L2Norm() ? Newton(operation, at, from, step, control) : Newton(operation, first, null, step, control)).X;
    }

    /// <summary>
    /// A minimum of g with F = ∇g: Newton's method along directions of descent, with steps shortened until g decreases. Close to the minimum g
    /// is constant to rounding and only the gradient shows the distance that is left, so Newton's method for ∇g = 0 finishes the search.
    /// </summary>
    public static Expr Descent(string operation, Func<Expr, Expr[]> problem, Expr start, IterationControl control)
    {
        var first = new SearchPoint(operation, problem, start);
        if (first.Vector.Count == 0)
        {
            return first.X;
        }

        var at = first;
        var (from, last, stuck, step) = (at, (Vector?)null, 0, 0);
        for (; step < control.MostSteps && at.Evaluations < Evaluations * control.MostSteps && stuck < MostStuck; step++)
        {
            Report(control, step, at);
            if (double.IsNegativeInfinity(at.Objective))
            {
                throw NotFound(operation, $"the objective is -∞ after {step} steps: it has no minimum", at, "Bound it from below.");
            }

            if (!double.IsFinite(at.Objective) || !at.Residual.All(double.IsFinite) || !at.Jacobian.Enumerate().All(double.IsFinite))
            {
                throw NotFound(operation, $"the objective or a derivative is not finite after {step} steps", at);
            }

            if (at.IsSolvedExactly && Solution.IsLowest(at))
            {
                return Reached(operation, from, at, first).X;
            }

            if (AtZero(at, first) is { } zero)
            {
                return zero.X;
            }

            if (DescentDirection(at) is not var (direction, isConvex))
            {
                throw NotFound(operation, $"the curvatures differ by more than numbers can after {step} steps", at);
            }

            var next = isConvex || !at.IsChangedLittleBy(direction, Saddle, 1) ? Lower(at, direction, isConvex, Multiplicity(direction, last, at.Vector - from.Vector)) : null;
            next ??= isConvex ? null : Escaped(at, direction);
            if (next is null)
            {
                return Finished(operation, at, isConvex, step, control).X;
            }

            if (!isConvex)
            {
                next = Followed(operation, at, next);
            }

            stuck = at.IsChangedLittleBy(next.Vector - at.Vector, Rounding, 1) && next.Residual.L2Norm() / at.Residual.L2Norm() is > 0.9 and < 1.1 ? stuck + 1 : 0;
            (from, at, last) = (at, next, direction);
        }

        throw at.IsChangedLittleBy(at.Vector - from.Vector, Near, 1)
            ? NotFound(operation, $"the steps become short after {step} of them, but the gradient does not: the objective may have a kink", at)
            : NotFound(operation, $"the objective still decreases after {step} steps, and is {at.Objective:G3}: it may have no minimum", at, AdviceOnSteps);
    }

    /// <summary>A solver that the caller passes, with a check of its result.</summary>
    /// <param name="operation">The name of what the user called, for errors.</param>
    /// <param name="solve">From a function F and a start to x with F(x) = 0.</param>
    /// <param name="tolerance">The largest residual that is accepted, in the sense of <see cref="Solution"/>.</param>
    public static Solver Given(string operation, Func<Func<Expr, Expr>, Expr, Expr> solve, double tolerance) => tolerance >= 0
        ? (_, problem, start, control) => Checked(operation, problem, start, solve(Reported(problem, control), start), tolerance)
        : throw new AutodiffException($"{operation}: the tolerance is {tolerance}; it is 0 or more.");

    /// <summary>The equations as a caller's solver evaluates them: each time is reported.</summary>
    private static Func<Expr, Expr> Reported(Func<Expr, Expr[]> problem, IterationControl control)
    {
        var evaluations = 0;
        return x =>
        {
            var results = problem(x);
            if (control.Progress is not null && results[0].IsConcrete)
            {
                var residual = Vector.Build.Dense(results[0].Storage.Span.ToArray()).L2Norm();
                control.Step(evaluations++, results.Length > 1 && results[1].IsConcrete ? results[1].Scalar : residual, residual);
            }

            return results[0].Detached();
        };
    }

    private static void Report(IterationControl control, int step, SearchPoint at)
    {
        if (control.Progress is not null)
        {
            var residual = at.Residual.L2Norm();
            control.Step(step, at.IsOfMinimum ? at.Objective : residual, residual);
        }
    }

    private static Expr Checked(string operation, Func<Expr, Expr[]> problem, Expr start, Expr x, double tolerance)
    {
        if (x is null)
        {
            throw AutodiffException.Null(operation, "the solver's result");
        }

        if (x.Shape != start.Shape)
        {
            throw new ShapeException($"{operation}: the solver's result has shape {x.Shape}, but the start has {start.Shape}; they must be equal.");
        }

        if (!x.IsConcrete)
        {
            throw new NotConcreteException($"{operation}: the solver's result is symbolic; a solver works on numbers.");
        }

        var at = new SearchPoint(operation, problem, x);
        return Solution.Fault(at, tolerance) is { } fault
            ? throw NotFound(operation, fault, at, "Let it go on for longer, or raise the tolerance.")
            : at.X;
    }

    /// <summary>Newton's method, after as many steps of another one as <paramref name="taken"/> says; only reports count these.</summary>
    private static SearchPoint Newton(string operation, SearchPoint start, SearchPoint? before, int taken, IterationControl control)
    {
        var (at, from, last, step) = (start, before ?? start, (Vector?)null, 0);
        for (; step < control.MostSteps && at.Evaluations < Evaluations * control.MostSteps; step++)
        {
            Report(control, taken + step, at);
            if (at.IsSolvedExactly)
            {
                return Reached(operation, from, at, start);
            }

            if (AtZero(at, start) is { } zero)
            {
                return zero;
            }

            var direction = at.NewtonStep();
            var isFinite = direction.All(double.IsFinite);
            if (isFinite && at.IsChangedLittleBy(direction, Rounding, 0))
            {
                return at;
            }

            var sizes = isFinite ? at.Vector.PointwiseAbs() + direction.PointwiseAbs() : at.Vector.PointwiseAbs();
            var weights = at.Change(sizes).Map(change => change > 0 ? 1 / change : 1);
            double Size(SearchPoint point) => point.Residual.PointwiseMultiply(weights).L2Norm();
            var next = (isFinite ? Lower(at, direction, Multiplicity(direction, last, at.Vector - from.Vector), Size) : null)
                ?? (isFinite && Solution.IsFoundToRounding(at, direction) ? at : Damped(at, Size));
            if (next == at)
            {
                return at;
            }

            if (next is null)
            {
                throw NotFound(
                    operation,
                    isFinite ? $"no step decreases the residual after {step} steps" : $"the Jacobian is singular or not finite after {step} steps",
                    at);
            }

            (from, at, last) = (at, next, direction);
        }

        throw at.Residual.L2Norm() < Near * start.Residual.L2Norm() && !at.IsChangedLittleBy(at.Vector - from.Vector, Near, 1)
            ? NotFound(operation, $"the residual tends to 0, but after {step} steps x still moves off", at)
            : NotFound(operation, $"Newton's method has not converged after {step} steps", at, AdviceOnSteps);
    }

    /// <summary>The given point, whose residual is 0, if it is a solution; otherwise an error.</summary>
    private static SearchPoint Reached(string operation, SearchPoint from, SearchPoint at, SearchPoint start)
    {
        if (from != at && !Solution.IsReached(from, at, at.Vector - start.Vector))
        {
            throw NotFound(operation, $"the residual is lost in rounding while Newton's steps are long: it only tends to 0", at);
        }

        return !at.IsOfMinimum || Solution.IsLowest(at) ? at : throw NotFound(operation, Solution.NotLowest, at);
    }

    /// <summary>
    /// The point with 0 in place of each unknown that is nearly 0 compared with its start, if that solves the equations exactly; otherwise
    /// null. Without this, a solution at 0 would be approached without end, and a singular one could not be reached because of rounding.
    /// </summary>
    private static SearchPoint? AtZero(SearchPoint at, SearchPoint start)
    {
        var largest = SearchPoint.LargestMagnitude(start.Vector);
        var step = at.Vector.MapIndexed((i, unknown) =>
            Math.Abs(unknown) <= Near * (start.Vector[i] == 0 ? largest : Math.Abs(start.Vector[i])) ? -unknown : 0);
        return step.Any(change => change != 0) && at.Moved(step) is { IsSolvedExactly: true } zero && (!zero.IsOfMinimum || Solution.IsLowest(zero)) ? zero : null;
    }

    /// <summary>The minimum, starting from a point where no step decreases the objective.</summary>
    private static SearchPoint Finished(string operation, SearchPoint at, bool isConvex, int step, IterationControl control)
    {
        if (isConvex)
        {
            var found = Newton(operation, at, null, step, control);
            return Solution.IsLowest(found) ? found : throw NotFound(operation, Solution.NotLowest, found);
        }

        // At a minimum that is flat in some directions the Hessian is only semidefinite, so a damped step is examined instead.
        return at.DampedStep(Flat) is { } left && Solution.IsFoundToRounding(at, left) && Solution.IsLowest(at)
            ? at
            : throw NotFound(operation, $"no step of descent decreases the objective after {step} steps, and the Hessian is not positive definite", at);
    }

    /// <summary>
    /// A direction of descent: −(H + μI)⁻¹∇g in units that make the diagonal of H ±1, with μ = 0 if H is positive definite; null if no
    /// shift μ makes H positive definite within the range of doubles.
    /// </summary>
    private static (Vector Direction, bool IsConvex)? DescentDirection(SearchPoint at)
    {
        var (scaled, units) = Solution.Curvatures(at);
        var largest = scaled.InfinityNorm() is > 0 and var norm ? norm : 1;
        var right = -units.PointwiseMultiply(at.Residual);
        Vector Direction(DampedCholesky factor) => factor.Solve(right).PointwiseMultiply(units);
        if ((DampedCholesky.Of(scaled, 0) ?? DampedCholesky.Of(scaled, Flat * largest)) is { } factor)
        {
            return (Direction(factor), DampedCholesky.Of(scaled, -Flat * largest) is not null);
        }

        // The shift is twice one that makes the matrix definite, since a curvature near 0 would make the step extremely long. A shift larger
        // than the norm makes the matrix diagonally dominant, so the loop finds one unless elements are not finite.
        for (var shift = (scaled.InfinityNorm() > 0 ? 1e-3 : 0.5) * largest; shift < 16 * largest; shift *= 4)
        {
            if (DampedCholesky.Of(scaled, shift) is not null && DampedCholesky.Of(scaled, 2 * shift) is { } definite)
            {
                return (Direction(definite), false);
            }
        }

        return null;
    }

    /// <summary>
    /// The first of the points along ever shorter steps at which the residual is smaller; or a better one, at a multiple of the step that
    /// suits a multiple root. Null if there is none.
    /// </summary>
    private static SearchPoint? Lower(SearchPoint at, Vector direction, double multiplicity, Func<SearchPoint, double> size)
    {
        var value = size(at);
        return at.Backtracked(direction, (point, length) => size(point) < value * (1 - (Decrease * length))) is { } next
            ? Better(at, direction, multiplicity, size, next)
            : null;
    }

    /// <summary>The same for an objective.</summary>
    private static SearchPoint? Lower(SearchPoint at, Vector direction, bool isConvex, double multiplicity)
    {
        var slope = direction * at.Residual;

        // Where the objective is convex, its slope along the direction increases during a step. A step after which the slope is lower has
        // crossed something that is not convex, such as a pole, and is rejected.
        bool IsLower(SearchPoint point, double length) =>
            point.Objective < at.Objective + (Decrease * length * slope)
            && (!isConvex || direction * point.Residual >= slope * (1 - (length / 10)));

        return at.Backtracked(direction, IsLower) is { } next
            ? isConvex ? Better(at, direction, multiplicity, point => point.Objective, next) : next
            : null;
    }

    private static SearchPoint Better(SearchPoint at, Vector direction, double multiplicity, Func<SearchPoint, double> merit, SearchPoint next)
    {
        if (multiplicity != 1)
        {
            foreach (var times in (ReadOnlySpan<double>)[multiplicity, Math.Round(multiplicity), Math.Round(multiplicity) + 1])
            {
                var other = at.Moved(times * direction);
                next = merit(other) < merit(next) ? other : next;
            }
        }

        return next;
    }

    /// <summary>
    /// A lower point along a direction of negative curvature, for a point from which the gradient leads to a saddle or a maximum; null if there
    /// is none.
    /// </summary>
    private static SearchPoint? Escaped(SearchPoint at, Vector gradient)
    {
        var (scaled, units) = Solution.Curvatures(at);
        _ = DampedCholesky.Of(scaled, Flat * scaled.InfinityNorm(), out var downwards);
        if (downwards is null)
        {
            return Lower(at, gradient, false, 1);
        }

        // The direction is scaled so that its largest change, relative to max(1, |unknown|), is 1, and it points downhill.
        var direction = downwards.PointwiseMultiply(units);
        direction *= 1 / direction.Zip(at.Vector, (change, unknown) => Math.Abs(change) / Math.Max(1, Math.Abs(unknown))).Max();
        direction *= direction * at.Residual > 0 ? -1 : 1;
        return at.Backtracked(direction, (point, _) => point.Objective < at.Objective) ?? Lower(at, gradient, false, 1);
    }

    /// <summary>The point after the least damped of some least-squares steps that makes the residual smaller; null if none does.</summary>
    private static SearchPoint? Damped(SearchPoint at, Func<SearchPoint, double> size)
    {
        var value = size(at);
        for (var damping = 1e-6; damping < 1e8; damping *= 100)
        {
            if (at.DampedStep(damping) is { } step && at.Moved(step) is var next && size(next) < value * (1 - 1e-6))
            {
                return next;
            }
        }

        return null;
    }

    /// <summary>
    /// A step along which the curvature is not positive, doubled as long as the objective decreases at least a quarter as steeply as at first.
    /// </summary>
    private static SearchPoint Followed(string operation, SearchPoint at, SearchPoint next)
    {
        var (step, slope) = (next.Vector - at.Vector, at.Objective - next.Objective);
        for (var (doublings, length) = (0, 2.0); doublings < MostDoublings; doublings++, length *= 2)
        {
            var further = at.Moved(length * step);
            if (!(further.Objective < next.Objective - (length / 2 * slope / 4)) || !further.Residual.All(double.IsFinite))
            {
                return next;
            }

            next = further;
        }

        throw NotFound(operation, $"the objective decreases without bound, as far as it was followed: it is {next.Objective:G3}", next, "Bound it from below.");
    }

    /// <summary>
    /// The multiple of Newton's step that leads to the root, estimated from the change between steps: at an m-fold root each step leaves
    /// (m − 1)/m of the distance, so the multiple is m. It may be a fraction: 3/2 for x^(3/2), 1/3 for ∛x. It is 1 if it is close to 1 or
    /// out of range.
    /// </summary>
    /// <param name="direction">Newton's step.</param>
    /// <param name="last">The previous one; null if there is none.</param>
    /// <param name="taken">The step that was taken along the previous one.</param>
    private static double Multiplicity(Vector direction, Vector? last, Vector taken)
    {
        var multiplicity = last is null ? 1 : taken * taken / ((last - direction) * taken);
        return multiplicity is (>= 1 / HighestMultiplicity and < 0.8) or (> 1.2 and <= HighestMultiplicity) ? multiplicity : 1;
    }

    private static AutodiffException NotFound(string operation, string reason, SearchPoint at, string advice = Advice) =>
        new($"{operation}: no solution was found: {reason}; the residual is {at.Residual.L2Norm():G3} at {at.X}. {advice}");
}
