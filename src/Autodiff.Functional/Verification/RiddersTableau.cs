// The limit of a difference quotient as its step goes to 0, with an estimate of the error: Richardson extrapolation with
// Ridders' choice of the best entry among all that it computes.
// C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4 (1982) 75–76.

namespace Autodiff.Functional.Verification;

/// <summary>A derivative that was computed numerically.</summary>
/// <param name="Value">The derivative.</param>
/// <param name="Error">An estimate of its error.</param>
/// <param name="Scale">Its size at this step if the function's values had not cancelled.</param>
/// <param name="Noise">The error that rounding in the function may have caused at this step, a part of <paramref name="Error"/>.</param>
internal readonly record struct Estimate(double Value, double Error, double Scale, double Noise)
{
    // The part of the scale that the error excuses at most: differences that do not converge excuse nothing.
    private const double MostExcused = 0.01;

    /// <summary>How far a right derivative may be from the estimate: 10 times its error, but not more than a part of its scale and 10 times the noise.</summary>
    public double Excused => Math.Min(10 * Error, (MostExcused * Scale) + (10 * Noise));

    public static Estimate None => new(double.NaN, double.PositiveInfinity, 0, 0);

    public static Estimate operator -(Estimate a, Estimate b) =>
        new(a.Value - b.Value, a.Error + b.Error, a.Scale + b.Scale, a.Noise + b.Noise);

    public static Estimate operator /(Estimate a, double b) =>
        new(a.Value / b, a.Error / Math.Abs(b), a.Scale / Math.Abs(b), a.Noise / Math.Abs(b));
}

/// <summary>
/// The difference quotients of one element at steps that shrink by a constant ratio, and their extrapolations. Row i,
/// column j combines the quotients at steps i − j to i so that the first j terms of the error series cancel.
/// </summary>
/// <remarks>
/// Quotients at steps far too coarse for the function can agree by accident. Therefore the values around the point are
/// extrapolated too: their limit, the value at the point, is known. An entry whose values miss it counts only if no entry's values reach it.
/// </remarks>
/// <param name="ratio">The ratio of the leading error term at one step to that at the next.</param>
internal sealed class RiddersTableau(double ratio)
{
    private readonly List<(double Value, double Residual)> _row = [];

    /// <summary>The entry of the least error so far, among those that resolve the function if there are any.</summary>
    public Estimate Best { get; private set; } = Estimate.None;

    /// <summary>Whether the best entry resolves the function: the values around the point extrapolate to the value at it.</summary>
    public bool IsResolved { get; private set; }

    /// <summary>Adds the row of the next step.</summary>
    public void Add(Quotient quotient)
    {
        if (!double.IsFinite(quotient.Value) || !double.IsFinite(quotient.Residual))
        {
            _row.Clear();
            return;
        }

        var (entry, weight) = ((quotient.Value, quotient.Residual), 1.0);
        for (var column = 0; column < _row.Count; column++)
        {
            weight *= ratio;
            var (left, diagonal) = (entry, _row[column]);
            _row[column] = left;
            entry = (Eliminate(left.Value, diagonal.Value, weight), Eliminate(left.Residual, diagonal.Residual, weight));
            var error = Math.Max(Math.Abs(entry.Value - left.Value), Math.Abs(entry.Value - diagonal.Value)) + quotient.Noise;
            var resolved = Math.Abs(entry.Residual) <= quotient.Tolerance;
            if (resolved == IsResolved ? error < Best.Error : resolved)
            {
                (Best, IsResolved) = (new(entry.Value, error, quotient.Scale, quotient.Noise), resolved);
            }
        }

        _row.Add(entry);
    }

    /// <summary>The combination of two entries in which an error term cancels whose ratio from one entry to the other is the weight.</summary>
    private static double Eliminate(double fine, double coarse, double weight) => fine + ((fine - coarse) / (weight - 1));
}
