// Where a difference quotient goes as its step goes to 0, with an estimate of the error: Richardson extrapolation with
// Ridders' choice among everything it computes on the way.
// C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4 (1982) 75–76.

namespace Autodiff.Functional.Verification;

/// <summary>A derivative found numerically.</summary>
/// <param name="Value">The number.</param>
/// <param name="Error">How far it may be from the truth.</param>
/// <param name="Scale">How large it could have been at this step, had the function's values not cancelled.</param>
/// <param name="Noise">What rounding in the function may have done to it at this step, a part of the error.</param>
internal readonly record struct Estimate(double Value, double Error, double Scale, double Noise)
{
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
/// Quotients at steps far too coarse for the function can agree by accident. So the values around the point are
/// extrapolated beside the quotients: their limit is known, and an entry whose values miss it counts only if none hits it.
/// </remarks>
/// <param name="ratio">By how much the leading error term falls from one step to the next.</param>
internal sealed class RiddersTableau(double ratio)
{
    private readonly List<(double Value, double Residual)> _row = [];

    /// <summary>The entry of the least error so far, among those that resolve the function if there are any.</summary>
    public Estimate Best { get; private set; } = Estimate.None;

    /// <summary>Whether the best entry resolves the function: the values about the point lead to the value at it.</summary>
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

    /// <summary>The combination of two entries in which an error term that falls by the weight from one to the other cancels.</summary>
    private static double Eliminate(double fine, double coarse, double weight) => fine + ((fine - coarse) / (weight - 1));
}
