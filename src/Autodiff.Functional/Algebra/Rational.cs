// Exact rational numbers: the coefficients and exponents of formulas that are simplified.

using System.Numerics;

namespace Autodiff.Functional.Algebra;

/// <summary>p/q in lowest terms with q > 0; the default is 0.</summary>
internal readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    // Larger numerators and denominators are rounded to a double, so that the cost of a number stays bounded. All doubles fit.
    private const int MostBits = 2200;

    // A double beyond this exponent is 0 or a multiple of a large power of 2.
    private const int Mantissa = 52;

    // The exponents of doubles end here.
    private const int LeastExponent = -1074;

    // The bits of a quotient that is rounded to a double.
    private const int QuotientBits = 62;

    // The largest denominator and numerator of what counts as a simple fraction.
    private const int LargestDenominator = 1000;
    private const int LargestNumerator = 1_000_000;

    // The numerator, and the denominator less 1, if both are small; otherwise both are in the third.
    private readonly int _numerator;
    private readonly int _rest;
    private readonly Large? _large;

    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.Sign < 0)
        {
            (numerator, denominator) = (-numerator, -denominator);
        }

        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        if (!divisor.IsOne)
        {
            (numerator, denominator) = (numerator / divisor, denominator / divisor);
        }

        if (IsSmall(numerator) && IsSmall(denominator))
        {
            (_numerator, _rest) = ((int)numerator, (int)denominator - 1);
        }
        else
        {
            _large = new(numerator, denominator);
        }
    }

    /// <summary>A fraction with a positive denominator.</summary>
    private Rational(long numerator, long denominator)
    {
        if (denominator != 1)
        {
            var divisor = GreatestCommonDivisor(Math.Abs(numerator), denominator);
            (numerator, denominator) = (numerator / divisor, denominator / divisor);
        }

        if (Math.Abs(numerator) <= int.MaxValue && denominator <= int.MaxValue)
        {
            (_numerator, _rest) = ((int)numerator, (int)denominator - 1);
        }
        else
        {
            _large = new(numerator, denominator);
        }
    }

    public static Rational Zero => default;

    public static Rational One { get; } = 1;

    public BigInteger Numerator => _large?.Numerator ?? _numerator;

    public BigInteger Denominator => _large?.Denominator ?? Below;

    public int Sign => _large?.Numerator.Sign ?? Math.Sign(_numerator);

    public bool IsZero => _numerator == 0 && _large is null;

    public bool IsOne => _numerator == 1 && _rest == 0;

    public bool IsInteger => _large?.Denominator.IsOne ?? _rest == 0;

    // The denominator, if it is small.
    private long Below => _rest + 1L;

    /// <summary>Whether it is a fraction that a person would write.</summary>
    public bool IsSimple => Denominator <= LargestDenominator && BigInteger.Abs(Numerator) <= LargestNumerator;

    /// <summary>Whether it is a multiple of 2.</summary>
    public bool IsEven => IsInteger && (_large?.Numerator.IsEven ?? int.IsEvenInteger(_numerator));

    /// <summary>The nearest double.</summary>
    public double Value
    {
        get
        {
            if (_large is null)
            {
                return (double)_numerator / Below;
            }

            // A quotient of 61 or 62 bits and one more that is set if the division has a rest; the conversion of an unsigned number rounds correctly.
            var shift = QuotientBits - (int)(Numerator.GetBitLength() - Denominator.GetBitLength());
            var (above, below) = shift >= 0 ? (BigInteger.Abs(Numerator) << shift, Denominator) : (BigInteger.Abs(Numerator), Denominator << -shift);
            var quotient = (ulong)BigInteger.DivRem(above, below, out var rest);
            return Sign * Math.ScaleB((double)((quotient << 1) | (rest.IsZero ? 0UL : 1)), -shift - 1);
        }
    }

    /// <summary>The exact value of a double; null for NaN and infinities.</summary>
    public static Rational? Of(double value)
    {
        if (!double.IsFinite(value))
        {
            return null;
        }

        if (value == 0)
        {
            return Zero;
        }

        var exponent = Math.Max(Math.ILogB(value) - Mantissa, LeastExponent);
        var mantissa = new BigInteger(Math.ScaleB(value, -exponent));
        return exponent >= 0 ? new(mantissa << exponent, 1) : new(mantissa, BigInteger.One << -exponent);
    }

    /// <summary>The fraction with a denominator of at most 1000 whose nearest double this is, such as 1/3; otherwise its exact value. Null for NaN and infinities.</summary>
    public static Rational? OfFraction(double value)
    {
        // The convergents of the continued fraction.
        if (double.IsFinite(value) && Math.Abs(value) is > 1e-6 and < 1e6)
        {
            var (x, p, before, q, beforeQ) = (Math.Abs(value), 1L, 0L, 0L, 1L);
            while (true)
            {
                var whole = (long)Math.Floor(x);
                (p, before, q, beforeQ) = ((whole * p) + before, p, (whole * q) + beforeQ, q);
                if (q > LargestDenominator)
                {
                    break;
                }

                if ((double)p / q == Math.Abs(value))
                {
                    return new Rational(value < 0 ? -p : p, q);
                }

                x = 1 / (x - whole);
                if (!(x < 1e9))
                {
                    break;
                }
            }
        }

        return Of(value);
    }

    public static implicit operator Rational(int value) => new(value, 1L);

    public static explicit operator double(Rational value) => value.Value;

    // Sums of products of 32 bits fit into 64.
    public static Rational operator +(Rational a, Rational b) => a._large is null && b._large is null
        ? new((a._numerator * b.Below) + (b._numerator * a.Below), a.Below * b.Below)
        : Bounded((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a) => a._large is null ? new(-(long)a._numerator, a.Below) : new(-a.Numerator, a.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator *(Rational a, Rational b) => a._large is null && b._large is null
        ? new((long)a._numerator * b._numerator, a.Below * b.Below)
        : Bounded(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => a * b.Inverse();

    /// <summary>The reciprocal of a number other than 0.</summary>
    public Rational Inverse() => new(Denominator, Numerator);

    /// <summary>A whole power; of a number other than 0 if the exponent is negative.</summary>
    public Rational Power(int exponent) => exponent < 0 ? Inverse().Power(-exponent) : Bounded(BigInteger.Pow(Numerator, exponent), BigInteger.Pow(Denominator, exponent));

    /// <summary>x (x − 1) ⋯ (x − k + 1)/k!, also for an x that is no whole number.</summary>
    public static Rational Binomial(Rational x, int k)
    {
        Rational product = 1;
        for (var i = 0; i < k; i++)
        {
            product = product * (x - i) / (i + 1);
        }

        return product;
    }

    /// <summary>The largest number of which both are whole multiples.</summary>
    public static Rational GreatestCommonDivisor(Rational a, Rational b) => new(
        BigInteger.GreatestCommonDivisor(a.Numerator * b.Denominator, b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public bool Equals(Rational other) => _numerator == other._numerator && _rest == other._rest && Equals(_large, other._large);

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_numerator, _rest, _large);

    public int CompareTo(Rational other) => _large is null && other._large is null
        ? (_numerator * other.Below).CompareTo(other._numerator * Below)
        : (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    private static bool IsSmall(BigInteger x) => x >= -int.MaxValue && x <= int.MaxValue;

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }

    private static Rational Bounded(BigInteger numerator, BigInteger denominator)
    {
        var exact = new Rational(numerator, denominator);
        return exact.Numerator.GetBitLength() <= MostBits && exact.Denominator.GetBitLength() <= MostBits ? exact : Of(exact.Value) ?? exact;
    }

    private sealed record Large(BigInteger Numerator, BigInteger Denominator);
}
