// A point of a search: the unknowns, the residual of the equations there, and the steps to further points.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Programs;
using MathNet.Numerics.LinearAlgebra;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Autodiff.Functional.Solvers;

/// <summary>A point of a search for F(x) = 0, where F is the gradient of the objective if the search is for a minimum.</summary>
internal sealed class SearchPoint
{
    // A step of at most this size, relative to each unknown, is lost in rounding; a line search ends there.
    private const double Rounding = 1e-16;

    // A line search divides the step by 2 this many times, and by 8 after that.
    private const int Halvings = 10;

    private readonly string _operation;
    private readonly Func<Expr, Expr[]> _problem;
    private readonly StrongBox<int> _evaluations;
    private Matrix<double>? _jacobian;

    public SearchPoint(string operation, Func<Expr, Expr[]> problem, Expr x)
        : this(operation, problem, x, new StrongBox<int>())
    {
    }

    private SearchPoint(string operation, Func<Expr, Expr[]> problem, Expr x, StrongBox<int> evaluations)
    {
        (_operation, _problem, X, _evaluations) = (operation, problem, x.Detached(), evaluations);
        evaluations.Value++;
        var results = problem(X);
        Vector = Vector.Build.Dense(X.Storage.Span.ToArray());
        Residual = Vector.Build.Dense(results[0].Storage.Span.ToArray());
        (IsOfMinimum, Objective) = results.Length > 1 ? (true, results[1].Scalar) : (false, 0);
    }

    public Expr X { get; }

    /// <summary>How often the search has evaluated the equations so far, at all its points.</summary>
    public int Evaluations => _evaluations.Value;

    /// <summary>The elements of x.</summary>
    public Vector Vector { get; }

    /// <summary>F(x).</summary>
    public Vector Residual { get; }

    public bool IsOfMinimum { get; }

    /// <summary>The objective that is minimized; 0 if the search is for a root.</summary>
    public double Objective { get; }

    /// <summary>∂F/∂x; for a minimum this is the Hessian, made exactly symmetric.</summary>
    public Matrix<double> Jacobian => _jacobian ??= Derivative();

    public bool IsSolvedExactly => Residual.All(left => left == 0);

    /// <summary>Σⱼ |∂Fᵢ/∂xⱼ| sⱼ: a bound on how much equation i changes, to first order, when each unknown xⱼ changes by at most sⱼ.</summary>
    public Vector Change(Vector sizes) => Jacobian.PointwiseAbs() * sizes;

    /// <summary>−J⁻¹F: the step that would solve the equations if they were linear. It is not finite if J is singular.</summary>
    public Vector NewtonStep() => -Jacobian.LU().Solve(Residual);

    /// <summary>
    /// The damped least-squares step that minimizes |J·d + F|² + λ|d|², in units in which every unknown and every equation is about 1;
    /// null if it is not finite. K. Levenberg, "A method for the solution of certain non-linear problems in least squares",
    /// Quarterly of Applied Mathematics 2 (1944) 164–168.
    /// </summary>
    public Vector? DampedStep(double damping)
    {
        var largest = LargestMagnitude(Vector) is > 0 and var norm ? norm : 1;
        var units = Vector.Map(unknown => unknown == 0 ? largest : Math.Abs(unknown));
        var weights = Change(units).Map(change => change > 0 ? 1 / change : 1);
        var scaled = Matrix<double>.Build.DiagonalOfDiagonalVector(weights) * Jacobian * Matrix<double>.Build.DiagonalOfDiagonalVector(units);
        var normal = scaled.TransposeThisAndMultiply(scaled);
        var right = -scaled.TransposeThisAndMultiply(weights.PointwiseMultiply(Residual));
        return DampedCholesky.Of(normal, damping)?.Solve(right).PointwiseMultiply(units);
    }

    /// <summary>max |xᵢ|; NaN if one is, 0 if there is none.</summary>
    /// <remarks>MathNet's InfinityNorm of a vector starts tasks and waits for them however short the vector is, which took most of the time of a search.</remarks>
    public static double LargestMagnitude(Vector x)
    {
        var largest = 0.0;
        for (var i = 0; i < x.Count; i++)
        {
            largest = Math.Max(largest, Math.Abs(x[i]));
        }

        return largest;
    }

    public SearchPoint Moved(Vector by) => new(_operation, _problem, Expr.Constant((Vector + by).ToArray(), X.Shape), _evaluations);

    /// <summary>Whether a step changes each unknown by at most a share of max(least, |unknown|).</summary>
    public bool IsChangedLittleBy(Vector step, double share, double least)
    {
        for (var i = 0; i < step.Count; i++)
        {
            if (!(Math.Abs(step[i]) <= share * Math.Max(least, Math.Abs(Vector[i]))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first acceptable point along ever shorter steps; null if there is none.</summary>
    /// <param name="direction">The full step.</param>
    /// <param name="accept">Whether a point is acceptable, given it and the fraction of the full step that leads to it.</param>
    public SearchPoint? Backtracked(Vector direction, Func<SearchPoint, double, bool> accept)
    {
        var length = 1.0;
        for (var halvings = 0; length > 0 && !IsChangedLittleBy(length * direction, Rounding, double.Epsilon); halvings++)
        {
            var next = Moved(length * direction);
            if (accept(next, length))
            {
                return next;
            }

            length /= halvings < Halvings ? 2 : 8;
        }

        return null;
    }

    private Matrix<double> Derivative()
    {
        var n = Vector.Count;
        var jacobian = Matrix<double>.Build.Dense(n, n, Jacobians.Forward(_operation, x => _problem(x)[0], X).ToArray()).Transpose();
        return IsOfMinimum ? (jacobian + jacobian.Transpose()) / 2 : jacobian;
    }
}
