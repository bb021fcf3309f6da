// What "found" means. Whatever a search or a solver of the caller's returns has passed here.

using Autodiff.Functional.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Autodiff.Functional.Solvers;

/// <summary>
/// A point x is a solution of F(x) = 0 if its residual, and the step that is left to take, are both small:
/// <list type="number">
/// <item>
/// <b>Residual.</b> No |Fᵢ| exceeds what rounding can do to it: Σⱼ |∂Fᵢ/∂xⱼ xⱼ| times a few units of rounding, which moving x to the next
/// numbers changes, and the noise of computing Fᵢ, measured about x. Of a caller's solver, the tolerance times max(1, Σⱼ |∂Fᵢ/∂xⱼ xⱼ|).
/// </item>
/// <item>
/// <b>Step.</b> Newton's step −J⁻¹F is short beside x. Where equations only tend to 0, as e⁻ˣ does, their residual gets as small as one
/// likes, and the step does not.
/// </item>
/// <item>
/// <b>Continuity.</b> Where a search arrives at a residual of exactly 0 from afar, Newton's step is short too where the residual was last not 0.
/// Where a term underflows or is absorbed, as in x + 1/x − x, it is long up to where the residual drops to 0.
/// </item>
/// <item>
/// <b>Curvature.</b> A minimum is a solution of ∇f(x) = 0 where no direction has a negative curvature, and where f is not lower nearby.
/// </item>
/// </list>
/// All are relative to each unknown's and each equation's own size. A solution at 0 has no size: there a step counts as short if it is
/// beside 1 and the equations, seen from many such steps away on either side, are linear with their zero at x.
/// </summary>
internal static class Solution
{
    // What a caller's Newton step, and a step where rounding hides the rest, may have of an unknown. At a root that counts five times
    // rounding hides this much; a function that tends to 0 takes larger steps wherever it is above the smallest numbers.
    private const double ShortStep = 1e-3;

    // A step to a solution at 0 is at most so long.
    private const double ShortStepAtZero = 1e-7;

    // How many units of rounding Fᵢ may be off, and how many times the measured noise.
    private const double Units = 8 * 2.220446049250313e-16;
    private const double NoiseFactor = 8;

    // Below this numbers have ever fewer digits.
    private const double Smallest = 1e-300;

    // How far away, in steps, the equations are looked at from, and how well they are linear there.
    private const double Afar = 64;
    private const double Linearity = 0.25;

    // A curvature below this, relative to the largest, may be rounding.
    private const double Flat = 1e-14;

    // Of more unknowns than this a given solver's result is judged by its residual alone, since their Jacobian would cost more than the solver.
    private const int MostUnknowns = 1000;

    /// <summary>Conditions 1 and 2 where a search cannot get further.</summary>
    /// <param name="at">The point.</param>
    /// <param name="step">Newton's step from there.</param>
    public static bool IsFoundToRounding(SearchPoint at, Vector step)
    {
        var isShortAtZero = at.IsChangedLittleBy(step, ShortStepAtZero, 1);
        if (!isShortAtZero && !at.IsChangedLittleBy(step, ShortStep, 0))
        {
            return false;
        }

        var (noise, change) = (Noise(at), at.Change(at.Vector.PointwiseAbs()));
        var isNoise = new bool[at.Residual.Count];
        for (var i = 0; i < isNoise.Length; i++)
        {
            isNoise[i] = Math.Abs(at.Residual[i]) <= (isShortAtZero ? Smallest : 0) + (Units * change[i]) + (NoiseFactor * noise[i]);
        }

        return Array.TrueForAll(isNoise, equation => equation) || (isShortAtZero && IsLinearFromAfar(at, step, isNoise));
    }

    /// <summary>Conditions 1, 2 and 4 for what a solver of the caller's returned; null, or what is not met.</summary>
    public static string? Fault(SearchPoint at, double tolerance)
    {
        if (!at.Residual.All(double.IsFinite))
        {
            return "the residual there is not finite";
        }

        var isWithin = at.Residual.InfinityNorm() <= tolerance;
        if (!HasJacobian(at))
        {
            return isWithin ? null : Unsolved(tolerance);
        }

        if (!at.IsSolvedExactly)
        {
            var change = at.Change(at.Vector.PointwiseAbs());
            if (!isWithin && !at.Residual.Zip(change, (left, size) => Math.Abs(left) <= tolerance * Math.Max(1, size)).All(isSmall => isSmall))
            {
                return Unsolved(tolerance);
            }

            var step = at.NewtonStep();
            step = step.All(double.IsFinite) ? step : at.DampedStep(Flat) ?? step;
            if (!at.IsChangedLittleBy(step, Math.Max(ShortStep, tolerance), 1))
            {
                return $"the residual of the solver's result is within the tolerance of {tolerance:G3}, but Newton's next step from there is not short: the equations may only tend to 0";
            }
        }

        return at.IsOfMinimum && !HasNoNegativeCurvature(at, Math.Max(Flat, tolerance)) ? NotLowest : null;
    }

    /// <summary>What is said of a point where the gradient is 0 and which is no minimum.</summary>
    public const string NotLowest = "the gradient is 0, but it is no minimum: the Hessian is not positive semidefinite there, or the objective is lower beside it";

    /// <summary>Condition 3: whether a residual of exactly 0 is that of a solution, or what rounding leaves of a residual that only tends to 0.</summary>
    /// <param name="from">The last point.</param>
    /// <param name="at">One with a residual of 0.</param>
    /// <param name="travelled">How far each unknown is from the start of the search.</param>
    public static bool IsReached(SearchPoint from, SearchPoint at, Vector travelled)
    {
        var step = at.Vector - from.Vector;
        if (at.IsChangedLittleBy(step, ShortStepAtZero, 1)
            || step.Zip(travelled.PointwiseAbs().PointwiseMaximum(at.Vector.PointwiseAbs()), (change, size) => Math.Abs(change) <= ShortStep * ShortStep * size).All(isShort => isShort))
        {
            return true;
        }

        // The edge of where the residual is 0, by bisection.
        var (outside, inside, edge) = (0.0, 1.0, from);
        for (var middle = 0.5; middle > outside && middle < inside; middle = (outside + inside) / 2)
        {
            var point = from.Moved(middle * step);
            if (point.IsSolvedExactly)
            {
                inside = middle;
            }
            else
            {
                (outside, edge) = (middle, point);
            }
        }

        // Where it is 0 at one point alone, as the slope of |x| is by convention, nothing is lost.
        return inside == 1 || edge.IsChangedLittleBy(edge.NewtonStep(), ShortStepAtZero, 1);
    }

    /// <summary>Condition 4. Where curvatures are 0 to rounding, the objective is looked at along each unknown.</summary>
    public static bool IsLowest(SearchPoint at)
    {
        if (!HasNoNegativeCurvature(at, Flat))
        {
            return false;
        }

        if (HasNoNegativeCurvature(at, -Flat))
        {
            return true;
        }

        for (var i = 0; i < at.Vector.Count; i++)
        {
            foreach (var distance in (ReadOnlySpan<double>)[1e-4, -1e-4, 1e-2, -1e-2])
            {
                var step = Vector.Build.Dense(at.Vector.Count);
                step[i] = distance * (at.Vector[i] == 0 ? 1 : Math.Abs(at.Vector[i]));
                if (at.Moved(step).Objective < at.Objective - (Units * Math.Abs(at.Objective)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>
    /// The Hessian in units that make its diagonal ±1 or 0, and these units. Where there is no curvature, the unit is such that a step
    /// down a slope with a curvature of 1 is as long as the unknown.
    /// </summary>
    public static (Matrix<double> Scaled, Vector Units) Curvatures(SearchPoint at)
    {
        var units = at.Jacobian.Diagonal().MapIndexed((i, curvature) => 1 / Math.Sqrt(Math.Abs(
            curvature != 0 ? curvature : at.Residual[i] != 0 ? at.Residual[i] / Math.Max(1, Math.Abs(at.Vector[i])) : 1)));
        return (at.Jacobian.MapIndexed((i, j, curvature) => units[i] * curvature * units[j]), units);
    }

    private static bool HasNoNegativeCurvature(SearchPoint at, double flat)
    {
        var (scaled, _) = Curvatures(at);
        var largest = scaled.InfinityNorm();
        return (largest == 0 && flat > 0) || Cholesky.Of(scaled, flat * largest) is not null;
    }

    private static string Unsolved(double tolerance) => $"the solver's result does not solve the equations to within the tolerance of {tolerance:G3}";

    /// <summary>Whether a Jacobian can be had: a given solver may solve what has none, or more equations than fit into a matrix.</summary>
    private static bool HasJacobian(SearchPoint at)
    {
        try
        {
            return at.Vector.Count <= MostUnknowns && at.Jacobian is not null;
        }
        catch (NotDifferentiableException)
        {
            return false;
        }
    }

    /// <summary>What rounding does to each equation as x moves by tiny parts of itself.</summary>
    private static double[] Noise(SearchPoint at)
    {
        var samples = Array.ConvertAll(RoundingNoise.Offsets, offset => at.Moved(offset * at.Vector).Residual);
        return [.. Enumerable.Range(0, at.Residual.Count).Select(i => RoundingNoise.Of(Array.ConvertAll(samples, sample => sample[i])))];
    }

    private static bool IsLinearFromAfar(SearchPoint at, Vector step, bool[] except)
    {
        var terms = at.Change(step.PointwiseAbs());
        foreach (var far in (ReadOnlySpan<double>)[Afar, -Afar])
        {
            var seen = at.Moved(far * step).Residual;
            for (var i = 0; i < seen.Count; i++)
            {
                if (!except[i] && !(Math.Abs(seen[i] - ((1 - far) * at.Residual[i])) <= Linearity * Afar * terms[i]))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
