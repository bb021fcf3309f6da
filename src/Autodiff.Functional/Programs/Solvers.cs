// How Root, FixedPoint and ArgMin find their solutions on numbers, unless the caller brings a solver.

using MathNet.Numerics.LinearAlgebra;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Autodiff.Functional.Programs;

internal static class Solvers
{
    private const int MostSteps = 200;
    private const int MostIterations = 1000;
    private const int HighestMultiplicity = 10;

    // A step that changes no unknown by more than this, relative to that unknown, is lost in rounding.
    private const double Rounding = 1e-15;

    // A curvature below this, relative to the largest, may be rounding.
    private const double Flat = 1e-14;

    // What comes to within this of a solution leaves the rest to Newton's method.
    private const double Near = 1e-7;

    /// <summary>
    /// Newton's method, with steps halved until the residual decreases: x ← x − t·J⁻¹F. Each equation is weighed by how much it
    /// changes when every unknown changes by its own size, so that neither the units of unknowns nor those of equations matter.
    /// </summary>
    public static Expr Newton(string operation, Func<Expr, Expr[]> problem, Expr start)
    {
        var at = new Point(problem, start);
        Vector? last = null;
        for (var step = 0; step < MostSteps; step++)
        {
            if (at.Residual.InfinityNorm() == 0)
            {
                return at.X;
            }

            var jacobian = at.Jacobian();
            var direction = -jacobian.LU().Solve(at.Residual);
            if (!double.IsFinite(direction.Sum()))
            {
                throw NotFound(operation, $"the Jacobian is singular or not finite after {step} steps", at);
            }

            if (at.IsChangedLittleBy(direction, Rounding, 0))
            {
                return at.X;
            }

            var weights = (jacobian.PointwiseAbs() * (at.Vector.PointwiseAbs() + direction.PointwiseAbs())).Map(change => change > 0 ? 1 / change : 1);
            double Size(Point point) => point.Residual.PointwiseMultiply(weights).L2Norm();
            var next = at.Lower(direction, Multiplicity(direction, last), Size, -Size(at));
            if (next is null)
            {
                // Along Newton's direction any smooth residual decreases: it is rounding that hides it, if the step is short.
                return at.IsChangedLittleBy(direction, Near, 1)
                    ? at.X
                    : throw NotFound(operation, $"no step along Newton's direction decreases the residual after {step} steps", at);
            }

            (at, last) = (next, direction);
        }

        throw NotFound(operation, $"Newton's method has not converged after {MostSteps} steps", at);
    }

    /// <summary>
    /// x ← f(x) until it nearly stands still, for F(x) = x − f(x). Newton's method finishes from there: a slow iteration stands
    /// still long before it arrives. One that leads away is not followed.
    /// </summary>
    public static Expr Iteration(string operation, Func<Expr, Expr[]> problem, Expr start)
    {
        var first = new Point(problem, start);
        var at = first;
        for (var step = 0; step < MostIterations && double.IsFinite(at.Residual.Sum()) && !at.IsChangedLittleBy(at.Residual, Near, 0); step++)
        {
            at = at.Moved(-at.Residual);
        }

        return Newton(operation, problem, at.Residual.L2Norm() < first.Residual.L2Norm() ? at.X : start);
    }

    /// <summary>
    /// A minimum of g with F = ∇g: Newton's method along directions of descent, since negative curvatures count as positive ones,
    /// with steps halved until g decreases. Where g is flat to rounding, what is left to gain shows in the gradient alone, and
    /// Newton's method finishes.
    /// </summary>
    public static Expr Descent(string operation, Func<Expr, Expr[]> problem, Expr start)
    {
        var at = new Point(problem, start);
        if (at.Vector.Count == 0)
        {
            return at.X;
        }

        Vector? last = null;
        for (var step = 0; step < MostSteps; step++)
        {
            var hessian = at.Jacobian();
            if (!double.IsFinite(at.Objective + hessian.Enumerate().Sum() + at.Residual.Sum()))
            {
                throw NotFound(operation, $"the objective or a derivative is not finite after {step} steps", at);
            }

            var (direction, lowest) = DescentDirection((hessian + hessian.Transpose()) / 2, at.Residual);
            var next = at.Lower(direction, Multiplicity(direction, last), point => point.Objective, direction * at.Residual);
            if (next is null)
            {
                // A minimum may be flat in some directions.
                return lowest > 1 ? Newton(operation, problem, at.X)
                    : lowest >= -1 && at.IsChangedLittleBy(direction, Near, 1) ? at.X
                    : throw NotFound(operation, $"no step of descent decreases the objective after {step} steps, and the Hessian is not positive definite", at);
            }

            (at, last) = (next, direction);
        }

        throw NotFound(operation, $"the minimum is not found after {MostSteps} steps", at);
    }

    /// <summary>A solver of the caller's, whose result is checked.</summary>
    /// <param name="operation">What the user called, for errors.</param>
    /// <param name="solve">From a function F and a start to x with F(x) = 0.</param>
    /// <param name="tolerance">The largest element of F(x) that is accepted, relative to the size of x where that is more than 1.</param>
    public static Solver Given(string operation, Func<Func<Expr, Expr>, Expr, Expr> solve, double tolerance) => tolerance >= 0
        ? (_, problem, start) => Checked(operation, problem, start, solve(x => problem(x)[0].Detached(), start), tolerance)
        : throw new AutodiffException($"{operation}: the tolerance is {tolerance}; it is 0 or more.");

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

        var at = new Point(problem, x);
        return at.Residual.InfinityNorm() <= tolerance * Math.Max(1, at.Vector.InfinityNorm())
            ? at.X
            : throw NotFound(operation, $"the solver's result does not solve the equations to within the tolerance of {tolerance:G3}", at, "Let it go on for longer, or raise the tolerance.");
    }

    /// <summary>
    /// −H⁻¹∇g with the size of every curvature in its place, so that it is a direction of descent, in units that make the
    /// diagonal of H ±1; and the lowest curvature, as a multiple of what counts as flat.
    /// </summary>
    private static (Vector Direction, double Lowest) DescentDirection(Matrix<double> hessian, Vector gradient)
    {
        var units = Matrix<double>.Build.DiagonalOfDiagonalVector(hessian.Diagonal().Map(curvature => curvature == 0 ? 1 : 1 / Math.Sqrt(Math.Abs(curvature))));
        var system = (units * hessian * units).Evd(Symmetricity.Symmetric);
        var curvatures = system.EigenValues.Real();
        var flat = curvatures.InfinityNorm() is > 0 and var largest ? Flat * largest : 1;
        var along = system.EigenVectors.TransposeThisAndMultiply(units * gradient);
        var steps = along.PointwiseDivide(curvatures.Map(curvature => Math.Max(Math.Abs(curvature), flat)));
        return (-(units * (system.EigenVectors * steps)), curvatures.Min() / flat);
    }

    /// <summary>
    /// How often a root counts, by the way that steps shrink: at an m-fold root each leaves (m − 1)/m of the way, so that m steps
    /// in one arrive.
    /// </summary>
    private static int Multiplicity(Vector direction, Vector? last)
    {
        var multiplicity = last is null ? 1 : Math.Round(1 / (1 - (direction.L2Norm() / last.L2Norm())));
        return multiplicity is >= 1 and <= HighestMultiplicity ? (int)multiplicity : 1;
    }

    private static AutodiffException NotFound(
        string operation, string reason, Point at, string advice = "Start nearer to a solution, or bring a solver of your own.") =>
        new($"{operation}: no solution was found: {reason}; the residual is {at.Residual.L2Norm():G3} at {at.X}. {advice}");

    /// <summary>A point with what the equations leave there.</summary>
    private sealed class Point
    {
        private readonly Func<Expr, Expr[]> _problem;

        public Point(Func<Expr, Expr[]> problem, Expr x)
        {
            (_problem, X) = (problem, x.Detached());
            var results = problem(X);
            Vector = Vector.Build.Dense(X.ToArray());
            Residual = Vector.Build.Dense(results[0].ToArray());
            Objective = results.Length > 1 ? results[1].Value : 0;
        }

        public Expr X { get; }

        public Vector Vector { get; }

        public Vector Residual { get; }

        /// <summary>Of a minimum; 0 of a root.</summary>
        public double Objective { get; }

        public Matrix<double> Jacobian() =>
            Matrix<double>.Build.Dense(Vector.Count, Vector.Count, AD.JacobianForward(x => _problem(x)[0])(X).ToArray()).Transpose();

        public Point Moved(Vector by) => new(_problem, Expr.Constant((Vector + by).ToArray(), X.Shape));

        /// <summary>Whether a step is small beside each unknown, an unknown counting as at least so large.</summary>
        public bool IsChangedLittleBy(Vector step, double share, double least) =>
            step.Zip(Vector, (change, unknown) => Math.Abs(change) <= share * (least + Math.Abs(unknown))).All(isSmall => isSmall);

        /// <summary>The first of the points along ever shorter steps where a merit is lower by a part of its slope; null if there is none.</summary>
        /// <param name="direction">The full step.</param>
        /// <param name="multiplicity">How many full steps in one are tried beside it, and one more, if more than 1.</param>
        /// <param name="merit">What is to decrease.</param>
        /// <param name="slope">How it changes along the direction at first.</param>
        public Point? Lower(Vector direction, int multiplicity, Func<Point, double> merit, double slope)
        {
            var value = merit(this);
            for (var length = 1.0; length > Rounding; length /= 2)
            {
                var next = Moved(length * direction);
                if (merit(next) < value + (1e-4 * length * slope))
                {
                    for (var times = multiplicity; length == 1 && multiplicity > 1 && times <= multiplicity + 1; times++)
                    {
                        var further = Moved(times * direction);
                        next = merit(further) < merit(next) ? further : next;
                    }

                    return next;
                }
            }

            return null;
        }
    }
}
