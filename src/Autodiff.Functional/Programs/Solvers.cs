// How Root, FixedPoint and ArgMin find their solutions on numbers, unless the caller brings a solver.

using MathNet.Numerics.LinearAlgebra;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Autodiff.Functional.Programs;

internal static class Solvers
{
    private const int MostSteps = 200;
    private const int MostIterations = 10_000;

    // A step that changes no more than this, relative to what it changes, is lost in rounding.
    private const double Rounding = 1e-15;

    // Where no step makes the residual smaller, a step shorter than this says that rounding is the reason.
    private const double Stalled = 1e-7;

    /// <summary>Newton's method, with steps halved until the residual decreases: x ← x − t·J⁻¹F.</summary>
    public static Expr Newton(string operation, Func<Expr, Expr[]> problem, Expr start)
    {
        var at = new Point(x => problem(x)[0], start);
        for (var step = 0; step < MostSteps; step++)
        {
            if (at.Residual.L2Norm() == 0)
            {
                return at.X;
            }

            var direction = -at.Jacobian().LU().Solve(at.Residual);
            if (!double.IsFinite(direction.Sum()))
            {
                throw NotFound(operation, $"the Jacobian is singular or not finite after {step} steps", at);
            }

            var next = at.Decreased(direction);
            if (next is null)
            {
                return direction.L2Norm() <= Stalled * (1 + at.Vector.L2Norm())
                    ? at.X
                    : throw NotFound(operation, $"no step along Newton's direction decreases the residual after {step} steps", at);
            }

            var isLast = (next.Vector - at.Vector).L2Norm() <= Rounding * next.Vector.L2Norm();
            at = next;
            if (isLast)
            {
                return at.X;
            }
        }

        throw NotFound(operation, $"Newton's method has not converged after {MostSteps} steps", at);
    }

    /// <summary>
    /// x ← f(x) until it stands still, for F(x) = x − f(x). Where that is slow, Newton's method finishes from where it has come to.
    /// </summary>
    public static Expr Iteration(string operation, Func<Expr, Expr[]> problem, Expr start)
    {
        var at = new Point(x => problem(x)[0], start);
        for (var step = 0; step < MostIterations && double.IsFinite(at.Residual.Sum()); step++)
        {
            if (at.Residual.L2Norm() <= Rounding * at.Vector.L2Norm())
            {
                return at.X;
            }

            at = at.Moved(-at.Residual);
        }

        return Newton(operation, problem, double.IsFinite(at.Residual.Sum()) ? at.X : start);
    }

    /// <summary>
    /// A minimum of g with F = ∇g: Newton's method along directions of descent, since a multiple of the identity is added to the
    /// Hessian until it is positive definite, with steps halved until g decreases.
    /// </summary>
    public static Expr Descent(string operation, Func<Expr, Expr[]> problem, Expr start)
    {
        var at = new Point(x => problem(x)[0], start);
        double Objective(Point point) => problem(point.X)[1].Value;
        var value = Objective(at);
        for (var step = 0; step < MostSteps; step++)
        {
            var hessian = at.Jacobian();
            if (!double.IsFinite(value + hessian.Enumerate().Sum() + at.Residual.Sum()))
            {
                throw NotFound(operation, $"the objective or a derivative is not finite after {step} steps", at);
            }

            var (direction, isConvex) = DescentDirection((hessian + hessian.Transpose()) / 2, at.Residual);
            if (isConvex && direction.L2Norm() <= Stalled * Stalled * (1 + at.Vector.L2Norm()))
            {
                return at.X;
            }

            var (next, nextValue) = (at.Moved(direction), 0.0);
            var slope = direction * at.Residual;
            var length = 1.0;
            while (!((nextValue = Objective(next)) <= value + (1e-4 * length * slope)) && length > Rounding)
            {
                length /= 2;
                next = at.Moved(length * direction);
            }

            if (length <= Rounding)
            {
                // The objective is flat to rounding: what is left to gain shows in the gradient alone.
                return isConvex && direction.L2Norm() <= Stalled * (1 + at.Vector.L2Norm())
                    ? Newton(operation, problem, at.X)
                    : throw NotFound(operation, $"no step of descent decreases the objective after {step} steps", at);
            }

            (at, value) = (next, nextValue);
        }

        throw NotFound(operation, $"the minimum is not found after {MostSteps} steps", at);
    }

    /// <summary>A solver of the caller's, whose result is checked.</summary>
    /// <param name="solve">From a function F and a start to x with F(x) = 0.</param>
    /// <param name="tolerance">The largest element of F(x) that is accepted, relative to the size of x where that is more than 1.</param>
    public static Solver Given(Func<Func<Expr, Expr>, Expr, Expr> solve, double tolerance) => (operation, problem, start) =>
    {
        Expr Residual(Expr x) => problem(x)[0].Detached();
        var x = solve(Residual, start) ?? throw AutodiffException.Null(operation, "the solver's result");
        if (x.Shape != start.Shape)
        {
            throw new ShapeException($"{operation}: the solver's result has shape {x.Shape}, but the start has {start.Shape}; they must be equal.");
        }

        var at = new Point(Residual, x.Detached());
        return at.Residual.InfinityNorm() <= tolerance * Math.Max(1, at.Vector.InfinityNorm())
            ? at.X
            : throw NotFound(operation, "the solver's result does not solve the equations", at);
    };

    private static (Vector Direction, bool IsConvex) DescentDirection(Matrix<double> hessian, Vector gradient)
    {
        var shift = 0.0;
        while (true)
        {
            try
            {
                var shifted = hessian + Matrix<double>.Build.DenseDiagonal(gradient.Count, gradient.Count, shift);
                return (-shifted.Cholesky().Solve(gradient), shift == 0);
            }
            catch (ArgumentException)
            {
                // MathNet's way to say that a matrix is not positive definite.
                shift = Math.Max(10 * shift, 1e-6 * (1 + hessian.Enumerate().Max(Math.Abs)));
            }
        }
    }

    private static AutodiffException NotFound(string operation, string reason, Point at) => new(
        $"{operation}: no solution was found: {reason}; the residual is {at.Residual.L2Norm():G3} at {at.X}. Start nearer to a solution, or bring a solver of your own.");

    /// <summary>A point with what the equations leave there.</summary>
    private sealed class Point
    {
        private readonly Func<Expr, Expr> _f;

        public Point(Func<Expr, Expr> f, Expr x)
        {
            (_f, X) = (f, x.Detached());
            Vector = Vector.Build.Dense(X.ToArray());
            Residual = Vector.Build.Dense(f(X).ToArray());
        }

        public Expr X { get; }

        public Vector Vector { get; }

        public Vector Residual { get; }

        public Matrix<double> Jacobian() =>
            Matrix<double>.Build.Dense(Vector.Count, Vector.Count, AD.JacobianForward(_f)(X).ToArray()).Transpose();

        public Point Moved(Vector by) => new(_f, Expr.Constant((Vector + by).ToArray(), X.Shape));

        /// <summary>The first of the points along ever shorter steps with a smaller residual; null if none has.</summary>
        public Point? Decreased(Vector direction)
        {
            for (var length = 1.0; length > Rounding; length /= 2)
            {
                var next = Moved(length * direction);
                if (next.Residual.L2Norm() < (1 - (1e-4 * length)) * Residual.L2Norm())
                {
                    return next;
                }
            }

            return null;
        }
    }
}
