// The conditions under which a point counts as a solution. Every result of a search or of a caller's solver is checked against them.

using Autodiff.Functional.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Autodiff.Functional.Solvers;

/// <summary>
/// A point x is a solution of F(x) = 0 if its residual and the remaining Newton step are both small. The conditions are:
/// <list type="number">
/// <item>
/// <b>Residual.</b> No |Fᵢ| exceeds what rounding can cause: a few units of rounding times Σⱼ |∂Fᵢ/∂xⱼ xⱼ|, which is the change of Fᵢ when x
/// is rounded, plus the noise of computing Fᵢ, measured near x. For a caller's solver the limit is the tolerance times
/// max(1, Σⱼ |∂Fᵢ/∂xⱼ xⱼ|).
/// </item>
/// <item>
/// <b>Step.</b> Newton's step −J⁻¹F is short compared with x. If equations only tend to 0, as e⁻ˣ does, their residual becomes arbitrarily
/// small, but the step does not.
/// </item>
/// <item>
/// <b>Continuity.</b> If a search arrives at a residual of exactly 0 by a long step, Newton's step is also short at the last point before it
/// where the residual is not 0. If a term underflows or is absorbed, as in x + 1/x − x, it is long up to where the residual drops to 0.
/// </item>
/// <item>
/// <b>Curvature.</b> A minimum is a solution of ∇f(x) = 0 at which f has no negative curvature in any direction and is not lower nearby.
/// </item>
/// </list>
/// All are relative to the size of each unknown and each equation. A solution at 0 has no size: there a step counts as short if it is short
/// compared with 1, and if the equations, evaluated many such steps away on either side, are linear with their zero at x.
/// </summary>
internal static class Solution
{
    // The largest Newton step, relative to an unknown, that counts as short, for a caller's result and for a search that rounding ends. At a
    // five-fold root rounding leaves an error of this size; a function that only tends to 0 has larger steps wherever it does not underflow.
    private const double ShortStep = 1e-3;

    // The largest Newton step, relative to max(1, |unknown|), that counts as short for a solution at 0.
    private const double ShortStepAtZero = 1e-7;

    // The largest residual that rounding explains: this multiple of the terms of Fᵢ (8 ulps), plus this multiple of the measured noise.
    private const double Units = 8 * 2.220446049250313e-16;
    private const double NoiseFactor = 8;

    // A residual of at most this size counts as 0 if the step is short: numbers not far below lose digits, as they become subnormal.
    private const double Smallest = 1e-300;

    // How far away, in Newton steps, the equations are evaluated to see whether they are linear, and the largest relative deviation from that.
    private const double Afar = 64;
    private const double Linearity = 0.25;

    // A curvature below this, relative to the largest one, may be a rounding error.
    private const double Flat = 1e-14;

    // With more unknowns than this only the residual of a caller's result is checked, since the Jacobian would cost more than the solver.
    private const int MostUnknowns = 1000;

    /// <summary>Whether conditions 1 and 2 hold at a point where a search makes no further progress.</summary>
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

    /// <summary>
    /// Checks conditions 1, 2 and 4 for the result of a caller's solver; null if they hold, otherwise a text that says which one does not.
    /// </summary>
    public static string? Fault(SearchPoint at, double tolerance)
    {
        if (!at.Residual.All(double.IsFinite))
        {
            return "the residual there is not finite";
        }

        var isWithin = SearchPoint.LargestMagnitude(at.Residual) <= tolerance;
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

    /// <summary>The text for a point at which the gradient is 0 but which is no minimum.</summary>
    public const string NotLowest = "the gradient is 0, but it is no minimum: the Hessian is not positive semidefinite there, or the objective is lower beside it";

    /// <summary>
    /// Condition 3: whether a point with a residual of exactly 0 is a solution, and not one where rounding hides a residual that only tends to
    /// 0.
    /// </summary>
    /// <param name="from">The previous point of the search.</param>
    /// <param name="at">The point with a residual of 0.</param>
    /// <param name="travelled">The change of each unknown since the start of the search.</param>
    public static bool IsReached(SearchPoint from, SearchPoint at, Vector travelled)
    {
        var step = at.Vector - from.Vector;
        if (at.IsChangedLittleBy(step, ShortStepAtZero, 1)
            || step.Zip(travelled.PointwiseAbs().PointwiseMaximum(at.Vector.PointwiseAbs()), (change, size) => Math.Abs(change) <= ShortStep * ShortStep * size).All(isShort => isShort))
        {
            return true;
        }

        // Bisection finds the edge of the region in which the residual is 0.
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

        // If the residual is 0 at a single point only, as the slope of |x| is by convention, no rounding is involved.
        return inside == 1 || edge.IsChangedLittleBy(edge.NewtonStep(), ShortStepAtZero, 1);
    }

    /// <summary>Condition 4. If curvatures are 0 to rounding, the objective is compared with its values at some distances along each unknown.</summary>
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
    /// The Hessian in units that make its diagonal ±1 or 0, and these units. For an unknown without curvature, the unit is chosen such that a
    /// Newton step down its slope, with a curvature of 1 in that unit, is as long as max(1, |unknown|).
    /// </summary>
    public static (Matrix<double> Scaled, Vector Units) Curvatures(SearchPoint at)
    {
        var units = at.Jacobian.Diagonal().MapIndexed((i, curvature) => 1 / Math.Sqrt(Math.Abs(
            curvature != 0 ? curvature : at.Residual[i] != 0 ? at.Residual[i] / Math.Max(1, Math.Abs(at.Vector[i])) : 1)));
        return (at.Jacobian.MapIndexed((i, j, curvature) => units[i] * curvature * units[j]), units);
    }

    private static bool HasNoNegativeCurvature(SearchPoint at, double flat)
    {
        // Without unknowns there are no curvatures, and MathNet maps no empty matrix.
        if (at.Vector.Count == 0)
        {
            return true;
        }

        var (scaled, _) = Curvatures(at);
        var largest = scaled.InfinityNorm();
        return (largest == 0 && flat > 0) || DampedCholesky.Of(scaled, flat * largest) is not null;
    }

    private static string Unsolved(double tolerance) => $"the solver's result does not solve the equations to within the tolerance of {tolerance:G3}";

    /// <summary>
    /// Whether the Jacobian can be computed: a caller's solver may solve equations that have no derivative, or too many for a matrix.
    /// </summary>
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

    /// <summary>The rounding noise of each equation, measured at points that differ from x by tiny relative changes.</summary>
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
