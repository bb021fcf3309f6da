// Exact fractions, for the weights of directions.

using System.Numerics;

namespace Autodiff.Functional;

/// <summary>A fraction in lowest terms, with a positive denominator.</summary>
internal readonly record struct Rational
{
    private Rational(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (Numerator, Denominator) = (numerator / divisor, denominator / divisor);
    }

    public BigInteger Numerator { get; }

    public BigInteger Denominator { get; }

    public static implicit operator Rational(int value) => new(value, 1);

    public static Rational operator +(Rational a, Rational b) => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + (-1 * b);

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static explicit operator double(Rational value) => (double)value.Numerator / (double)value.Denominator;

    public static Rational Power(Rational x, int n) => new(BigInteger.Pow(x.Numerator, n), BigInteger.Pow(x.Denominator, n));

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
}
