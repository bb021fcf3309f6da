// Where a difference quotient goes as its step goes to 0, with an estimate of the error: Richardson extrapolation with
// Ridders' choice among everything it computes on the way.
// C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4 (1982) 75–76.

namespace Autodiff.Functional.Verification;

/// <summary>A number found numerically, and how far it may be from the truth.</summary>
internal readonly record struct Estimate(double Value, double Error)
{
    public static Estimate None => new(double.NaN, double.PositiveInfinity);

    public static Estimate operator -(Estimate a, Estimate b) => new(a.Value - b.Value, a.Error + b.Error);

    public static Estimate operator /(Estimate a, double b) => new(a.Value / b, a.Error / Math.Abs(b));
}

/// <summary>
/// The quotients of one element at steps that halve, and their extrapolations. Row i, column j combines the quotients at
/// steps i − j to i so that the first j terms of the error series cancel.
/// </summary>
/// <param name="ratio">By how much the leading error term falls when the step halves: 4 for a series in h², 2 for one in h.</param>
internal sealed class RiddersTableau(double ratio)
{
    private readonly List<(double Step, double Quotient, double Residual)> _row = [];

    /// <summary>The entry of the least error seen so far.</summary>
    public Estimate Best { get; private set; } = Estimate.None;

    /// <summary>Adds a row.</summary>
    /// <param name="step">The step, half of that of the row before.</param>
    /// <param name="quotient">The difference quotient at this step.</param>
    /// <param name="residual">
    /// A quantity that the same extrapolation must take to 0, in units of the quotient times <paramref name="unit"/>: it tells a
    /// step so coarse that quotients agree by accident.
    /// </param>
    /// <param name="unit">The power of the step that the quotient was divided by.</param>
    /// <param name="noise">What rounding may have done to the quotient.</param>
    public void Add(double step, double quotient, double residual, int unit, double noise)
    {
        if (!double.IsFinite(quotient))
        {
            _row.Clear();
            return;
        }

        var (above, weight) = ((Step: step, Quotient: quotient, Residual: residual), 1.0);
        for (var column = 0; column < _row.Count; column++)
        {
            weight *= ratio;
            var diagonal = _row[column];
            _row[column] = above;
            var entry = (
                diagonal.Step,
                Quotient: above.Quotient + ((above.Quotient - diagonal.Quotient) / (weight - 1)),
                Residual: above.Residual + ((above.Residual - diagonal.Residual) / (weight - 1)));
            var error = Math.Max(Math.Abs(entry.Quotient - above.Quotient), Math.Abs(entry.Quotient - diagonal.Quotient))
                + Math.Abs(entry.Residual / Math.Pow(entry.Step, unit)) + noise;
            if (error < Best.Error)
            {
                Best = new(entry.Quotient, error);
            }

            above = entry;
        }

        _row.Add(above);
    }
}
