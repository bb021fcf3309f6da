// Powers of two as units: multiplying a number by one is exact, as long as the result is a normal double.

namespace Autodiff.Functional.Numerics;

internal static class PowersOfTwo
{
    /// <summary>Stands for the exponent of 0: much lower than any other exponent, also after exponents of other numbers are added to it.</summary>
    public const int OfZero = -(1 << 26);

    // Numbers with exponents up to this absolute value need no unit: sums of products of a few of them neither overflow nor underflow.
    private const int Safe = 300;

    /// <summary>e with 2ᵉ ≤ |x| &lt; 2ᵉ⁺¹. Infinities and NaN, which have no exponent, count as 0, so that they need no unit.</summary>
    public static int Exponent(double x)
    {
        var biased = (int)(BitConverter.DoubleToInt64Bits(x) >> 52) & 0x7FF;
        return biased is not (0 or 0x7FF) ? biased - 1023 : x == 0 || biased != 0 ? OfZero : Math.ILogB(x);
    }

    /// <summary>The exponent of the largest element.</summary>
    public static int Largest(ReadOnlySpan<double> x) => Exponent(RowOperations.Largest(x));

    /// <summary>The exponents of the smallest and the largest element that is not 0; both are 0 if there is none.</summary>
    public static (int Smallest, int Largest) Range(ReadOnlySpan<double> x)
    {
        var (smallest, largest) = (int.MaxValue, OfZero);
        foreach (var element in x)
        {
            var exponent = Exponent(element);
            largest = Math.Max(largest, exponent);
            smallest = exponent == OfZero ? smallest : Math.Min(smallest, exponent);
        }

        return largest == OfZero ? (0, 0) : (smallest, largest);
    }

    /// <summary>
    /// The exponent of a unit for numbers whose largest exponent is given; 0 if it is within ±300, so that such numbers are not scaled.
    /// </summary>
    public static int Unit(int largest) => largest is OfZero or (>= -Safe and <= Safe) ? 0 : largest;

    /// <summary>The same for numbers whose smallest and largest exponent are given.</summary>
    public static int Unit((int Smallest, int Largest) range) => range is { Smallest: >= -Safe, Largest: <= Safe } ? 0 : range.Largest;

    /// <summary>x ← 2ᵉ x.</summary>
    public static void Scale(Span<double> x, int exponent)
    {
        for (var i = 0; exponent != 0 && i < x.Length; i++)
        {
            x[i] = Math.ScaleB(x[i], exponent);
        }
    }
}

/// <summary>A number s·2ᵉ with a 64-bit exponent, so that products of many numbers neither overflow nor underflow.</summary>
internal readonly record struct WideNumber
{
    private WideNumber(double significand, long exponent)
    {
        var own = significand == 0 ? 0 : PowersOfTwo.Exponent(significand);
        (Significand, Exponent) = (Math.ScaleB(significand, -own), significand == 0 ? 0 : exponent + own);
    }

    public double Significand { get; }

    public long Exponent { get; }

    /// <summary>The nearest double.</summary>
    public double Value => Math.ScaleB(Significand, (int)Math.Clamp(Exponent, -5000, 5000));

    /// <summary>log |x|: the two terms never cancel.</summary>
    public double LogMagnitude
    {
        get
        {
            var isUpper = Math.Abs(Significand) > Math.Sqrt(2);
            return Math.Log(Math.Abs(isUpper ? Significand / 2 : Significand)) + ((Exponent + (isUpper ? 1 : 0)) * Math.Log(2));
        }
    }

    public static implicit operator WideNumber(double x) => new(x, 0);

    public static WideNumber operator *(WideNumber x, WideNumber y) => new(x.Significand * y.Significand, x.Exponent + y.Exponent);

    public static WideNumber operator /(WideNumber x, WideNumber y) => new(x.Significand / y.Significand, x.Exponent - y.Exponent);

    /// <summary>2ᵉ x.</summary>
    public WideNumber Times2To(long exponent) => new(Significand, Exponent + exponent);

    /// <summary>exp x, to the relative precision that x allows.</summary>
    public static WideNumber Exp(double x)
    {
        // For |x| beyond 10⁶ no unit brings the result into the range of doubles, so x is clamped.
        var halvings = Math.Max(0, PowersOfTwo.Exponent(Math.Clamp(x, -1e6, 1e6)) - 8);
        WideNumber result = Math.Exp(Math.ScaleB(Math.Clamp(x, -1e6, 1e6), -halvings));
        for (var i = 0; i < halvings; i++)
        {
            result *= result;
        }

        return result;
    }
}
