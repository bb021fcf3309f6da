// The functions that only derivatives are made of, in functions that mathematics has names for. Formulas for a person are written with these forms.
// Computations are not: the forms lose digits where the functions keep them.

using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Elementwise;

internal static class OrdinaryForm
{
    /// <summary>The largest order of a derivative that is written out; a higher one stays a function with its order.</summary>
    private const int LargestOrder = 4;

    /// <summary>Whether a primitive has an ordinary form. The order is that of a primitive whose first operand is one (<see cref="OpSets.HasOrder"/>), otherwise 0.</summary>
    public static bool Exists(Op op, double order) => op switch
    {
        Op.PlusZero or Op.AsinDerivative or Op.LogisticDensity or Op.DirectionCosine or Op.NormalDensityQuantile => true,
        Op.GammaDerivative or Op.SincDerivative or Op.ErfcxDerivative or Op.DawsonDerivative or Op.Gaussian or Op.PolygammaDifference => order is >= 0 and <= LargestOrder,
        Op.GammaDensity => order is >= 0 and <= LargestOrder || (order % ScalarFunctions.OrderInA == 0 && order <= LargestOrder * ScalarFunctions.OrderInA),
        Op.LogNormalCdfDerivative => order is >= 0 and <= 3,
        _ => false,
    };

    /// <summary>The ordinary form of a primitive that has one.</summary>
    /// <param name="op">The primitive.</param>
    /// <param name="order">Its order, or 0.</param>
    /// <param name="x">Its operands; the order, if there is one, is the first of them.</param>
    public static T Of<T>(Op op, int order, params ReadOnlySpan<T> x)
        where T : struct, IElementary<T> => op switch
        {
            Op.PlusZero => x[0],
            Op.AsinDerivative => 1 / Map(Op.Sqrt, 1 - Power(x[0], 2)),
            Op.LogisticDensity => Map(Op.Sigmoid, x[0]) * (1 - Map(Op.Sigmoid, x[0])),
            Op.DirectionCosine => x[0] / Map(Op.Sqrt, Power(x[0], 2) + Power(x[1], 2)),
            Op.NormalDensityQuantile => 1 / Math.Sqrt(Math.Tau) * Map(Op.Exp, -0.5 * Power(Map(Op.NormalQuantile, x[0]), 2)),
            Op.ErfcxDerivative => FirstOrderFamily(Op.Erfcx, 2, -2 / Math.Sqrt(Math.PI), order, x[1]),
            Op.DawsonDerivative => FirstOrderFamily(Op.Dawson, -2, 1, order, x[1]),
            Op.GammaDerivative => GammaDerivative(order, x[1]),
            Op.SincDerivative => SincDerivative(order, x[1]),
            Op.LogNormalCdfDerivative => LogNormalCdfDerivative(order, x[1]),
            Op.Gaussian => Gaussian(order, x[1], x[2]),
            Op.GammaDensity => GammaDensity(order, x[1], x[2]),
            Op.PolygammaDifference => Polygamma(order, x[1]) - Polygamma(order, x[1] + x[2]),
            _ => throw new System.Diagnostics.UnreachableException($"{op} has no ordinary form."),
        };

    /// <summary>Whether the square of a primitive has a form without the root in that of the primitive.</summary>
    public static bool IsRoot(Op op) => op is Op.AsinDerivative or Op.DirectionCosine;

    /// <summary>The form of the square of such a primitive: atan′ and atanh′ are squares.</summary>
    public static T OfSquare<T>(Op op, params ReadOnlySpan<T> x)
        where T : struct, IElementary<T> => op == Op.AsinDerivative
            ? 1 / (1 - Power(x[0], 2))
            : Power(x[0], 2) / (Power(x[0], 2) + Power(x[1], 2));

    /// <summary>The form of 4ℓ(2x), ℓ being <see cref="Op.LogisticDensity"/>: tanh′.</summary>
    public static T OfTanhDerivative<T>(T x)
        where T : struct, IElementary<T> => 1 - Power(Map(Op.Tanh, x), 2);

    // Γ⁽ⁿ⁾ = Γ·Bₙ with B₀ = 1 and Bₙ₊₁ = Σ C(n, k) Bₙ₋ₖ ψₖ, the Bell polynomials of the derivatives of log Γ.
    private static T GammaDerivative<T>(int order, T x)
        where T : struct, IElementary<T>
    {
        var bell = new T[order + 1];
        bell[0] = 1;
        for (var n = 0; n < order; n++)
        {
            bell[n + 1] = bell[n] * Polygamma(0, x);
            for (var k = 1; k <= n; k++)
            {
                bell[n + 1] += Binomial(n, k) * bell[n - k] * Polygamma(k, x);
            }
        }

        return order == 0 ? Map(Op.Gamma, x) : Map(Op.Gamma, x) * bell[order];
    }

    // x sinc x = sin x has the derivatives x sinc⁽ⁿ⁾ + n sinc⁽ⁿ⁻¹⁾ = sin⁽ⁿ⁾.
    private static T SincDerivative<T>(int order, T x)
        where T : struct, IElementary<T>
    {
        var result = Map(Op.Sinc, x);
        for (var n = 1; n <= order; n++)
        {
            var sine = Map(n % 2 == 0 ? Op.Sin : Op.Cos, x);
            result = ((n % 4 is 2 or 3 ? -sine : sine) - (n * result)) / x;
        }

        return result;
    }

    // f′ = cx f + d has the derivatives f⁽ⁿ⁺¹⁾ = c(x f⁽ⁿ⁾ + n f⁽ⁿ⁻¹⁾).
    private static T FirstOrderFamily<T>(Op op, double c, double d, int order, T x)
        where T : struct, IElementary<T>
    {
        var (before, value) = (Map(op, x), (c * x * Map(op, x)) + d);
        if (order == 0)
        {
            return before;
        }

        for (var n = 1; n < order; n++)
        {
            (before, value) = (value, (c * x * value) + (c * n * before));
        }

        return value;
    }

    // r = (log Φ)′ is φ/Φ, and r′ = −r(x + r).
    private static T LogNormalCdfDerivative<T>(int order, T x)
        where T : struct, IElementary<T>
    {
        var ratio = 1 / Math.Sqrt(Math.Tau) * Map(Op.Exp, -0.5 * Power(x, 2)) / Map(Op.NormalCdf, x);
        return order switch
        {
            0 => Map(Op.LogNormalCdf, x),
            1 => ratio,
            2 => -(ratio * (x + ratio)),
            _ => ratio * (((x + ratio) * (x + (2 * ratio))) - 1),
        };
    }

    // The derivatives of e^(−ax²) are e^(−ax²) times polynomials in x, those of Hermite up to scale.
    private static T Gaussian<T>(int order, T a, T x)
        where T : struct, IElementary<T>
    {
        var exponential = Map(Op.Exp, -a * Power(x, 2));
        return order == 0 ? exponential : Hermite(order, a, x) * exponential;
    }

    // The sum over k ≤ n/2 of n!/(k! (n − 2k)!) (−a)ᵏ (−2ax)ⁿ⁻²ᵏ.
    private static T Hermite<T>(int order, T a, T x)
        where T : struct, IElementary<T>
    {
        T Term(double sign, int k)
        {
            var power = order - (2 * k);
            return sign * Math.Pow(2, power) * Factorial(order) / Factorial(k) / Factorial(power) * Power(a, order - k) * Power(x, power);
        }

        var sum = Term(order % 2 == 0 ? 1 : -1, 0);
        for (var k = 1; 2 * k <= order; k++)
        {
            sum = (order - k) % 2 == 0 ? sum + Term(1, k) : sum - Term(1, k);
        }

        return sum;
    }

    // The derivatives of xᵃ⁻¹e⁻ˣ/Γ(a) in x, by the product rule: Σ C(n, k) (−1)ⁿ⁻ᵏ (a − 1)⋯(a − k)/xᵏ times the function; or those in a, which are the function times the
    // complete Bell polynomials of the derivatives of its logarithm, log x − ψ(a), −ψ′(a), ….
    private static T GammaDensity<T>(int order, T a, T x)
        where T : struct, IElementary<T>
    {
        var density = Power(x, a - 1) * Map(Op.Exp, -x) / Map(Op.Gamma, a);
        if (order == 0)
        {
            return density;
        }

        if (order >= ScalarFunctions.OrderInA)
        {
            var polynomials = new List<T> { 1 };
            for (var n = 0; n < order / ScalarFunctions.OrderInA; n++)
            {
                var next = polynomials[n] * (Map(Op.Log, x) - Map(Op.Digamma, a));
                for (var k = 1; k <= n; k++)
                {
                    next -= Binomial(n, k) * polynomials[n - k] * Polygamma(k, a);
                }

                polynomials.Add(next);
            }

            return density * polynomials[^1];
        }

        T falling = 1;
        T sum = order % 2 == 0 ? 1 : -1;
        for (var k = 1; k <= order; k++)
        {
            falling *= a - k;
            var term = Binomial(order, k) * falling / Power(x, k);
            sum = (order - k) % 2 == 0 ? sum + term : sum - term;
        }

        return density * sum;
    }

    private static T Polygamma<T>(int order, T x)
        where T : struct, IElementary<T> => order == 0 ? Map(Op.Digamma, x) : T.Apply(Op.Polygamma, order, x);

    private static double Binomial(int n, int k) => Factorial(n) / Factorial(k) / Factorial(n - k);

    private static double Factorial(int n) => ScalarFunctions.Gamma(n + 1);

    private static T Power<T>(T x, T exponent)
        where T : struct, IElementary<T> => T.Apply(Op.Pow, x, exponent);

    private static T Map<T>(Op op, T x)
        where T : struct, IElementary<T> => T.Apply(op, x);
}
