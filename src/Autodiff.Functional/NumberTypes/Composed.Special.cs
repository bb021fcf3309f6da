// Special functions that follow from others, for number types that do not state them.

using System.Numerics;

namespace Autodiff.Functional.NumberTypes;

internal static partial class Composed
{
    /// <summary>The size of a term, relative to the sum, from which a series has ended.</summary>
    private const double SeriesEnd = 1e-36;

    /// <summary>A bound on the terms of the series and fractions of this file, for arguments where they are used.</summary>
    private const int MostTerms = 2000;

    public static T NormalDensityQuantile<T>(NumberField<T> field, T p)
        where T : INumberBase<T>
    {
        var y = field.Apply(Op.NormalQuantile, p);
        return field.Apply(Op.Exp, -(y * y) / Whole<T>(2)) / field.Apply(Op.Sqrt, Whole<T>(2) * Pi(field));
    }

    public static T ErfInv<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => -ErfcInv(field, T.One + x);

    public static T ErfcInv<T>(NumberField<T> field, T p)
        where T : INumberBase<T> => -field.Apply(Op.NormalQuantile, p / Whole<T>(2)) / field.Apply(Op.Sqrt, Whole<T>(2));

    public static T Erfcx<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.Exp, x * x) * field.Apply(Op.Erfc, x);

    /// <summary>f⁽ᵏ⁺¹⁾ = 2x f⁽ᵏ⁾ + 2k f⁽ᵏ⁻¹⁾ from f′ = 2x f − 2/√π.</summary>
    public static T ErfcxDerivative<T>(NumberField<T> field, int n, T x)
        where T : INumberBase<T>
    {
        var value = Erfcx(field, x);
        var (before, derivative) = (value, (Whole<T>(2) * x * value) - (Whole<T>(2) / field.Apply(Op.Sqrt, Pi(field))));
        for (var k = 1; k < n; k++)
        {
            (before, derivative) = (derivative, Whole<T>(2) * ((x * derivative) + (Whole<T>(k) * before)));
        }

        return n == 0 ? value : derivative;
    }

    /// <summary>e^(−x²) Σ x²ᵏ⁺¹/(k! (2k + 1)).</summary>
    public static T Dawson<T>(NumberField<T> field, T x)
        where T : INumberBase<T>
    {
        var (sum, power, square) = (x, x, x * x);
        for (var k = 1; k < MostTerms && (k < 3 || field.Magnitude(power) > SeriesEnd * field.Magnitude(sum)); k++)
        {
            power *= square / Whole<T>(k);
            sum += power / Whole<T>((2 * k) + 1);
        }

        return field.Apply(Op.Exp, -square) * sum;
    }

    /// <summary>f⁽ᵏ⁺¹⁾ = −2x f⁽ᵏ⁾ − 2k f⁽ᵏ⁻¹⁾ from f′ = 1 − 2x f.</summary>
    public static T DawsonDerivative<T>(NumberField<T> field, int n, T x)
        where T : INumberBase<T>
    {
        var value = Dawson(field, x);
        var (before, derivative) = (value, T.One - (Whole<T>(2) * x * value));
        for (var k = 1; k < n; k++)
        {
            (before, derivative) = (derivative, -Whole<T>(2) * ((x * derivative) + (Whole<T>(k) * before)));
        }

        return n == 0 ? value : derivative;
    }

    /// <summary>−γ − log x − Σ (−x)ᵏ/(k k!) up to 4, then e⁻ˣ/(x + 1 − 1/(x + 3 − 4/(x + 5 − …))).</summary>
    public static T ExpIntegralE1<T>(NumberField<T> field, T x)
        where T : INumberBase<T>
    {
        if (field.Approximate(x) <= 4)
        {
            return -ExpIntegralSum(field, -x, field.Apply(Op.Log, x));
        }

        var rest = T.Zero;
        for (var k = 400; k > 0; k--)
        {
            rest = Whole<T>(k * k) / (x + Whole<T>((2 * k) + 1) - rest);
        }

        return field.Apply(Op.Exp, -x) / (x + T.One - rest);
    }

    public static T ExpIntegralEi<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Approximate(x) < 0
            ? -ExpIntegralE1(field, -x)
            : ExpIntegralSum(field, x, field.Apply(Op.Log, x));

    /// <summary>
    /// ∂ⁿ/∂aⁿ P(a, x): the series P = Σ xᵃ⁺ᵏe⁻ˣ/Γ(a + k + 1), of whose terms each is a truncated power series in a.
    /// </summary>
    public static T GammaPDerivative<T>(NumberField<T> field, int n, T a, T x)
        where T : INumberBase<T>
    {
        var term = GammaDensitySeries(field, n, a + T.One, x);
        T[] sum = [.. term];
        for (var k = 1; k < MostTerms && (k < 3 + field.Approximate(x) || field.Magnitude(term[n]) > SeriesEnd * field.Magnitude(sum[n])); k++)
        {
            // The division by a + k + ε.
            for (var i = 0; i <= n; i++)
            {
                term[i] = ((x * term[i]) - (i > 0 ? term[i - 1] : T.Zero)) / (a + Whole<T>(k));
                sum[i] += term[i];
            }
        }

        return sum[n] * FactorialOf<T>(n);
    }

    /// <summary>The derivative of the density in a, n times, and then in x: x f′ = (a − 1 + ε − x) f.</summary>
    public static T GammaDensityInParameter<T>(NumberField<T> field, int inA, int inX, T a, T x)
        where T : INumberBase<T>
    {
        var value = GammaDensitySeries(field, inA, a, x);
        var before = new T[inA + 1];
        Array.Fill(before, T.Zero);
        for (var k = 0; k < inX; k++)
        {
            var next = new T[inA + 1];
            for (var i = 0; i <= inA; i++)
            {
                next[i] = (((a - Whole<T>(1 + k) - x) * value[i]) + (i > 0 ? value[i - 1] : T.Zero) - (Whole<T>(k) * before[i])) / x;
            }

            (before, value) = (value, next);
        }

        return value[inA] * FactorialOf<T>(inA);
    }

    /// <summary>The coefficients in ε of xᵃ⁻¹⁺ᵋe⁻ˣ/Γ(a + ε).</summary>
    private static T[] GammaDensitySeries<T>(NumberField<T> field, int n, T a, T x)
        where T : INumberBase<T>
    {
        var log = field.Apply(Op.Log, x);
        var exponent = new T[n + 1];
        for (var k = 1; k <= n; k++)
        {
            exponent[k] = (k == 1 ? log : T.Zero) - (field.Apply(Op.Polygamma, Whole<T>(k - 1), a) / FactorialOf<T>(k));
        }

        var series = new T[n + 1];
        series[0] = field.Apply(Op.Exp, ((a - T.One) * log) - x - field.Apply(Op.LogGamma, a));
        for (var k = 1; k <= n; k++)
        {
            var sum = T.Zero;
            for (var j = 1; j <= k; j++)
            {
                sum += Whole<T>(j) * exponent[j] * series[k - j];
            }

            series[k] = sum / Whole<T>(k);
        }

        return series;
    }

    /// <summary>γ + log |x| + Σ xᵏ/(k k!), given the logarithm.</summary>
    private static T ExpIntegralSum<T>(NumberField<T> field, T x, T log)
        where T : INumberBase<T>
    {
        var (sum, power) = (log - field.Apply(Op.Digamma, T.One), T.One);
        for (var k = 1; k < MostTerms && (k < 3 + field.Magnitude(x) || field.Magnitude(power) > SeriesEnd * field.Magnitude(sum)); k++)
        {
            power *= x / Whole<T>(k);
            sum += power / Whole<T>(k);
        }

        return sum;
    }

    private static T FactorialOf<T>(int n)
        where T : INumberBase<T>
    {
        var product = T.One;
        for (var k = 2; k <= n; k++)
        {
            product *= Whole<T>(k);
        }

        return product;
    }
}
