// Functions that follow from others, for number types that do not state them.

using System.Numerics;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.NumberTypes;

/// <summary>Each function of the primitive of its name, composed of arithmetic and of other primitives of the same field.</summary>
internal static partial class Composed
{
    public static T Sign<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => T.IsNaN(x) ? x : Less(field, T.Zero, x) - Less(field, x, T.Zero);

    public static T Relu<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.Max, x, T.Zero);

    public static T Min<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T> => T.IsNaN(x) ? x : T.IsNaN(y) ? y : field.Apply(Op.Where, Less(field, y, x), y, x);

    public static T Max<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T> => T.IsNaN(x) ? x : T.IsNaN(y) ? y : field.Apply(Op.Where, Less(field, x, y), y, x);

    public static T Cbrt<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => T.IsZero(x) ? x
            : field.Approximate(x) < 0 ? -Cbrt(field, -x)
            : field.Apply(Op.Exp, field.Apply(Op.Log, x) / Whole<T>(3));

    public static T Exp2<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.Exp, x * field.Apply(Op.Log, Whole<T>(2)));

    public static T ExpM1<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.Exp, x) - T.One;

    public static T LogP1<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.Log, T.One + x);

    public static T Log2<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.Log, x) / field.Apply(Op.Log, Whole<T>(2));

    public static T Log10<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.Log, x) / field.Apply(Op.Log, Whole<T>(10));

    public static T Tan<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.Sin, x) / field.Apply(Op.Cos, x);

    public static T Sinh<T>(NumberField<T> field, T x)
        where T : INumberBase<T>
    {
        var less = field.Apply(Op.ExpM1, x);
        return (less + (less / (T.One + less))) / Whole<T>(2);
    }

    public static T Cosh<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => (field.Apply(Op.Exp, x) + field.Apply(Op.Exp, -x)) / Whole<T>(2);

    public static T Tanh<T>(NumberField<T> field, T x)
        where T : INumberBase<T>
    {
        // e^(−2|x|) does not overflow.
        var isNegative = field.Approximate(x) < 0;
        var less = field.Apply(Op.ExpM1, Whole<T>(isNegative ? 2 : -2) * x);
        var size = -less / (Whole<T>(2) + less);
        return isNegative ? -size : size;
    }

    public static T Asinh<T>(NumberField<T> field, T x)
        where T : INumberBase<T>
    {
        var isNegative = field.Approximate(x) < 0;
        var size = isNegative ? -x : x;
        var value = field.Apply(Op.LogP1, size + (size * size / (T.One + field.Apply(Op.Sqrt, T.One + (size * size)))));
        return isNegative ? -value : value;
    }

    public static T Acosh<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.LogP1, x - T.One + (field.Apply(Op.Sqrt, x - T.One) * field.Apply(Op.Sqrt, x + T.One)));

    public static T Atanh<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.LogP1, Whole<T>(2) * x / (T.One - x)) / Whole<T>(2);

    public static T Sigmoid<T>(NumberField<T> field, T x)
        where T : INumberBase<T>
    {
        if (field.Approximate(x) < 0)
        {
            var e = field.Apply(Op.Exp, x);
            return e / (T.One + e);
        }

        return T.One / (T.One + field.Apply(Op.Exp, -x));
    }

    public static T Softplus<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Approximate(x) < 0
            ? field.Apply(Op.LogP1, field.Apply(Op.Exp, x))
            : x + field.Apply(Op.LogP1, field.Apply(Op.Exp, -x));

    public static T LogisticDensity<T>(NumberField<T> field, T x)
        where T : INumberBase<T>
    {
        var e = field.Apply(Op.Exp, field.Approximate(x) < 0 ? x : -x);
        return e / (T.One + e) / (T.One + e);
    }

    public static T AsinDerivative<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => T.One / field.Apply(Op.Sqrt, (T.One - x) * (T.One + x));

    public static T Sinc<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => T.IsZero(x) ? T.One : field.Apply(Op.Sin, x) / x;

    public static T Erfc<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => T.One - field.Apply(Op.Erf, x);

    public static T NormalCdf<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Apply(Op.Erfc, -x / field.Apply(Op.Sqrt, Whole<T>(2))) / Whole<T>(2);

    public static T LogNormalCdf<T>(NumberField<T> field, T x)
        where T : INumberBase<T> => field.Approximate(x) > 0
            ? field.Apply(Op.LogP1, -field.Apply(Op.NormalCdf, -x))
            : field.Apply(Op.Log, field.Apply(Op.NormalCdf, x));

    public static T Hypot<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T>
    {
        var largest = Math.Max(field.Magnitude(x), field.Magnitude(y));
        if (largest == 0 || !double.IsFinite(largest))
        {
            return field.Apply(Op.Sqrt, (x * x) + (y * y));
        }

        var exponent = Math.ILogB(largest);
        var (a, b) = (field.Scaled(x, -exponent), field.Scaled(y, -exponent));
        return field.Scaled(field.Apply(Op.Sqrt, (a * a) + (b * b)), exponent);
    }

    public static T DirectionCosine<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T> => x / field.Apply(Op.Hypot, x, y);

    public static T ShareOfNorm<T>(T a, T b)
        where T : INumberBase<T> => T.IsInfinity(a) && T.IsInfinity(b) ? T.IsNegative(a) ? -T.One : T.One : a / b;

    public static T Atan2<T>(NumberField<T> field, T y, T x)
        where T : INumberBase<T>
    {
        if (field.Magnitude(x) >= field.Magnitude(y))
        {
            var angle = field.Apply(Op.Atan, y / x);
            return field.Approximate(x) > 0 ? angle : field.Approximate(y) < 0 ? angle - Pi(field) : angle + Pi(field);
        }

        var turn = Pi(field) / Whole<T>(2);
        return (field.Approximate(y) < 0 ? -turn : turn) - field.Apply(Op.Atan, x / y);
    }

    public static T Xlogy<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T> => T.IsZero(x) && !T.IsNaN(y) ? T.Zero : x * field.Apply(Op.Log, y);

    public static T LogBeta<T>(NumberField<T> field, T a, T b)
        where T : INumberBase<T> => field.Apply(Op.LogGamma, a) + field.Apply(Op.LogGamma, b) - field.Apply(Op.LogGamma, a + b);

    public static T Beta<T>(NumberField<T> field, T a, T b)
        where T : INumberBase<T> => field.Apply(Op.Exp, field.Apply(Op.LogBeta, a, b));

    public static T GammaQ<T>(NumberField<T> field, T a, T x)
        where T : INumberBase<T> => T.One - field.Apply(Op.GammaP, a, x);

    public static T PolygammaDifference<T>(NumberField<T> field, int n, T a, T b)
        where T : INumberBase<T> => field.Apply(Op.Polygamma, Whole<T>(n), a) - field.Apply(Op.Polygamma, Whole<T>(n), a + b);

    /// <summary>Γ times the ratios rₙ = Γ⁽ⁿ⁾/Γ with r₍ₖ₊₁₎ = Σ C(k, j) ψ⁽ʲ⁾ rₖ₋ⱼ.</summary>
    public static T GammaDerivative<T>(NumberField<T> field, int n, T x)
        where T : INumberBase<T>
    {
        var (polygamma, ratios) = (new T[n], new T[n + 1]);
        ratios[0] = T.One;
        for (var k = 0; k < n; k++)
        {
            polygamma[k] = field.Apply(Op.Polygamma, Whole<T>(k), x);
            var (sum, binomial) = (T.Zero, T.One);
            for (var j = 0; j <= k; j++)
            {
                sum += binomial * polygamma[j] * ratios[k - j];
                binomial *= Whole<T>(k - j) / Whole<T>(j + 1);
            }

            ratios[k + 1] = sum;
        }

        return field.Apply(Op.Gamma, x) * ratios[n];
    }

    /// <summary>
    /// dⁿ/dxⁿ (sin x/x): for |x| ≤ n + 2 the series Σ (−1)ᵏ x²ᵏ⁻ⁿ (2k)!/((2k − n)! (2k + 1)!), beyond it from x f⁽ᵏ⁾ + k f⁽ᵏ⁻¹⁾ = sin⁽ᵏ⁾ x.
    /// </summary>
    public static T SincDerivative<T>(NumberField<T> field, int n, T x)
        where T : INumberBase<T>
    {
        if (field.Magnitude(x) > n + 2)
        {
            var (sin, cos) = (field.Apply(Op.Sin, x), field.Apply(Op.Cos, x));
            var value = sin / x;
            for (var k = 1; k <= n; k++)
            {
                value = (((k % 4) switch { 0 => sin, 1 => cos, 2 => -sin, _ => -cos }) - (Whole<T>(k) * value)) / x;
            }

            return value;
        }

        // The first term that is not 0 has k = ⌈n/2⌉: (2k)!/((2k − n)! (2k + 1)!) = 1/(2k + 1) · 1/(2k − n)!.
        var (half, square) = ((n + 1) / 2, x * x);
        var (power, sum) = (int.IsOddInteger(n) ? x : T.One, T.Zero);
        power = int.IsOddInteger(half) ? -power : power;
        for (var k = half; ; k++)
        {
            var term = power / Whole<T>((2 * k) + 1);
            sum += term;
            if (k > half + 3 && field.Magnitude(term) <= 1e-40 * field.Magnitude(sum) || T.IsZero(term) || k > half + 200)
            {
                return sum;
            }

            power *= -square / Whole<T>(((2 * k) + 1 - n) * ((2 * k) + 2 - n));
        }
    }

    /// <summary>
    /// The derivatives of log Φ: r = φ/Φ, with r′ = −r(x + r), from which the derivative of r of order k follows by Leibniz's rule.
    /// </summary>
    public static T LogNormalCdfDerivative<T>(NumberField<T> field, int n, T x)
        where T : INumberBase<T>
    {
        var density = field.Apply(Op.Exp, -(x * x) / Whole<T>(2)) / field.Apply(Op.Sqrt, Whole<T>(2) * Pi(field));
        return LogNormalCdfDerivative(field, n, x, density / field.Apply(Op.NormalCdf, x));
    }

    /// <summary>The derivatives of log Φ, given the first.</summary>
    public static T LogNormalCdfDerivative<T>(NumberField<T> field, int n, T x, T first)
        where T : INumberBase<T>
    {
        if (n == 0)
        {
            return field.Apply(Op.LogNormalCdf, x);
        }

        var r = new T[n];
        r[0] = first;
        for (var k = 1; k < n; k++)
        {
            // r⁽ᵏ⁾ = −(x r + r²)⁽ᵏ⁻¹⁾.
            var sum = x * r[k - 1];
            sum += k > 1 ? Whole<T>(k - 1) * r[k - 2] : T.Zero;
            var binomial = T.One;
            for (var j = 0; j < k; j++)
            {
                sum += binomial * r[j] * r[k - 1 - j];
                binomial *= Whole<T>(k - 1 - j) / Whole<T>(j + 1);
            }

            r[k] = -sum;
        }

        return r[n - 1];
    }

    /// <summary>f⁽ᵏ⁺¹⁾ = −2a(x f⁽ᵏ⁾ + k f⁽ᵏ⁻¹⁾) of f = e^(−ax²).</summary>
    public static T Gaussian<T>(NumberField<T> field, int n, T a, T x)
        where T : INumberBase<T>
    {
        var (before, value) = (T.Zero, field.Apply(Op.Exp, -a * x * x));
        for (var k = 0; k < n; k++)
        {
            (before, value) = (value, -Whole<T>(2) * a * ((x * value) + (Whole<T>(k) * before)));
        }

        return value;
    }

    /// <summary>dⁿ/dxⁿ of f = xᵃ⁻¹e⁻ˣ/Γ(a): f times pₙ, where p₀ = 1 and pₙ = Σ C(n, k) (−1)ⁿ⁻ᵏ (a − 1)…(a − k) x⁻ᵏ.</summary>
    public static T GammaDensity<T>(NumberField<T> field, int n, T a, T x)
        where T : INumberBase<T>
    {
        // 0 has a power, but not in every type a logarithm.
        var density = T.IsZero(x)
            ? field.Apply(Op.Pow, x, a - T.One) * field.Apply(Op.Exp, -field.Apply(Op.LogGamma, a))
            : field.Apply(Op.Exp, ((a - T.One) * field.Apply(Op.Log, x)) - x - field.Apply(Op.LogGamma, a));
        var (sum, term) = (T.Zero, T.One);
        for (var k = 0; k <= n; k++)
        {
            sum += int.IsOddInteger(n - k) ? -term : term;
            term *= Whole<T>(n - k) / Whole<T>(k + 1) * ((a - Whole<T>(k + 1)) / x);
        }

        return density * sum;
    }

    public static T Remainder<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T>
    {
        var quotient = x / y;
        return x - (y * field.Apply(Op.Where, Less(field, quotient, T.Zero), field.Apply(Op.Ceiling, quotient), field.Apply(Op.Floor, quotient)));
    }

    public static T Mod<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T> => x - (y * field.Apply(Op.Floor, x / y));

    public static T Clamp<T>(NumberField<T> field, T x, T low, T high)
        where T : INumberBase<T> => field.Apply(Op.Min, field.Apply(Op.Max, x, low), high);

    public static T Choose<T>(NumberField<T> field, T mask, T x, T y)
        where T : INumberBase<T> => T.IsZero(mask) ? y : x;

    public static T Less<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T> => Order(field, "Less", x, y) < 0 ? T.One : T.Zero;

    public static T LessOrEqual<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T> => Order(field, "LessOrEqual", x, y) <= 0 ? T.One : T.Zero;

    public static T Equal<T>(NumberField<T> field, T x, T y)
        where T : INumberBase<T> => x == y ? T.One : T.Zero;

    /// <summary>The exponent as an integer if it is one of those for which powers are products.</summary>
    public static int? WholePower<T>(NumberField<T> field, T exponent)
        where T : INumberBase<T> => ScalarFunctions.WholePower(field.Approximate(exponent)) is { } whole && exponent == Whole<T>(whole) ? whole : null;

    /// <summary>xⁿ by squaring and multiplying.</summary>
    public static T IntegerPower<T>(T x, int n)
        where T : INumberBase<T>
    {
        var (power, square) = (T.One, x);
        for (var bits = Math.Abs(n); bits > 0; bits >>= 1)
        {
            power = int.IsOddInteger(bits) ? power * square : power;
            square = bits > 1 ? square * square : square;
        }

        return n < 0 ? T.One / power : power;
    }

    private static T Whole<T>(int n)
        where T : INumberBase<T> => T.CreateChecked(n);

    private static T Pi<T>(NumberField<T> field)
        where T : INumberBase<T> => Whole<T>(4) * field.Apply(Op.Atan, T.One);

    /// <summary>The order of two numbers: negative, 0 or positive; NaN if one is not a number.</summary>
    private static double Order<T>(NumberField<T> field, string comparison, T x, T y)
        where T : INumberBase<T> =>
        x is not IComparable<T> comparable ? throw NumberField<T>.Undefined(comparison) : T.IsNaN(x) || T.IsNaN(y) ? double.NaN : comparable.CompareTo(y);
}
