// What the coefficients of a power series say about it: how far it converges, how much is left out after the last coefficient, and how many
// digits its sum has.

using LanguageExt;
using MathNet.Numerics.LinearAlgebra;

namespace Autodiff.Functional;

/// <summary>
/// Estimates from the coefficients of a power series, as <see cref="AD.Taylor(Func{Expr, Expr}, int)"/> and
/// <see cref="AD.TaylorOde(Func{Expr, Expr}, Expr, int)"/> give them. The coefficients need values; of coefficients that are tensors, each element is
/// a series, and the least favourable one counts.
/// </summary>
public static class Convergence
{
    // How many of the last equations between coefficients are used at most, and how many of these only judge what is fitted to the others.
    private const int MostEquations = 12;
    private const int HeldOut = 2;
    private const int FewestCoefficients = 8;

    // Singular values below this part of the largest one are rounding errors: the series is then one of fewer singularities, for which a shorter
    // recurrence is enough.
    private const double RankTolerance = 1e-11;

    // A singularity farther away than this many times the scale of the last coefficients is none: the series is that of an entire function.
    private const double Entire = 1e6;

    /// <summary>
    /// The radius of convergence: the distance from the point of expansion to the nearest singularity, real or complex; ∞ for a polynomial and for a
    /// series whose coefficients fall ever faster.
    /// </summary>
    /// <remarks>
    /// Coefficients of (1 − t/a)ᵖ (1 − t/ā)ᑫ, which the last coefficients of a series resemble, obey
    /// k cₖ = (αk + α′) cₖ₋₁ + (βk + β′) cₖ₋₂, and 1/a and 1/ā are the roots of z² = αz + β (Y. F. Chang and G. Corliss, Solving ordinary differential
    /// equations using Taylor series, ACM Trans. Math. Softw. 8, 1982). The recurrence is fitted to the last coefficients.
    /// <code>
    /// Convergence.Radius(Taylor(x => 1 / (1 + (x * x)), 20)(0.5))   // |0.5 ± i| = 1.118…
    /// </code>
    /// </remarks>
    /// <param name="coefficients">The coefficients, order 0 first; at least 8.</param>
    /// <exception cref="AutodiffException">There are fewer coefficients, or one that is not finite.</exception>
    /// <exception cref="NotConcreteException">A coefficient has no value.</exception>
    public static double Radius(Seq<Expr> coefficients) => Elements("Radius", coefficients, FewestCoefficients).Min(RadiusOf);

    /// <summary>
    /// How large the terms behind the last coefficient are together at t, if the series goes on as it does at its end: |cₙtⁿ|·q/(1 − q), where q is the
    /// larger of |t|/<see cref="Radius"/> and the factor from one of the last terms to the next; ∞ if q is 1 or more.
    /// </summary>
    /// <param name="coefficients">The coefficients, order 0 first; at least 8.</param>
    /// <param name="t">The distance from the point of expansion.</param>
    /// <exception cref="AutodiffException">There are fewer coefficients, or one that is not finite.</exception>
    /// <exception cref="NotConcreteException">A coefficient has no value.</exception>
    public static double Remainder(Seq<Expr> coefficients, double t) => Elements("Remainder", coefficients, FewestCoefficients).Max(c =>
    {
        // Of a function that is even or odd about the point, every other coefficient is 0.
        var last = Enumerable.Range(c.Length - 2, 2).Max(k => Math.Abs(c[k]) * Math.Pow(Math.Abs(t), k));
        var ratio = Math.Abs(t) * Math.Max(1 / RadiusOf(c), Steepness(c));
        return last == 0 ? 0 : ratio < 1 ? last * ratio / (1 - ratio) : double.PositiveInfinity;
    });

    /// <summary>
    /// How many decimal digits the sum Σ cₖtᵏ loses to cancellation: log₁₀ (Σ |cₖtᵏ| / |Σ cₖtᵏ|). So e⁻¹⁰ as the sum of its series about 0 loses 9 of the
    /// 16 digits that a double has.
    /// </summary>
    /// <param name="coefficients">The coefficients, order 0 first; at least one.</param>
    /// <param name="t">The distance from the point of expansion.</param>
    /// <exception cref="AutodiffException">There is no coefficient, or one that is not finite.</exception>
    /// <exception cref="NotConcreteException">A coefficient has no value.</exception>
    public static double DigitsLost(Seq<Expr> coefficients, double t) => Elements("DigitsLost", coefficients, 1).Max(c =>
    {
        var (sum, size, power) = (0.0, 0.0, 1.0);
        foreach (var coefficient in c)
        {
            (sum, size, power) = (sum + (coefficient * power), size + Math.Abs(coefficient * power), power * t);
        }

        return size == 0 ? 0 : Math.Log10(size / Math.Abs(sum));
    });

    private static double RadiusOf(double[] c)
    {
        if (Array.FindLastIndex(c, coefficient => coefficient != 0) < c.Length - 3)
        {
            return double.PositiveInfinity;
        }

        // In the unit of t in which the last coefficients are of one size, the equations are well scaled.
        var unit = 1 / Steepness(c);
        var scaled = c.Select((coefficient, k) => coefficient * Math.Pow(unit, k)).ToArray();

        // The recurrence of one singularity has two coefficients, that of a pair four. Four fit any series better, but where one singularity is much
        // nearer than all others they fit rounding errors; so the better one is that which predicts equations that it was not fitted to.
        var (one, pair) = (Fitted(scaled, 2), Fitted(scaled, 4));
        var (alpha, beta) = one.Error <= pair.Error ? (one.Recurrence[0], 0) : (pair.Recurrence[0], pair.Recurrence[2]);
        var discriminant = (alpha * alpha / 4) + beta;
        if (discriminant < 0)
        {
            return unit / Math.Sqrt(-beta);
        }

        // Of two real roots one may belong to a solution of the recurrence that is no part of the series, which grows by about 1 per order.
        var (larger, smaller) = ((Math.Abs(alpha) / 2) + Math.Sqrt(discriminant), Math.Abs((Math.Abs(alpha) / 2) - Math.Sqrt(discriminant)));
        var growth = smaller > 0 && Math.Abs(Math.Log(smaller)) < Math.Abs(Math.Log(larger)) ? smaller : larger;
        return growth * Entire < 1 ? double.PositiveInfinity : unit / growth;
    }

    /// <summary>
    /// The recurrence with a number of unknowns that the last coefficients obey best, and how much it misses coefficients before those.
    /// </summary>
    private static (Vector<double> Recurrence, double Error) Fitted(double[] c, int unknowns)
    {
        var count = Math.Min(MostEquations, c.Length - 2) - HeldOut;
        var equations = Matrix<double>.Build.Dense(count + HeldOut, unknowns, (row, column) =>
        {
            var k = c.Length - 1 - row;
            return c[k - 1 - (column / 2)] / (column % 2 == 0 ? 1 : k);
        });
        var sides = Vector<double>.Build.Dense(count + HeldOut, row => c[c.Length - 1 - row]);
        var svd = equations.SubMatrix(0, count, 0, unknowns).Svd();
        var projected = svd.U.TransposeThisAndMultiply(sides.SubVector(0, count));
        var recurrence = Vector<double>.Build.Dense(unknowns);
        for (var i = 0; i < Math.Min(unknowns, count) && svd.S[i] > RankTolerance * svd.S[0]; i++)
        {
            recurrence += svd.VT.Row(i) * (projected[i] / svd.S[i]);
        }

        return (recurrence, ((equations * recurrence) - sides).SubVector(count, HeldOut).L2Norm());
    }

    /// <summary>
    /// The factor from one of the last coefficients to the next, on average: from the largest of three in the middle to the largest of the last three,
    /// since single ones may be 0.
    /// </summary>
    private static double Steepness(double[] c)
    {
        int Largest(int first) => Enumerable.Range(first, 3).MaxBy(k => Math.Abs(c[k]));
        var (middle, last) = (Largest((c.Length / 2) - 2), Largest(c.Length - 3));
        return c[middle] == 0 || c[last] == 0 ? 1 : Math.Pow(Math.Abs(c[last] / c[middle]), 1.0 / (last - middle));
    }

    private static IEnumerable<double[]> Elements(string operation, Seq<Expr> coefficients, int fewest)
    {
        var values = coefficients.Select(coefficient => coefficient.ToArray()).ToArray();
        if (values.Length < fewest)
        {
            throw new AutodiffException($"Convergence.{operation}: there are {values.Length} coefficients; the estimate needs {fewest} or more.");
        }

        if (values.Any(elements => elements.Any(element => !double.IsFinite(element))))
        {
            throw new AutodiffException($"Convergence.{operation}: a coefficient is not finite, so the function has no power series at this point.");
        }

        return Enumerable.Range(0, values[0].Length).Select(element => values.Select(elements => elements[element]).ToArray());
    }
}
