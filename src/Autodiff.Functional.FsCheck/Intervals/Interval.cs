// Intervals of real numbers: sets, arithmetic with outward rounding, comparisons.

using System.Globalization;

namespace Autodiff.Functional;

/// <summary>
/// The set of all real numbers from <see cref="Low"/> to <see cref="High"/>. Every operation and function gives an interval that contains the exact results for
/// all numbers in its operands: bounds are rounded outwards. Numbers outside of a function's domain are left out.
/// </summary>
/// <remarks>
/// <para>
/// As the number type of <see cref="Expr.Evaluate{T}(ReadOnlySpan{ValueTuple{Expr, T}})"/> an interval bounds an expression, or a derivative, over a box. The constants of an expression
/// are the doubles that they are.
/// </para>
/// <para>
/// The functions of .NET's Math are taken to be accurate to 2 units in the last place, those of this library to 16, which is more than the errors measured.
/// </para>
/// </remarks>
/// <example><code>
/// var x = Expr.Variable("x");
/// var slope = AD.Grad(v => Expr.Exp(v) * Expr.Sin(v))(x);
/// Interval all = slope.Evaluate((x, Interval.Of(0, 1))); // contains the derivative at every point between 0 and 1
/// </code></example>
public readonly partial struct Interval : IEquatable<Interval>
{
    private Interval(double low, double high) => (Low, High) = (low, high);

    /// <summary>The smallest number; −∞ if there is none; NaN if the interval is empty.</summary>
    public double Low { get; }

    /// <summary>The largest number; ∞ if there is none; NaN if the interval is empty.</summary>
    public double High { get; }

    /// <summary>The interval without numbers.</summary>
    public static Interval Empty { get; } = new(double.NaN, double.NaN);

    /// <summary>All real numbers.</summary>
    public static Interval Entire { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The number 0.</summary>
    public static Interval Zero => default;

    /// <summary>The number 1.</summary>
    public static Interval One => new(1, 1);

    /// <summary>Whether there are no numbers in it.</summary>
    public bool IsEmpty => double.IsNaN(Low);

    /// <summary>Whether it is a single number.</summary>
    public bool IsPoint => Low == High;

    /// <summary>An upper bound of the distance between its ends; 0 if it is empty.</summary>
    public double Width => IsEmpty ? 0 : (this - Low).High;

    /// <summary>A number inside, near the middle; NaN if it is empty.</summary>
    public double Midpoint => IsEmpty ? double.NaN
        : double.IsInfinity(Low) ? double.IsInfinity(High) ? 0 : double.MinValue is var least && High <= least ? least : Math.Min(High, Math.Max(least, High < 0 ? 2 * High : -1))
        : double.IsInfinity(High) ? Math.Max(Low, Math.Min(double.MaxValue, Low > 0 ? 2 * Low : 1))
        : Math.Clamp((Low / 2) + (High / 2), Low, High);

    /// <summary>The numbers between two bounds.</summary>
    /// <param name="low">The smallest number, or −∞.</param>
    /// <param name="high">The largest number, or ∞.</param>
    /// <exception cref="AutodiffException">low is above high, or a bound is NaN or the infinity of the other side.</exception>
    public static Interval Of(double low, double high) => low <= high && low < double.PositiveInfinity && high > double.NegativeInfinity
        ? new(low, high)
        : throw new AutodiffException($"Interval.Of: {Text(low)} and {Text(high)} are not bounds of an interval; the first is at most the second, neither is NaN, and Interval.Empty has no numbers.");

    /// <summary>A single number; all numbers beyond the largest double for an infinity; the empty interval for NaN.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Interval(double value) =>
        double.IsPositiveInfinity(value) ? new(double.MaxValue, value) : double.IsNegativeInfinity(value) ? new(value, double.MinValue) : new(value, value);

    /// <summary>Whether a number is inside.</summary>
    /// <param name="value">The number.</param>
    public bool Contains(double value) => Low <= value && value <= High;

    /// <summary>Whether all numbers of another interval are inside.</summary>
    /// <param name="other">The other interval.</param>
    public bool Contains(Interval other) => other.IsEmpty || (Low <= other.Low && other.High <= High);

    /// <summary>The numbers that are in both intervals.</summary>
    /// <param name="other">The other interval.</param>
    public Interval Intersect(Interval other) =>
        Math.Max(Low, other.Low) is var low && Math.Min(High, other.High) is var high && low <= high ? new(low, high) : Empty;

    /// <summary>The smallest interval that contains both.</summary>
    /// <param name="other">The other interval.</param>
    public Interval Hull(Interval other) => IsEmpty ? other : other.IsEmpty ? this : new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>The part below the midpoint and the part above it, which share it.</summary>
    public (Interval Lower, Interval Upper) Bisect() => Midpoint is var middle && IsEmpty ? (this, this) : (new(Low, middle), new(middle, High));

    /// <summary>Whether every number of this interval is less than every number of the other.</summary>
    /// <param name="other">The other interval.</param>
    public bool CertainlyLess(Interval other) => High < other.Low;

    /// <summary>Whether some number of this interval is less than some number of the other.</summary>
    /// <param name="other">The other interval.</param>
    public bool PossiblyLess(Interval other) => Low < other.High;

    /// <summary>Whether every number of this interval is at most every number of the other.</summary>
    /// <param name="other">The other interval.</param>
    public bool CertainlyAtMost(Interval other) => High <= other.Low;

    /// <summary>Whether some number of this interval is at most some number of the other.</summary>
    /// <param name="other">The other interval.</param>
    public bool PossiblyAtMost(Interval other) => Low <= other.High;

    /// <summary>Whether the bounds are the same.</summary>
    /// <param name="other">The other interval.</param>
    public bool Equals(Interval other) => Low.Equals(other.Low) && High.Equals(other.High);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Interval other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Low, High);

    /// <summary>The bounds in brackets, with as many digits as tell them apart from other doubles.</summary>
    public override string ToString() => IsEmpty ? "[]" : $"[{Text(Low)}, {Text(High)}]";

    /// <summary>Whether the bounds are the same.</summary>
    /// <param name="left">An interval.</param>
    /// <param name="right">An interval.</param>
    public static bool operator ==(Interval left, Interval right) => left.Equals(right);

    /// <summary>Whether a bound differs.</summary>
    /// <param name="left">An interval.</param>
    /// <param name="right">An interval.</param>
    public static bool operator !=(Interval left, Interval right) => !left.Equals(right);

    /// <summary>The interval itself.</summary>
    /// <param name="value">The interval.</param>
    public static Interval operator +(Interval value) => value;

    /// <summary>The negated numbers.</summary>
    /// <param name="value">The interval.</param>
    public static Interval operator -(Interval value) => new(-value.High, -value.Low);

    /// <summary>The numbers plus 1.</summary>
    /// <param name="value">The interval.</param>
    public static Interval operator ++(Interval value) => value + One;

    /// <summary>The numbers minus 1.</summary>
    /// <param name="value">The interval.</param>
    public static Interval operator --(Interval value) => value - One;

    /// <summary>All sums.</summary>
    /// <param name="left">An interval.</param>
    /// <param name="right">An interval.</param>
    public static Interval operator +(Interval left, Interval right) => left.IsEmpty || right.IsEmpty ? Empty
        : new(Down(left.Low + right.Low, SumError(left.Low, right.Low)), Up(left.High + right.High, SumError(left.High, right.High)));

    /// <summary>All differences.</summary>
    /// <param name="left">An interval.</param>
    /// <param name="right">An interval.</param>
    public static Interval operator -(Interval left, Interval right) => left + -right;

    /// <summary>All products.</summary>
    /// <param name="left">An interval.</param>
    /// <param name="right">An interval.</param>
    public static Interval operator *(Interval left, Interval right)
    {
        if (left.IsEmpty || right.IsEmpty)
        {
            return Empty;
        }

        var (a, b, c, d) = (Product(left.Low, right.Low), Product(left.Low, right.High), Product(left.High, right.Low), Product(left.High, right.High));
        return a.Hull(b).Hull(c.Hull(d));
    }

    /// <summary>
    /// All quotients with divisors other than 0. A divisor that contains 0 at its end gives a half line, one that contains it inside all numbers, and 0 alone the
    /// empty interval.
    /// </summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    public static Interval operator /(Interval left, Interval right)
    {
        if (left.IsEmpty || right.IsEmpty || (right.Low == 0 && right.High == 0))
        {
            return Empty;
        }

        if (left.Low == 0 && left.High == 0)
        {
            return left;
        }

        if (right.Low < 0 && right.High > 0)
        {
            return Entire;
        }

        if (right.High <= 0)
        {
            return -left / -right;
        }

        // The divisor is positive, or 0 at its lower end, where quotients are unbounded.
        var low = left.Low >= 0 ? Quotient(left.Low, right.High) : Quotient(left.Low, right.Low);
        var high = left.High <= 0 ? Quotient(left.High, right.High) : Quotient(left.High, right.Low);
        return new(low.Low, high.High);
    }

    // A rounded result and the sign of what rounding took away from it. Where this is not known, the bound moves by one unit.
    private static double Down(double rounded, double error) => error >= 0 ? rounded : double.IsNaN(rounded) ? double.NegativeInfinity : Math.BitDecrement(rounded);

    private static double Up(double rounded, double error) => error <= 0 ? rounded : double.IsNaN(rounded) ? double.PositiveInfinity : Math.BitIncrement(rounded);

    /// <summary>a + b minus its rounded value, exactly; NaN on overflow.</summary>
    private static double SumError(double a, double b)
    {
        var sum = a + b;
        var added = sum - a;
        return double.IsFinite(sum) ? (a - (sum - added)) + (b - added) : double.NaN;
    }

    /// <summary>The product of two bounds; 0 times an infinite bound is 0, since the bound itself is no member.</summary>
    private static Interval Product(double a, double b)
    {
        if (a == 0 || b == 0)
        {
            return default;
        }

        var product = a * b;

        // The error of a product that is not tiny is a double.
        var error = double.IsFinite(product) && Math.Abs(product) > 1e-290 ? Math.FusedMultiplyAdd(a, b, -product) : double.NaN;
        return double.IsInfinity(a) || double.IsInfinity(b) ? new(product, product) : new(Down(product, error), Up(product, error));
    }

    /// <summary>The quotient of two bounds, of which the divisor is positive or 0; an infinite divisor gives the limit 0.</summary>
    private static Interval Quotient(double a, double b)
    {
        if (a == 0 || (double.IsInfinity(b) && !double.IsInfinity(a)))
        {
            return default;
        }

        if (b == 0 || double.IsInfinity(a))
        {
            return double.IsInfinity(b) ? a > 0 ? new(0, a) : new(a, 0) : new(a * double.PositiveInfinity, a * double.PositiveInfinity);
        }

        var quotient = a / b;
        var error = double.IsFinite(quotient) && Math.Abs(quotient) > 1e-290 && Math.Abs(a) > 1e-290 ? Math.FusedMultiplyAdd(-quotient, b, a) : double.NaN;
        return new(Down(quotient, error), Up(quotient, error));
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
