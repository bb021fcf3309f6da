// Units that cost no digits: multiplied by a power of two, a number keeps all its bits as long as it is a normal one.

using System.Numerics.Tensors;

namespace Autodiff.Functional.Numerics;

internal static class PowersOfTwo
{
    /// <summary>What stands for the exponent of 0: lower than any other by far, also after shifts by those of other numbers.</summary>
    public const int OfZero = -(1 << 26);

    // Sums of some products of numbers with exponents up to this one are far from the ends of the range.
    private const int Safe = 300;

    /// <summary>e with 2ᵉ ≤ |x| &lt; 2ᵉ⁺¹. What has none, infinities and NaN, counts as 0 does: it asks for no unit.</summary>
    public static int Exponent(double x)
    {
        var biased = (int)(BitConverter.DoubleToInt64Bits(x) >> 52) & 0x7FF;
        return biased is not (0 or 0x7FF) ? biased - 1023 : x == 0 || biased != 0 ? OfZero : Math.ILogB(x);
    }

    /// <summary>The exponent of the largest element.</summary>
    public static int Largest(ReadOnlySpan<double> x) => x.IsEmpty ? OfZero : Exponent(TensorPrimitives.MaxMagnitude(x));

    /// <summary>The exponents of the smallest and the largest element that is not 0; if there is none, both that of 1.</summary>
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

    /// <summary>The exponent of a unit for numbers up to an exponent: 0 for numbers of everyday size, which stay as they are.</summary>
    public static int Unit(int largest) => largest is OfZero or (>= -Safe and <= Safe) ? 0 : largest;

    /// <summary>The same for numbers from one exponent to another.</summary>
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

/// <summary>A number s·2ᵉ whose exponent has no bounds, so that a product of many neither overflows nor underflows in between.</summary>
internal readonly record struct WideNumber
{
    private WideNumber(double significand, long exponent)
    {
        var own = significand == 0 ? 0 : PowersOfTwo.Exponent(significand);
        (Significand, Exponent) = (Math.ScaleB(significand, -own), significand == 0 ? 0 : exponent + own);
    }

    public double Significand { get; }

    public long Exponent { get; }

    /// <summary>Rounded once.</summary>
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
        // Beyond this, no unit makes the result a double.
        var halvings = Math.Max(0, PowersOfTwo.Exponent(Math.Clamp(x, -1e6, 1e6)) - 8);
        WideNumber result = Math.Exp(Math.ScaleB(Math.Clamp(x, -1e6, 1e6), -halvings));
        for (var i = 0; i < halvings; i++)
        {
            result *= result;
        }

        return result;
    }
}
