// Where a search stands: the unknowns, what the equations leave there, and the steps that lead on.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Programs;
using MathNet.Numerics.LinearAlgebra;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Autodiff.Functional.Solvers;

/// <summary>A point of a search for F(x) = 0, where F is the gradient of the objective if a minimum is searched.</summary>
internal sealed class SearchPoint
{
    // The length of a step, relative to each unknown, that is lost in rounding.
    private const double Rounding = 1e-16;

    // A line search tries halves so often, and eighths from there on.
    private const int Halvings = 10;

    private readonly Func<Expr, Expr[]> _problem;
    private readonly StrongBox<int> _evaluations;
    private Matrix<double>? _jacobian;

    public SearchPoint(Func<Expr, Expr[]> problem, Expr x)
        : this(problem, x, new StrongBox<int>())
    {
    }

    private SearchPoint(Func<Expr, Expr[]> problem, Expr x, StrongBox<int> evaluations)
    {
        (_problem, X, _evaluations) = (problem, x.Detached(), evaluations);
        evaluations.Value++;
        var results = problem(X);
        Vector = Vector.Build.Dense(X.ToArray());
        Residual = Vector.Build.Dense(results[0].ToArray());
        (IsOfMinimum, Objective) = results.Length > 1 ? (true, results[1].Value) : (false, 0);
    }

    public Expr X { get; }

    /// <summary>How often the search has evaluated the equations so far, here and elsewhere.</summary>
    public int Evaluations => _evaluations.Value;

    /// <summary>The elements of x.</summary>
    public Vector Vector { get; }

    /// <summary>F(x).</summary>
    public Vector Residual { get; }

    public bool IsOfMinimum { get; }

    /// <summary>What is minimised; 0 where a root is searched.</summary>
    public double Objective { get; }

    /// <summary>∂F/∂x: of a minimum the Hessian, made exactly symmetric.</summary>
    public Matrix<double> Jacobian => _jacobian ??= Derivative();

    public bool IsSolvedExactly => Residual.All(left => left == 0);

    /// <summary>Σⱼ |∂Fᵢ/∂xⱼ| sⱼ: how much equation i changes when each unknown changes by as much as s says.</summary>
    public Vector Change(Vector sizes) => Jacobian.PointwiseAbs() * sizes;

    /// <summary>−J⁻¹F: where the equations would be solved if they were linear. Not finite where J is singular.</summary>
    public Vector NewtonStep() => -Jacobian.LU().Solve(Residual);

    /// <summary>
    /// The step of least squares that minimises |J·d + F|² + λ|d|², in units that make every unknown and every equation about 1;
    /// null if not even that is finite. K. Levenberg, "A method for the solution of certain non-linear problems in least squares",
    /// Quarterly of Applied Mathematics 2 (1944) 164–168.
    /// </summary>
    public Vector? DampedStep(double damping)
    {
        var largest = Vector.InfinityNorm() is > 0 and var norm ? norm : 1;
        var units = Vector.Map(unknown => unknown == 0 ? largest : Math.Abs(unknown));
        var weights = Change(units).Map(change => change > 0 ? 1 / change : 1);
        var scaled = Matrix<double>.Build.DiagonalOfDiagonalVector(weights) * Jacobian * Matrix<double>.Build.DiagonalOfDiagonalVector(units);
        var normal = scaled.TransposeThisAndMultiply(scaled);
        var right = -scaled.TransposeThisAndMultiply(weights.PointwiseMultiply(Residual));
        return Cholesky.Of(normal, damping)?.Solve(right).PointwiseMultiply(units);
    }

    public SearchPoint Moved(Vector by) => new(_problem, Expr.Constant((Vector + by).ToArray(), X.Shape), _evaluations);

    /// <summary>Whether a step is small beside each unknown, an unknown counting as at least so large.</summary>
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

    /// <summary>The first of the points along ever shorter steps that is acceptable; null if there is none.</summary>
    /// <param name="direction">The full step.</param>
    /// <param name="accept">Whether a point, by the part of the full step that leads there, will do.</param>
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
        var jacobian = Matrix<double>.Build.Dense(n, n, Jacobians.Forward("Jacobian", x => _problem(x)[0], X).ToArray()).Transpose();
        return IsOfMinimum ? (jacobian + jacobian.Transpose()) / 2 : jacobian;
    }
}
