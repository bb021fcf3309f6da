// The special functions of double-doubles. Series, continued fractions and recurrences are summed until they reach all digits; inverse functions
// are found by Newton steps from their values in doubles.

using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional;

public readonly partial struct DoubleDouble
{
    private const int LargestOrder = 10_000;

    // The argument from which the asymptotic series of the gamma function, with the terms below, reach 10⁻³³.
    private const double AsymptoticFrom = 26;

    // The argument from which Hankel's expansions reach 10⁻³³.
    private const double HankelFrom = 60;

    // A term that is smaller than this, relative to the sum, does not change it.
    private const double Negligible = 1e-34;

    // The most terms that any sum here may take; it is not reached where the result is finite.
    private const int MostTerms = 100_000;

    /// <summary>The Bernoulli numbers B₂, B₄ … B₃₀.</summary>
    private static readonly DoubleDouble[] s_bernoulli =
    [
        Exactly(0.16666666666666666, 9.25185853854297e-18),
        Exactly(-0.03333333333333333, -4.625929269271486e-19),
        Exactly(0.023809523809523808, 1.32169407693471e-18),
        Exactly(-0.03333333333333333, -4.625929269271486e-19),
        Exactly(0.07575757575757576, -2.10269512239613e-18),
        Exactly(-0.2531135531135531, -1.1061562736192037e-17),
        Exactly(1.1666666666666667, -7.401486830834377e-17),
        Exactly(-7.092156862745098, -3.274069468698501e-16),
        Exactly(54.971177944862156, -1.9588897477095493e-16),
        Exactly(-529.1242424242424, 6.890111377067638e-16),
        Exactly(6192.123188405797, 9.226757844073186e-14),
        Exactly(-86580.25311355312, 3.5926706461242705e-12),
        Exactly(1425517.1666666667, -7.761021455128987e-11),
        Exactly(-27298231.067816094, 1.610010519795034e-09),
        Exactly(601580873.9006424, -2.6635227381825164e-08),
    ];

    private static DoubleDouble RootOfPi => Exactly(1.772453850905516, -7.666586499825799e-17);

    private static DoubleDouble LogRootOfTau => Exactly(0.9189385332046728, -3.8782941580672414e-17);

    /// <summary>erf x = 2/√π ∫₀ˣ e^(−t²) dt.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Erf(DoubleDouble x)
    {
        if (x.Hi == 0 || !IsFinite(x))
        {
            return ScalarFunctions.Erf(x.Hi);
        }

        if (Math.Abs(x.Hi) > 2)
        {
            return CopySign(1 - Erfc(Abs(x)), x);
        }

        // 2/√π e^(−x²) Σ 2ᵏ x²ᵏ⁺¹ / (1·3·…·(2k + 1)), whose terms have one sign.
        var (sum, term) = (x, x);
        for (var k = 1; k < MostTerms && Math.Abs(term.Hi) > Negligible * Math.Abs(sum.Hi); k++)
        {
            term *= 2 * x * x / ((2 * k) + 1);
            sum += term;
        }

        return 2 * Exp(-(x * x)) * sum / RootOfPi;
    }

    /// <summary>1 − erf x, with relative precision in the right tail.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Erfc(DoubleDouble x) => x.Hi < 0.75 || !IsFinite(x)
        ? 1 - Erf(x)
        : Exp(-(x * x)) / RootOfPi * Mills(x * Sqrt(2)) * Sqrt(2);

    /// <summary>Φ(x), the distribution function of the standard normal distribution.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble NormalCdf(DoubleDouble x) => x.Hi < -1 && IsFinite(x)
        ? Exp(-(x * x) / 2 - LogRootOfTau) * Mills(-x)
        : Erfc(-x / Sqrt(2)) / 2;

    /// <summary>log Φ(x).</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble LogNormalCdf(DoubleDouble x) => !IsFinite(x) ? ScalarFunctions.LogNormalCdf(x.Hi)
        : x.Hi < -1 ? -(x * x / 2) - LogRootOfTau + Log(Mills(-x))
        : x.Hi > 0 ? LogP1(-NormalCdf(-x))
        : Log(NormalCdf(x));

    /// <summary>The n-th derivative of log Φ, n ≥ 0.</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    /// <exception cref="AutodiffException">n is negative or above 10,000.</exception>
    public static DoubleDouble LogNormalCdfDerivative(int n, DoubleDouble x) => RequireOrder("DoubleDouble.LogNormalCdfDerivative", n, 0) && IsFinite(x)
        ? Composed.LogNormalCdfDerivative(FunctionField<DoubleDouble>.Instance, n, x, x.Hi < -1 ? 1 / Mills(-x) : Exp(-(x * x) / 2 - LogRootOfTau) / NormalCdf(x))
        : ScalarFunctions.LogNormalCdfDerivative(n, x.Hi);

    /// <summary>The x with Φ(x) = p.</summary>
    /// <param name="p">The probability.</param>
    public static DoubleDouble NormalQuantile(DoubleDouble p)
    {
        if (p.Hi > 0.5)
        {
            return -NormalQuantile(1 - p);
        }

        DoubleDouble x = ScalarFunctions.NormalQuantile(p.Hi);
        for (var step = 0; step < 3 && IsFinite(x); step++)
        {
            // Newton's step for log Φ(x) = log p, which is nearly a parabola in the tail.
            x -= (LogNormalCdf(x) - Log(p)) / LogNormalCdfDerivative(1, x);
        }

        return x;
    }

    /// <summary>Γ(x).</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Gamma(DoubleDouble x)
    {
        if (!IsFinite(x) || (x.Hi <= 0 && IsInteger(x)) || x.Hi is > 172 or < -190)
        {
            return ScalarFunctions.Gamma(x.Hi);
        }

        if (x.Hi < 0.5)
        {
            return x.Hi < -170 ? Gamma(x + 1) / x : Pi / (SinCosPi(x).SinPi * Gamma(1 - x));
        }

        var (product, shifted) = Shifted(x);
        return Exp(LogGammaOfLarge(shifted)) / product;
    }

    /// <summary>log |Γ(x)|. The error near the zeros is absolute, 10⁻²⁹.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble LogGamma(DoubleDouble x)
    {
        if (!IsFinite(x) || (x.Hi <= 0 && IsInteger(x)))
        {
            return ScalarFunctions.LogGamma(x.Hi);
        }

        if (x.Hi < 0.5)
        {
            return Log(Pi / Abs(SinCosPi(x).SinPi)) - LogGamma(1 - x);
        }

        var (product, shifted) = Shifted(x);
        return LogGammaOfLarge(shifted) - Log(product);
    }

    /// <summary>ψ(x), the derivative of log Γ.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Digamma(DoubleDouble x) => Polygamma(0, x);

    /// <summary>The n-th derivative of ψ, n ≥ 0.</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    /// <exception cref="AutodiffException">n is negative or above 10,000.</exception>
    public static DoubleDouble Polygamma(int n, DoubleDouble x)
    {
        RequireOrder("DoubleDouble.Polygamma", n, 0);
        if (!IsFinite(x) || (x.Hi <= 0 && IsInteger(x)))
        {
            return ScalarFunctions.Polygamma(n, x.Hi);
        }

        if (x.Hi < 0)
        {
            var reflected = Polygamma(n, 1 - x);
            return (int.IsOddInteger(n) ? -reflected : reflected) - CotangentDerivative(n, x);
        }

        // (−1)ⁿ⁺¹ (Σ n!/(x + j)ⁿ⁺¹ + (n − 1)!/yⁿ + n!/(2yⁿ⁺¹) + Σ B₂ₖ (2k + n − 1)!/((2k)! y²ᵏ⁺ⁿ)); for n = 0 the second term is −log y.
        var factorial = One;
        for (var k = 2; k <= n; k++)
        {
            factorial *= k;
        }

        var sum = Zero;
        for (; x.Hi < AsymptoticFrom + n; x += 1)
        {
            sum += factorial / IntegerPower(x, n + 1);
        }

        sum += (n == 0 ? -Log(x) : factorial / n / IntegerPower(x, n)) + (factorial / 2 / IntegerPower(x, n + 1));
        var coefficient = n == 0 ? One / 2 : factorial * (n + 1) / 2;
        var power = 1 / IntegerPower(x, n + 2);
        for (var k = 1; k <= s_bernoulli.Length; k++)
        {
            sum += s_bernoulli[k - 1] * coefficient * power;
            power /= x * x;
            coefficient *= (DoubleDouble)((2 * k) + n) * ((2 * k) + n + 1) / (((2 * k) + 1) * ((2 * k) + 2));
        }

        return int.IsOddInteger(n) ? sum : -sum;
    }

    /// <summary>The regularised lower incomplete gamma function P(a, x).</summary>
    /// <param name="a">a.</param>
    /// <param name="x">x.</param>
    public static DoubleDouble GammaP(DoubleDouble a, DoubleDouble x) => !(a.Hi > 0 && x.Hi > 0 && IsFinite(a + x)) ? ScalarFunctions.GammaP(a.Hi, x.Hi)
        : x < a + 1 ? GammaSeries(a, x)
        : 1 - GammaFraction(a, x);

    /// <summary>The regularised upper incomplete gamma function Q(a, x).</summary>
    /// <param name="a">a.</param>
    /// <param name="x">x.</param>
    public static DoubleDouble GammaQ(DoubleDouble a, DoubleDouble x) => !(a.Hi > 0 && x.Hi > 0 && IsFinite(a + x)) ? ScalarFunctions.GammaQ(a.Hi, x.Hi)
        : x < a + 1 ? 1 - GammaSeries(a, x)
        : GammaFraction(a, x);

    /// <summary>The principal W with W e^W = x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble LambertW(DoubleDouble x)
    {
        DoubleDouble w = ScalarFunctions.LambertW(x.Hi);
        for (var step = 0; step < 4 && w.Hi != 0 && w.Hi != -1 && IsFinite(w); step++)
        {
            w -= (w - (x * Exp(-w))) / (1 + w);
        }

        return w.Hi == 0 ? x : w;
    }

    /// <summary>Jₙ(x), n any whole number.</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    /// <exception cref="AutodiffException">The magnitude of n is above 10,000.</exception>
    public static DoubleDouble BesselJ(int n, DoubleDouble x)
    {
        RequireOrder("DoubleDouble.BesselJ", n, -LargestOrder);
        if (n < 0 || x.Hi < 0)
        {
            var value = n < 0 ? BesselJ(-n, x) : BesselJ(n, -x);
            return int.IsOddInteger(n) ? -value : value;
        }

        return !IsFinite(x) ? ScalarFunctions.BesselJ(n, x.Hi)
            : x.Hi * x.Hi < 4.0 * (n + 1) ? BesselSeries(n, x, -1)
            : x.Hi > HankelFrom && x.Hi > n ? BesselUpwards(n, x)
            : BesselDownwards(n, x);
    }

    /// <summary>Iₙ(x), n any whole number.</summary>
    /// <param name="n">The order n.</param>
    /// <param name="x">The argument.</param>
    /// <exception cref="AutodiffException">The magnitude of n is above 10,000.</exception>
    public static DoubleDouble BesselI(int n, DoubleDouble x)
    {
        RequireOrder("DoubleDouble.BesselI", n, -LargestOrder);
        if (n < 0)
        {
            return BesselI(-n, x);
        }

        if (x.Hi < 0)
        {
            var value = BesselI(n, -x);
            return int.IsOddInteger(n) ? -value : value;
        }

        if (!IsFinite(x) || x.Hi <= Math.Max(HankelFrom, (double)n * n))
        {
            return IsFinite(x) ? BesselSeries(n, x, 1) : ScalarFunctions.BesselI(n, x.Hi);
        }

        // eˣ/√(2πx) Σ (−1)ᵏ (4n² − 1)(4n² − 9)…(4n² − (2k − 1)²) / (k! (8x)ᵏ).
        var (sum, term) = (One, One);
        for (var k = 1; k < 2 * x.Hi && Math.Abs(term.Hi) > Negligible; k++)
        {
            term *= (((2.0 * k) - 1) * ((2.0 * k) - 1) - (4.0 * n * n)) / (8 * k * x);
            sum += term;
        }

        var half = Exp(x / 2);
        return half / Sqrt(Tau * x) * sum * half;
    }

    /// <summary>x(x + 1)…(x + k − 1) and x + k, from which on the asymptotic series holds.</summary>
    private static (DoubleDouble Product, DoubleDouble Shifted) Shifted(DoubleDouble x)
    {
        var product = One;
        for (; x.Hi < AsymptoticFrom; x += 1)
        {
            product *= x;
        }

        return (product, x);
    }

    /// <summary>(x − ½) log x − x + ½ log 2π + Σ B₂ₖ / (2k(2k − 1)x²ᵏ⁻¹).</summary>
    private static DoubleDouble LogGammaOfLarge(DoubleDouble x)
    {
        var (sum, power) = (Zero, 1 / x);
        for (var k = 1; k <= s_bernoulli.Length; k++)
        {
            sum += s_bernoulli[k - 1] / (2 * k * ((2 * k) - 1)) * power;
            power /= x * x;
        }

        return ((x - 0.5) * Log(x)) - x + LogRootOfTau + sum;
    }

    /// <summary>Refuses orders that there are no functions of, or that would take too long.</summary>
    private static bool RequireOrder(string operation, int n, int least) => n >= least && n <= LargestOrder
        ? true
        : throw new AutodiffException($"{operation}: the order is {n}; it is a whole number from {least} to {LargestOrder}.");

    /// <summary>dⁿ/dxⁿ π cot πx = (−1)ⁿ n! πⁿ⁺¹ qₙ(cot πx), where q₀(c) = c and qₖ₊₁(c) = (1 + c²) qₖ′(c)/(k + 1).</summary>
    private static DoubleDouble CotangentDerivative(int n, DoubleDouble x)
    {
        DoubleDouble[] q = [Zero, One];
        for (var k = 1; k <= n; k++)
        {
            var next = new DoubleDouble[q.Length + 1];
            for (var i = 1; i < q.Length; i++)
            {
                next[i - 1] += i * q[i] / k;
                next[i + 1] += i * q[i] / k;
            }

            q = next;
        }

        var (sin, cos) = SinCosPi(x);
        var (cotangent, value) = (cos / sin, Zero);
        for (var i = q.Length - 1; i >= 0; i--)
        {
            value = (value * cotangent) + q[i];
        }

        value *= Pi;
        for (var k = 1; k <= n; k++)
        {
            value *= -k * Pi;
        }

        return value;
    }

    /// <summary>Mills' ratio Φ(−t)/φ(t) for t ≥ 1, by its continued fraction 1/(t + 1/(t + 2/(t + 3/…))), with as many terms as its convergence asks for.</summary>
    private static DoubleDouble Mills(DoubleDouble t)
    {
        var value = t;
        for (var k = (int)(1600 / (t.Hi * t.Hi)) + 40; k >= 1; k--)
        {
            value = t + (k / value);
        }

        return 1 / value;
    }

    /// <summary>xᵃe⁻ˣ/Γ(a + 1) Σ xᵏ/((a + 1)…(a + k)).</summary>
    private static DoubleDouble GammaSeries(DoubleDouble a, DoubleDouble x)
    {
        var (sum, term) = (One, One);
        for (var k = 1; k < MostTerms && term.Hi > Negligible * sum.Hi; k++)
        {
            term *= x / (a + k);
            sum += term;
        }

        return Exp((a * Log(x)) - x - LogGamma(a + 1)) * sum;
    }

    /// <summary>xᵃe⁻ˣ/Γ(a) times 1/(x + 1 − a − 1(1 − a)/(x + 3 − a − 2(2 − a)/(x + 5 − a − …))), by the convergents' quotients (W. J. Lentz).</summary>
    private static DoubleDouble GammaFraction(DoubleDouble a, DoubleDouble x)
    {
        var b = x + 1 - a;
        var (c, d) = ((DoubleDouble)1e300, 1 / b);
        var (value, isDone) = (d, false);
        for (var k = 1; k < MostTerms && !isDone; k++)
        {
            var numerator = k * (a - k);
            b += 2;
            d = 1 / ((numerator * d) + b);
            c = b + (numerator / c);
            value *= c * d;
            isDone = Math.Abs(((c * d) - 1).Hi) < Negligible * 100;
        }

        return Exp((a * Log(x)) - x - LogGamma(a)) * value;
    }

    /// <summary>(x/2)ⁿ Σ (±x²/4)ᵏ / (k! (n + k)!).</summary>
    /// <remarks>Of a large order n the first term, or its ratio to the sum, is beyond the range of doubles: powers of 2 keep them in it.</remarks>
    private static DoubleDouble BesselSeries(int n, DoubleDouble x, int sign)
    {
        const int Step = 900;
        var (term, steps) = (One, 0);
        for (var k = 1; k <= n && term.Hi != 0; k++)
        {
            term *= x / (2 * k);
            if (Math.Abs(term.Hi) is < 1e-250 or > 1e250)
            {
                var step = Math.Abs(term.Hi) < 1 ? -1 : 1;
                (term, steps) = (ScaleB(term, -step * Step), steps + step);
            }
        }

        var sum = term;
        for (var k = 1; k <= x.Hi + 60 && Math.Abs(term.Hi) > Negligible * Math.Abs(sum.Hi); k++)
        {
            term *= sign * (x * x / 4) / (k * (k + (double)n));
            sum += term;
            if (sum.Hi > 1e250)
            {
                (sum, term, steps) = (ScaleB(sum, -Step), ScaleB(term, -Step), steps + 1);
            }
        }

        return ScaleB(sum, steps * Step);
    }

    private static DoubleDouble BesselUpwards(int n, DoubleDouble x)
    {
        var (before, value) = (Hankel(0, x), Hankel(1, x));
        for (var k = 1; k < n; k++)
        {
            (before, value) = (value, (2 * k / x * value) - before);
        }

        return n == 0 ? before : value;
    }

    /// <summary>√(2/πx) (P cos χ − Q sin χ), χ = x − (n/2 + ¼)π, for n = 0 and 1.</summary>
    private static DoubleDouble Hankel(int n, DoubleDouble x)
    {
        var (p, q, term) = (One, Zero, One);
        for (var k = 1; k < 2 * x.Hi && Math.Abs(term.Hi) > Negligible; k++)
        {
            term *= ((4.0 * n) - (((2.0 * k) - 1) * ((2.0 * k) - 1))) / (8 * k * x);
            switch (k % 4)
            {
                case 0: p += term; break;
                case 1: q += term; break;
                case 2: p -= term; break;
                default: q -= term; break;
            }
        }

        var (sin, cos) = SinCos(x);
        return (n == 0 ? (p * (cos + sin)) + (q * (cos - sin)) : (p * (sin - cos)) + (q * (sin + cos))) / Sqrt(Pi * x);
    }

    /// <summary>The recurrence downwards from an order k where Jₖ is negligible, scaled so that J₀ + 2J₂ + 2J₄ + … = 1 (J. C. P. Miller).</summary>
    private static DoubleDouble BesselDownwards(int n, DoubleDouble x)
    {
        var top = Math.Max(n, (int)x.Hi);
        var (after, value, sum, result) = (Zero, One, Zero, Zero);
        for (var k = top + 70 + (11 * (int)Math.Sqrt(top)); k > 0; k--)
        {
            (after, value) = (value, (2 * k / x * value) - after);
            if (Math.Abs(value.Hi) > 1e200)
            {
                (after, value, sum, result) = (ScaleB(after, -600), ScaleB(value, -600), ScaleB(sum, -600), ScaleB(result, -600));
            }

            // The value now has order k − 1.
            result = k - 1 == n ? value : result;
            sum += k == 1 ? value : int.IsOddInteger(k) ? 2 * value : Zero;
        }

        return result / sum;
    }
}
